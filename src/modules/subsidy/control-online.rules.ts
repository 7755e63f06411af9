/** Pure judge of what was learnt online for a class. */
import type { Day } from '#shared/units.ts'
import type { Judgement } from './control.schema.ts'
import type { Threshold } from './control-class.rules.ts'
import { found, pass, unknown } from './control-person.rules.ts'

/** What the evidence of one person's online hours in a class says, worked out anew from the stretches. */
export type OnlineFacts = {
  /** Minutes in the ledger: in all, and those that only the clock witnessed (grade C). */
  posted: number
  clockOnly: number
  /** Minutes posted beyond what stretches outside class sessions come to, course by course. */
  beyond: number
  /** Viewings in which more counted than the time that passed allows at the top rate. */
  overClock: number
  /** Days of the person, in all courses, longer than the limit of a day. */
  overDays: number
  overDayFirst: Day | null
  /** Days longer than the longest wait for a question on which none was answered. */
  silentDays: number
  silentDayFirst: Day | null
  /** Most people of the class who learnt on the person's device on one day. */
  devicePersons: number
  /** Questions that nobody answered, and seconds that were refused as jumps or speed: for the reviewer's eye. */
  missed: number
  refusedSeconds: number
}

/**
 * Online hours are real: no minute in the ledger without its stretch, no day and no viewing longer than the clock and the
 * limit allow, somebody answered on long days, and a device was not passed round. Hours in minutes, days in Guangzhou.
 * What the bureau has not decided leaves the answer open.
 * @clause C16 HZ4-M13 HZ4-M08
 */
export function judgeC16(facts: {
  applies: boolean
  online: OnlineFacts | null
  dayLimit: Threshold
  questionLimit: Threshold
  deviceLimit: Threshold
}): Judgement {
  if (!facts.applies) return pass('not-applicable')
  const { online } = facts
  if (!online || online.posted === 0) return pass('ok', { posted: 0 })
  if (online.beyond > 0) return found('online-beyond', { posted: online.posted, beyond: online.beyond })
  if (online.overClock > 0) return found('online-over-clock', { count: online.overClock })
  for (const { label, value } of [facts.dayLimit, facts.questionLimit, facts.deviceLimit]) {
    if (value === null) return unknown('figure-undecided', { label })
  }
  if (online.overDays > 0) {
    return found('online-over-day', {
      count: online.overDays,
      first: online.overDayFirst,
      limit: facts.dayLimit.value,
    })
  }
  if (online.devicePersons > Number(facts.deviceLimit.value)) {
    return found('online-device', { persons: online.devicePersons, limit: facts.deviceLimit.value })
  }
  if (online.silentDays > 0) {
    return found('online-silent', {
      count: online.silentDays,
      first: online.silentDayFirst,
      limit: facts.questionLimit.value,
    })
  }
  const { posted, clockOnly, missed, refusedSeconds } = online
  return pass('ok', { posted, clockOnly, missed, refusedSeconds })
}
