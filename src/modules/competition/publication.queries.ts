import type { PublicRow } from '#modules/publicity/list.schema.ts'
import type { Ctx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import { readReceipt } from '#shared/receipts.ts'
import type { Day } from '#shared/units.ts'
import type { ObjectionReason, ObjectionState } from './publication.schema.ts'

export const textContext = 'competition.objection'
export const contactContext = 'competition.objection-contact'
export const receiptContext = 'competition.objection-receipt'

export type ListLine = {
  id: string
  number: string
  title: string
  openedOn: Day
  closesOn: Day
  state: 'open' | 'closed' | 'void'
  eventId: string
  running: boolean
}

export async function resultLists(ctx: Pick<Ctx, 'db' | 'now'>, eventId?: string): Promise<ListLine[]> {
  let query = ctx.db
    .selectFrom('competition.publications')
    .select(['id', 'number', 'title', 'opened_on as openedOn', 'closes_on as closesOn', 'state', 'event_id as eventId'])
    .orderBy('opened_at', 'desc')
    .limit(100)
  if (eventId) query = query.where('event_id', '=', eventId)
  const rows = await query.$castTo<Omit<ListLine, 'running'>>().execute()
  const today = dayOf(ctx.now)
  return rows.map((row) => ({ ...row, running: row.state === 'open' && row.closesOn >= today }))
}

export async function listPage(ctx: Ctx, id: string) {
  const head = await ctx.db
    .selectFrom('competition.publications as p')
    .innerJoin('competition.events as e', 'e.id', 'p.event_id')
    .select([
      'p.id',
      'p.number',
      'p.title',
      'p.opened_on as openedOn',
      'p.closes_on as closesOn',
      'p.state',
      'p.workdays',
    ])
    .select([
      'p.digest',
      'p.root',
      'p.opened_by_name as openedBy',
      'e.id as eventId',
      'e.title as eventTitle',
      'e.state as eventState',
    ])
    .where('p.id', '=', id)
    .executeTakeFirst()
  if (!head) throw missing('publication')
  const rows = await ctx.db
    .selectFrom('competition.publication_rows')
    .select(['id', 'position', 'content'])
    .where('publication_id', '=', id)
    .orderBy('position')
    .execute()
  return {
    ...head,
    openedOn: head.openedOn as Day,
    closesOn: head.closesOn as Day,
    running: head.state === 'open' && (head.closesOn as Day) >= dayOf(ctx.now),
    rows: rows.map((row) => ({ ...row, content: row.content as PublicRow })),
  }
}

/** One row somebody wants to object to. */
export async function listRow(ctx: Ctx, rowId: string) {
  const row = await ctx.db
    .selectFrom('competition.publication_rows as r')
    .innerJoin('competition.publications as p', 'p.id', 'r.publication_id')
    .select(['r.id', 'r.content', 'p.id as publicationId', 'p.title'])
    .where('r.id', '=', rowId)
    .executeTakeFirst()
  if (!row) throw missing('publication-row')
  return { ...row, content: row.content as PublicRow }
}

export type ObjectionLine = {
  id: string
  number: string
  reason: ObjectionReason
  state: ObjectionState
  lodgedAt: Date
  dueOn: Day
  eventId: string
  eventTitle: string
  publicationId: string
  content: PublicRow
}

const objections = (ctx: Ctx) =>
  ctx.db
    .selectFrom('competition.objections as o')
    .innerJoin('competition.events as e', 'e.id', 'o.event_id')
    .innerJoin('competition.publication_rows as r', 'r.id', 'o.row_id')
    .select(['o.id', 'o.number', 'o.reason', 'o.state', 'o.lodged_at as lodgedAt', 'o.due_on as dueOn'])
    .select(['e.id as eventId', 'e.title as eventTitle', 'r.publication_id as publicationId', 'r.content'])
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
      .selectFrom('competition.objections')
      .select(['number', 'state', 'reply', 'due_on as dueOn', 'decided_at as decidedAt'])
      .where('receipt_index', '=', ctx.crypto.blindIndex(receipt, receiptContext))
      .executeTakeFirst())
  if (!row) throw refused({ clause: 'R32', reason: 'receipt-unknown', facts: {} })
  return { ...row, state: row.state as ObjectionState, dueOn: row.dueOn as Day }
}
