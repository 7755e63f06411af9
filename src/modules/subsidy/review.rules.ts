import { allow, type Decision, refuse } from '#policy/decision.ts'
import { type Stage, stages } from './review.schema.ts'

export type ReviewerFacts = {
  reviewerId: string
  /** Organisations the reviewer acts for. */
  organisationIds: readonly string[]
  claim: { organisationId: string; createdBy: string; submittedBy: string | null; commitmentBy: string | null }
  /** Who has decided on the claim so far, in any round. */
  decided: readonly { stage: Stage; reviewerId: string }[]
}

/**
 * Whether somebody may decide at this stage: not the claimant, nobody of the claiming organisation, and nobody who decided
 * on the same claim at another stage, in whatever round.
 * @clause C25 @clause HZ4-M16
 */
export function mayDecide(stage: Stage, facts: ReviewerFacts): Decision<true> {
  const { claim, reviewerId } = facts
  if ([claim.createdBy, claim.submittedBy, claim.commitmentBy].includes(reviewerId))
    return refuse('C25', 'reviewer-is-claimant')
  if (facts.organisationIds.includes(claim.organisationId)) return refuse('C25', 'reviewer-in-organisation')
  const before = facts.decided.find((one) => one.reviewerId === reviewerId && one.stage !== stage)
  return before ? refuse('C25', 'reviewed-before', { stage: stages[before.stage] }) : allow(true)
}

export type Lease = { takenBy: string; takenByName: string; untilAt: Date }

/** Whether a file on somebody else's desk may be taken: only once the other's time has run out. */
export function mayTake(
  lease: Lease | null,
  reviewerId: string,
  now: Date,
  until: (at: Date) => string,
): Decision<true> {
  if (!lease || lease.takenBy === reviewerId || lease.untilAt <= now) return allow(true)
  return refuse('R33', 'taken-by-other', { by: lease.takenByName, until: until(lease.untilAt) })
}

/** Whether an action comes from the desk the file lies on. */
export function mustHold(lease: Lease | null, reviewerId: string, now: Date): Decision<true> {
  return lease && lease.takenBy === reviewerId && lease.untilAt > now ? allow(true) : refuse('R33', 'not-taken')
}

/**
 * Who is to be called: a share of the lines, at least one, drawn so that anybody with the claim's number and the digest
 * function draws the same. The order of the lines does not matter.
 * @clause C21
 */
export function sampleLines(
  lineIds: readonly string[],
  percent: number,
  seed: string,
  digest: (text: string) => string,
): string[] {
  if (lineIds.length === 0 || percent <= 0) return []
  const size = Math.min(lineIds.length, Math.max(1, Math.ceil((lineIds.length * percent) / 100)))
  return [...new Set(lineIds)]
    .map((id) => ({ id, place: digest(`${seed}\n${id}`) }))
    .sort((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : 0))
    .slice(0, size)
    .map(({ id }) => id)
}
