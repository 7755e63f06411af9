import { type Kysely, type SqlBool, sql } from 'kysely'
import { accountContext } from '#modules/people/organisation.queries.ts'
import type { CryptoProvider } from '#platform/crypto.ts'
import type { Database } from '#platform/db.ts'
import { missing } from '#platform/errors.ts'
import type { Plan } from '#policy/plan.ts'
import type { TableFault } from '#shared/table.ts'
import type { BankLine, Due, KnownOrder } from './payment.rules.ts'
import type { BatchState, BounceCode, OrderState, ReturnState } from './payment.schema.ts'

type Db = Kysely<Database>

/** What claims were awarded and not offset, per fund: the ledger's own answer. */
export async function awardsOf(db: Db, claimIds: readonly string[]): Promise<Map<string, Due[]>> {
  const { rows } = await sql<{ claim_id: string; fund_source: string; year: number; amount_fen: number }>`
    select j.claim_id, a.fund_source, a.year, sum(e.amount_fen)::bigint as amount_fen
    from subsidy.journals j join subsidy.entries e on e.journal_id = j.id join subsidy.accounts a on a.id = e.account_id
    where j.claim_id = any(${[...claimIds]}::uuid[]) and j.kind in ('approve', 'revoke', 'offset') and a.kind = 'payable'
    group by j.claim_id, a.fund_source, a.year, a.id having sum(e.amount_fen) <> 0 order by a.id
  `.execute(db)
  return group(rows)
}

/** What is ordered and neither bounced nor cancelled. */
export async function orderedOf(db: Db, claimIds: readonly string[]): Promise<Map<string, Due[]>> {
  const { rows } = await sql<{ claim_id: string; fund_source: string; year: number; amount_fen: number }>`
    select claim_id, fund_source, year, amount_fen from subsidy.payment_orders
    where claim_id = any(${[...claimIds]}::uuid[]) and state in ('drafted', 'sent', 'paid')
  `.execute(db)
  return group(rows)
}

function group(rows: { claim_id: string; fund_source: string; year: number; amount_fen: number }[]) {
  const map = new Map<string, Due[]>()
  for (const row of rows) {
    const list = map.get(row.claim_id) ?? []
    list.push({ fundSource: row.fund_source, year: row.year, amountFen: row.amount_fen })
    map.set(row.claim_id, list)
  }
  return map
}

type BankLineRow = {
  number: string
  fund_source: string
  year: number
  amount_fen: number
  claim: string
  programme: string
  holder: string
  bank: string
  branch: string
  account_sealed: string
}

/** One line of the bank's file, its account opened. Only the commands that make the bank file may call it. */
export function bankLine({ plan, crypto }: { plan: Plan; crypto: CryptoProvider }, row: BankLineRow): BankLine {
  return {
    orderNumber: row.number,
    fund: plan.fundSources.find((fund) => fund.id === row.fund_source)?.label ?? row.fund_source,
    year: row.year,
    holder: row.holder,
    account: crypto.open(row.account_sealed, accountContext),
    bank: row.bank,
    branch: row.branch,
    amountFen: row.amount_fen,
    purpose: `${plan.programmes.find((one) => one.code === row.programme)?.name ?? row.programme}补贴`,
    claimNumber: row.claim,
  }
}

/** The lines of a stored batch, with full account numbers. */
export async function bankLines(
  ctx: { db: Db; plan: Plan; crypto: CryptoProvider },
  batchId: string,
): Promise<BankLine[]> {
  const rows = await ctx.db
    .selectFrom('subsidy.payment_orders as o')
    .innerJoin('subsidy.claims as c', 'c.id', 'o.claim_id')
    .innerJoin('people.bank_accounts as b', 'b.id', 'o.bank_account_id')
    .select(['o.number', 'o.fund_source', 'o.year', 'o.amount_fen', 'c.number as claim', 'c.programme'])
    .select(['b.holder', 'b.bank', 'b.branch', 'b.account_sealed'])
    .where('o.batch_id', '=', batchId)
    .orderBy('o.number')
    .execute()
  return rows.map((row) => bankLine(ctx, row))
}

