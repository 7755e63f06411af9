import { type Kysely, sql } from 'kysely'
import type { Database } from '#platform/db.ts'

type Db = Kysely<Database>

/** What one fund of one year has been used for. */
export type FundUse = {
  fundSource: string
  year: number
  budgetFen: number
  /** Paid by banks and by offsets, before anything was asked back. */
  paidFen: number
  payableFen: number
  inTransitFen: number
  availableFen: number
  /** Asked back, and what came of it. */
  demandedFen: number
  returnedFen: number
  claims: number
  persons: number
}

export type UseRow = {
  fundSource: string
  year: number
  programme: string
  month: string
  paidFen: number
  demandedFen: number
  claims: number
  persons: number
}

/** Months and programmes, out of the journals: what was paid, and what was asked back, when it happened. */
export async function monthlyUse(db: Db, year?: number): Promise<UseRow[]> {
  const { rows } = await sql<UseRow>`
    with moved as (
      select a.fund_source, a.year, j.programme, to_char(j.on_day, 'YYYY-MM') as month, j.claim_id,
        sum(e.amount_fen) filter (where j.kind in ('paid', 'offset') and a.kind = 'paid') as paid,
        -sum(e.amount_fen) filter (where j.kind = 'demand' and a.kind = 'paid') as demanded
      from subsidy.journals j join subsidy.entries e on e.journal_id = j.id join subsidy.accounts a on a.id = e.account_id
      where j.kind in ('paid', 'offset', 'demand') and a.kind = 'paid' and (${year ?? null}::int is null or a.year = ${year ?? null})
      group by a.fund_source, a.year, j.programme, month, j.claim_id
    )
    select m.fund_source as "fundSource", m.year, m.programme, m.month, coalesce(sum(m.paid), 0)::bigint as "paidFen",
      coalesce(sum(m.demanded), 0)::bigint as "demandedFen", count(distinct m.claim_id) filter (where m.paid > 0)::int as claims,
      coalesce(sum(f.persons) filter (where m.paid > 0), 0)::int as persons
    from moved m left join subsidy.claim_funds f using (claim_id, fund_source, year) group by m.fund_source, m.year, m.programme, m.month
    order by m.month desc, m.fund_source, m.programme
  `.execute(db)
  return rows
}

/**
 * Every fund and year in one line, out of the ledger: the published account of what became of the money.
 * @clause HZ4-M16
 */
export async function fundUse(db: Db): Promise<FundUse[]> {
  const { rows } = await sql<FundUse>`
    select a.fund_source as "fundSource", a.year,
      -coalesce(sum(b.balance_fen) filter (where a.kind = 'appropriation'), 0)::bigint as "budgetFen",
      coalesce(sum(b.balance_fen) filter (where a.kind in ('paid', 'receivable', 'returned', 'written-off', 'transferred')), 0)::bigint
        + coalesce(max(r.reused), 0)::bigint as "paidFen",
      coalesce(sum(b.balance_fen) filter (where a.kind = 'payable'), 0)::bigint as "payableFen",
      coalesce(sum(b.balance_fen) filter (where a.kind = 'in-transit'), 0)::bigint as "inTransitFen",
      coalesce(sum(b.balance_fen) filter (where a.kind = 'available'), 0)::bigint as "availableFen",
      coalesce(sum(b.balance_fen) filter (where a.kind in ('receivable', 'returned', 'written-off', 'transferred')), 0)::bigint
        + coalesce(max(r.reused), 0)::bigint as "demandedFen",
      coalesce(sum(b.balance_fen) filter (where a.kind = 'returned'), 0)::bigint + coalesce(max(r.reused), 0)::bigint as "returnedFen",
      coalesce(max(n.claims), 0)::int as claims, coalesce(max(n.persons), 0)::int as persons
    from subsidy.accounts a join subsidy.balances b on b.account_id = a.id
      left join (select x.fund_source, x.year, -sum(e.amount_fen) as reused from subsidy.journals j
        join subsidy.entries e on e.journal_id = j.id join subsidy.accounts x on x.id = e.account_id
        where j.kind = 'reuse' and x.kind = 'returned' group by x.fund_source, x.year) r
        on r.fund_source = a.fund_source and r.year = a.year
      left join (select f.fund_source, f.year, count(*) as claims, sum(f.persons) as persons
        from subsidy.claim_funds f join subsidy.claims c on c.id = f.claim_id and c.state = 'paid' group by f.fund_source, f.year) n
        on n.fund_source = a.fund_source and n.year = a.year
    group by a.fund_source, a.year order by a.year desc, a.fund_source
  `.execute(db)
  return rows
}
