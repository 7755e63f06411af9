import { type Kysely, sql } from 'kysely'
import type { Database } from '#platform/db.ts'
import { missing } from '#platform/errors.ts'
import type { Day } from '#shared/units.ts'
import type { Share } from './ledger.schema.ts'
import type { LineAmount } from './recovery.rules.ts'
import type { ReceiptKind, RecoveryState } from './recovery.schema.ts'

type Db = Kysely<Database>

/** What can still be asked back of each line of a paid claim. */
export async function leftToAsk(db: Db, claimId: string): Promise<Map<string, number>> {
  const { rows } = await sql<{ line_id: string; left: number }>`
    select l.id as line_id, (coalesce((select sum(f.amount_fen) from subsidy.line_funds f where f.line_id = l.id), 0)
      - coalesce((select sum(rl.amount_fen) from subsidy.recovery_lines rl join subsidy.recoveries r on r.id = rl.recovery_id
          where rl.line_id = l.id and r.state <> 'dropped'), 0))::bigint as left
    from subsidy.claim_lines l where l.claim_id = ${claimId} and l.dropped_at is null
  `.execute(db)
  return new Map(rows.map((row) => [row.line_id, row.left]))
}

export const askedLines = (db: Db, recoveryId: string): Promise<LineAmount[]> =>
  db
    .selectFrom('subsidy.recovery_lines')
    .select(['line_id as lineId', 'amount_fen as amountFen'])
    .where('recovery_id', '=', recoveryId)
    .orderBy('line_id')
    .execute()

/** Shares in which the claim's lines were paid, and what earlier recoveries took back out of them. */
export async function sharesOf(db: Db, claimId: string): Promise<{ paid: Share[]; before: Share[] }> {
  const paid = await db
    .selectFrom('subsidy.line_funds')
    .select(['line_id as lineId', 'fund_source as fundSource', 'year', 'amount_fen as amountFen'])
    .where('claim_id', '=', claimId)
    .orderBy('line_id')
    .orderBy('seq')
    .execute()
  const before = await db
    .selectFrom('subsidy.recovery_funds as f')
    .innerJoin('subsidy.recoveries as r', 'r.id', 'f.recovery_id')
    .select(['f.line_id as lineId', 'f.fund_source as fundSource', 'f.year', 'f.amount_fen as amountFen'])
    .where('r.claim_id', '=', claimId)
    .execute()
  return { paid, before }
}

/** What a recovery still has open in each fund, by the ledger. */
export async function openByFund(
  db: Db,
  recoveryId: string,
): Promise<{ fundSource: string; year: number; amountFen: number }[]> {
  const { rows } = await sql<{ fundSource: string; year: number; amountFen: number }>`
    select a.fund_source as "fundSource", a.year, sum(e.amount_fen)::bigint as "amountFen"
    from subsidy.journals j join subsidy.entries e on e.journal_id = j.id join subsidy.accounts a on a.id = e.account_id
    where j.subject_kind = 'recovery' and j.subject_id = ${recoveryId} and a.kind = 'receivable'
    group by a.id, a.fund_source, a.year having sum(e.amount_fen) > 0 order by a.id
  `.execute(db)
  return rows
}

export type RecoveryCard = {
  id: string
  number: string
  state: RecoveryState
  claimId: string
  claimNumber: string
  organisationId: string
  organisation: string
  reasonCode: string
  amountFen: number
  closedFen: number
  dueOn: Day | null
  openedAt: Date
  openedByName: string
}

const cards = (db: Db) =>
  db
    .selectFrom('subsidy.recoveries as r')
    .innerJoin('subsidy.claims as c', 'c.id', 'r.claim_id')
    .innerJoin('people.organisations as g', 'g.id', 'r.organisation_id')
    .select([
      'r.id',
      'r.number',
      'r.state',
      'r.claim_id as claimId',
      'c.number as claimNumber',
      'r.organisation_id as organisationId',
      'g.name as organisation',
      'r.reason_code as reasonCode',
      'r.amount_fen as amountFen',
      'r.due_on as dueOn',
      'r.opened_at as openedAt',
      'r.opened_by_name as openedByName',
    ])
    .select(
      sql<number>`coalesce((select sum(x.amount_fen) from subsidy.recovery_receipts x where x.recovery_id = r.id), 0)::bigint`.as(
        'closedFen',
      ),
    )
    .$castTo<RecoveryCard>()

