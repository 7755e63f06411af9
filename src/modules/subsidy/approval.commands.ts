import { endClock } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { refused } from '#platform/errors.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { type ClaimRow, lockClaim, moveClaim, no, programmeOf, runClock } from './desk.commands.ts'
import { book, hold } from './ledger.commands.ts'
import { allocate, postings, total } from './ledger.rules.ts'
import { mustBeClean, mustKnowFindings, sendBack, writeReview } from './opinion.commands.ts'
import { awardsOf, orderedOf } from './payment.queries.ts'
import { mustBeIndependent } from './review.commands.ts'
import { reviewInput, revokeInput } from './review.schema.ts'

/**
 * The leader's decision, after two reviews and the public period, by somebody who reviewed nothing of it. The controls are
 * run once more: who was eligible at the review must still be. Money is promised here, from the programme's funds in their
 * order, only as far as the budget reaches, never in part.
 * @clause HZ4-M16 @clause R33 @clause C24
 */
export const approve = command({
  name: 'review.approve',
  permission: 'claim.approve',
  input: reviewInput,
  async run(tx, { claimId, round, decision, note, findings }) {
    const claim = await lockClaim(tx, claimId)
    if (claim.state === 'objection-held') no('C24', 'objection-open')
    if (claim.state !== 'publicised') no('R33', 'wrong-state', { state: claim.state })
    if (!(await publicPeriodOver(tx, claim))) no('C24', 'still-public')
    if (round !== claim.round) no('R33', 'resubmitted')
    await mustBeIndependent(tx, claim, 'approve')
    await mustKnowFindings(tx, claim, findings)
    if (decision === 'agree') await mustBeClean(tx, claim, 'payment')
    await writeReview(tx, claim, { stage: 'approve', decision, note, findings })
    if (decision === 'agree') await pledge(tx, claim, note)
    else await sendBack(tx, claim, decision, { reasonCodes: findings.map((finding) => finding.reasonCode), note })
    return { id: claimId, state: claim.state, amountFen: claim.amount_fen }
  },
})

async function pledge(tx: Tx, claim: ClaimRow, note: string): Promise<void> {
  await promise(tx, claim)
  await moveClaim(tx, claim, 'approve', { note })
  await endClock(tx, 'claim', claim.id, 'approve')
  await runClock(tx, claim, 'payment')
}

async function publicPeriodOver(tx: Tx, claim: ClaimRow): Promise<boolean> {
  const row = await tx.db
    .selectFrom('subsidy.publications')
    .select('ended_on')
    .where('claim_id', '=', claim.id)
    .where('round', '=', claim.round)
    .executeTakeFirst()
  return row?.ended_on != null
}

/**
 * Takes an approval back before anything was ordered: the money is available again, the claim is rejected.
 * @clause HZ4-M16
 */
export const revokeApproval = command({
  name: 'review.revokeApproval',
  permission: 'claim.approve',
  input: revokeInput,
  async run(tx, { claimId, reasonCode, note }) {
    const claim = await lockClaim(tx, claimId)
    if (claim.state !== 'approved') no('R33', 'wrong-state', { state: claim.state })
    const award = (await awardsOf(tx.db, [claimId])).get(claimId) ?? []
    if (((await orderedOf(tx.db, [claimId])).get(claimId) ?? []).length > 0) no('R33', 'order-out')
    if (total(award) !== claim.amount_fen) no('HZ4-M16', 'offset-taken')
    await mustKnowFindings(tx, claim, [{ lineId: null, field: '', reasonCode, note }])
    await book(tx, [
      {
        kind: 'revoke',
        key: `revoke:${claimId}`,
        subject: { kind: 'claim', id: claimId },
        claimId,
        programme: claim.programme,
        memo: claim.number,
        postings: postings('revoke', award),
      },
    ])
    await endClock(tx, 'claim', claimId, 'payment')
    await sendBack(tx, claim, 'reject', { reasonCodes: [reasonCode], note })
    return { id: claimId, state: claim.state, amountFen: claim.amount_fen }
  },
})

/** Draws the award from the funds: which line out of which fund is kept, and the journal is booked. */
async function promise(tx: Tx, claim: ClaimRow): Promise<void> {
  const year = yearOf(dayOf(tx.now))
  const funds = programmeOf(tx, claim.programme).fundSources
  const available = await hold(tx, 'available', funds, year)
  const lines = await tx.db
    .selectFrom('subsidy.claim_lines')
    .select(['id as lineId', 'amount_fen as amountFen'])
    .where('claim_id', '=', claim.id)
    .where('dropped_at', 'is', null)
    .orderBy('id')
    .execute()
  const decision = allocate(
    lines,
    funds.map((fundSource) => ({ fundSource, year, availableFen: available.get(fundSource) ?? 0 })),
  )
  if (!decision.ok) throw refused(decision.refusal)
  const shares = decision.value
  for (let i = 0; i < shares.length; i += 2000) {
    await tx.db
      .insertInto('subsidy.line_funds')
      .values(
        shares.slice(i, i + 2000).map((share, n) => ({
          line_id: share.lineId,
          fund_source: share.fundSource,
          year: share.year,
          claim_id: claim.id,
          seq: i + n + 1,
          amount_fen: share.amountFen,
        })),
      )
      .execute()
  }
  await book(tx, [
    {
      kind: 'approve',
      key: `approve:${claim.id}`,
      subject: { kind: 'claim', id: claim.id },
      claimId: claim.id,
      programme: claim.programme,
      memo: claim.number,
      postings: postings('approve', shares),
    },
  ])
}
