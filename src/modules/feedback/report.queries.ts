import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import { readReceipt } from '#shared/receipts.ts'
import type { Finding, ReportKind, ReportState } from './report.schema.ts'

export const textContext = 'feedback.text'
export const contactContext = 'feedback.contact'
export const receiptContext = 'feedback.receipt'

type Answer = { finding: Finding | null; reply: string | null; answeredByName: string | null; answeredAt: Date | null }
export type ReportLine = {
  id: string
  number: string
  kind: ReportKind
  about: string
  state: ReportState
  reportedAt: Date
} & Answer
export type ReportPage = ReportLine & { text: string; contact: string | null }

const reports = (db: Ctx['db']) =>
  db
    .selectFrom('feedback.reports')
    .select([
      'id',
      'number',
      'kind',
      'about',
      'state',
      'reported_at as reportedAt',
      'finding',
      'reply',
      'answered_by_name as answeredByName',
      'answered_at as answeredAt',
    ])
    .$castTo<ReportLine>()

/** What the holder of a receipt may know: how it stands and what was answered. Nothing of who answered. */
export async function reportByReceipt(
  ctx: Pick<Ctx, 'db' | 'crypto'>,
  typed: string,
): Promise<Omit<ReportLine, 'answeredByName'> | undefined> {
  const code = readReceipt(typed)
  if (!code) return undefined
  const row = await reports(ctx.db)
    .where('receipt_index', '=', ctx.crypto.blindIndex(code, receiptContext))
    .executeTakeFirst()
  if (!row) return undefined
  const { answeredByName: _, ...shown } = row
  return shown
}

const pageSize = 20

/** The desk's list, the oldest first while open, the newest first once answered. */
export async function reportQueue(
  ctx: Pick<Ctx, 'db' | 'actor'>,
  filter: { state?: ReportState | undefined; cursor?: string | undefined } = {},
): Promise<Page<ReportLine>> {
  if (!ctx.actor.can('casework.read')) throw missing('report')
  const state = filter.state ?? 'open'
  const backwards = state === 'answered'
  let query = reports(ctx.db)
    .where('state', '=', state)
    .orderBy('id', backwards ? 'desc' : 'asc')
    .limit(pageSize + 1)
  const after = decodeCursor(filter.cursor, ['id'])
  if (after) query = query.where('id', backwards ? '<' : '>', String(after[0]))
  return pageOf(await query.execute(), pageSize, (row) => [row.id])
}

/** One report in full, for the desk. */
export async function reportPage(ctx: Pick<Ctx, 'db' | 'crypto' | 'actor'>, id: string): Promise<ReportPage> {
  if (!ctx.actor.can('casework.read')) throw missing('report')
  const row = await reports(ctx.db)
    .select(['text_sealed', 'contact_sealed'])
    .where('id', '=', id)
    .$castTo<ReportLine & { text_sealed: string; contact_sealed: string | null }>()
    .executeTakeFirst()
  if (!row) throw missing('report')
  const { text_sealed, contact_sealed, ...line } = row
  return {
    ...line,
    text: ctx.crypto.open(text_sealed, textContext),
    contact: contact_sealed && ctx.crypto.open(contact_sealed, contactContext),
  }
}
