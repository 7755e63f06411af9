import { type Kysely, sql } from 'kysely'
import type { Database } from '#platform/db.ts'
import type { Day } from '#shared/units.ts'
import { type AccountKind, accountKinds, type JournalKind } from './ledger.schema.ts'

type Db = Kysely<Database>

export type FundBalances = { fundSource: string; year: number; pots: Record<AccountKind, number> }

/** Every fund and year with what lies in each pot, newest year first. */
export async function fundBalances(db: Db, year?: number): Promise<FundBalances[]> {
  let query = db
    .selectFrom('subsidy.accounts as a')
    .innerJoin('subsidy.balances as b', 'b.account_id', 'a.id')
    .select(['a.fund_source', 'a.year', 'a.kind', 'b.balance_fen'])
    .orderBy('a.year', 'desc')
    .orderBy('a.id')
  if (year !== undefined) query = query.where('a.year', '=', year)
  const funds = new Map<string, FundBalances>()
  for (const row of await query.execute()) {
    const key = `${row.fund_source}\n${row.year}`
    const fund = funds.get(key) ?? {
      fundSource: row.fund_source,
      year: row.year,
      pots: Object.fromEntries(Object.keys(accountKinds).map((kind) => [kind, 0])) as Record<AccountKind, number>,
    }
    fund.pots[row.kind as AccountKind] = row.balance_fen
    funds.set(key, fund)
  }
  return [...funds.values()]
}

export type JournalRow = {
  id: string
  kind: JournalKind
  onDay: Day
  memo: string
  at: Date
  byUser: string
  claimId: string | null
  entries: { fundSource: string; year: number; account: AccountKind; amountFen: number }[]
}

const journals = (where: ReturnType<typeof sql>, order: ReturnType<typeof sql>) => sql<JournalRow>`
  select j.id, j.kind, j.on_day as "onDay", j.memo, j.at, j.by_user as "byUser", j.claim_id as "claimId",
    (select json_agg(json_build_object('fundSource', a.fund_source, 'year', a.year, 'account', a.kind, 'amountFen', e.amount_fen)
       order by e.id) from subsidy.entries e join subsidy.accounts a on a.id = e.account_id where e.journal_id = j.id) as entries
  from subsidy.journals j where ${where} order by ${order}
`

/** Journals of one subject – a claim, an order, a recovery – oldest first, each with its sides. */
export async function journalsOf(db: Db, filter: { claimId: string } | { subjectId: string }): Promise<JournalRow[]> {
  const where = 'claimId' in filter ? sql`j.claim_id = ${filter.claimId}` : sql`j.subject_id = ${filter.subjectId}`
  return (await journals(where, sql`j.at, j.id`).execute(db)).rows
}

/** The newest journals of all. */
export const recentJournals = async (db: Db, limit = 40): Promise<JournalRow[]> =>
  (await journals(sql`true`, sql`j.at desc, j.id desc limit ${limit}`).execute(db)).rows

export type LedgerFault = {
  rule:
    | 'journal-unbalanced'
    | 'balance-differs'
    | 'account-negative'
    | 'paid-differs'
    | 'payable-differs'
    | 'in-transit-differs'
    | 'line-funds-differ'
    | 'claim-differs'
    | 'recovered-over-paid'
    | 'receivable-differs'
    | 'paid-twice'
  subject: string
  expectedFen: number
  actualFen: number
}

/** What each kind of fault means, for the reconciliation page. */
export const ledgerFaultText: Record<LedgerFault['rule'], string> = {
  'journal-unbalanced': '凭证借贷不平',
  'balance-differs': '账户余额与分录合计不符',
  'account-negative': '账户余额为负',
  'paid-differs': '已拨付账户与银行已付订单不符',
  'payable-differs': '应付账户与待付申领不符',
  'in-transit-differs': '在途账户与已送银行订单不符',
  'line-funds-differ': '申领明细的资金分配与金额不符',
  'claim-differs': '申领金额与明细合计不符',
  'recovered-over-paid': '追回金额超过已付金额',
  'receivable-differs': '应收账户与追回台账不符',
  'paid-twice': '同一申领付款超过批准金额',
}

/**
 * Recomputes the ledger from its entries and from the orders, lines and recoveries they stand for, and names every
 * difference. An empty answer is the proof that no fen is lost, doubled or invented.
 * @clause HZ4-M16
 */
