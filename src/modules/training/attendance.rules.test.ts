import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { creditedMinutes, type Mark, type SessionFacts, settle } from '#modules/training/attendance.rules.ts'
import { checkCode, checkHold, codeAt, codeOf, holdFor, readCode, secondsLeft } from '#modules/training/code.rules.ts'
import { countHours } from '#modules/training/hours.rules.ts'
import { checkOpening, checkSession, instantOf, spanText } from '#modules/training/session.rules.ts'
import { type MarkKind, markKinds } from '#modules/training/session.schema.ts'
import { testCrypto } from '#platform/testing.ts'
import { day } from '#shared/units.ts'

const at = (time: string) => new Date(`2021-09-16T${time}:00+08:00`)
const session: SessionFacts = {
  from: at('09:00'),
  to: at('12:00'),
  breakMinutes: 0,
  openedAt: at('08:55'),
  closedAt: at('12:05'),
  lateGraceMinutes: 10,
}
const mark = (kind: MarkKind, from = '09:00', to = '12:00', by: string = kind): Mark => ({
  id: `${kind}-${from}`,
  kind,
  from: at(from),
  to: at(to),
  by,
})

describe('R03 C17 what the marks of one session prove', () => {
  test.each<[string, Mark[], number, string | null, string]>([
    ['nobody', [], 0, null, 'absent'],
    ['scan and trainer', [mark('room-code'), mark('trainer')], 180, 'A', 'scan-and-trainer'],
    ['scan within the grace', [mark('room-code', '09:10'), mark('trainer')], 180, 'A', 'scan-and-trainer'],
    [
      'scan after the grace, trainer for the whole',
      [mark('room-code', '09:11'), mark('trainer')],
      180,
      'B',
      'trainer-beyond-scan',
    ],
    ['late scan, trainer agrees', [mark('room-code', '10:00'), mark('trainer', '10:00')], 120, 'A', 'scan-and-trainer'],
    ['left early', [mark('room-code'), mark('trainer', '09:00', '11:00')], 120, 'A', 'scan-and-trainer'],
    ['scan and staff', [mark('room-code'), mark('staff')], 180, 'B', 'two-witnesses'],
    ['trainer and staff', [mark('trainer'), mark('staff', '09:00', '11:30')], 150, 'B', 'two-witnesses'],
    ['all three', [mark('room-code'), mark('trainer'), mark('staff')], 180, 'A', 'scan-and-trainer'],
    ['trainer only', [mark('trainer')], 180, 'C', 'one-witness'],
    ['late scan only', [mark('room-code', '10:30')], 90, 'C', 'one-witness'],
    ['by hand', [mark('manual')], 180, 'D', 'manual'],
    ['by hand and a scan', [mark('manual'), mark('room-code', '11:00')], 60, 'C', 'one-witness'],
    ['excused', [mark('excused')], 0, null, 'excused'],
    ['excused, yet seen by the trainer', [mark('excused'), mark('trainer')], 180, 'C', 'one-witness'],
    [
      'one person with two hats',
      [mark('trainer', '09:00', '12:00', 'x'), mark('staff', '09:00', '12:00', 'x')],
      180,
      'C',
      'one-witness',
    ],
    [
      'witnesses who never saw him at one time',
      [mark('trainer', '09:00', '10:00'), mark('staff', '11:00', '12:00')],
      0,
      null,
      'absent',
    ],
  ])('R03 %s', (_, marks, minutes, grade, reason) => {
    expect(settle(session, marks)).toMatchObject({ minutes, grade, reason })
  })

  test('R03 a session closed early or opened late gives only the time it ran', () => {
    const both = [mark('room-code'), mark('trainer')]
    expect(settle({ ...session, closedAt: at('11:00') }, both).minutes).toBe(120)
    expect(settle({ ...session, openedAt: at('09:10') }, both).minutes).toBe(180)
    expect(settle({ ...session, openedAt: at('09:30') }, both).minutes).toBe(150)
  })

  test('R03 breaks come off in proportion, whole presence gives exactly the planned minutes', () => {
    expect(creditedMinutes({ ...session, breakMinutes: 20 }, session)).toBe(160)
    expect(creditedMinutes({ ...session, breakMinutes: 20 }, { from: at('09:00'), to: at('10:30') })).toBe(80)
  })

  const kinds: MarkKind[] = ['room-code', 'trainer', 'staff', 'manual', 'excused']
  const marks = fc.uniqueArray(
    fc.record({
      kind: fc.constantFrom(...kinds),
      a: fc.integer({ min: 0, max: 179 }),
      length: fc.integer({ min: 1, max: 180 }),
    }),
    { selector: (m) => m.kind, maxLength: 5 },
  )
  const built = marks.map((list) =>
    list.map(({ kind, a, length }): Mark => {
      const from = new Date(session.from.getTime() + a * 60_000)
      return {
        id: kind,
        kind,
        from,
        to: new Date(Math.min(session.to.getTime(), from.getTime() + length * 60_000)),
        by: kind,
      }
    }),
  )

  test('C17 never more than planned, never negative, a grade exactly when there are minutes', () => {
    fc.assert(
      fc.property(built, fc.integer({ min: 0, max: 60 }), (list, breakMinutes) => {
        const answer = settle({ ...session, breakMinutes }, list)
        expect(answer.minutes).toBeGreaterThanOrEqual(0)
        expect(answer.minutes).toBeLessThanOrEqual(180 - breakMinutes)
        expect(answer.grade !== null).toBe(answer.minutes > 0)
        expect(Number.isInteger(answer.minutes)).toBe(true)
      }),
    )
  })

  test('C17 the order of the marks changes nothing', () => {
    fc.assert(
      fc.property(built, (list) => {
        expect(settle(session, list.toReversed())).toEqual(settle(session, list))
      }),
    )
  })
})

