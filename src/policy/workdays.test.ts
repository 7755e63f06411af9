import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addWorkdays,
  clock,
  deadline,
  isCoveredYear,
  isSettled,
  isWorkday,
  type Stop,
  workdaysBetween,
} from '#policy/workdays.ts'
import { addDays } from '#shared/dates.ts'
import { day } from '#shared/units.ts'

const stop = (from: string, to: string | null): Stop => ({ from: day(from), to: to === null ? null : day(to) })

describe('State Council calendar 2021', () => {
  test.each([
    ['2021-01-01', false, 'New Year'],
    ['2021-02-07', true, 'Sunday worked for the Spring Festival'],
    ['2021-02-10', true, 'the day before'],
    ['2021-02-11', false, 'New Year’s Eve'],
    ['2021-02-17', false, 'last day of the festival'],
    ['2021-02-18', true, 'back to work'],
    ['2021-02-20', true, 'Saturday worked'],
    ['2021-02-21', false, 'an ordinary Sunday'],
    ['2021-04-05', false, 'Tomb Sweeping'],
    ['2021-04-25', true, 'Sunday worked for Labour Day'],
    ['2021-05-05', false, 'Labour Day holiday'],
    ['2021-05-08', true, 'Saturday worked'],
    ['2021-06-14', false, 'Dragon Boat'],
    ['2021-09-18', true, 'Saturday worked for Mid-Autumn'],
    ['2021-09-20', false, 'Mid-Autumn'],
    ['2021-09-26', true, 'Sunday worked for National Day'],
    ['2021-10-01', false, 'National Day'],
    ['2021-10-07', false, 'last day of the week'],
    ['2021-10-08', true, 'back to work'],
    ['2021-10-09', true, 'Saturday worked'],
    ['2021-10-10', false, 'Sunday'],
  ] as const)('%s workday: %s (%s)', (on, expected, _why) => expect(isWorkday(day(on))).toBe(expected))

  test('the National Day week is closed from the 1st to the 7th', () => {
    for (let n = 0; n < 7; n++) expect(isWorkday(addDays(day('2021-10-01'), n))).toBe(false)
  })

  test.each([
    ['2021-09-30', 1, '2021-10-08'],
    ['2021-09-30', 2, '2021-10-09'],
    ['2021-09-30', 3, '2021-10-11'],
    ['2021-09-24', 1, '2021-09-26'],
    ['2021-09-15', 0, '2021-09-15'],
    ['2021-10-03', 1, '2021-10-08'],
    ['2021-02-05', 5, '2021-02-18'],
    ['2021-12-30', 2, '2022-01-04'],
  ] as const)('%s + %i workdays is %s', (from, n, to) =>
    expect(addWorkdays(day(from), n)).toEqual({ day: to, provisional: false }),
  )
})

describe('years without a notice', () => {
  test('are known to be missing', () => {
    expect([2003, 2004, 2021, 2026].map(isCoveredYear)).toEqual([false, true, true, true])
    expect(isCoveredYear(2060)).toBe(false)
  })

  test('make the answer provisional, also when the clock only crosses into them', () => {
    expect(addWorkdays(day('2060-03-01'), 5).provisional).toBe(true)
    expect(workdaysBetween(day('2003-12-20'), day('2004-01-20')).provisional).toBe(true)
    expect(clock({ start: day('2060-03-01'), workdays: 5, stops: [], today: day('2060-03-02') }).provisional).toBe(true)
  })

  test('the last days of December wait for the next year’s notice', () => {
    let last = 2021
    while (isCoveredYear(last + 1)) last++
    expect(isSettled(day(`${last}-12-28`))).toBe(true)
    expect(isSettled(day(`${last}-12-29`))).toBe(false)
    expect(isSettled(day('2021-12-31'))).toBe(true)
  })
})

