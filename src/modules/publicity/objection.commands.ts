import { sql } from 'kysely'
import { no, stepLength } from '#modules/subsidy/desk.commands.ts'
import {
  excludeAfterObjection,
  holdClaim,
  releaseClaim,
  returnAfterObjection,
} from '#modules/subsidy/publication.commands.ts'
import { recordMove } from '#platform/casework.ts'
import { byRule, command, type Tx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { takeTurn } from '#platform/limits.ts'
import { newReceipt } from '#platform/receipts.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { contactContext, receiptContext, textContext } from './objection.queries.ts'
import { decideObjectionInput, lodgeInput } from './objection.schema.ts'

/** Whoever leaves a contact has a turnstile of one's own; each row and all strangers together have one. */
const limits = {
  contact: { tries: 5, seconds: 86_400 },
  account: { tries: 10, seconds: 86_400 },
  row: { tries: 20, seconds: 86_400 },
  strangers: { tries: 60, seconds: 3600 },
}

async function takeTurns(tx: Tx, rowId: string, contact: string): Promise<void> {
  await takeTurn(tx.db, `objection-row:${rowId}`, limits.row)
  if (contact !== '')
    await takeTurn(tx.db, `objection-contact:${tx.crypto.blindIndex(contact, contactContext)}`, limits.contact)
  else if (tx.actor.kind === 'anonymous') await takeTurn(tx.db, 'objection-strangers', limits.strangers)
  else await takeTurn(tx.db, `objection-account:${tx.actor.id}`, limits.account)
}

/**
 * Anybody objects to a row while it is public, with or without a name. The claim waits until the objection is decided. The
 * code on the receipt is told once; what was written and how to reach the writer is kept sealed.
 * @clause C24 @clause HZ4-M16
 */
export const lodgeObjection = command({
  name: 'publicity.lodgeObjection',
  permission: 'public',
  input: lodgeInput,
  async run(tx, input) {
    await takeTurns(tx, input.rowId, input.contact)
    const today = dayOf(tx.now)
    const row = await tx.db
      .selectFrom('publicity.rows as r')
      .innerJoin('publicity.lists as l', 'l.id', 'r.list_id')
      .select(['r.id', 'r.list_id', 'r.claim_id', 'l.state', 'l.opened_on', 'l.closes_on'])
      .where('r.id', '=', input.rowId)
      .executeTakeFirst()
    if (!row) throw missing('publicity-row')
    if (row.state !== 'open' || row.closes_on < today) no('C24', 'list-closed')
    await mustStillBePublic(tx, row.claim_id, row.list_id)
    const { days } = await stepLength(tx, 'OP.objectionDays')
    const receipt = newReceipt()
    const { rows } = await sql<{ n: number }>`select nextval('publicity.objection_numbers') as n`.execute(tx.db)
    const number = `YY-${yearOf(today)}-${String(rows[0]?.n ?? 0).padStart(4, '0')}`
    const { id } = await tx.db
      .insertInto('publicity.objections')
      .values({
        number,
        list_id: row.list_id,
        row_id: row.id,
        claim_id: row.claim_id,
        receipt_index: tx.crypto.blindIndex(receipt, receiptContext),
        reason_code: input.reason,
        text_sealed: tx.crypto.seal(input.text, textContext),
        contact_sealed: input.contact === '' ? null : tx.crypto.seal(input.contact, contactContext),
        lodged_at: tx.now,
        due_on: addWorkdays(today, days).day,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('objection', id)
    await recordMove(tx, { kind: 'objection', id, move: 'lodge', from: '', to: 'open', reasonCodes: [input.reason] })
    // the objector may do nothing to a claim; the house holds it because of the objection
    await holdClaim(byRule(tx, 'publicity.objection'), { claimId: row.claim_id, objection: number })
    return { id, number, receipt }
  },
  outcome: ({ id, number }) => ({ id, number }),
})

async function mustStillBePublic(tx: Tx, claimId: string, listId: string): Promise<void> {
  const claim = await tx.db
    .selectFrom('subsidy.claims as c')
    .innerJoin('subsidy.publications as p', (on) =>
      on.onRef('p.claim_id', '=', 'c.id').onRef('p.round', '=', 'c.round'),
    )
    .select(['c.state', 'p.list_id'])
    .where('c.id', '=', claimId)
    .forUpdate('c')
    .executeTakeFirst()
  if (claim?.list_id !== listId || !['publicised', 'objection-held'].includes(claim.state)) no('C24', 'claim-left')
}

/**
 * Decides an objection, by somebody who took no part in the reviews. Dismissed: with the last one the claim is public again.
 * Upheld: the person's line goes, or the whole claim goes back to be mended. The objector reads the answer by the receipt.
 * @clause C24 @clause R33
 */
export const decideObjection = command({
  name: 'publicity.decideObjection',
  permission: 'objection.decide',
  input: decideObjectionInput,
  async run(tx, { objectionId, outcome, remedy, reasonCode, reply }) {
    const found = await locked(tx, objectionId)
    if (found.state !== 'open') no('C24', 'already-decided')
    await mustBeApart(tx, found.claim_id)
    if (!tx.plan.reasonCodes.some((one) => one.code === reasonCode)) no('C24', 'reason-unknown')
    if (remedy === 'exclude' && outcome === 'upheld' && found.line_id === null) no('C24', 'row-is-unit')
    await tx.db
      .updateTable('publicity.objections')
      .set({
        state: outcome,
        remedy: outcome === 'upheld' ? (remedy ?? null) : null,
        reply,
        decided_by: tx.actor.id,
        decided_by_name: tx.actor.name,
        decided_at: tx.now,
      })
      .where('id', '=', objectionId)
      .execute()
    await recordMove(tx, {
      kind: 'objection',
      id: objectionId,
      move: 'decide',
      from: 'open',
      to: outcome,
      reasonCodes: outcome === 'upheld' ? [reasonCode] : [],
    })
    const state =
      found.claim_state === 'objection-held'
        ? await act(tx, found, outcome === 'upheld' ? remedy : undefined, reasonCode, reply)
        : found.claim_state
    return { id: objectionId, state: outcome, claimState: state }
  },
})

type Found = Awaited<ReturnType<typeof locked>>

async function locked(tx: Tx, id: string) {
  const claim = await tx.db
    .selectFrom('publicity.objections')
    .select('claim_id')
    .where('id', '=', id)
    .executeTakeFirst()
  if (!claim) throw missing('objection')
  // claims are locked before objections everywhere
  const { state } = await tx.db
    .selectFrom('subsidy.claims')
    .select('state')
    .where('id', '=', claim.claim_id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const row = await tx.db
    .selectFrom('publicity.objections as o')
    .innerJoin('publicity.rows as r', 'r.id', 'o.row_id')
    .select(['o.id', 'o.number', 'o.state', 'o.claim_id', 'r.line_id'])
    .where('o.id', '=', id)
    .forUpdate('o')
    .executeTakeFirstOrThrow()
  tx.about('objection', id)
  return { ...row, claim_state: state }
}

async function act(
  tx: Tx,
  found: Found,
  remedy: 'return' | 'exclude' | undefined,
  reasonCode: string,
  note: string,
): Promise<string> {
  const claimId = found.claim_id
  if (remedy === 'return') return (await returnAfterObjection(tx, { claimId, reasonCode, note })).state
  const others = await tx.db
    .selectFrom('publicity.objections')
    .select('id')
    .where('claim_id', '=', claimId)
    .where('state', '=', 'open')
    .where('id', '!=', found.id)
    .execute()
  const last = others.length === 0
  if (remedy === 'exclude' && found.line_id !== null && !(await isGone(tx, found.line_id))) {
    const objection = { claimId, lineId: found.line_id, reasonCode, note, objection: found.number, last }
    return (await excludeAfterObjection(tx, objection)).state
  }
  return last ? (await releaseClaim(tx, { claimId, objection: found.number })).state : found.claim_state
}

async function isGone(tx: Tx, lineId: string): Promise<boolean> {
  const line = await tx.db
    .selectFrom('subsidy.claim_lines')
    .select('dropped_at')
    .where('id', '=', lineId)
    .executeTakeFirst()
  return line?.dropped_at != null
}

async function mustBeApart(tx: Tx, claimId: string): Promise<void> {
  const review = await tx.db
    .selectFrom('subsidy.reviews')
    .select('id')
    .where('claim_id', '=', claimId)
    .where('reviewer_id', '=', tx.actor.id)
    .executeTakeFirst()
  if (review) no('C24', 'judge-is-reviewer')
}
