import { type ClassHours, classHours } from '#shared/units.ts'

export type Ledger = {
  /** What the ledger grants in one class: minutes, and what the person was granted earlier on the same day anywhere. */
  entries: readonly { minutes: number; before: number }[]
  minutesPerHour: number
  /** Class hours a person can earn on one day, all classes together; `null` while not limited. */
  maxPerDay: number | null
}

/**
 * Minutes that count and the class hours they make. Minutes beyond a day's limit do not count. A class hour is whole: the
 * rest of the sum is lost. Never stored; always from the ledger.
 * @clause R03 C17
 */
export function countHours({ entries, minutesPerHour, maxPerDay }: Ledger): { minutes: number; hours: ClassHours } {
  const limit = maxPerDay === null ? Number.POSITIVE_INFINITY : maxPerDay * minutesPerHour
  const minutes = entries.reduce((sum, entry) => sum + Math.max(0, Math.min(entry.minutes, limit - entry.before)), 0)
  return { minutes, hours: classHours(Math.floor(minutes / minutesPerHour)) }
}
