import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { readReceipt } from '#shared/receipts.ts'
import type { ComplaintKind, ComplaintState, Finding } from './listing.schema.ts'

export const textContext = 'library.complaint'
export const contactContext = 'library.complaint-contact'
export const receiptContext = 'library.complaint-receipt'

export type ComplaintLine = {
  id: string
  number: string
  courseId: string
  courseTitle: string
  kind: ComplaintKind
  state: ComplaintState
  madeAt: Date
  dueOn: string | null
  finding: Finding | null
  reply: string | null
  answeredByName: string | null
  answeredAt: Date | null
}

const complaints = (db: Ctx['db']) =>
  db
    .selectFrom('library.complaints as p')
    .innerJoin('library.courses as c', 'c.id', 'p.course_id')
    .select([
      'p.id',
      'p.number',
      'p.course_id as courseId',
      'c.title as courseTitle',
      'p.kind',
      'p.state',
      'p.made_at as madeAt',
      'p.finding',
      'p.reply',
      'p.answered_by_name as answeredByName',
      'p.answered_at as answeredAt',
      sql<
        string | null
      >`(select due_on from platform.clocks k where k.subject_kind = 'complaint' and k.subject_id = p.id and k.ended_on is null)`.as(
        'dueOn',
      ),
    ])
    .$castTo<ComplaintLine>()

/** The desk's list: open ones the oldest first, then answered ones the newest first. */
export async function complaintList(ctx: Pick<Ctx, 'db' | 'actor'>, state: ComplaintState): Promise<ComplaintLine[]> {
  if (!ctx.actor.can('library.read')) throw missing('complaint')
  return complaints(ctx.db)
    .where('p.state', '=', state)
    .orderBy('p.id', state === 'open' ? 'asc' : 'desc')
    .limit(200)
    .execute()
}

export async function complaintPage(
  ctx: Pick<Ctx, 'db' | 'crypto' | 'actor'>,
  id: string,
): Promise<ComplaintLine & { text: string; contact: string | null }> {
  if (!ctx.actor.can('library.manage')) throw missing('complaint')
  const row = await complaints(ctx.db)
    .select(['p.text_sealed', 'p.contact_sealed'])
    .where('p.id', '=', id)
    .$castTo<ComplaintLine & { text_sealed: string; contact_sealed: string | null }>()
    .executeTakeFirst()
  if (!row) throw missing('complaint')
  const { text_sealed, contact_sealed, ...line } = row
  return {
    ...line,
    text: ctx.crypto.open(text_sealed, textContext),
    contact: contact_sealed && ctx.crypto.open(contact_sealed, contactContext),
  }
}

/** What the holder of a receipt may know. Nothing of who answered. */
export async function complaintByReceipt(
  ctx: Pick<Ctx, 'db' | 'crypto'>,
  typed: string,
): Promise<ComplaintLine | undefined> {
  const code = readReceipt(typed)
  if (!code) return undefined
  const row = await complaints(ctx.db)
    .where('p.receipt_index', '=', ctx.crypto.blindIndex(code, receiptContext))
    .executeTakeFirst()
  return row && { ...row, answeredByName: null }
}