export type BatchCard = {
  id: string
  number: string
  state: BatchState
  orders: number
  totalFen: number
  fileSha256: string
  createdBy: string
  createdByName: string
  createdAt: Date
  decidedByName: string | null
  decidedAt: Date | null
  note: string
  paid: number
  bounced: number
}

const batches = (db: Db) =>
  db
    .selectFrom('subsidy.payment_batches as b')
    .select([
      'b.id',
      'b.number',
      'b.state',
      'b.orders',
      'b.total_fen as totalFen',
      'b.file_sha256 as fileSha256',
      'b.created_by as createdBy',
      'b.created_by_name as createdByName',
      'b.created_at as createdAt',
      'b.decided_by_name as decidedByName',
      'b.decided_at as decidedAt',
      'b.note',
    ])
    .select((eb) =>
      (['paid', 'bounced'] as const).map((state) =>
        eb
          .selectFrom('subsidy.payment_orders as o')
          .select((s) => s.fn.countAll<number>().as('n'))
          .whereRef('o.batch_id', '=', 'b.id')
          .where('o.state', '=', state)
          .as(state),
      ),
    )
    .$castTo<BatchCard>()

/** Batches, newest first. */
export const paymentBatches = (db: Db, limit = 50): Promise<BatchCard[]> =>
  batches(db).orderBy('b.created_at', 'desc').limit(limit).execute()

export type OrderRow = {
  id: string
  number: string
  claimId: string
  claimNumber: string
  organisation: string
  fundSource: string
  year: number
  amountFen: number
  state: OrderState
  holder: string
  bank: string
  branch: string
  account: string
  bankReference: string | null
  bounceCode: BounceCode | ''
  bounceReason: string
  settledAt: Date | null
  batchId: string
  batchNumber: string
}

const orders = (db: Db) =>
  db
    .selectFrom('subsidy.payment_orders as o')
    .innerJoin('subsidy.payment_batches as p', 'p.id', 'o.batch_id')
    .innerJoin('subsidy.claims as c', 'c.id', 'o.claim_id')
    .innerJoin('people.organisations as g', 'g.id', 'c.organisation_id')
    .innerJoin('people.bank_accounts as b', 'b.id', 'o.bank_account_id')
    .select([
      'o.id',
      'o.number',
      'o.claim_id as claimId',
      'c.number as claimNumber',
      'g.name as organisation',
      'o.fund_source as fundSource',
      'o.year',
      'o.amount_fen as amountFen',
      'o.state',
      'b.holder',
      'b.bank',
      'b.branch',
      'b.account_masked as account',
      'o.bank_reference as bankReference',
      'o.bounce_code as bounceCode',
      'o.bounce_reason as bounceReason',
      'o.settled_at as settledAt',
      'p.id as batchId',
      'p.number as batchNumber',
    ])
    .$castTo<OrderRow>()
    .orderBy('o.number')

/** One batch with its orders, accounts masked. */
export async function paymentBatch(db: Db, id: string): Promise<BatchCard & { rows: OrderRow[] }> {
  const card = await batches(db).where('b.id', '=', id).executeTakeFirst()
  if (!card) throw missing('batch')
  return { ...card, rows: await orders(db).where('o.batch_id', '=', id).execute() }
}

/** Every order of a claim, also those that bounced or were cancelled. */
export const ordersOfClaim = (db: Db, claimId: string): Promise<OrderRow[]> =>
  orders(db).where('o.claim_id', '=', claimId).execute()

/** Orders as a bank return names them. */
export async function ordersByNumber(db: Db, numbers: readonly string[]): Promise<Map<string, KnownOrder>> {
  const rows = await db
    .selectFrom('subsidy.payment_orders')
    .select(['id', 'number', 'amount_fen as amountFen', 'state', 'bank_reference as reference'])
    .$castTo<KnownOrder>()
    .where(sql<SqlBool>`number = any(${[...numbers]}::text[])`)
    .execute()
  return new Map(rows.map((row) => [row.number, row]))
}

