import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Choice, choice } from '#policy/choices.ts'
import { figure, type Override } from '#policy/figures.ts'
import { loadPlan } from '#policy/plan.ts'
import { type Day, day } from '#shared/units.ts'
import { type Changes, countable, indicatorsOf, type Recorded, reconcile, type Wanted } from './count.rules.ts'
import { reasonText } from './count.schema.ts'

const plan = loadPlan('plan/haizhu-2020')
const on = day('2021-06-30')
const today = day('2021-09-15')

const made = (decisionId: string, code: string): Choice => ({
  decisionId,
  code,
  from: day('2020-12-07'),
  to: null,
  source: '会议纪要',
  setBy: '张三',
  setAt: '2021-01-01T00:00:00Z',
})
const least = (value: number): Override => ({
  figureId: 'OP.minClassHours',
  value,
  from: day('2020-12-07'),
  to: null,
  source: '会议纪要',
  setBy: '张三',
  setAt: '2021-01-01T00:00:00Z',
})
const ask = (
  klass: Partial<{ programme: string; mode: string; classHours: number }>,
  choices: Choice[],
  f: Override[],
) =>
  countable(
    plan,
    { programme: 'job-adaptation', mode: 'offline', classHours: 20, ...klass },
    on,
    (id, at) => choice(plan, id, at, choices),
    (id, at) => figure(plan, id, at, f),
  )

describe('R35 what counts at all', () => {
  test.each([
    ['an ordinary class', {}, [], [], null],
    ['a programme the plan does not have', { programme: 'work-for-training' }, [], [], 'unknown-programme'],
    ['online only, undecided', { mode: 'online' }, [], [], 'online-undecided'],
    ['online only, not counted', { mode: 'online' }, [made('D-07', 'no')], [], 'online-not-counted'],
    ['online only, same as others', { mode: 'online' }, [made('D-07', 'same')], [], null],
    ['online only, by hours, no figure', { mode: 'online' }, [made('D-07', 'hours')], [], 'figure-undecided'],
    ['mixed is not online only', { mode: 'mixed' }, [], [], null],
    ['least hours chosen, no figure', {}, [made('D-08', 'figure')], [], 'figure-undecided'],
    ['least hours not reached', { classHours: 7 }, [made('D-08', 'figure')], [least(8)], 'too-short'],
    ['least hours reached', { classHours: 8 }, [made('D-08', 'figure')], [least(8)], null],
    ['a figure alone changes nothing', { classHours: 7 }, [], [least(8)], null],
  ] as const)('R35 %s', (_, klass, choices, figures, reason) => {
    const answer = ask(klass, [...choices], [...figures])
    if (reason === null) return expect(answer.ok).toBe(true)
    expect(answer).toMatchObject({ ok: false, refusal: { clause: 'R35', reason } })
    expect(reasonText[reason]?.({ hours: 7, least: 8, programme: 'x' }).remedy).toBeTruthy()
  })
})

describe('R35 which indicators count an event', () => {
  const cook = plan.occupationSets.find((set) => set.id === 'cantonese-cuisine')?.occupations[0] ?? null
  test.each([
    ['nothing special', ['subsidised', 'job-adaptation'], null, [], ['K01'], []],
    ['a cook', ['subsidised'], cook, [], ['K01', 'K12c'], []],
    [
      'a disabled cook',
      ['subsidised', 'project-based'],
      cook,
      ['disabled', 'veterans'],
      ['K01', 'K11', 'K12c'],
      ['K11'],
    ],
    ['an apprentice', ['new-apprenticeship'], null, [], ['K09'], []],
    ['no tag', [], null, ['veterans'], [], []],
    ['same code, other edition', ['subsidised'], cook && { ...cook, edition: '1999' }, [], ['K01'], []],
  ] as const)('R35 %s', (_, tags, occupation, groups, all, persons) => {
    expect(indicatorsOf(plan, { tags, occupation, groups })).toEqual({ all, persons })
  })

  test('R35 one more tag never takes an indicator away', () => {
    const tag = fc.subarray(['subsidised', 'job-adaptation', 'project-based', 'new-apprenticeship'])
    const group = fc.subarray(['disabled', 'veterans', 'schoolLeavers'])
    fc.assert(
      fc.property(tag, tag, group, group, (a, b, g, h) => {
        const small = indicatorsOf(plan, { tags: a, occupation: null, groups: g })
        const large = indicatorsOf(plan, { tags: [...a, ...b], occupation: null, groups: [...g, ...h] })
        expect(large.all).toEqual(expect.arrayContaining(small.all))
        expect(small.all).toEqual(expect.arrayContaining(small.persons))
      }),
    )
  })
})

