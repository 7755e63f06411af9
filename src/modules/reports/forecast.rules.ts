import { addDays, daysBetween } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'

/** How many days back the pace is taken from. */
export const paceWindow = 90

export type Forecast = {
  /** What will stand on the deadline if the pace of the window goes on. */
  atDeadline: number
  /** Counted in the window, and its length in days. */
  recent: number
  windowDays: number
  daysLeft: number
  /** What each remaining day would have to bring, rounded up; 0 when the target is reached. */
  neededPerDay: number
  reachable: boolean
}

/** The first day of the window that ends with `asOf`; never before counting began. */
export function windowStart(asOf: Day, began: Day): Day {
  const first = addDays(asOf, 1 - paceWindow)
  return first < began ? began : first
}

/**
 * A straight line: what was counted in the last 90 days (or since counting began), divided by the days, times the days
 * left. Nothing is said once the deadline has passed or where the plan names none.
 * @clause HZ4-M15 统计分析和监测研判
 */
export function forecast(of: {
  current: number
  recent: number
  asOf: Day
  began: Day
  target: number
  deadline: Day | null
}): Forecast | null {
  if (of.deadline === null || of.asOf >= of.deadline || of.asOf < of.began) return null
  const windowDays = daysBetween(windowStart(of.asOf, of.began), of.asOf) + 1
  const daysLeft = daysBetween(of.asOf, of.deadline)
  const atDeadline = of.current + Math.floor((of.recent * daysLeft) / windowDays)
  const missing = Math.max(of.target - of.current, 0)
  return {
    atDeadline,
    recent: of.recent,
    windowDays,
    daysLeft,
    neededPerDay: Math.ceil(missing / daysLeft),
    reachable: atDeadline >= of.target,
  }
}

/** Tenths of a percent, cut off: 599 of 600 is 99.8, never 100. */
export const percentOf = (value: number, target: number): number =>
  target > 0 ? Math.floor((value * 1000) / target) / 10 : 0
