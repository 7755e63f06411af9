import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  addMonths,
  ageOn,
  dayOf,
  daysBetween,
  endOfDay,
  formatDay,
  formatInstant,
  minutesBetween,
  quarterOf,
  startOfDay,
  yearOf,
} from '#shared/dates.ts'
import { type Day, day } from '#shared/units.ts'

const anyDay = fc.integer({ min: 0, max: 50_000 }).map((n) => addDays(day('1930-01-01'), n))

describe('days in Guangzhou', () => {
  test.each([
    ['2021-09-14T15:59:59.999Z', '2021-09-14'],
    ['2021-09-14T16:00:00Z', '2021-09-15'],
    ['2020-12-31T16:00:00Z', '2021-01-01'],
    ['2020-02-28T16:00:00Z', '2020-02-29'],
  ])('%s is %s', (instant, on) => expect(dayOf(new Date(instant))).toBe(on))

  test('a day begins and ends inside itself', () => {
    fc.assert(
      fc.property(anyDay, (on) => {
        expect(dayOf(startOfDay(on))).toBe(on)
        expect(dayOf(endOfDay(on))).toBe(on)
        expect(endOfDay(on).getTime() + 1).toBe(startOfDay(addDays(on, 1)).getTime())
      }),
    )
  })

  test('adding days and counting them back agree', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -5000, max: 5000 }), (on, n) => {
        expect(daysBetween(on, addDays(on, n))).toBe(n)
        expect(addDays(on, n) > on).toBe(n > 0)
      }),
    )
  })
})

describe('months', () => {
  test.each([
    ['2021-01-31', 1, '2021-02-28'],
    ['2020-01-31', 1, '2020-02-29'],
    ['2021-03-31', -1, '2021-02-28'],
    ['2021-08-31', 6, '2022-02-28'],
    ['2021-12-15', 1, '2022-01-15'],
    ['2020-02-29', 12, '2021-02-28'],
    ['2020-02-29', 48, '2024-02-29'],
  ] as const)('%s + %i months is %s', (on, n, result) => expect(addMonths(day(on), n)).toBe(result))

  test('lands in the right month, never past it', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -600, max: 600 }), (on, n) => {
        const index = (d: Day) => yearOf(d) * 12 + Number(d.slice(5, 7))
        const landed = addMonths(on, n)
        expect(index(landed) - index(on)).toBe(n)
        expect(Number(landed.slice(8))).toBeLessThanOrEqual(Number(on.slice(8)))
      }),
    )
  })

  test.each([
    ['2021-01-01', 1, '2021-01-01', '2021-03-31'],
    ['2021-05-20', 2, '2021-04-01', '2021-06-30'],
    ['2021-09-30', 3, '2021-07-01', '2021-09-30'],
    ['2021-12-31', 4, '2021-10-01', '2021-12-31'],
  ] as const)('%s is in quarter %i', (on, quarter, from, to) =>
    expect(quarterOf(day(on))).toEqual({ year: 2021, quarter, from, to }),
  )
})

describe('age', () => {
  test.each([
    ['2005-09-15', '2021-09-14', 15],
    ['2005-09-15', '2021-09-15', 16],
    ['2004-02-29', '2020-02-28', 15],
    ['2004-02-29', '2020-02-29', 16],
    ['2004-02-29', '2021-02-28', 16],
    ['2004-02-29', '2021-03-01', 17],
    ['2021-01-01', '2020-12-31', -1],
  ] as const)('born %s, on %s is %i', (birth, on, age) => expect(ageOn(day(birth), day(on))).toBe(age))
})

describe('words', () => {
  test('a day and an instant', () => {
    expect(formatDay(day('2021-09-05'))).toBe('2021年9月5日')
    expect(formatInstant(new Date('2021-09-15T01:05:59Z'))).toBe('2021-09-15 09:05')
  })

  test.each([
    ['2021-09-15T01:00:00Z', '2021-09-15T01:44:59.999Z', 44],
    ['2021-09-15T01:00:00Z', '2021-09-15T01:45:00Z', 45],
    ['2021-09-15T01:00:30Z', '2021-09-15T01:00:00Z', 0],
    ['2021-09-15T01:45:00Z', '2021-09-15T01:00:00Z', -45],
  ])('minutes from %s to %s are %i', (from, to, n) => expect(minutesBetween(new Date(from), new Date(to))).toBe(n))
})
