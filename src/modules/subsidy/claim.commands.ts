import { sql } from 'kysely'
import { endClock, recordMove } from '#platform/casework.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { claimWindow, withClaimant } from './claim.rules.ts'
import { ClaimInput, ClassInput, DropLine, LineInput, WithdrawClaim } from './claim.schema.ts'
import { type ClaimRow, lockClaim, moveClaim, no } from './desk.commands.ts'
import { holdCaps, letGo, linesOn, payablesOf, putLines, takeOff } from './line.commands.ts'
import { type ClassBasis, classBasis } from './line.queries.ts'
import { keepQuote } from './quote.commands.ts'

export type Moved = { claimId: string; state: string; amountFen: number }

/** The claim, locked, if it is the actor's organisation's; anybody else's is missing. */
export async function ownClaim(
  tx: Tx,
  claimId: string,
  permission: 'claim.prepare' | 'claim.submit',
): Promise<ClaimRow> {
  const claim = await lockClaim(tx, claimId)
  if (!tx.actor.can(permission, { organisationId: claim.organisation_id })) throw missing('claim')
  tx.about('organisation', claim.organisation_id)
  return claim
}

/** Its lines may change only while it lies with the claimant. */
function mustBeWithClaimant(claim: ClaimRow, move: string): void {
  if (!withClaimant(claim.state)) no('R33', 'wrong-state', { move, state: claim.state })
}

/**
 * Draws up the claim of a closed class from its records: everybody who passed, with the hours the ledger grants, which
 * are spent on the claim here. Nobody types an amount.
 * @clause R04 @clause R05 @clause C17
 */
