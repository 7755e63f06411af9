import { type Kysely, sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { Database } from '#platform/db.ts'
import { missing } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import type { ClaimState } from './claim.schema.ts'
import { type ClaimClock, openClocks } from './clock.queries.ts'
import { type OrderRow, ordersOfClaim } from './payment.queries.ts'
import { type RecoveryCard, recoveriesOfClaim } from './recovery.queries.ts'

/** One thing that makes the payment less than what was asked: what, how much, why, by which clause. */
export type Deduction = {
  kind: 'excluded' | 'withdrawn' | 'offset'
  who: string
  amountFen: number
  reasonCode: string
  clause: string
  note: string
  at: Date
}

/** The claimant's payment slip: from what was asked to what is in the account, fen by fen. */
export type Slip = {
  claimId: string
  number: string
  state: ClaimState
  organisationId: string
  organisation: string
  programme: string
  /** Lines still in the claim, and those taken out. */
  persons: number
  askedFen: number
  deductions: Deduction[]
  awardFen: number
  /** To the bank: the award less offsets. */
  payFen: number
  paidFen: number
  funds: { fundSource: string; year: number; amountFen: number }[]
  orders: OrderRow[]
  recoveries: RecoveryCard[]
  clocks: ClaimClock[]
  listId: string | null
}

/**
 * Asked − taken out = award; award − offset = what the bank pays. Every step is there with its reason. The claimant's own
 * people and the office see it; for others it is missing.
 * @clause HZ4-M16
 */
export async function claimSlip(ctx: Pick<Ctx, 'db' | 'actor' | 'now'>, claimId: string): Promise<Slip> {
  const { db } = ctx
  const claim = await db
    .selectFrom('subsidy.claims as c')
    .innerJoin('people.organisations as g', 'g.id', 'c.organisation_id')
    .select(['c.number', 'c.state', 'c.programme', 'c.amount_fen', 'c.organisation_id', 'g.name'])
    .where('c.id', '=', claimId)
    .executeTakeFirst()
  const may =
    claim &&
    (ctx.actor.can('casework.read') || ctx.actor.can('organisation.read', { organisationId: claim.organisation_id }))
  if (!may) throw missing('claim')
  const deductions = await deductionsOf(db, claimId)
  const gone = deductions.filter((one) => one.kind !== 'offset').reduce((sum, one) => sum + one.amountFen, 0)
  const offset = deductions.filter((one) => one.kind === 'offset').reduce((sum, one) => sum + one.amountFen, 0)
  const orders = await ordersOfClaim(db, claimId)
  const { rows: funds } = await sql<Slip['funds'][number]>`
    select fund_source as "fundSource", year, sum(amount_fen)::bigint as "amountFen" from subsidy.line_funds
    where claim_id = ${claimId} group by fund_source, year order by min(seq)
  `.execute(db)
  const { rows: more } = await sql<{ persons: number; list: string | null }>`
    select (select count(*)::int from subsidy.claim_lines where claim_id = ${claimId} and dropped_at is null) as persons,
      (select list_id from subsidy.publications where claim_id = ${claimId} order by round desc limit 1) as list
  `.execute(db)
  return {
    claimId,
    number: claim.number,
    state: claim.state as ClaimState,
    organisationId: claim.organisation_id,
    organisation: claim.name,
    programme: claim.programme,
    persons: more[0]?.persons ?? 0,
    askedFen: claim.amount_fen + gone,
    deductions,
    awardFen: claim.amount_fen,
    payFen: claim.amount_fen - offset,
    paidFen: orders.filter((order) => order.state === 'paid').reduce((sum, order) => sum + order.amountFen, 0),
    funds,
    orders,
    recoveries: await recoveriesOfClaim(db, claimId),
    clocks: (await openClocks(db, [claimId], dayOf(ctx.now))).get(claimId) ?? [],
    listId: more[0]?.list ?? null,
  }
}

async function deductionsOf(db: Kysely<Database>, claimId: string): Promise<Deduction[]> {
  const { rows } = await sql<Deduction>`
    select case when x.line_id is null then 'withdrawn' else 'excluded' end as kind, p.name_masked as who, l.amount_fen as "amountFen",
      coalesce(x.reason_code, '') as "reasonCode", coalesce(x.clause, '') as clause, coalesce(x.note, l.drop_reason) as note, l.dropped_at as at
    from subsidy.claim_lines l join people.persons p on p.id = l.person_id left join subsidy.exclusions x on x.line_id = l.id and x.applied_at is not null
    where l.claim_id = ${claimId} and l.dropped_at is not null and l.dropped_as is distinct from 'recomputed'
    union all
    select 'offset', r.number, e.amount_fen, r.reason_code, 'HZ4-M16', r.finding, e.at
    from subsidy.recovery_receipts e join subsidy.recoveries r on r.id = e.recovery_id where e.claim_id = ${claimId}
    order by at
  `.execute(db)
  return rows
}