describe('R33 deadlines', () => {
  test.each([
    ['publicity across National Day', '2021-09-28', 5, [], '2021-10-11'],
    ['correction days do not count', '2021-09-06', 5, [stop('2021-09-08', '2021-09-10')], '2021-09-16'],
    ['a stop inside a holiday costs nothing', '2021-09-28', 5, [stop('2021-10-01', '2021-10-07')], '2021-10-11'],
    [
      'overlapping stops count once',
      '2021-09-06',
      5,
      [stop('2021-09-08', '2021-09-10'), stop('2021-09-09', '2021-09-10')],
      '2021-09-16',
    ],
    ['an open stop has no end', '2021-09-06', 5, [stop('2021-09-08', null)], null],
    ['an open stop after the end changes nothing', '2021-09-06', 5, [stop('2021-09-14', null)], '2021-09-13'],
    [
      'asked on the last day: that day is still to come',
      '2021-09-06',
      5,
      [stop('2021-09-13', '2021-09-15')],
      '2021-09-16',
    ],
  ] as const)('R33 %s', (_, start, workdays, stops, due) =>
    expect(deadline({ start: day(start), workdays, stops })).toEqual({ due, provisional: false }),
  )

  test('R33 refuses a number that cannot be a clock', () => {
    for (const workdays of [-1, 1.5, Number.NaN, 1e9]) {
      expect(() => deadline({ start: day('2021-09-06'), workdays, stops: [] })).toThrow(RangeError)
    }
  })
})

describe('R33 the clock today', () => {
  const base = { start: day('2021-09-06'), workdays: 5 }
  test.each([
    ['2021-09-06', [], { due: '2021-09-13', elapsed: 0, left: 5, state: 'running' }],
    ['2021-09-12', [], { due: '2021-09-13', elapsed: 4, left: 1, state: 'running' }],
    ['2021-09-13', [], { due: '2021-09-13', elapsed: 5, left: 0, state: 'due-today' }],
    ['2021-09-14', [], { due: '2021-09-13', elapsed: 6, left: -1, state: 'overdue' }],
    ['2021-09-09', [stop('2021-09-08', null)], { due: null, elapsed: 1, left: 4, state: 'stopped' }],
    ['2021-09-20', [stop('2021-09-08', null)], { due: null, elapsed: 1, left: 4, state: 'stopped' }],
    ['2021-09-13', [stop('2021-09-13', null)], { due: null, elapsed: 4, left: 1, state: 'stopped' }],
    ['2021-09-13', [stop('2021-09-08', '2021-09-10')], { due: '2021-09-16', elapsed: 2, left: 3, state: 'running' }],
    ['2021-09-07', [stop('2021-09-08', null)], { due: '2021-09-13', elapsed: 1, left: 4, state: 'running' }],
    ['2021-09-14', [stop('2021-09-14', null)], { due: '2021-09-13', elapsed: 5, left: 0, state: 'overdue' }],
  ] as const)('R33 on %s with %j', (today, stops, expected) =>
    expect(clock({ ...base, stops, today: day(today) })).toEqual({ ...expected, provisional: false }),
  )
})

describe('R33 properties', () => {
  const start = fc.integer({ min: 0, max: 2000 }).map((n) => addDays(day('2019-01-01'), n))
  const n = fc.integer({ min: 0, max: 60 })
  const stops = fc.array(fc.record({ at: fc.integer({ min: 0, max: 60 }), length: fc.integer({ min: 0, max: 20 }) }), {
    maxLength: 4,
  })

  test('R33 workdaysBetween undoes addWorkdays and the end is a workday', () => {
    fc.assert(
      fc.property(start, n, (from, days) => {
        const end = addWorkdays(from, days).day
        expect(workdaysBetween(from, end).days).toBe(days)
        if (days > 0) expect(isWorkday(end)).toBe(true)
      }),
    )
  })

  test('R33 a stop never brings a deadline forward, and on the due day nothing is left', () => {
    fc.assert(
      fc.property(start, n, stops, (from, workdays, drawn) => {
        const stopped = drawn.map(({ at, length }) => ({ from: addDays(from, at), to: addDays(from, at + length) }))
        const due = deadline({ start: from, workdays, stops: stopped }).due ?? from
        expect(due >= addWorkdays(from, workdays).day).toBe(true)
        const today = clock({ start: from, workdays, stops: stopped, today: due })
        expect(today.left).toBe(0)
        expect(today.due).toBe(due)
      }),
    )
  })
})
