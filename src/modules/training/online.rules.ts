import { allow, type Decision, refuse } from '#policy/decision.ts'
import type { Day } from '#shared/units.ts'
import type { ClassState } from './class.schema.ts'

export type OnlineFacts = {
  mode: 'offline' | 'online' | 'mixed'
  classState: ClassState
  startsOn: Day
  endsOn: Day
  enrolled: boolean
  on: Day
  minutes: number
  /** Minutes that the course may bring to the class's programme; null while nobody has decided. */
  acceptedMinutes: number | null
  /** Minutes that the course has brought already. */
  hadMinutes: number
  /** Minutes that all online courses together may bring to one class; null while not limited. */
  mostMinutes: number | null
  /** Minutes that all of them have brought already. */
  hadOnlineMinutes: number
}

/**
 * How many minutes of a day's online learning go to the class: only of a class with online hours, only between its first
 * and last day, and never past what the programme accepts of the course. While nobody has decided that, none: they wait,
 * at the longest until the class is closed. What was learnt before the assessment still goes there after it.
 * @clause HZ4-M13 R01 C17
 */
export function onlineMinutes(f: OnlineFacts): Decision<number> {
  if (f.mode === 'offline') return refuse('HZ4-M13', 'no-online-hours')
  if (!f.enrolled) return refuse('R01', 'not-in-class')
  if (!['in-session', 'suspended', 'assessed'].includes(f.classState) || f.on < f.startsOn || f.on > f.endsOn) {
    return refuse('R01', 'before-class')
  }
  if (f.acceptedMinutes === null) return refuse('HZ4-M13', 'online-undecided-hours')
  const left = Math.min(
    f.acceptedMinutes - f.hadMinutes,
    f.mostMinutes === null ? Number.POSITIVE_INFINITY : f.mostMinutes - f.hadOnlineMinutes,
  )
  return left <= 0 ? refuse('HZ4-M13', 'conversion-cap') : allow(Math.min(f.minutes, left))
}
