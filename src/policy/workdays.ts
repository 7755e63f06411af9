import calendar from 'chinese-days'
import { addDays, yearOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'

/** Days on which a clock stands still, both ends included. `to: null` means it still stands. */
export type Stop = { from: Day; to: Day | null }

export type Deadline = {
  /** The last day to act; `null` while an open stop holds the clock. */
  due: Day | null
  /** True when the answer leans on a day whose State Council notice is not known yet. */
  provisional: boolean
}

export type ClockState = 'running' | 'stopped' | 'due-today' | 'overdue'

export type Clock = Deadline & {
  /** Workdays counted after the start, up to and including today. */
  elapsed: number
  /** Workdays left after today; negative when overdue. */
  left: number
  state: ClockState
}

/** The longest clock in the plan is 45 workdays; ten years of workdays is a mistake, not a clock. */
const LONGEST = 2_500

const coveredYears = new Map<number, boolean>()

/** Whether the State Council's holiday notice for the year is in the calendar data. */
export function isCoveredYear(year: number): boolean {
  const known = coveredYears.get(year)
  if (known !== undefined) return known
  const covered = calendar.getHolidaysInRange(`${year}-01-01`, `${year}-12-31`, false).length > 0
  coveredYears.set(year, covered)
  return covered
}

/**
 * Whether the day's status is settled. The New Year notice of the following year has reached back as far
 * as 29 December (2007, 2018), so the last days of a year need that notice as well.
 */
export const isSettled = (on: Day): boolean => isCoveredYear(yearOf(on)) && isCoveredYear(yearOf(addDays(on, 3)))

/** A workday by the State Council's calendar: make-up weekends count, holidays do not. Unsettled years: Mon–Fri. */
export const isWorkday = (on: Day): boolean => calendar.isWorkday(on)

/** The n-th workday after `from`; day 1 is the first workday after it. `n = 0` is `from` itself. */
export function addWorkdays(from: Day, n: number): { day: Day; provisional: boolean } {
  const { due, provisional } = deadline({ start: from, workdays: n, stops: [] })
  return { day: due as Day, provisional }
}

/** Workdays after `from` up to and including `to`; 0 when `to` is not later. Undoes `addWorkdays`. */
export function workdaysBetween(from: Day, to: Day): { days: number; provisional: boolean } {
  return count(from, to, [])
}

/**
 * The last day of a period of workdays. The start day is not counted (Civil Code art. 201), nor is any day
 * touched by a stop: the day correction is asked for and the day it comes back both belong to the stop.
 * @clause R33
 */
export function deadline(clock: { start: Day; workdays: number; stops: readonly Stop[] }): Deadline {
  const { start, workdays, stops } = clock
  if (!Number.isInteger(workdays) || workdays < 0 || workdays > LONGEST) {
    throw new RangeError(`not a number of workdays: ${workdays}`)
  }
  const openFrom = stops.reduce<Day | null>(
    (first, stop) => (stop.to === null && (first === null || stop.from < first) ? stop.from : first),
    null,
  )
  let on = start
  let counted = 0
  let provisional = false
  while (counted < workdays) {
    on = addDays(on, 1)
    if (openFrom !== null && on >= openFrom) return { due: null, provisional }
    provisional ||= !isSettled(on)
    if (isWorkday(on) && !isStopped(on, stops)) counted++
  }
  return { due: on, provisional }
}

/**
 * Where a clock stands today. A stop that begins after today is not known yet and is left out.
 * @clause R33
 */
export function clock(input: { start: Day; workdays: number; stops: readonly Stop[]; today: Day }): Clock {
  const { start, workdays, today } = input
  const stops = input.stops.filter((stop) => stop.from <= today)
  const { due, provisional } = deadline({ start, workdays, stops })
  const passed = count(start, today, stops)
  return {
    due,
    provisional: provisional || passed.provisional,
    elapsed: passed.days,
    left: workdays - passed.days,
    state: state(due, today, stops),
  }
}

function state(due: Day | null, today: Day, stops: readonly Stop[]): ClockState {
  if (due !== null && today > due) return 'overdue'
  if (isStopped(today, stops)) return 'stopped'
  return today === due ? 'due-today' : 'running'
}

function count(from: Day, to: Day, stops: readonly Stop[]): { days: number; provisional: boolean } {
  let days = 0
  let provisional = false
  for (let on = addDays(from, 1); on <= to; on = addDays(on, 1)) {
    provisional ||= !isSettled(on)
    if (isWorkday(on) && !isStopped(on, stops)) days++
  }
  return { days, provisional }
}

const isStopped = (on: Day, stops: readonly Stop[]): boolean =>
  stops.some((stop) => on >= stop.from && (stop.to === null || on <= stop.to))
