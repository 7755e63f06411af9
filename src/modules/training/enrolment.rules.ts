import { allow, type Decision, refuse } from '#policy/decision.ts'
import type { Programme } from '#policy/plan.types.ts'
import { ageOn } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { rosterOpen } from './class.rules.ts'
import type { ClassState } from './class.schema.ts'

export type JoinFacts = {
  classState: ClassState
  capacity: number
  taken: number
  /** Of the class: the age is reached by then. */
  startsOn: Day
  /** `null` where the document does not tell. */
  bornOn: Day | null
  /** Full years; `null` while nobody has decided. */
  ageMin: number | null
  groups: Programme['traineeRules']['groups']
  /** Claimed; it counts only when its owner body has verified it (C11). */
  groupCode: string
}

/**
 * Whether a person may be put on the roster of a class.
 * @clause R06 C12
 */
export function checkJoin(facts: JoinFacts): Decision<null> {
  const { classState, taken, capacity, bornOn, ageMin, groups, groupCode } = facts
  if (!rosterOpen.includes(classState)) return refuse('R02', 'roster-closed', { state: classState })
  if (bornOn !== null && ageMin !== null && ageOn(bornOn, facts.startsOn) < ageMin) {
    return refuse('R06', 'under-age', { ageMin })
  }
  if (groups !== 'any') {
    if (groupCode === '') return refuse('C11', 'group-required')
    if (!groups.includes(groupCode)) return refuse('C11', 'group-unknown')
  }
  return taken >= capacity ? refuse('C12', 'class-full', { capacity }) : allow(null)
}

/** Whether the public may sign up today: the class says so, is approved, and has not begun. @clause HZ4-M13 */
export function checkSelfEnrolment(facts: {
  openEnrolment: boolean
  classState: ClassState
  startsOn: Day
  today: Day
}): Decision<null> {
  if (!facts.openEnrolment || !['approved', 'in-session'].includes(facts.classState))
    return refuse('HZ4-M13', 'not-open')
  return facts.today > facts.startsOn ? refuse('HZ4-M13', 'enrolment-over', { startsOn: facts.startsOn }) : allow(null)
}