describe('R03 the room code', () => {
  const keyed = (text: string) => testCrypto.blindIndex(`secret:${text}`, 'session.code')
  const rotation = { seconds: 30, graceSeconds: 15 }
  const now = new Date('2021-09-16T01:00:00Z') // begins a window
  const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
  const code = codeAt(keyed, now, rotation)

  test.each([
    [0, null],
    [29, null],
    [30, null],
    [45, null],
    [46, 'code-stale'],
    [600, 'code-stale'],
    [3600, 'code-wrong'],
    [-1, 'code-wrong'],
  ])('R03 read %i seconds into the window → %s', (seconds, reason) => {
    const decision = checkCode(keyed, code, later(seconds), rotation)
    expect(decision.ok ? null : decision.refusal.reason).toBe(reason)
  })

  test('R03 a stale code says how late it is', () => {
    expect(checkCode(keyed, code, later(50), rotation)).toMatchObject({ refusal: { facts: { seconds: 20 } } })
  })

  test('R03 eight letters that nobody confuses; typed loosely they still match', () => {
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/)
    expect(readCode(` ${code.toLowerCase().slice(0, 4)}-${code.slice(4)} `)).toBe(code)
    expect(readCode('oil1-0000')).toBe('01110000')
    expect(secondsLeft(later(12), rotation)).toBe(18)
  })

  test('R03 codes of other sessions and windows differ', () => {
    const all = new Set(Array.from({ length: 500 }, (_, i) => codeOf(keyed, i)))
    expect(all.size).toBe(500)
    expect(codeOf((text) => testCrypto.blindIndex(`other:${text}`, 'session.code'), 7)).not.toBe(codeOf(keyed, 7))
  })

  test('R03 a hold is good for its device and its minutes', () => {
    const hold = holdFor(keyed, 'phone', now)
    expect(checkHold(keyed, hold, 'phone', later(599), 10)).toEqual({ ok: true, value: now })
    expect(checkHold(keyed, hold, 'phone', later(601), 10)).toMatchObject({ refusal: { reason: 'code-stale' } })
    expect(checkHold(keyed, hold, 'tablet', now, 10)).toMatchObject({ refusal: { reason: 'code-wrong' } })
    expect(checkHold(keyed, hold, '', now, 10).ok).toBe(false)
    expect(checkHold(keyed, hold.replace(/^\d/, '9'), 'phone', now, 10).ok).toBe(false)
    expect(checkHold(keyed, 'x', 'phone', now, 10).ok).toBe(false)
  })
})

describe('C17 class hours', () => {
  test.each([
    [[], 0, 0],
    [[{ minutes: 44, before: 0 }], 44, 0],
    [[{ minutes: 45, before: 0 }], 45, 1],
    [
      [
        { minutes: 44, before: 0 },
        { minutes: 46, before: 0 },
      ],
      90,
      2,
    ],
    [
      [
        { minutes: 300, before: 0 },
        { minutes: 120, before: 300 },
      ],
      360,
      8,
    ],
    [[{ minutes: 90, before: 350 }], 10, 0],
    [[{ minutes: 90, before: 400 }], 0, 0],
  ])('C17 %j → %i minutes, %i hours', (entries, minutes, hours) => {
    expect(countHours({ entries, minutesPerHour: 45, maxPerDay: 8 })).toEqual({ minutes, hours })
  })

  test('C17 the hours are the floor of the sum, however the sum is cut into entries', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 360 }), { maxLength: 20 }), (list) => {
        const sum = list.reduce((total, n) => total + n, 0)
        const answer = countHours({
          entries: list.map((minutes) => ({ minutes, before: 0 })),
          minutesPerHour: 45,
          maxPerDay: null,
        })
        expect(answer).toEqual({ minutes: sum, hours: Math.floor(sum / 45) })
      }),
    )
  })
})

describe('R01 sessions', () => {
  const facts = { now: at('08:00'), classStartsOn: day('2021-09-16'), classEndsOn: day('2021-09-30'), breakMinutes: 10 }
  test.each([
    ['2021-09-16', '09:00', '12:00', 10, null],
    ['2021-09-16', '08:00', '12:00', 10, 'session-past'],
    ['2021-09-15', '09:00', '12:00', 10, 'session-outside-class'],
    ['2021-10-01', '09:00', '12:00', 10, 'session-outside-class'],
    ['2021-09-20', '09:00', '09:10', 10, 'break-too-long'],
  ])('R01 %s %s–%s break %i → %s', (on, from, to, breakMinutes, reason) => {
    const span = { from: instantOf(day(on), from), to: instantOf(day(on), to) }
    const decision = checkSession(span, { ...facts, breakMinutes })
    expect(decision.ok ? null : decision.refusal.reason).toBe(reason)
  })

  test.each([
    ['08:29', 'too-early'],
    ['08:30', null],
    ['11:59', null],
    ['12:00', 'session-over'],
  ])('R03 opened at %s → %s', (time, reason) => {
    const decision = checkOpening(session, { now: at(time), earlyMinutes: 30 })
    expect(decision.ok ? null : decision.refusal.reason).toBe(reason)
  })

  test('the words of a span', () => expect(spanText(session)).toBe('9月16日09:00—12:00'))
})

describe('R36 nobody needs a face to be believed', () => {
  test('every kind of mark is a code, a person or a record; the best grade needs no more', () => {
    expect(Object.keys(markKinds).toSorted()).toEqual(
      ['excused', 'learning-record', 'manual', 'room-code', 'staff', 'trainer'].toSorted(),
    )
    expect(settle(session, [mark('room-code'), mark('trainer')])).toMatchObject({ grade: 'A' })
  })
})
