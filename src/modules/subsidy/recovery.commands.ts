import { type Selectable, sql } from 'kysely'
import type { DB } from '#db/types.ts'
import { mustMove, recordMove } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { addDays, dayOf, yearOf } from '#shared/dates.ts'
import { lockClaim, no, programmeOf, stepLength } from './desk.commands.ts'
import { book } from './ledger.commands.ts'
import { perFund, postings, total } from './ledger.rules.ts'
import { askedLines, leftToAsk, sharesOf } from './recovery.queries.ts'
import { decided, fundsOf, mayAsk, type RecoveryMove, recoveryCycle } from './recovery.rules.ts'
import {
  decideRecoveryInput,
  dropInput,
  hearInput,
  openRecoveryInput,
  type RecoveryState,
  recoveryIdInput,
} from './recovery.schema.ts'

export type RecoveryRow = Omit<Selectable<DB['subsidy.recoveries']>, 'state'> & { state: RecoveryState }

export async function lockRecovery(tx: Tx, id: string): Promise<RecoveryRow> {
  const row = await tx.db
    .selectFrom('subsidy.recoveries')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw missing('recovery')
  tx.about('recovery', id)
  tx.about('claim', row.claim_id)
  return row as RecoveryRow
}

/** Moves a locked recovery and writes its history; `values` are the facts that come with the move. */
export async function moveRecovery(
  tx: Tx,
  recovery: RecoveryRow,
  move: RecoveryMove,
  values: Partial<
    Pick<
      RecoveryRow,
      | 'statement'
      | 'heard_by'
      | 'heard_on'
      | 'decision_reason'
      | 'legal_basis'
      | 'decided_by'
      | 'decided_by_name'
      | 'decided_at'
      | 'demanded_on'
      | 'due_on'
      | 'amount_fen'
      | 'closed_at'
    >
  >,
  note = '',
): Promise<void> {
  const to = mustMove(recoveryCycle, move, recovery.state)
  await tx.db
    .updateTable('subsidy.recoveries')
    .set({ state: to, ...values })
    .where('id', '=', recovery.id)
    .execute()
  await recordMove(tx, { kind: 'recovery', id: recovery.id, move, from: recovery.state, to, note })
  recovery.state = to
}

/**
 * A finding that money was paid wrongly: what was found, and how much of which line. Never more of a line than was paid and
 * not asked back before; the database holds it also when two are opened at once.
 * @clause HZ4-M16
 */
