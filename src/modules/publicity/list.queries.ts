import { type Kysely, sql } from 'kysely'
import type { Actor } from '#platform/actor.ts'
import type { Database } from '#platform/db.ts'
import { sha256 } from '#platform/digest.ts'
import { missing } from '#platform/errors.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import { literally, normalise } from '#shared/text.ts'
import type { Day } from '#shared/units.ts'
import { leafOf, proves, rootOf, snapshotText } from './list.rules.ts'
import { type PublicRow, receiptShape } from './list.schema.ts'

type Db = Kysely<Database>

export type ListCard = {
  id: string
  number: string
  title: string
  openedOn: Day
  closesOn: Day
  workdays: number
  /** False: the number of days is a default that the bureau has not settled. */
  decided: boolean
  claims: number
  rows: number
  totalFen: number
  digest: string
  root: string
  /** The rows may be shown. */
  public: boolean
}

const lists = (db: Db, today: Day) =>
  db
    .selectFrom('publicity.lists')
    .select([
      'id',
      'number',
      'title',
      'opened_on as openedOn',
      'closes_on as closesOn',
      'workdays',
      'decided',
      'claims',
      'rows',
      'total_fen as totalFen',
      'digest',
      'root',
    ])
    .select(sql<boolean>`state = 'open' and closes_on >= ${today}`.as('public'))
    .$castTo<ListCard>()

/** Lists before the public today, the one that ends first on top; then those that ended, without their rows. */
export async function publicLists(db: Db, today: Day): Promise<{ open: ListCard[]; ended: ListCard[] }> {
  const all = await lists(db, today).orderBy('opened_at', 'desc').limit(200).execute()
  return {
    open: all.filter((list) => list.public).sort((a, b) => (a.closesOn < b.closesOn ? -1 : 1)),
    ended: all.filter((list) => !list.public),
  }
}

export type ListRow = PublicRow & { id: string }
const pageSize = 100

/**
 * One list. Its rows are shown only in the public period; afterwards the numbers that prove receipts remain.
 * @clause R37
 */
export async function publicList(
  db: Db,
  id: string,
  today: Day,
  filter: { unit?: string | undefined; cursor?: string | undefined } = {},
): Promise<ListCard & { page: Page<ListRow> }> {
  const card = await lists(db, today).where('id', '=', id).executeTakeFirst()
  if (!card) throw missing('publicity-list')
  return { ...card, page: card.public ? await rowsOfList(db, id, filter) : { rows: [], next: null } }
}

async function rowsOfList(
  db: Db,
  listId: string,
  filter: { unit?: string | undefined; cursor?: string | undefined },
): Promise<Page<ListRow>> {
  let query = db
    .selectFrom('publicity.rows')
    .select(['id', 'position', 'content'])
    .where('list_id', '=', listId)
    .orderBy('position')
    .limit(pageSize + 1)
  const unit = normalise(filter.unit ?? '').slice(0, 100)
  if (unit) query = query.where(sql<string>`content ->> 'unit'`, 'like', `%${literally(unit)}%`)
  const after = decodeCursor(filter.cursor, ['number'])
  if (after) query = query.where('position', '>', Number(after[0]))
  const page = pageOf(await query.execute(), pageSize, (row) => [row.position])
  return { rows: page.rows.map((row) => ({ id: row.id, ...(row.content as PublicRow) })), next: page.next }
}

/** One public row, for the objection form. Missing once the list is no longer public. */
export async function publicRow(db: Db, rowId: string, today: Day): Promise<ListRow & { list: ListCard }> {
  const row = await db
    .selectFrom('publicity.rows')
    .select(['id', 'list_id', 'content'])
    .where('id', '=', rowId)
    .executeTakeFirst()
  const list = row && (await lists(db, today).where('id', '=', row.list_id).executeTakeFirst())
  if (!row || !list?.public) throw missing('publicity-row')
  return { id: row.id, ...(row.content as PublicRow), list }
}

/** The published file, byte for byte what the digest was made of; only while the list is public. */
export async function publishedFile(
  db: Db,
  id: string,
  today: Day,
): Promise<{ name: string; text: string; digest: string }> {
  const row = await db
    .selectFrom('publicity.lists')
    .select(['number', 'snapshot', 'digest'])
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where('closes_on', '>=', today)
    .executeTakeFirst()
  if (!row) throw missing('publicity-list')
  return { name: `${row.number}.json`, text: snapshotText(row.snapshot), digest: row.digest }
}

