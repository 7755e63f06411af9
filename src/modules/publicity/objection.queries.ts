import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import { readReceipt } from '#shared/receipts.ts'
import type { Day } from '#shared/units.ts'
import type { PublicRow } from './list.schema.ts'
import type { ObjectionReason, ObjectionRemedy, ObjectionState } from './objection.schema.ts'

export const textContext = 'publicity.objection.text'
export const contactContext = 'publicity.objection.contact'
export const receiptContext = 'publicity.objection.receipt'

export type ObjectionLine = {
  id: string
  number: string
  state: ObjectionState
  reason: ObjectionReason
  listNumber: string
  claimId: string
  claimNumber: string
  row: PublicRow
  lodgedAt: Date
  dueOn: Day
  remedy: ObjectionRemedy | null
  reply: string | null
  decidedAt: Date | null
  decidedByName: string | null
}

const objections = (db: Ctx['db']) =>
  db
    .selectFrom('publicity.objections as o')
    .innerJoin('publicity.rows as r', 'r.id', 'o.row_id')
    .innerJoin('publicity.lists as l', 'l.id', 'o.list_id')
    .innerJoin('subsidy.claims as c', 'c.id', 'o.claim_id')
    .select([
      'o.id',
      'o.number',
      'o.state',
      'o.reason_code as reason',
      'l.number as listNumber',
      'o.claim_id as claimId',
      'c.number as claimNumber',
      'r.content as row',
      'o.lodged_at as lodgedAt',
      'o.due_on as dueOn',
      'o.remedy',
      'o.reply',
      'o.decided_at as decidedAt',
      'o.decided_by_name as decidedByName',
    ])
    .$castTo<ObjectionLine>()

export type ObjectionAnswer = Pick<
  ObjectionLine,
  'number' | 'state' | 'reason' | 'listNumber' | 'lodgedAt' | 'dueOn' | 'remedy' | 'reply' | 'decidedAt'
>

/** What the holder of a receipt may know: how it stands and what was answered; nobody's name. */
export async function objectionByReceipt(
  ctx: Pick<Ctx, 'db' | 'crypto'>,
  typed: string,
): Promise<ObjectionAnswer | undefined> {
  const code = readReceipt(typed)
  if (!code) return undefined
  const row = await objections(ctx.db)
    .where('o.receipt_index', '=', ctx.crypto.blindIndex(code, receiptContext))
    .executeTakeFirst()
  if (!row) return undefined
  const { number, state, reason, listNumber, lodgedAt, dueOn, remedy, reply, decidedAt } = row
  return { number, state, reason, listNumber, lodgedAt, dueOn, remedy, reply, decidedAt }
}

const pageSize = 20

/** The desk's list: open ones by their last day, decided ones newest first. */
export async function objectionQueue(
  ctx: Pick<Ctx, 'db' | 'actor'>,
  filter: { state?: 'open' | 'decided' | undefined; cursor?: string | undefined } = {},
): Promise<Page<ObjectionLine>> {
  if (!ctx.actor.can('casework.read')) throw missing('objection')
  const open = (filter.state ?? 'open') === 'open'
  let query = objections(ctx.db)
    .where('o.state', open ? '=' : '!=', 'open')
    .orderBy('o.id', open ? 'asc' : 'desc')
    .limit(pageSize + 1)
  const after = decodeCursor(filter.cursor, ['id'])
  if (after) query = query.where('o.id', open ? '>' : '<', String(after[0]))
  return pageOf(await query.execute(), pageSize, (row) => [row.id])
}

/** One objection in full, with what was written and how to reach the writer, for the desk. */
export async function objectionPage(
  ctx: Pick<Ctx, 'db' | 'crypto' | 'actor'>,
  id: string,
): Promise<ObjectionLine & { text: string; contact: string | null; lineId: string | null; claimState: string }> {
  if (!ctx.actor.can('casework.read')) throw missing('objection')
  const row = await objections(ctx.db)
    .select(['o.text_sealed', 'o.contact_sealed', 'r.line_id as lineId', 'c.state as claimState'])
    .where('o.id', '=', id)
    .$castTo<
      ObjectionLine & { text_sealed: string; contact_sealed: string | null; lineId: string | null; claimState: string }
    >()
    .executeTakeFirst()
  if (!row) throw missing('objection')
  const { text_sealed, contact_sealed, ...line } = row
  return {
    ...line,
    text: ctx.crypto.open(text_sealed, textContext),
    contact: contact_sealed && ctx.crypto.open(contact_sealed, contactContext),
  }
}

/** Objections to one claim, for its file. */
export const objectionsOfClaim = (db: Ctx['db'], claimId: string): Promise<ObjectionLine[]> =>
  objections(db).where('o.claim_id', '=', claimId).orderBy('o.id').execute()
