import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays } from '#shared/dates.ts'
import { day } from '#shared/units.ts'
import { forecast, percentOf, windowStart } from './forecast.rules.ts'

const began = day('2020-12-07')
const deadline = day('2021-12-31')
const at = (asOf: string, current: number, recent: number, target = 60_000) =>
  forecast({ current, recent, asOf: day(asOf), began, target, deadline })

describe('HZ4-M15 a straight line to the deadline', () => {
  test('the pace of 90 days goes on for the days left', () => {
    expect(at('2021-09-15', 41_000, 9_000)).toEqual({
      atDeadline: 41_000 + 10_700,
      recent: 9_000,
      windowDays: 90,
      daysLeft: 107,
      neededPerDay: 178,
      reachable: false,
    })
    expect(at('2021-09-15', 41_000, 16_000)?.reachable).toBe(true)
  })

  test('in the first days the window is what there is', () => {
    expect(windowStart(day('2020-12-16'), began)).toBe(began)
    expect(at('2020-12-16', 100, 100)).toMatchObject({ windowDays: 10, atDeadline: 100 + Math.floor((100 * 380) / 10) })
  })

  test('nothing is said without a deadline, after it, or before counting began', () => {
    expect(forecast({ current: 1, recent: 1, asOf: began, began, target: 5, deadline: null })).toBeNull()
    expect(at('2021-12-31', 59_000, 100)).toBeNull()
    expect(at('2020-12-06', 0, 0)).toBeNull()
  })

  test('more in the window never means less at the end; a reached target stays reached while nothing is taken back', () => {
    fc.assert(
      fc.property(fc.nat(70_000), fc.nat(20_000), fc.nat(20_000), fc.nat(380), (current, a, b, n) => {
        const asOf = addDays(began, n)
        const low = forecast({ current, recent: Math.min(a, b), asOf, began, target: 60_000, deadline })
        const high = forecast({ current, recent: Math.max(a, b), asOf, began, target: 60_000, deadline })
        expect(high?.atDeadline).toBeGreaterThanOrEqual(low?.atDeadline as number)
        if (current >= 60_000) expect(low).toMatchObject({ reachable: true, neededPerDay: 0 })
        if (low && current < 60_000) {
          expect(current + low.neededPerDay * low.daysLeft).toBeGreaterThanOrEqual(60_000)
          expect(current + (low.neededPerDay - 1) * low.daysLeft).toBeLessThan(60_000)
        }
      }),
    )
  })
})

test.each([
  [599, 600, 99.8],
  [600, 600, 100],
  [0, 10, 0],
  [61_234, 60_000, 102],
])('HZ4-M15 %i of %i is %f %%, cut off', (value, target, percent) => expect(percentOf(value, target)).toBe(percent))