export const draftClaim: Command<typeof ClassInput, Moved & { number: string; linesCount: number }> = command({
  name: 'subsidy.draftClaim',
  permission: 'claim.prepare',
  input: ClassInput,
  async run(tx, { classId }) {
    const basis = await lockedBasis(tx, classId)
    const { organisationId, programme } = basis
    if (!tx.actor.can('claim.prepare', { organisationId })) throw missing('class')
    if (basis.state !== 'closed') no('R04', 'class-not-closed', { state: basis.state })
    await mustBeUnclaimed(tx, classId)
    const window = claimWindow({ endedOn: basis.endedOn, today: dayOf(tx.now), months: basis.months })
    // an undecided window stops the submission, not the preparation
    if (!window.ok && window.refusal.reason === 'late-claim') throw refused(window.refusal)
    const payables = await payablesOf(tx, basis)
    if (payables.length === 0) no('R04', 'nobody-payable')
    const { quoteId } = await keepQuote(tx, basis, payables)
    const number = await nextNumber(tx)
    const amountFen = payables.reduce((sum, one) => sum + one.value.amountFen, 0)
    const { id } = await tx.db
      .insertInto('subsidy.claims')
      .values({
        number,
        class_id: classId,
        programme: programme.code,
        organisation_id: organisationId,
        amount_fen: amountFen,
        rule_version: basis.ruleVersion,
        quote_id: quoteId,
        created_at: tx.now,
        created_by: tx.actor.id,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('claim', id)
    tx.about('class', classId)
    tx.about('organisation', organisationId)
    await putLines(tx, id, payables)
    await recordMove(tx, { kind: 'claim', id, move: 'draft', from: '', to: 'draft' })
    return { claimId: id, number, state: 'draft', amountFen, linesCount: payables.length }
  },
})

/** The class is held still: two drafts of one class, or a draft and a late score, come one after the other. */
export async function lockedBasis(tx: Tx, classId: string): Promise<ClassBasis> {
  await sql`select id from training.classes where id = ${classId} for no key update`.execute(tx.db)
  return classBasis(tx, classId)
}

async function mustBeUnclaimed(tx: Tx, classId: string): Promise<void> {
  const other = await tx.db
    .selectFrom('subsidy.claims')
    .select('number')
    .where('class_id', '=', classId)
    .where('state', 'not in', ['withdrawn', 'rejected'])
    .executeTakeFirst()
  if (other) no('R21', 'claim-exists', { number: other.number })
}

async function nextNumber(tx: Tx): Promise<string> {
  const { rows } = await sql<{ n: number }>`select nextval('subsidy.claim_numbers') as n`.execute(tx.db)
  return `SL${yearOf(dayOf(tx.now))}-${String(rows[0]?.n ?? 0).padStart(6, '0')}`
}

/**
 * Draws the claim up again from the records as they stand now; while it lies with the claimant.
 * @clause R04 @clause C10
 */
export const refreshClaim: Command<typeof ClaimInput, Moved & { changed: boolean }> = command({
  name: 'subsidy.refreshClaim',
  permission: 'claim.prepare',
  input: ClaimInput,
  async run(tx, { claimId }) {
    const claim = await ownClaim(tx, claimId, 'claim.prepare')
    mustBeWithClaimant(claim, 'refresh')
    return recompute(tx, claim)
  },
})

async function recompute(tx: Tx, claim: ClaimRow): Promise<Moved & { changed: boolean }> {
  const before = claim.amount_fen
  const basis = await lockedBasis(tx, claim.class_id)
  const persons = await tx.db
    .selectFrom('training.enrolments')
    .select('person_id')
    .where('class_id', '=', claim.class_id)
    .execute()
  await holdCaps(
    tx,
    persons.map((row) => row.person_id),
    claim.programme,
    yearOf(basis.endedOn),
  )
  const payables = await payablesOf(tx, basis)
  if (payables.length === 0) no('R04', 'nobody-payable')
  const amountFen = await putLines(tx, claim.id, payables)
  const { quoteId } = await keepQuote(tx, basis, payables)
  await touch(tx, claim, { amount_fen: amountFen, rule_version: basis.ruleVersion, quote_id: quoteId })
  return { claimId: claim.id, state: claim.state, amountFen, changed: amountFen !== before }
}

async function touch(tx: Tx, claim: ClaimRow, set: { amount_fen?: number; rule_version?: string; quote_id?: string }) {
  await tx.db
    .updateTable('subsidy.claims')
    .set({ ...set, version: claim.version + 1 })
    .where('id', '=', claim.id)
    .execute()
  claim.version++
}

/**
 * Given up by the claimant; its hours and caps are free again.
 * @clause R33 @clause C17
 */
export const withdrawClaim: Command<typeof WithdrawClaim, Moved> = command({
  name: 'subsidy.withdrawClaim',
  permission: 'claim.prepare',
  input: WithdrawClaim,
  async run(tx, { claimId, reason }) {
    const claim = await ownClaim(tx, claimId, 'claim.prepare')
    await moveClaim(tx, claim, 'withdraw', { note: reason })
    await letGo(tx, claimId)
    for (const clock of ['review', 'approve', 'correction'] as const) await endClock(tx, 'claim', claimId, clock)
    return { claimId, state: claim.state, amountFen: claim.amount_fen }
  },
})

/**
 * Takes one person off the claim, with the reason; the rest is claimed without waiting for that one.
 * @clause R04
 */
export const dropLine: Command<typeof DropLine, Moved> = command({
  name: 'subsidy.dropLine',
  permission: 'claim.prepare',
  input: DropLine,
  async run(tx, { lineId, reason }) {
    const { claim, line } = await ownLine(tx, lineId)
    if (!line.live) no('R04', 'line-gone')
    const rest = (await linesOn(tx, claim.id)).filter((other) => other.id !== lineId)
    if (rest.length === 0) no('R04', 'last-line')
    await takeOff(tx, [lineId], { as: 'claimant', reason })
    const amountFen = rest.reduce((sum, other) => sum + other.amountFen, 0)
    await touch(tx, claim, { amount_fen: amountFen })
    return { claimId: claim.id, state: claim.state, amountFen }
  },
})

/**
 * Puts a person back whom the claimant had taken off; the claim is drawn up again.
 * @clause R04
 */
export const restoreLine: Command<typeof LineInput, Moved> = command({
  name: 'subsidy.restoreLine',
  permission: 'claim.prepare',
  input: LineInput,
  async run(tx, { lineId }) {
    const { claim, line } = await ownLine(tx, lineId)
    if (line.live || line.dropped_as !== 'claimant') no('R04', 'line-gone')
    await tx.db.updateTable('subsidy.claim_lines').set({ dropped_as: 'recomputed' }).where('id', '=', lineId).execute()
    return recompute(tx, claim)
  },
})

async function ownLine(tx: Tx, lineId: string) {
  const line = await tx.db
    .selectFrom('subsidy.claim_lines')
    .select(['claim_id', 'live', 'dropped_as'])
    .where('id', '=', lineId)
    .executeTakeFirst()
  if (!line) throw missing('claim-line')
  const claim = await ownClaim(tx, line.claim_id, 'claim.prepare')
  mustBeWithClaimant(claim, 'edit')
  tx.about('claim-line', lineId)
  return { claim, line }
}