/** Bank references already booked, with the order each belongs to. */
export async function referencesUsed(db: Db, references: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('subsidy.payment_orders')
    .select(['bank_reference', 'number'])
    .where(sql<SqlBool>`bank_reference = any(${[...references]}::text[])`)
    .execute()
  return new Map(rows.map((row) => [row.bank_reference as string, row.number]))
}

export type ReturnCard = {
  id: string
  fileName: string
  state: ReturnState
  rowsTotal: number
  rowsGood: number
  faults: TableFault[]
  byUser: string
  byName: string
  at: Date
  appliedAt: Date | null
  done: number
  conflicts: number
}

const returns = (db: Db) =>
  db
    .selectFrom('subsidy.bank_returns as r')
    .select([
      'r.id',
      'r.file_name as fileName',
      'r.state',
      'r.rows_total as rowsTotal',
      'r.rows_good as rowsGood',
      'r.faults',
      'r.by_user as byUser',
      'r.by_name as byName',
      'r.at',
      'r.applied_at as appliedAt',
    ])
    .select([
      sql<number>`(select count(*) from subsidy.bank_return_rows x where x.return_id = r.id and x.applied_at is not null)`.as(
        'done',
      ),
      sql<number>`(select count(*) from subsidy.bank_return_rows x where x.return_id = r.id and x.outcome = 'conflict')`.as(
        'conflicts',
      ),
    ])
    .$castTo<ReturnCard>()

export const bankReturns = (db: Db, limit = 50): Promise<ReturnCard[]> =>
  returns(db).orderBy('r.at', 'desc').limit(limit).execute()

export type ReturnRowView = {
  row: number
  orderNumber: string
  amountFen: number
  result: 'paid' | 'bounced'
  reference: string
  reasonCode: BounceCode | ''
  outcome: 'settled' | 'already' | 'conflict' | null
}

export async function bankReturn(db: Db, id: string): Promise<ReturnCard & { rows: ReturnRowView[] }> {
  const card = await returns(db).where('r.id', '=', id).executeTakeFirst()
  if (!card) throw missing('bank-return')
  const rows = await db
    .selectFrom('subsidy.bank_return_rows as x')
    .innerJoin('subsidy.payment_orders as o', 'o.id', 'x.order_id')
    .select([
      'x.row',
      'o.number as orderNumber',
      'x.amount_fen as amountFen',
      'x.result',
      'x.bank_reference as reference',
      'x.reason_code as reasonCode',
      'x.outcome',
    ])
    .$castTo<ReturnRowView>()
    .where('x.return_id', '=', id)
    .orderBy('x.row')
    .execute()
  return { ...card, rows }
}

export type PayableClaim = {
  id: string
  number: string
  state: 'approved' | 'bounced'
  organisation: string
  organisationId: string
  programme: string
  amountFen: number
  account: string | null
  dueOn: string | null
}

/** Claims waiting for a payment batch, the earliest payment day first. */
export async function payableClaims(db: Db): Promise<PayableClaim[]> {
  const { rows } = await sql<PayableClaim>`
    select c.id, c.number, c.state, g.name as organisation, g.id as "organisationId", c.programme, c.amount_fen as "amountFen",
      b.account_masked as account, k.due_on as "dueOn"
    from subsidy.claims c join people.organisations g on g.id = c.organisation_id
      left join people.bank_accounts b on b.organisation_id = g.id and b.valid_to is null and b.verified_at is not null
      left join platform.clocks k on k.subject_kind = 'claim' and k.subject_id = c.id and k.kind = 'payment' and k.ended_on is null
    where c.state in ('approved', 'bounced') and not exists (
      select from subsidy.payment_orders o where o.claim_id = c.id and o.state = 'drafted')
    order by k.due_on nulls last, c.number
  `.execute(db)
  return rows
}
