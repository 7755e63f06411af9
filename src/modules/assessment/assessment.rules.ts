import { allow, type Decision, refuse } from '#policy/decision.ts'
import { formatDay } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { type AssessmentState, type Part, parts } from './assessment.schema.ts'

type Step = { from: readonly AssessmentState[]; to: AssessmentState; clause: string }

/** The life of a completion assessment. Scores are open until a second person confirms them; results come last. */
export const assessmentCycle: Record<'enter' | 'confirm' | 'conclude', Step> = {
  enter: { from: ['planned', 'scoring'], to: 'scoring', clause: 'C23' },
  confirm: { from: ['scoring'], to: 'confirmed', clause: 'C23' },
  conclude: { from: ['confirmed'], to: 'concluded', clause: 'R35' },
}

/** Class states in which an assessment may be arranged and scored. */
export const runningClass = ['approved', 'in-session'] as const

export type Weights = Record<Part, number>
type Arranged = Partial<Record<Part, { heldOn: Day } | undefined>>

/**
 * The parts that an assessment must have: those with a weight, each on or after the first day of the class.
 * @clause R02
 */
export function checkArrangement(weights: Weights, arranged: Arranged, startsOn: Day): Decision<Part[]> {
  for (const part of parts) {
    const weight = weights[part]
    const given = arranged[part]
    if (weight > 0 && !given) return refuse('R02', 'part-missing', { part, weight })
    if (weight === 0 && given) return refuse('R02', 'part-not-needed', { part })
    if (given && given.heldOn < startsOn) {
      return refuse('R02', 'held-before-class', { part, startsOn: formatDay(startsOn) })
    }
  }
  return allow(parts.filter((part) => weights[part] > 0))
}

/**
 * Whether the examiner has nobody but himself to answer to: the class has one trainer, and it is he. A warning for
 * reviewers, never a refusal: a small employer may have nobody else.
 * @clause C18
 */
export function examinerConflict(
  examiner: { trainerId: string | null; name: string },
  trainers: readonly { id: string; name: string }[],
): boolean {
  const [only] = trainers
  return trainers.length === 1 && only !== undefined && (examiner.trainerId === only.id || examiner.name === only.name)
}