/** The desk's list: open ones first, the earliest term first. */
export async function recoveries(
  db: Db,
  filter: { state?: RecoveryState | undefined; organisationId?: string | undefined } = {},
): Promise<RecoveryCard[]> {
  let query = cards(db)
    .orderBy(sql`r.state in ('recovered', 'written-off', 'transferred', 'dropped')`)
    .orderBy(sql`r.due_on nulls last`)
    .orderBy('r.opened_at', 'desc')
    .limit(200)
  if (filter.state) query = query.where('r.state', '=', filter.state)
  if (filter.organisationId) query = query.where('r.organisation_id', '=', filter.organisationId)
  return query.execute()
}

export const recoveriesOfClaim = (db: Db, claimId: string): Promise<RecoveryCard[]> =>
  cards(db).where('r.claim_id', '=', claimId).orderBy('r.opened_at').execute()

export type RecoveryFile = RecoveryCard & {
  finding: string
  statement: string | null
  heardOn: Day | null
  decisionReason: string | null
  legalBasis: string | null
  decidedByName: string | null
  decidedAt: Date | null
  demandedOn: Day | null
  offsetNoticeOn: Day | null
  openedBy: string
  decidedBy: string | null
  lines: { lineId: string; name: string; document: string; paidFen: number; amountFen: number }[]
  funds: { fundSource: string; year: number; amountFen: number }[]
  instalments: { seq: number; dueOn: Day; amountFen: number }[]
  receipts: {
    id: string
    kind: ReceiptKind
    amountFen: number
    onDay: Day
    reference: string
    claimNumber: string | null
    byName: string
    at: Date
  }[]
}

/** Everything about one recovery, people masked. */
export async function recoveryFile(db: Db, id: string): Promise<RecoveryFile> {
  const card = await cards(db)
    .select([
      'r.finding',
      'r.statement',
      'r.heard_on as heardOn',
      'r.decision_reason as decisionReason',
      'r.legal_basis as legalBasis',
      'r.decided_by_name as decidedByName',
      'r.decided_at as decidedAt',
      'r.demanded_on as demandedOn',
      'r.offset_notice_on as offsetNoticeOn',
      'r.opened_by as openedBy',
      'r.decided_by as decidedBy',
    ])
    .where('r.id', '=', id)
    .executeTakeFirst()
  if (!card) throw missing('recovery')
  const lines = await db
    .selectFrom('subsidy.recovery_lines as rl')
    .innerJoin('subsidy.claim_lines as l', 'l.id', 'rl.line_id')
    .innerJoin('people.persons as p', 'p.id', 'l.person_id')
    .select([
      'rl.line_id as lineId',
      'p.name_masked as name',
      'p.document_masked as document',
      'l.amount_fen as paidFen',
      'rl.amount_fen as amountFen',
    ])
    .where('rl.recovery_id', '=', id)
    .orderBy('rl.line_id')
    .execute()
  const instalments = await db
    .selectFrom('subsidy.recovery_instalments')
    .select(['seq', 'due_on as dueOn', 'amount_fen as amountFen'])
    .where('recovery_id', '=', id)
    .orderBy('seq')
    .execute()
  const receipts = await db
    .selectFrom('subsidy.recovery_receipts as x')
    .leftJoin('subsidy.claims as c', 'c.id', 'x.claim_id')
    .select([
      'x.id',
      'x.kind',
      'x.amount_fen as amountFen',
      'x.on_day as onDay',
      'x.reference',
      'c.number as claimNumber',
      'x.by_name as byName',
      'x.at',
    ])
    .where('x.recovery_id', '=', id)
    .orderBy('x.at')
    .orderBy('x.id')
    .execute()
  return {
    ...(card as unknown as RecoveryFile),
    lines,
    funds: await openByFund(db, id),
    instalments: instalments as RecoveryFile['instalments'],
    receipts: receipts as RecoveryFile['receipts'],
  }
}

/** Claims of the organisation whose award could be held back: approved, nothing ordered yet. */
export async function offsettable(
  db: Db,
  organisationId: string,
): Promise<{ id: string; number: string; amountFen: number }[]> {
  const { rows } = await sql<{ id: string; number: string; amountFen: number }>`
    select c.id, c.number, (c.amount_fen - coalesce((select sum(x.amount_fen) from subsidy.recovery_receipts x where x.claim_id = c.id), 0))::bigint as "amountFen"
    from subsidy.claims c where c.organisation_id = ${organisationId} and c.state = 'approved'
      and not exists (select from subsidy.payment_orders o where o.claim_id = c.id and o.state in ('drafted', 'sent', 'paid'))
    order by c.number
  `.execute(db)
  return rows
}
