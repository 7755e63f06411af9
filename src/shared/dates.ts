import { type Day, day, isDay, type Minutes, minutes } from './units.ts'

/** The district keeps UTC+8 all year. (China's summer time of 1986–1991 lies before any instant we store.) */
const SHANGHAI_OFFSET_MS = 8 * 3_600_000
const DAY_MS = 86_400_000

const utc = (on: Day) => Date.parse(`${on}T00:00:00Z`)
const two = (n: number) => String(n).padStart(2, '0')

function fromUtc(ms: number): Day {
  return day(new Date(ms).toISOString().slice(0, 10))
}

/** The calendar day in Guangzhou at this instant. */
export const dayOf = (instant: Date): Day => fromUtc(instant.getTime() + SHANGHAI_OFFSET_MS)

/** Midnight in Guangzhou that begins the day. */
export const startOfDay = (on: Day): Date => new Date(utc(on) - SHANGHAI_OFFSET_MS)

/** The last millisecond of the day in Guangzhou. */
export const endOfDay = (on: Day): Date => new Date(utc(on) - SHANGHAI_OFFSET_MS + DAY_MS - 1)

export const addDays = (on: Day, days: number): Day => fromUtc(utc(on) + days * DAY_MS)

/** Days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: Day, to: Day): number => Math.round((utc(to) - utc(from)) / DAY_MS)

/** Same day of the month; where the month is too short, its last day (2021-01-31 + 1 → 2021-02-28). */
export function addMonths(on: Day, months: number): Day {
  const [year, month, date] = parts(on)
  const first = new Date(Date.UTC(year, month - 1 + months, 1))
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  first.setUTCDate(Math.min(date, last))
  return fromUtc(first.getTime())
}

/**
 * Full years of age (周岁). A birthday on 29 February falls on 1 March in a common year.
 * Negative before the birth.
 */
export function ageOn(birth: Day, on: Day): number {
  return yearOf(on) - yearOf(birth) - (on.slice(5) < birth.slice(5) ? 1 : 0)
}

export const yearOf = (on: Day): number => Number(on.slice(0, 4))

export type Quarter = { year: number; quarter: 1 | 2 | 3 | 4; from: Day; to: Day }

export function quarterOf(on: Day): Quarter {
  const [year, month] = parts(on)
  const quarter = Math.ceil(month / 3) as Quarter['quarter']
  const from = day(`${on.slice(0, 4)}-${two(quarter * 3 - 2)}-01`)
  return { year, quarter, from, to: addDays(addMonths(from, 3), -1) }
}

/** `2021年9月15日`, as in official documents: no leading zeros. */
export function formatDay(on: Day): string {
  const [year, month, date] = parts(on)
  return `${year}年${month}月${date}日`
}

/** `2021-09-15 09:05`, Guangzhou time. */
export function formatInstant(at: Date): string {
  return new Date(at.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ')
}

/** Whole minutes, cut towards zero; negative when `to` is earlier. */
export const minutesBetween = (from: Date, to: Date): Minutes =>
  minutes(Math.trunc((to.getTime() - from.getTime()) / 60_000) || 0)

function parts(on: Day): [year: number, month: number, date: number] {
  return [Number(on.slice(0, 4)), Number(on.slice(5, 7)), Number(on.slice(8, 10))]
}

/** A day as people write it in tables: `2021-07-01`, `2021/7/1`, `2021.7.1`, `20210701`, `2021年7月1日`. */
export function dayFromText(raw: string): Day | null {
  const match = /^(?:(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2}))(?: 00:00(?::00)?)?$/.exec(
    raw.trim(),
  )
  if (!match) return null
  const text = `${match[1] ?? match[4]}-${two(Number(match[2] ?? match[5]))}-${two(Number(match[3] ?? match[6]))}`
  return isDay(text) ? text : null
}
