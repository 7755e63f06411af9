import { sql } from 'kysely'
import { endClock, mustMove, resumeClock } from '#platform/casework.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { conflict, refused } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import { yuan } from '#shared/units.ts'
import { lockedBasis, type Moved, ownClaim } from './claim.commands.ts'
import { claimCycle, claimWindow } from './claim.rules.ts'
import { ClaimInput, SubmitClaim } from './claim.schema.ts'
import { type Checked, checkAndKeep } from './control.commands.ts'
import { type ClaimRow, moveClaim, no, runClock } from './desk.commands.ts'
import { holdCaps, linesOn, type Payable, payablesOf } from './line.commands.ts'
import type { ClassBasis } from './line.queries.ts'

/**
 * Hands the claim in, or in again after a correction: by its window, to the claimant's account, with the commitment, as
 * the records stand at this moment – an amount that changed since it was shown is refused and shown again. Caps are held
 * from here on, in the order of submission; a control that blocks refuses.
 * @clause R05 @clause C10 @clause R33 @clause HZ4-M16
 */
export const submitClaim: Command<typeof SubmitClaim, Moved & { number: string; runId: string }> = command({
  name: 'subsidy.submitClaim',
  permission: 'claim.submit',
  input: SubmitClaim,
  async run(tx, input) {
    const claim = await ownClaim(tx, input.claimId, 'claim.submit')
    const move = claim.state === 'returned' ? 'resubmit' : 'submit'
    mustMove(claimCycle, move, claim.state)
    if (claim.version !== input.version) throw conflict('claim')
    const basis = await lockedBasis(tx, claim.class_id)
    if (move === 'submit') mustBeInTime(tx, basis)
    const accountId = await accountOf(tx, claim.organisation_id)
    await holdLines(tx, claim, basis)
    await tx.db
      .updateTable('subsidy.claims')
      .set({
        bank_account_id: accountId,
        commitment_at: tx.now,
        commitment_by: tx.actor.id,
        submitted_at: claim.submitted_at ?? tx.now,
        submitted_by: tx.actor.id,
        round: claim.round + 1,
      })
      .where('id', '=', claim.id)
      .execute()
    const [run] = await checkAndKeep(tx, [claim.id], 'submit')
    if (run && run.blocking > 0) no('HZ4-M16', 'controls-block', { count: run.blocking, controls: blockers(run) })
    await moveClaim(tx, claim, move)
    await startReview(tx, claim, move)
    return {
      claimId: claim.id,
      number: claim.number,
      state: claim.state,
      amountFen: claim.amount_fen,
      runId: run?.runId ?? '',
    }
  },
})

const blockers = (run: Checked) =>
  run.findings
    .filter((f) => f.lineId === null && f.verdict === 'fail' && f.severity === 'block')
    .map((f) => f.control)
    .join('、')

function mustBeInTime(tx: Tx, basis: ClassBasis): void {
  const window = claimWindow({ endedOn: basis.endedOn, today: dayOf(tx.now), months: basis.months })
  if (!window.ok) throw refused(window.refusal)
}

async function accountOf(tx: Tx, organisationId: string): Promise<string> {
  const account = await tx.db
    .selectFrom('people.bank_accounts')
    .select('id')
    .where('organisation_id', '=', organisationId)
    .where('valid_to', 'is', null)
    .executeTakeFirst()
  return account?.id ?? no('C19', 'no-account')
}

/** With the caps held, what is stored must be what the records give now; then the amounts count against the years. */
async function holdLines(tx: Tx, claim: ClaimRow, basis: ClassBasis): Promise<void> {
  const { rows } = await sql<{ person_id: string; year: number }>`
    select person_id, year from subsidy.claim_lines where claim_id = ${claim.id} and live
  `.execute(tx.db)
  for (const [year, of] of Map.groupBy(rows, (row) => row.year)) {
    await holdCaps(
      tx,
      of.map((row) => row.person_id),
      claim.programme,
      year,
    )
  }
  await mustStand(tx, claim, await payablesOf(tx, basis))
  await tx.db
    .updateTable('subsidy.claim_lines')
    .set({ cap_held_at: tx.now })
    .where('claim_id', '=', claim.id)
    .where('live', '=', true)
    .where('cap_held_at', 'is', null)
    .execute()
}

async function mustStand(tx: Tx, claim: ClaimRow, payables: readonly Payable[]): Promise<void> {
  const stored = await linesOn(tx, claim.id)
  const now = new Map(payables.map((one) => [one.enrolmentId, one.value]))
  const is = stored.reduce((sum, line) => sum + (now.get(line.enrolmentId)?.amountFen ?? 0), 0)
  const same = stored.every((line) => {
    const value = now.get(line.enrolmentId)
    return value && value.amountFen === line.amountFen && value.minutes === line.minutes
  })
  if (same && stored.length > 0) return
  no('R04', 'amount-changed', { was: yuan(claim.amount_fen), is: yuan(is) })
}

async function startReview(tx: Tx, claim: ClaimRow, move: 'submit' | 'resubmit'): Promise<void> {
  if (move === 'resubmit') {
    await endClock(tx, 'claim', claim.id, 'correction')
    for (const clock of ['review', 'approve'] as const) await resumeClock(tx, 'claim', claim.id, clock)
    const { rows } = await sql`
      select 1 from platform.clocks where subject_kind = 'claim' and subject_id = ${claim.id} and kind in ('review', 'approve')
        and ended_on is null
    `.execute(tx.db)
    if (rows.length > 0) return
  }
  await runClock(tx, claim, 'review')
}

/**
 * Called back by the claimant until a reviewer picks it up. Its place in line for a cap is given up.
 * @clause R33 @clause C10
 */
export const recallClaim: Command<typeof ClaimInput, Moved> = command({
  name: 'subsidy.recallClaim',
  permission: 'claim.submit',
  input: ClaimInput,
  async run(tx, { claimId }) {
    const claim = await ownClaim(tx, claimId, 'claim.submit')
    mustMove(claimCycle, 'recall', claim.state)
    const { rows } =
      await sql`select 1 from subsidy.claim_leases where claim_id = ${claimId} and until_at > ${tx.now}`.execute(tx.db)
    if (rows.length > 0) no('R33', 'picked-up')
    await moveClaim(tx, claim, 'recall')
    await tx.db
      .updateTable('subsidy.claims')
      .set({ submitted_at: null, submitted_by: null })
      .where('id', '=', claimId)
      .execute()
    await tx.db.updateTable('subsidy.claim_lines').set({ cap_held_at: null }).where('claim_id', '=', claimId).execute()
    for (const clock of ['review', 'approve'] as const) await endClock(tx, 'claim', claimId, clock)
    return { claimId, state: claim.state, amountFen: claim.amount_fen }
  },
})