export async function ledgerFaults(db: Db): Promise<LedgerFault[]> {
  const { rows } = await sql<LedgerFault>`
    with pots as (
      select a.id, a.fund_source, a.year, a.kind, b.balance_fen, b.overdrawable,
        coalesce((select sum(e.amount_fen) from subsidy.entries e where e.account_id = a.id), 0)::bigint as summed
      from subsidy.accounts a join subsidy.balances b on b.account_id = a.id
    ), orders as (
      select fund_source, year, coalesce(sum(amount_fen) filter (where state = 'paid'), 0)::bigint as paid,
        coalesce(sum(amount_fen) filter (where state = 'sent'), 0)::bigint as sent
      from subsidy.payment_orders group by fund_source, year
    ), owed as ( -- per claim and fund: approved, not yet sent, not offset
      select a.fund_source, a.year, coalesce(sum(f.amount_fen), 0)::bigint as award
      from subsidy.accounts a join subsidy.line_funds f using (fund_source, year)
      join subsidy.claims c on c.id = f.claim_id and c.state in ('approved', 'ordered', 'bounced', 'paid')
      where a.kind = 'payable' group by a.fund_source, a.year
    ), offsets as ( -- what offsets took from awards, and what demands took from "paid", by fund
      select a.fund_source, a.year,
        coalesce(sum(e.amount_fen) filter (where j.kind = 'offset' and a.kind = 'paid'), 0)::bigint as taken,
        coalesce(-sum(e.amount_fen) filter (where j.kind = 'demand' and a.kind = 'paid'), 0)::bigint as demanded
      from subsidy.entries e join subsidy.journals j on j.id = e.journal_id join subsidy.accounts a on a.id = e.account_id
      group by a.fund_source, a.year
    ), demanded as (
      select r.id, r.amount_fen, r.state,
        coalesce((select sum(x.amount_fen) from subsidy.recovery_receipts x where x.recovery_id = r.id), 0)::bigint as closed
      from subsidy.recoveries r where r.demanded_on is not null
    ), faults as (
      select 'journal-unbalanced' as rule, e.journal_id::text || ' ' || a.fund_source || ' ' || a.year as subject,
        0::bigint as "expectedFen", sum(e.amount_fen)::bigint as "actualFen"
      from subsidy.entries e join subsidy.accounts a on a.id = e.account_id
      group by e.journal_id, a.fund_source, a.year having sum(e.amount_fen) <> 0
      union all
      select 'balance-differs', fund_source || ' ' || year || ' ' || kind, summed, balance_fen from pots where summed <> balance_fen
      union all
      select 'account-negative', fund_source || ' ' || year || ' ' || kind, 0, balance_fen from pots
      where balance_fen < 0 and not overdrawable
      union all
      select 'in-transit-differs', p.fund_source || ' ' || p.year, coalesce(o.sent, 0), p.summed
      from pots p left join orders o using (fund_source, year) where p.kind = 'in-transit' and p.summed <> coalesce(o.sent, 0)
      union all
      select 'paid-differs', p.fund_source || ' ' || p.year, coalesce(o.paid, 0) + coalesce(x.taken, 0) - coalesce(x.demanded, 0), p.summed
      from pots p left join orders o using (fund_source, year) left join offsets x using (fund_source, year)
      where p.kind = 'paid' and p.summed <> coalesce(o.paid, 0) + coalesce(x.taken, 0) - coalesce(x.demanded, 0)
      union all
      select 'payable-differs', p.fund_source || ' ' || p.year,
        coalesce(w.award, 0) - coalesce(x.taken, 0) - coalesce(o.sent, 0) - coalesce(o.paid, 0), p.summed
      from pots p left join owed w using (fund_source, year) left join offsets x using (fund_source, year)
        left join orders o using (fund_source, year)
      where p.kind = 'payable' and p.summed <> coalesce(w.award, 0) - coalesce(x.taken, 0) - coalesce(o.sent, 0) - coalesce(o.paid, 0)
      union all
      select 'line-funds-differ', l.id::text, l.amount_fen, coalesce(sum(f.amount_fen), 0)::bigint
      from subsidy.claim_lines l join subsidy.claims c on c.id = l.claim_id
        left join subsidy.line_funds f on f.line_id = l.id
      where c.state in ('approved', 'ordered', 'bounced', 'paid') and l.dropped_at is null
      group by l.id having l.amount_fen <> coalesce(sum(f.amount_fen), 0)
      union all
      select 'claim-differs', c.number, coalesce(sum(l.amount_fen), 0)::bigint, c.amount_fen
      from subsidy.claims c left join subsidy.claim_lines l on l.claim_id = c.id and l.dropped_at is null
      group by c.id having c.amount_fen <> coalesce(sum(l.amount_fen), 0)
      union all
      select 'paid-twice', c.number, c.amount_fen, s.settled from subsidy.claims c join (
          select claim_id, sum(amount_fen)::bigint as settled from (
            select claim_id, amount_fen from subsidy.payment_orders where state in ('drafted', 'sent', 'paid')
            union all select claim_id, amount_fen from subsidy.recovery_receipts where claim_id is not null) t
          group by claim_id) s on s.claim_id = c.id
      where s.settled > c.amount_fen or (c.state = 'paid' and s.settled <> c.amount_fen)
      union all
      select 'recovered-over-paid', rl.line_id::text,
        coalesce((select sum(f.amount_fen) from subsidy.line_funds f where f.line_id = rl.line_id), 0)::bigint, sum(rl.amount_fen)::bigint
      from subsidy.recovery_lines rl join subsidy.recoveries r on r.id = rl.recovery_id and r.state <> 'dropped'
      group by rl.line_id
      having sum(rl.amount_fen) > coalesce((select sum(f.amount_fen) from subsidy.line_funds f where f.line_id = rl.line_id), 0)
      union all
      select 'recovered-over-paid', d.id::text, d.amount_fen, d.closed from demanded d where d.closed > d.amount_fen
      union all
      select 'receivable-differs', 'all', coalesce((select sum(amount_fen - closed) from demanded), 0)::bigint, p.summed from (
        select coalesce(sum(summed), 0)::bigint as summed from pots where kind = 'receivable') p
      where p.summed <> coalesce((select sum(amount_fen - closed) from demanded), 0)
    )
    select * from faults order by rule, subject limit 500
  `.execute(db)
  return rows
}