export const openRecovery = command({
  name: 'recovery.open',
  permission: 'recovery.open',
  input: openRecoveryInput,
  async run(tx, input) {
    const claim = await lockClaim(tx, input.claimId)
    if (claim.state !== 'paid') no('HZ4-M16', 'not-paid')
    if (!tx.plan.reasonCodes.some((one) => one.code === input.reasonCode && one.stage === 'recovery')) {
      no('HZ4-M16', 'reason-unknown')
    }
    const lines = input.lines.map((line) => ({ lineId: line.lineId, amountFen: line.amount }))
    const decision = mayAsk(lines, await leftToAsk(tx.db, claim.id))
    if (!decision.ok) throw refused(decision.refusal)
    const { rows } = await sql<{ n: number }>`select nextval('subsidy.recovery_numbers') as n`.execute(tx.db)
    const number = `ZH-${yearOf(dayOf(tx.now))}-${String(rows[0]?.n ?? 0).padStart(4, '0')}`
    const amountFen = total(lines)
    const { id } = await tx.db
      .insertInto('subsidy.recoveries')
      .values({
        number,
        claim_id: claim.id,
        organisation_id: claim.organisation_id,
        reason_code: input.reasonCode,
        finding: input.finding,
        amount_fen: amountFen,
        opened_by: tx.actor.id,
        opened_by_name: tx.actor.name,
        opened_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await tx.db
      .insertInto('subsidy.recovery_lines')
      .values(lines.map((line) => ({ recovery_id: id, line_id: line.lineId, amount_fen: line.amountFen })))
      .execute()
    tx.about('recovery', id)
    await recordMove(tx, {
      kind: 'recovery',
      id,
      move: 'open',
      from: '',
      to: 'opened',
      reasonCodes: [input.reasonCode],
    })
    return { id, number, state: 'opened', amountFen }
  },
})

/**
 * What the party says to it, or that it says nothing.
 * @clause HZ4-M16
 */
export const hearParty = command({
  name: 'recovery.hear',
  permission: 'recovery.open',
  input: hearInput,
  async run(tx, { recoveryId, heardOn, statement }) {
    const recovery = await lockRecovery(tx, recoveryId)
    await moveRecovery(tx, recovery, 'hear', { statement, heard_on: heardOn, heard_by: tx.actor.id })
    return { id: recoveryId, state: recovery.state }
  },
})

/**
 * Nothing is asked back after all; what was held against the lines is free again.
 * @clause HZ4-M16
 */
export const dropRecovery = command({
  name: 'recovery.drop',
  permission: 'recovery.decide',
  input: dropInput,
  async run(tx, { recoveryId, reason }) {
    const recovery = await lockRecovery(tx, recoveryId)
    await moveRecovery(tx, recovery, 'drop', { closed_at: tx.now }, reason)
    return { id: recoveryId, state: recovery.state }
  },
})

/**
 * The leader's decision, with reason and legal basis: as much as the party was heard about or less, by somebody else than
 * who opened the case.
 * @clause HZ4-M16
 */
export const decideRecovery = command({
  name: 'recovery.decide',
  permission: 'recovery.decide',
  input: decideRecoveryInput,
  async run(tx, { recoveryId, reason, legalBasis, lines }) {
    const recovery = await lockRecovery(tx, recoveryId)
    if (recovery.opened_by === tx.actor.id) no('HZ4-M16', 'same-person')
    const asked = await askedLines(tx.db, recoveryId)
    const decision = decided(
      asked,
      lines.map((line) => ({ lineId: line.lineId, amountFen: line.amount })),
    )
    if (!decision.ok) throw refused(decision.refusal)
    for (const line of decision.value) {
      await tx.db
        .updateTable('subsidy.recovery_lines')
        .set({ amount_fen: line.amountFen })
        .where('recovery_id', '=', recoveryId)
        .where('line_id', '=', line.lineId)
        .where('amount_fen', '!=', line.amountFen)
        .execute()
    }
    const amountFen = total(decision.value)
    await moveRecovery(tx, recovery, 'decide', {
      amount_fen: amountFen,
      decision_reason: reason,
      legal_basis: legalBasis,
      decided_by: tx.actor.id,
      decided_by_name: tx.actor.name,
      decided_at: tx.now,
    })
    return { id: recoveryId, state: recovery.state, amountFen }
  },
})

/**
 * The demand goes out: the term runs, the money counts as owed and no longer as paid, and person-times whose whole subsidy
 * is asked back are taken out of the count.
 * @clause HZ4-M16 @clause R35
 */
export const demandRecovery = command({
  name: 'recovery.demand',
  permission: 'recovery.open',
  input: recoveryIdInput,
  async run(tx, { recoveryId }) {
    const claimId = await claimOf(tx, recoveryId)
    const claim = await lockClaim(tx, claimId)
    const recovery = await lockRecovery(tx, recoveryId)
    const { days } = await stepLength(tx, programmeOf(tx, claim.programme).clocks.recovery)
    const today = dayOf(tx.now)
    const { paid, before } = await sharesOf(tx.db, claimId)
    const shares = fundsOf(
      (await askedLines(tx.db, recoveryId)).filter((line) => line.amountFen > 0),
      paid,
      before,
    )
    await moveRecovery(tx, recovery, 'demand', { demanded_on: today, due_on: addDays(today, days) })
    await tx.db
      .insertInto('subsidy.recovery_funds')
      .values(
        shares.map((share) => ({
          recovery_id: recoveryId,
          line_id: share.lineId,
          fund_source: share.fundSource,
          year: share.year,
          amount_fen: share.amountFen,
        })),
      )
      .execute()
    await book(tx, [
      {
        kind: 'demand',
        key: `demand:${recoveryId}`,
        subject: { kind: 'recovery', id: recoveryId },
        claimId,
        programme: claim.programme,
        memo: recovery.number,
        postings: postings('demand', perFund(shares)),
      },
    ])
    await negateCounts(tx, recovery)
    return { id: recoveryId, state: recovery.state, dueOn: addDays(today, days), amountFen: recovery.amount_fen }
  },
})

async function claimOf(tx: Tx, recoveryId: string): Promise<string> {
  const row = await tx.db
    .selectFrom('subsidy.recoveries')
    .select('claim_id')
    .where('id', '=', recoveryId)
    .executeTakeFirst()
  if (!row) throw missing('recovery')
  return row.claim_id
}

/** A person-time stays counted while anything of its subsidy stays paid. */
async function negateCounts(tx: Tx, recovery: RecoveryRow): Promise<void> {
  const { rows } = await sql<{ line_id: string }>`
    select rl.line_id from subsidy.recovery_lines rl
    where rl.recovery_id = ${recovery.id} and rl.amount_fen > 0
      and (select coalesce(sum(f.amount_fen), 0) from subsidy.recovery_funds f where f.line_id = rl.line_id)
        = (select sum(p.amount_fen) from subsidy.line_funds p where p.line_id = rl.line_id)
  `.execute(tx.db)
  if (rows.length === 0) return
  const payload = { claimLineIds: rows.map((row) => row.line_id), reason: recovery.number }
  await tx.enqueue('reports.negate', payload, { key: `reports.negate:${recovery.id}` })
}
