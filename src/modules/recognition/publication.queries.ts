import type { PublicRow } from '#modules/publicity/list.schema.ts'
import type { Ctx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import { readReceipt } from '#shared/receipts.ts'
import type { Day } from '#shared/units.ts'
import type { ApplicationState } from './application.schema.ts'
import type { ObjectionReason, ObjectionState } from './publication.schema.ts'

export const textContext = 'recognition.objection'
export const contactContext = 'recognition.objection-contact'
export const receiptContext = 'recognition.objection-receipt'

export async function publications(ctx: Ctx) {
  const rows = await ctx.db
    .selectFrom('recognition.publications as p')
    .innerJoin('recognition.calls as c', 'c.id', 'p.call_id')
    .select([
      'p.id',
      'p.number',
      'p.title',
      'p.opened_on as openedOn',
      'p.closes_on as closesOn',
      'p.state',
      'c.scheme',
    ])
    .orderBy('p.opened_at', 'desc')
    .limit(100)
    .$castTo<{
      id: string
      number: string
      title: string
      openedOn: Day
      closesOn: Day
      state: 'open' | 'closed'
      scheme: string
    }>()
    .execute()
  const today = dayOf(ctx.now)
  return rows.map((row) => ({ ...row, running: row.state === 'open' && row.closesOn >= today }))
}

export async function publicationPage(ctx: Ctx, id: string) {
  const list = (await publications(ctx)).find((one) => one.id === id)
  if (!list) throw missing('publication')
  const more = await ctx.db
    .selectFrom('recognition.publications')
    .select(['digest', 'root', 'workdays', 'decided', 'opened_by_name as openedBy'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const rows = await ctx.db
    .selectFrom('recognition.publication_rows as r')
    .innerJoin('recognition.applications as a', 'a.id', 'r.application_id')
    .select(['r.id', 'r.position', 'r.content', 'a.state'])
    .where('r.publication_id', '=', id)
    .orderBy('r.position')
    .execute()
  return {
    ...list,
    ...more,
    rows: rows.map((row) => ({
      ...{ id: row.id, position: row.position, state: row.state as ApplicationState },
      content: row.content as PublicRow,
    })),
  }
}

/** One row somebody wants to object to. */
export async function publicationRow(ctx: Ctx, rowId: string) {
  const row = await ctx.db
    .selectFrom('recognition.publication_rows as r')
    .innerJoin('recognition.publications as p', 'p.id', 'r.publication_id')
    .select(['r.id', 'r.content', 'p.id as publicationId', 'p.title', 'p.closes_on as closesOn'])
    .where('r.id', '=', rowId)
    .executeTakeFirst()
  if (!row) throw missing('publication-row')
  return { ...row, content: row.content as PublicRow, closesOn: row.closesOn as Day }
}

export type ObjectionLine = {
  id: string
  number: string
  reason: ObjectionReason
  state: ObjectionState
  lodgedAt: Date
  dueOn: Day
  name: string
  applicationId: string
}

const objections = (ctx: Ctx) =>
  ctx.db
    .selectFrom('recognition.objections as o')
    .innerJoin('recognition.applications as a', 'a.id', 'o.application_id')
    .select(['o.id', 'o.number', 'o.reason', 'o.state', 'o.lodged_at as lodgedAt', 'o.due_on as dueOn'])
    .select(['a.public_name as name', 'a.id as applicationId'])
    .$castTo<ObjectionLine>()

const pageSize = 20

/** The desk's list: what is open by the day it came, what is decided with the newest first. */
export async function objectionQueue(
  ctx: Ctx,
  { state, cursor }: { state: 'open' | 'decided'; cursor?: string | undefined },
): Promise<Page<ObjectionLine>> {
  const open = state === 'open'
  let query = objections(ctx)
    .where('o.state', open ? '=' : '!=', 'open')
    .orderBy('o.id', open ? 'asc' : 'desc')
    .limit(pageSize + 1)
  const after = decodeCursor(cursor, ['id'])
  if (after) query = query.where('o.id', open ? '>' : '<', String(after[0]))
  return pageOf(await query.execute(), pageSize, (row) => [row.id])
}

export async function objectionPage(ctx: Ctx, id: string) {
  const found = await objections(ctx)
    .select(['o.text_sealed', 'o.contact_sealed', 'o.reply', 'o.decided_by_name as decidedBy'])
    .select('o.decided_at as decidedAt')
    .where('o.id', '=', id)
    .$castTo<ObjectionLine & Sealed>()
    .executeTakeFirst()
  if (!found) throw missing('objection')
  const { text_sealed, contact_sealed, ...line } = found
  return {
    ...line,
    text: ctx.crypto.open(text_sealed, textContext),
    contact: contact_sealed === null ? '' : ctx.crypto.open(contact_sealed, contactContext),
  }
}
type Sealed = {
  text_sealed: string
  contact_sealed: string | null
  reply: string
  decidedBy: string
  decidedAt: Date | null
}

/** The answer, for whoever has the receipt. */
export async function replyFor(ctx: Ctx, typed: string) {
  const receipt = readReceipt(typed)
  const row =
    receipt &&
    (await ctx.db
      .selectFrom('recognition.objections')
      .select(['number', 'state', 'reply', 'due_on as dueOn', 'decided_at as decidedAt'])
      .where('receipt_index', '=', ctx.crypto.blindIndex(receipt, receiptContext))
      .executeTakeFirst())
  if (!row) throw refused({ clause: 'A01', reason: 'receipt-unknown', facts: {} })
  return { ...row, state: row.state as ObjectionState, dueOn: row.dueOn as Day }
}
