import { endClock, stopClock } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { addDays, dayOf } from '#shared/dates.ts'
import { checkAndKeep } from './control.commands.ts'
import { overridesOf } from './control-claim.queries.ts'
import { blockingControls } from './control-run.rules.ts'
import { type ClaimRow, moveClaim, no, runClock } from './desk.commands.ts'
import { applyExclusions } from './exclusion.commands.ts'
import { letGo } from './line.commands.ts'
import { onMyDesk } from './review.commands.ts'
import { type Finding, type ReviewDecision, reviewInput, type Stage } from './review.schema.ts'

type Opinion = { stage: Stage; decision: ReviewDecision; note: string; findings: readonly Finding[] }

/** Writes an opinion with what it found; the amount agreed to leaves out the lines proposed for exclusion. */
export async function writeReview(
  tx: Tx,
  claim: ClaimRow,
  { stage, decision, note, findings }: Opinion,
): Promise<void> {
  const { excluded } = await tx.db
    .selectFrom('subsidy.exclusions')
    .select((eb) => eb.fn.coalesce(eb.fn.sum<number>('amount_fen'), eb.lit(0)).as('excluded'))
    .where('claim_id', '=', claim.id)
    .where('applied_at', 'is', null)
    .executeTakeFirstOrThrow()
  const { id } = await tx.db
    .insertInto('subsidy.reviews')
    .values({
      claim_id: claim.id,
      round: claim.round,
      stage,
      decision,
      amount_fen: decision === 'agree' ? claim.amount_fen - excluded : 0,
      note,
      reviewer_id: tx.actor.id,
      reviewer_name: tx.actor.name,
      at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (findings.length === 0) return
  await tx.db
    .insertInto('subsidy.review_findings')
    .values(
      findings.map((finding) => ({
        review_id: id,
        claim_id: claim.id,
        line_id: finding.lineId,
        field: finding.field,
        reason_code: finding.reasonCode,
        note: finding.note,
      })),
    )
    .execute()
}

/** Reasons must be in the plan's list, lines in the claim. */
export async function mustKnowFindings(tx: Tx, claim: ClaimRow, findings: readonly Finding[]): Promise<void> {
  for (const { reasonCode } of findings) {
    if (!tx.plan.reasonCodes.some((one) => one.code === reasonCode)) no('R33', 'reason-unknown', { reason: reasonCode })
  }
  const lineIds = findings.flatMap((finding) => finding.lineId ?? [])
  if (lineIds.length === 0) return
  const known = await tx.db.selectFrom('subsidy.claim_lines').select('id').where('claim_id', '=', claim.id).execute()
  const ids = new Set(known.map((line) => line.id))
  if (!lineIds.every((id) => ids.has(id))) no('R33', 'line-gone')
}

/**
 * Back to the claimant to be mended, or the end of it. The bureau's clock stops while the claimant has the file and the
 * claimant's own clock runs; a rejected claim gives its hours and caps back.
 * @clause R33
 */
export async function sendBack(
  tx: Tx,
  claim: ClaimRow,
  decision: 'return' | 'reject',
  told: { reasonCodes: string[]; note: string },
): Promise<void> {
  await moveClaim(tx, claim, decision, told)
  await tx.db.deleteFrom('subsidy.claim_leases').where('claim_id', '=', claim.id).execute()
  await tx.db
    .deleteFrom('subsidy.exclusions')
    .where('claim_id', '=', claim.id)
    .where('applied_at', 'is', null)
    .execute()
  await endClock(tx, 'claim', claim.id, 'objection')
  if (decision === 'return') {
    for (const clock of ['review', 'approve'] as const) await stopClock(tx, 'claim', claim.id, clock, 'correction')
    await runClock(tx, claim, 'correction')
    return
  }
  for (const clock of ['review', 'approve', 'correction'] as const) await endClock(tx, 'claim', claim.id, clock)
  await letGo(tx, claim.id)
}

/**
 * The first reviewer's opinion on a claim taken to the desk. Agreeing needs the controls, run again now, to block nothing.
 * @clause R33 @clause C25
 */
export const firstReview = command({
  name: 'review.first',
  permission: 'claim.first-review',
  input: reviewInput,
  async run(tx, input) {
    const claim = await onMyDesk(tx, input.claimId, 'first')
    await opine(tx, claim, 'first', input)
    if (input.decision === 'agree') {
      await endClock(tx, 'claim', claim.id, 'review')
      if (!(await approveClockRuns(tx, claim.id))) await runClock(tx, claim, 'approve')
      await tx.db.deleteFrom('subsidy.claim_leases').where('claim_id', '=', claim.id).execute()
    }
    return { id: claim.id, state: claim.state, decision: input.decision }
  },
})

/**
 * The second opinion, by somebody else. With it the proposed exclusions take effect and the claim can be published.
 * @clause R33 @clause C25
 */
export const secondReview = command({
  name: 'review.second',
  permission: 'claim.second-review',
  input: reviewInput,
  async run(tx, input) {
    const claim = await onMyDesk(tx, input.claimId, 'second')
    await opine(tx, claim, 'second', input)
    if (input.decision === 'agree') {
      await applyExclusions(tx, claim)
      await moveClaim(tx, claim, 'review', { note: input.note })
      await tx.db.deleteFrom('subsidy.claim_leases').where('claim_id', '=', claim.id).execute()
    }
    return { id: claim.id, state: claim.state, decision: input.decision, amountFen: claim.amount_fen }
  },
})

type Review = { round: number; decision: ReviewDecision; note: string; findings: Finding[] }

async function opine(tx: Tx, claim: ClaimRow, stage: 'first' | 'second', input: Review): Promise<void> {
  if (input.round !== claim.round) no('R33', 'resubmitted')
  await mustKnowFindings(tx, claim, input.findings)
  if (input.decision === 'agree') await mustBeClean(tx, claim, 'review')
  await writeReview(tx, claim, { stage, ...input })
  if (input.decision === 'agree') return
  const reasonCodes = [...new Set(input.findings.map((finding) => finding.reasonCode))]
  await sendBack(tx, claim, input.decision, { reasonCodes, note: input.note })
}

/**
 * The controls, run now: nothing may block but what two people have let pass, or what concerns only lines that are to go.
 * @clause C25 @clause R33
 */
export async function mustBeClean(tx: Tx, claim: ClaimRow, occasion: 'review' | 'payment'): Promise<void> {
  const [run] = await checkAndKeep(tx, [claim.id], occasion)
  const today = dayOf(tx.now)
  const excluded = await tx.db
    .selectFrom('subsidy.exclusions')
    .select('line_id')
    .where('claim_id', '=', claim.id)
    .where('applied_at', 'is', null)
    .execute()
  const findings = run?.findings ?? []
  const controls = [...new Set(findings.map((finding) => finding.control))]
  const leaving = excluded.flatMap(({ line_id }) =>
    controls.map((control) => ({
      control,
      lineId: line_id,
      state: 'approved',
      requestedBy: 'first',
      decidedBy: 'second',
      expiresOn: addDays(today, 1),
    })),
  )
  const overrides = await overridesOf(tx.db, { claims: new Map(), lines: [], claimIds: [claim.id] })
  const blocking = blockingControls(findings, [...(overrides.get(claim.id) ?? []), ...leaving], today)
  if (blocking.length > 0) no('C25', 'controls-block', { count: blocking.length, controls: blocking.join('、') })
}

/** A claim that came back from correction goes on with the clock it had. */
async function approveClockRuns(tx: Tx, claimId: string): Promise<boolean> {
  const open = await tx.db
    .selectFrom('platform.clocks')
    .select('id')
    .where('subject_kind', '=', 'claim')
    .where('subject_id', '=', claimId)
    .where('kind', '=', 'approve')
    .where('ended_on', 'is', null)
    .executeTakeFirst()
  return open !== undefined
}
