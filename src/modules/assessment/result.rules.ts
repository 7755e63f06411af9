import { type Part, parts } from './assessment.schema.ts'
import type { Check } from './result.schema.ts'

export type ResultFacts = {
  /** Parts with a weight, and the mark in tenths; null is absent. Weights sum to 100. */
  parts: readonly { part: Part; weight: number; tenths: number | null }[]
  /** Points, whole. */
  passMark: number
  /** Minutes of the hours ledger that count. */
  attendedMinutes: number
  /** Minutes of the class as approved: class hours × minutes of one. */
  plannedMinutes: number
  /** Percent, whole. */
  attendancePercent: number
}

export type PersonResult = {
  passed: boolean
  /** Thousandths of a point, exact; null when absent from a part. */
  totalMillipoints: number | null
  checks: Check[]
}

/**
 * Whether one person completed the class: present at every part, a weighted total of at least the pass mark, and enough
 * of the hours attended. Nothing is rounded: 59.99 points or 79.9 % are not enough. Each check says what it found.
 * @clause R35 R03
 */
export function decideResult(facts: ResultFacts): PersonResult {
  const { passMark, attendedMinutes, plannedMinutes, attendancePercent } = facts
  const inUse = parts.flatMap((part) => facts.parts.filter((given) => given.part === part && given.weight > 0))
  const present = inUse.every(({ tenths }) => tenths !== null)
  const totalMillipoints = present ? inUse.reduce((sum, { weight, tenths }) => sum + weight * (tenths ?? 0), 0) : null
  const attended = attendedMinutes * 100 >= plannedMinutes * attendancePercent
  const enough = totalMillipoints !== null && totalMillipoints >= passMark * 1000
  const checks: Check[] = [
    {
      check: 'attendance',
      ok: attended,
      clause: 'R03',
      needPercent: attendancePercent,
      attendedMinutes,
      plannedMinutes,
    },
    ...inUse.map(
      ({ part, weight, tenths }): Check => ({
        check: 'part',
        ok: tenths !== null,
        clause: 'R02',
        part,
        weight,
        tenths,
      }),
    ),
    { check: 'total', ok: enough, clause: 'R35', needPoints: passMark, millipoints: totalMillipoints },
  ]
  return {
    passed: attended && enough,
    totalMillipoints,
    checks,
  }
}
