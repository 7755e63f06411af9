/** Pure judges about the class room: places, times, trainers, devices, results. */
import { outliers, percentOf } from '#modules/assessment/watch.rules.ts'
import type { Day } from '#shared/units.ts'
import type { Judgement } from './control.schema.ts'
import { found, pass, unknown } from './control-person.rules.ts'

/** A threshold of the plan as it stood; null: nobody has set it. */
export type Threshold = { label: string; value: number | null }
const undecided = (t: Threshold) => unknown('figure-undecided', { label: t.label })

/**
 * Nobody is in two places at once: not in two sessions, and not teaching one while attending another, over all
 * classes and institutions. Days on which the credited minutes cannot both be true.
 * @clause C08
 */
export function judgeC08(facts: { overlaps: readonly Day[]; teaching: readonly Day[] }): Judgement {
  const [overlap, teaching] = [facts.overlaps[0], facts.teaching[0]]
  if (overlap) return found('two-places', { count: facts.overlaps.length, first: overlap })
  if (teaching) return found('teaching', { count: facts.teaching.length, first: teaching })
  return pass()
}

/**
 * The institution may teach this, and nobody sat on the floor.
 * @clause C12
 */
export function judgeC12(facts: {
  licence: 'covers' | 'out-of-scope' | 'none' | 'not-needed'
  /** Sessions with more people signed in than seats; the worst of them. */
  overSeats: { count: number; persons: number; seats: number } | null
  headcount: number
  capacity: number
  sizeLimit: Threshold
}): Judgement {
  if (facts.licence === 'none') return found('no-licence')
  if (facts.licence === 'out-of-scope') return found('out-of-scope')
  if (facts.overSeats) return found('over-seats', facts.overSeats)
  if (facts.headcount > facts.capacity) {
    return found('over-capacity', { persons: facts.headcount, limit: facts.capacity })
  }
  const limit = facts.sizeLimit.value
  if (limit === null) return undecided(facts.sizeLimit)
  return facts.headcount > limit ? found('over-capacity', { persons: facts.headcount, limit }) : pass()
}

/**
 * A trainer gives one lesson at a time, and is the institution's trainer on that day.
 * @clause C13
 */
export function judgeC13(facts: { twice: number; invalid: number }): Judgement {
  if (facts.twice > 0) return found('trainer-twice', { count: facts.twice })
  return facts.invalid > 0 ? found('trainer-invalid', { count: facts.invalid }) : pass()
}

/**
 * One device signs in one person; a few may share one, a crowd may not.
 * @clause C15
 */
export function judgeC15(facts: { persons: number; limit: Threshold }): Judgement {
  if (facts.limit.value === null) return undecided(facts.limit)
  return facts.persons > facts.limit.value
    ? found('device-shared', { persons: facts.persons, limit: facts.limit.value })
    : pass()
}

/**
 * Marks typed in afterwards stay the exception. Looked at per class.
 * @clause C15
 */
export function judgeManualShare(facts: { manual: number; marks: number; limit: Threshold }): Judgement {
  if (facts.limit.value === null) return undecided(facts.limit)
  if (facts.marks === 0) return pass()
  const percent = Math.round((facts.manual * 100) / facts.marks)
  return facts.manual * 100 > facts.marks * facts.limit.value
    ? found('manual-share', { percent, limit: facts.limit.value })
    : pass('ok', { percent })
}

/**
 * A pass rate too good to be true in the institution's last twelve months, or too many passes of the institution on the
 * day this class was concluded. What stands out is decided by the assessment's own rule.
 * @clause C18
 */
export function judgeC18(facts: {
  assessed: number
  passed: number
  busiest: { on: Day; persons: number } | null
  rateLimit: Threshold
  leastPersons: Threshold
  burstLimit: Threshold
}): Judgement {
  const { rateLimit, leastPersons, burstLimit, assessed, passed } = facts
  const open = [rateLimit, leastPersons, burstLimit].find((t) => t.value === null)
  if (open) return undecided(open)
  const [signal] = outliers({ assessed, passed }, facts.busiest ? [facts.busiest] : [], {
    passRateHigh: rateLimit.value,
    minPersons: leastPersons.value,
    burstPerDay: burstLimit.value,
  }).toReversed()
  if (!signal) return pass('ok', { assessed, passed })
  if (signal.signal === 'burst') return found('burst', { on: signal.on, persons: signal.persons, limit: signal.limit })
  return found('pass-rate', { assessed, percent: percentOf({ assessed, passed }), limit: signal.limitPercent })
}

/**
 * Two people stand behind every score and every change of one, and the result follows from the scores.
 * @clause C23
 */
export function judgeC23(facts: {
  /** Null: there is no result, or it is no longer a pass. */
  resultMillipoints: number | null
  /** The weighted sum of the scores as confirmed and changed. */
  scoredMillipoints: number | null
  onePerson: number
  pending: number
}): Judgement {
  if (facts.onePerson > 0) return found('one-person', { count: facts.onePerson })
  if (facts.pending > 0) return found('change-pending', { count: facts.pending })
  if (facts.resultMillipoints === null) return found('no-result')
  return facts.resultMillipoints === facts.scoredMillipoints ? pass() : found('result-differs')
}
