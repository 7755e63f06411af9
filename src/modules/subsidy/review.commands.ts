import { command, type Tx } from '#platform/command.ts'
import { refused } from '#platform/errors.ts'
import { formatInstant } from '#shared/dates.ts'
import { type ClaimRow, lockClaim, moveClaim, no } from './desk.commands.ts'
import { type Lease, mayDecide, mayTake, mustHold } from './review.rules.ts'
import { claimIdInput, leaseMinutes, type Stage } from './review.schema.ts'

/** Throws unless the actor may decide at this stage of the locked claim. The database checks the same once more. */
export async function mustBeIndependent(tx: Tx, claim: ClaimRow, stage: Stage): Promise<void> {
  const decided = await tx.db
    .selectFrom('subsidy.reviews')
    .select(['stage', 'reviewer_id as reviewerId'])
    .where('claim_id', '=', claim.id)
    .execute()
  const decision = mayDecide(stage, {
    reviewerId: tx.actor.id,
    organisationIds: tx.actor.holdings.flatMap((holding) => holding.organisationId ?? []),
    claim: {
      organisationId: claim.organisation_id,
      createdBy: claim.created_by,
      submittedBy: claim.submitted_by,
      commitmentBy: claim.commitment_by,
    },
    decided: decided as { stage: Stage; reviewerId: string }[],
  })
  if (!decision.ok) throw refused(decision.refusal)
}

async function leaseOf(tx: Tx, claimId: string): Promise<Lease | null> {
  const row = await tx.db
    .selectFrom('subsidy.claim_leases')
    .selectAll()
    .where('claim_id', '=', claimId)
    .executeTakeFirst()
  return row ? { takenBy: row.taken_by, takenByName: row.taken_by_name, untilAt: row.until_at } : null
}

/** Puts the file on the actor's desk, or leaves it there for another while. The claim is locked by the caller. */
async function lease(tx: Tx, claimId: string): Promise<Date> {
  const until = new Date(tx.now.getTime() + leaseMinutes * 60_000)
  const values = { taken_by: tx.actor.id, taken_by_name: tx.actor.name, taken_at: tx.now, until_at: until }
  await tx.db
    .insertInto('subsidy.claim_leases')
    .values({ claim_id: claimId, ...values })
    .onConflict((c) => c.column('claim_id').doUpdateSet(values))
    .execute()
  return until
}

async function take(tx: Tx, claimId: string, stage: 'first' | 'second') {
  const claim = await lockClaim(tx, claimId)
  await mustBeIndependent(tx, claim, stage)
  const at = await stageOf(tx, claim)
  if (at !== stage) no('R33', stage === 'second' ? 'first-review-first' : 'first-review-done')
  const decision = mayTake(await leaseOf(tx, claimId), tx.actor.id, tx.now, formatInstant)
  if (!decision.ok) throw refused(decision.refusal)
  if (claim.state === 'submitted') await moveClaim(tx, claim, 'take')
  const until = await lease(tx, claimId)
  return { id: claimId, state: claim.state, until }
}

/** At which stage a claim under review is: the second once the first has agreed in this round. */
export async function stageOf(tx: Tx, claim: ClaimRow): Promise<'first' | 'second'> {
  if (claim.state !== 'submitted' && claim.state !== 'under-review')
    return no('R33', 'wrong-state', { state: claim.state })
  const first = await tx.db
    .selectFrom('subsidy.reviews')
    .select('id')
    .where('claim_id', '=', claim.id)
    .where('round', '=', claim.round)
    .where('stage', '=', 'first')
    .where('decision', '=', 'agree')
    .executeTakeFirst()
  return first ? 'second' : 'first'
}

/**
 * Takes a claim to one's desk for the first review. Another reviewer is told who has it and until when.
 * @clause R33 @clause C25
 */
export const takeForFirstReview = command({
  name: 'review.takeFirst',
  permission: 'claim.first-review',
  input: claimIdInput,
  run: (tx, { claimId }) => take(tx, claimId, 'first'),
})

/**
 * The same for the second review, by somebody else than the first reviewer.
 * @clause R33 @clause C25
 */
export const takeForSecondReview = command({
  name: 'review.takeSecond',
  permission: 'claim.second-review',
  input: claimIdInput,
  run: (tx, { claimId }) => take(tx, claimId, 'second'),
})

/** Puts a file back so that others may take it at once. */
export const putBack = command({
  name: 'review.putBack',
  permission: 'casework.read',
  input: claimIdInput,
  async run(tx, { claimId }) {
    await lockClaim(tx, claimId)
    await tx.db
      .deleteFrom('subsidy.claim_leases')
      .where('claim_id', '=', claimId)
      .where('taken_by', '=', tx.actor.id)
      .execute()
    return { id: claimId }
  },
})

/** The locked claim, if it lies on the actor's desk at this stage and nobody has submitted it again meanwhile. */
export async function onMyDesk(tx: Tx, claimId: string, stage: 'first' | 'second'): Promise<ClaimRow> {
  const claim = await lockClaim(tx, claimId)
  await mustBeIndependent(tx, claim, stage)
  const held = mustHold(await leaseOf(tx, claimId), tx.actor.id, tx.now)
  if (!held.ok) throw refused(held.refusal)
  if (claim.state !== 'under-review') no('R33', 'wrong-state', { state: claim.state })
  if ((await stageOf(tx, claim)) !== stage) no('R33', stage === 'second' ? 'first-review-first' : 'first-review-done')
  await lease(tx, claimId)
  return claim
}
