import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { readReceipt } from '#shared/receipts.ts'
import type { Day } from '#shared/units.ts'
import { publicResults } from './batch.queries.ts'
import type { ObjectionReason, ObjectionState } from './objection.schema.ts'

export const textContext = 'certification.objection'
export const contactContext = 'certification.objection-contact'
export const receiptContext = 'certification.objection-receipt'

/** What an objection is about, as the public list shows it; seq 0 is the batch as a whole. */
export async function objectionTarget(ctx: Ctx, batchId: string, seq: number) {
  const { batch, rows, open } = await publicResults(ctx, batchId)
  const row = rows.find((one) => one.seq === seq) ?? null
  if (!open || (seq > 0 && !row)) throw missing('batch')
  return { batch, row }
}

export type ObjectionLine = {
  id: string
  number: string
  reason: ObjectionReason
  state: ObjectionState
  lodgedAt: Date
  dueOn: Day
  seq: number | null
  batchId: string
  batchTitle: string
  batchNumber: string
  organisation: string
}

const objections = (ctx: Pick<Ctx, 'db'>) =>
  ctx.db
    .selectFrom('certification.objections as o')
    .innerJoin('certification.batches as b', 'b.id', 'o.batch_id')
    .innerJoin('people.organisations as g', 'g.id', 'b.organisation_id')
    .select(['o.id', 'o.number', 'o.reason', 'o.state', 'o.lodged_at as lodgedAt', 'o.due_on as dueOn', 'o.seq'])
    .select(['b.id as batchId', 'b.title as batchTitle', 'b.number as batchNumber', 'g.name as organisation'])
    .$castTo<ObjectionLine>()

export const objectionList = (ctx: Pick<Ctx, 'db'>): Promise<ObjectionLine[]> =>
  objections(ctx).orderBy('o.lodged_at', 'desc').limit(200).execute()

type Sealed = { text_sealed: string; contact_sealed: string | null; reply: string; decidedBy: string }
export async function objectionPage(ctx: Ctx, id: string) {
  const found = await objections(ctx)
    .select(['o.text_sealed', 'o.contact_sealed', 'o.reply', 'o.decided_by_name as decidedBy'])
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

/** The answer, for whoever has the receipt. */
export async function objectionReply(ctx: Pick<Ctx, 'db' | 'crypto'>, typed: string) {
  const code = readReceipt(typed)
  if (!code) return undefined
  return ctx.db
    .selectFrom('certification.objections')
    .select(['number', 'state', 'due_on as dueOn', 'reply'])
    .where('receipt_index', '=', ctx.crypto.blindIndex(code, receiptContext))
    .$castTo<{ number: string; state: ObjectionState; dueOn: Day; reply: string }>()
    .executeTakeFirst()
}
