import { command, type Tx } from '#platform/command.ts'
import { type ClaimRow, no } from './desk.commands.ts'
import { takeOff } from './line.commands.ts'
import { onMyDesk } from './review.commands.ts'
import { excludeInput, keepInput } from './review.schema.ts'

type Exclusion = { lineId: string; reasonCode: string; note: string; occasion: 'first' | 'second' | 'objection' }

/** Writes down that a line is to go, with its reason and the clause behind the reason. The claim is locked by the caller. */
export async function propose(
  tx: Tx,
  claim: ClaimRow,
  { lineId, reasonCode, note, occasion }: Exclusion,
): Promise<number> {
  const reason = tx.plan.reasonCodes.find((one) => one.code === reasonCode)
  if (!reason?.clause) return no('R33', 'reason-unknown', { reason: reasonCode })
  const line = await tx.db
    .selectFrom('subsidy.claim_lines')
    .select(['amount_fen', 'minutes'])
    .where('id', '=', lineId)
    .where('claim_id', '=', claim.id)
    .where('dropped_at', 'is', null)
    .executeTakeFirst()
  if (!line) return no('R33', 'line-gone')
  const values = {
    occasion,
    reason_code: reasonCode,
    clause: reason.clause,
    note,
    amount_fen: line.amount_fen,
    minutes: line.minutes,
    by_user: tx.actor.id,
    by_name: tx.actor.name,
    at: tx.now,
  }
  await withdraw(tx, claim.id, lineId)
  await tx.db
    .insertInto('subsidy.exclusions')
    .values({ line_id: lineId, claim_id: claim.id, ...values })
    .execute()
  return line.amount_fen
}

const withdraw = (tx: Tx, claimId: string, lineId: string) =>
  tx.db
    .deleteFrom('subsidy.exclusions')
    .where('line_id', '=', lineId)
    .where('claim_id', '=', claimId)
    .where('applied_at', 'is', null)
    .execute()

/**
 * Lets the proposed exclusions of a locked claim take effect: the lines go, their hours and caps are free again, and the
 * claim is worth the sum of the lines that are left.
 * @clause R04 @clause C17
 */
export async function applyExclusions(tx: Tx, claim: ClaimRow): Promise<void> {
  const gone = await tx.db
    .updateTable('subsidy.exclusions')
    .set({ applied_at: tx.now })
    .where('claim_id', '=', claim.id)
    .where('applied_at', 'is', null)
    .returning(['line_id', 'note'])
    .execute()
  if (gone.length === 0) return
  for (const { line_id, note } of gone) await takeOff(tx, [line_id], { as: 'bureau', reason: note })
  const left = await tx.db
    .selectFrom('subsidy.claim_lines')
    .select((eb) => [
      eb.fn.coalesce(eb.fn.sum<number>('amount_fen'), eb.lit(0)).as('fen'),
      eb.fn.countAll<number>().as('n'),
    ])
    .where('claim_id', '=', claim.id)
    .where('dropped_at', 'is', null)
    .executeTakeFirstOrThrow()
  if (left.fen === 0) no('R33', 'nothing-left')
  await tx.db.updateTable('subsidy.claims').set({ amount_fen: left.fen }).where('id', '=', claim.id).execute()
  claim.amount_fen = left.fen
}

const lineCommand = (stage: 'first' | 'second') =>
  command({
    name: stage === 'first' ? 'review.excludeFirst' : 'review.excludeSecond',
    permission: stage === 'first' ? 'claim.first-review' : 'claim.second-review',
    input: excludeInput,
    async run(tx, { claimId, lineId, reasonCode, note }) {
      const claim = await onMyDesk(tx, claimId, stage)
      const amountFen = await propose(tx, claim, { lineId, reasonCode, note, occasion: stage })
      return { id: claimId, lineId, amountFen }
    },
  })

/**
 * Proposes to take one person's line out, with reason and clause; it takes effect with the second reviewer's agreement, so
 * the rest of the claim need not wait for one person.
 * @clause R33 @clause C17
 */
export const excludeAtFirst = lineCommand('first')

/** The same from the second reviewer's desk. */
export const excludeAtSecond = lineCommand('second')

const keepCommand = (stage: 'first' | 'second') =>
  command({
    name: stage === 'first' ? 'review.keepFirst' : 'review.keepSecond',
    permission: stage === 'first' ? 'claim.first-review' : 'claim.second-review',
    input: keepInput,
    async run(tx, { claimId, lineId }) {
      await onMyDesk(tx, claimId, stage)
      await withdraw(tx, claimId, lineId)
      return { id: claimId, lineId }
    },
  })

/** Takes a proposed exclusion back. */
export const keepAtFirst = keepCommand('first')
/** The same from the second reviewer's desk. */
export const keepAtSecond = keepCommand('second')