const days = ['2021-01-05', '2021-03-31', '2021-06-30', '2021-09-15', '2021-11-01'].map(day)
const anyDay = fc.constantFrom(...days)
const anyWanted = fc.uniqueArray(fc.record({ personId: fc.constantFrom('a', 'b', 'c', 'd', 'e'), on: anyDay }), {
  selector: (one) => one.personId,
})

/** Writes the changes as the database would. */
function apply(recorded: readonly Recorded[], changes: Changes): Recorded[] {
  const reversed = new Map(changes.reverse.map((one) => [one.id, one.on]))
  return [
    ...recorded.map((event) => ({ ...event, reversedOn: reversed.get(event.id) ?? event.reversedOn })),
    ...changes.add.map((one, n) => ({
      id: recorded.length + n + 1,
      personId: one.personId,
      round: one.round,
      countedOn: one.on,
      reversedOn: null,
    })),
  ]
}
const standing = (recorded: readonly Recorded[]) =>
  recorded.filter((event) => event.reversedOn === null).map((event) => event.personId)

describe('R35 each person once a class, whatever happened before', () => {
  test('R35 withdrawn and back again: reversed, then a second round not dated before the reversal', () => {
    const first: Recorded = { id: 1, personId: 'a', round: 1, countedOn: days[0] as Day, reversedOn: null }
    const gone = reconcile([first], [], today)
    expect(gone).toEqual({ add: [], reverse: [{ id: 1, personId: 'a', on: today }] })
    const back = reconcile(apply([first], gone), [{ personId: 'a', on: days[1] as Day }], today)
    expect(back).toEqual({ add: [{ personId: 'a', round: 2, on: today }], reverse: [] })
  })

  test('R35 an event dated ahead is reversed on its own day, not before it', () => {
    const ahead: Recorded = { id: 1, personId: 'a', round: 1, countedOn: day('2021-12-01'), reversedOn: null }
    expect(reconcile([ahead], [], today).reverse).toEqual([{ id: 1, personId: 'a', on: '2021-12-01' }])
  })

  test('R35 after any history the standing events are exactly the wanted, once each; again changes nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyWanted, anyDay), { minLength: 1, maxLength: 8 }), (steps) => {
        let recorded: Recorded[] = []
        let wanted: Wanted[] = []
        for (const [next, now] of steps) {
          wanted = next
          recorded = apply(recorded, reconcile(recorded, wanted, now))
          expect(standing(recorded).sort()).toEqual(wanted.map((one) => one.personId).sort())
          expect(reconcile(recorded, wanted, now)).toEqual({ add: [], reverse: [] })
        }
        const keys = recorded.map((event) => `${event.personId} ${event.round}`)
        expect(new Set(keys).size).toBe(keys.length)
        for (const event of recorded) {
          if (event.reversedOn) expect(event.reversedOn >= event.countedOn).toBe(true)
          const before = recorded.find((one) => one.personId === event.personId && one.round === event.round - 1)
          if (event.round > 1) expect(before?.reversedOn).toBeTruthy()
          if (before?.reversedOn) expect(event.countedOn >= before.reversedOn).toBe(true)
        }
      }),
    )
  })
})