export type ReceiptAnswer =
  | { ok: true; list: ListCard; row: PublicRow }
  | { ok: false; reason: 'unreadable' | 'no-list' | 'altered' }

/** Whether a receipt handed back belongs to a list of ours and nothing in it was changed. */
export async function checkReceipt(db: Db, text: string, today: Day): Promise<ReceiptAnswer> {
  const parsed = receiptShape.safeParse(readJson(text))
  if (!parsed.success) return { ok: false, reason: 'unreadable' }
  const list = await lists(db, today).where('number', '=', parsed.data.list).executeTakeFirst()
  if (!list) return { ok: false, reason: 'no-list' }
  const good = list.root === parsed.data.root && proves(sha256, parsed.data)
  return good ? { ok: true, list, row: parsed.data.row } : { ok: false, reason: 'altered' }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text.slice(0, 20_000))
  } catch {
    return null
  }
}

export type ListFault = { list: string; what: 'digest' | 'root' | 'row'; position: number | null }

/** Recomputes every list from its rows and its snapshot: what was published must still be what is kept. */
export async function listFaults(db: Db): Promise<ListFault[]> {
  const faults: ListFault[] = []
  const all = await db.selectFrom('publicity.lists').select(['id', 'number', 'snapshot', 'digest', 'root']).execute()
  for (const list of all) {
    const rows = await db
      .selectFrom('publicity.rows')
      .select(['position', 'content', 'salt', 'identity', 'leaf'])
      .where('list_id', '=', list.id)
      .orderBy('position')
      .execute()
    if (sha256(snapshotText(list.snapshot)) !== list.digest)
      faults.push({ list: list.number, what: 'digest', position: null })
    if (
      rootOf(
        sha256,
        rows.map((row) => row.leaf),
      ) !== list.root
    )
      faults.push({ list: list.number, what: 'root', position: null })
    for (const row of rows) {
      const leaf = leafOf(sha256, row.content as PublicRow, row.salt, row.identity)
      if (leaf !== row.leaf) faults.push({ list: list.number, what: 'row', position: row.position })
    }
  }
  return faults
}

export type ReviewedClaim = {
  id: string
  number: string
  organisation: string
  programme: string
  persons: number
  amountFen: number
  dueOn: Day | null
}

/** Reviewed claims that wait to be published, the earliest approval day first. */
export async function claimsToPublish(db: Db): Promise<ReviewedClaim[]> {
  const { rows } = await sql<ReviewedClaim>`
    select c.id, c.number, g.name as organisation, c.programme, c.amount_fen as "amountFen", k.due_on as "dueOn",
      (select count(*) from subsidy.claim_lines l where l.claim_id = c.id and l.dropped_at is null)::int as persons
    from subsidy.claims c join people.organisations g on g.id = c.organisation_id
      left join platform.clocks k on k.subject_kind = 'claim' and k.subject_id = c.id and k.kind = 'approve' and k.ended_on is null
    where c.state = 'reviewed' order by k.due_on nulls last, c.number limit 500
  `.execute(db)
  return rows
}

export type KeptRow = ListRow & { claimId: string; claimNumber: string }

/** A list as it was published, for the office, also after its end. */
export async function keptList(
  ctx: { db: Db; actor: Actor },
  id: string,
  today: Day,
  cursor?: string,
): Promise<ListCard & { openObjections: number; page: Page<KeptRow> }> {
  const card = ctx.actor.can('casework.read') && (await lists(ctx.db, today).where('id', '=', id).executeTakeFirst())
  if (!card) throw missing('publicity-list')
  const after = decodeCursor(cursor, ['number'])
  const { rows } = await sql<{
    id: string
    position: number
    content: PublicRow
    claimId: string
    claimNumber: string
  }>`
    select r.id, r.position, r.content, r.claim_id as "claimId", c.number as "claimNumber"
    from publicity.rows r join subsidy.claims c on c.id = r.claim_id
    where r.list_id = ${id} and r.position > ${after ? Number(after[0]) : 0} order by r.position limit ${pageSize + 1}
  `.execute(ctx.db)
  const { rows: open } = await sql<{ n: number }>`
    select count(*)::int as n from publicity.objections where list_id = ${id} and state = 'open'
  `.execute(ctx.db)
  const page = pageOf(rows, pageSize, (row) => [row.position])
  return {
    ...card,
    openObjections: open[0]?.n ?? 0,
    page: { rows: page.rows.map(({ content, ...row }) => ({ ...row, ...content })), next: page.next },
  }
}
