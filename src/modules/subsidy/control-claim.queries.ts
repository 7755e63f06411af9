/** Facts for the judges about the money, one statement per control and batch. */
import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { Day } from '#shared/units.ts'
import { type Batch, type ByLine, byId, type ClaimBase } from './control-batch.queries.ts'

type Db = Ctx['db']

/** C09: lines whose occupation and level were claimed earlier by somebody, here or elsewhere. */
export async function alreadyPaid(
  db: Db,
  batch: Batch,
): Promise<ByLine<{ id: string; here: string | null; elsewhereOn: Day | null }>> {
  const { rows } = await sql<{ id: string; here: string | null; elsewhereOn: Day | null }>`
    select l.id, h.number as here, w.paid_on::text as "elsewhereOn"
    from subsidy.claim_lines l join subsidy.claims c on c.id = l.claim_id join training.classes k on k.id = c.class_id
    join people.persons p on p.id = l.person_id
    left join lateral (
      select oc.number from subsidy.claim_lines ol join subsidy.claims oc on oc.id = ol.claim_id
      join training.classes ok on ok.id = oc.class_id
      where ol.person_id = l.person_id and ol.live and ol.claim_id <> l.claim_id and oc.submitted_at is not null
        and (oc.submitted_at, oc.id) < (coalesce(c.submitted_at, 'infinity'), c.id)
        and (ok.occupation_edition, ok.occupation_code, ok.level) = (k.occupation_edition, k.occupation_code, k.level)
      order by oc.submitted_at limit 1) h on true
    left join lateral (
      select min(r.from_on) as paid_on from subsidy.dataset_rows r
      join subsidy.datasets s on s.id = r.dataset_id and s.state = 'imported' and s.kind = 'paid-elsewhere'
      where r.document_index = p.document_index and r.value ->> 'level' = k.level
        and r.value ->> 'occupation' in (k.occupation_code, k.occupation_edition || ':' || k.occupation_code)) w on true
    where l.claim_id = any(${batch.claimIds}::uuid[]) and l.dropped_at is null and k.occupation_code is not null
      and k.level is not null and (h.number is not null or w.paid_on is not null)
  `.execute(db)
  return byId(rows)
}

/** C10: what others hold of each line's person, programme and year, and what other offices paid. */
export async function capUse(
  db: Db,
  batch: Batch,
  programmeNames: Record<string, string>,
): Promise<ByLine<{ id: string; held: number; elsewhere: number }>> {
  const { rows } = await sql<{ id: string; held: number; elsewhere: number }>`
    select * from (
      select l.id, (
        select coalesce(sum(o.amount_fen), 0) from subsidy.claim_lines o where o.person_id = l.person_id
          and o.programme = l.programme and o.year = l.year and o.live and o.cap_held_at is not null and o.id <> l.id) as held,
        (${paidElsewhere(sql`p.document_index`, sql`l.year`, sql`l.programme`, sql`${JSON.stringify(programmeNames)}::jsonb`)}) as elsewhere
      from subsidy.claim_lines l join people.persons p on p.id = l.person_id
      where l.claim_id = any(${batch.claimIds}::uuid[]) and l.dropped_at is null and l.cap_per = 'person-calendar-year') x
    where held > 0 or elsewhere > 0
  `.execute(db)
  return byId(rows)
}

type Fragment = ReturnType<typeof sql>

/** Fen that other offices paid somebody in a year under the same programme, by its code or its name. */
export function paidElsewhere(index: Fragment, year: Fragment, programme: Fragment, names: Fragment) {
  return sql`
    select coalesce(sum((r.value ->> 'amountFen')::bigint), 0) from subsidy.dataset_rows r
    join subsidy.datasets s on s.id = r.dataset_id and s.state = 'imported' and s.kind = 'paid-elsewhere'
    where r.document_index = ${index} and extract(year from r.from_on) = ${year}
      and r.value ->> 'programme' in (${programme}, ${names} ->> ${programme})`
}

export type LedgerFacts = { id: string; ledger: number; counted: number; spent: number }

/**
 * C17: for each line the minutes that stand in the ledger, those that count within a day's limit – worked out here once
 * more, apart from the rule that drew up the claim – and those spent on the line.
 */
export async function ledgerMinutes(
  db: Db,
  batch: Batch,
  dayLimit: (claim: ClaimBase) => number | null,
): Promise<ByLine<LedgerFacts>> {
  const of = [...batch.claims.values()]
  const { rows } = await sql<LedgerFacts>`
    with k as (select * from unnest(${of.map((c) => c.id)}::uuid[], ${of.map(dayLimit)}::int[]) as k (claim_id, day_limit)),
    l as (select l.id, l.enrolment_id, k.day_limit from subsidy.claim_lines l join k on k.claim_id = l.claim_id
      where l.dropped_at is null),
    net as (
      select h.enrolment_id, h.minutes, sum(h.minutes) over (partition by h.person_id, h.on_day order by h.id) - h.minutes as before
      from training.hour_entries h where h.person_id = any(${[...new Set(batch.lines.map((line) => line.personId))]}::uuid[]) and h.reverses is null
        and not exists (select from training.hour_entries x where x.reverses = h.id))
    select l.id, coalesce(sum(n.minutes), 0)::int as ledger,
      coalesce(sum(greatest(least(n.minutes, l.day_limit - n.before), 0)), 0)::int as counted,
      (select coalesce(sum(s.minutes), 0)::int from training.hour_spends s
        where s.spent_on_kind = 'claim-line' and s.spent_on_id = l.id) as spent
    from l left join net n on n.enrolment_id = l.enrolment_id group by l.id
  `.execute(db)
  return byId(rows)
}

export type AccountFacts = { id: string; account: 'none' | 'own' | 'foreign'; holders: number }

/** C19: the account each claim is to be paid to, and how many hold it. A draft without one is judged by the claimant's own. */
export async function accounts(db: Db, batch: Batch): Promise<ByLine<AccountFacts>> {
  const { rows } = await sql<AccountFacts>`
    select c.id, case when a.id is null then 'none' when a.organisation_id = c.organisation_id then 'own' else 'foreign' end as account,
      coalesce((select count(distinct coalesce(b.organisation_id, b.person_id)) from people.bank_accounts b
        where b.account_index = a.account_index and (b.valid_to is null or b.id = a.id)), 0)::int as holders
    from subsidy.claims c left join people.bank_accounts a on a.id = coalesce(c.bank_account_id,
      (select o.id from people.bank_accounts o where o.organisation_id = c.organisation_id and o.valid_to is null))
    where c.id = any(${batch.claimIds}::uuid[])
  `.execute(db)
  return byId(rows)
}

/** C20: claims whose organisation stood on the dishonesty list on a day from the class to the claim. */
export async function dishonestSince(db: Db, batch: Batch): Promise<ByLine<{ id: string; from: Day }>> {
  const of = [...batch.claims.values()]
  const { rows } = await sql<{ id: string; from: Day }>`
    select k.id, min(r.from_on)::text as from
    from unnest(${of.map((c) => c.id)}::uuid[], ${of.map((c) => c.uscc)}::text[], ${of.map((c) => c.firstOn)}::date[],
      ${of.map((c) => c.claimedOn)}::date[]) as k (id, uscc, first, last)
    join subsidy.dataset_rows r on r.uscc = k.uscc and r.document_index is null
    join subsidy.datasets s on s.id = r.dataset_id and s.state = 'imported' and s.kind = 'dishonest-organisations'
    where daterange(r.from_on, coalesce(r.to_on, s.covers_to), '[]') && daterange(k.first, k.last, '[]')
    group by k.id
  `.execute(db)
  return byId(rows)
}

/** C24: open objections to each claim's publication. */
export async function openObjections(db: Db, batch: Batch): Promise<ByLine<{ id: string; open: number }>> {
  const { rows } = await sql<{ id: string; open: number }>`
    select claim_id as id, count(*)::int as open from publicity.objections
    where claim_id = any(${batch.claimIds}::uuid[]) and state = 'open' group by claim_id
  `.execute(db)
  return byId(rows)
}

export type OverrideRow = {
  id: string
  claimId: string
  lineId: string | null
  control: string
  state: string
  requestedBy: string
  decidedBy: string | null
  expiresOn: Day
}

/** C25: what was let pass, or asked to be. */
export async function overridesOf(db: Db, batch: Batch): Promise<Map<string, OverrideRow[]>> {
  const { rows } = await sql<OverrideRow>`
    select id, claim_id as "claimId", line_id as "lineId", control, state, requested_by as "requestedBy",
      decided_by as "decidedBy", expires_on as "expiresOn"
    from subsidy.overrides where claim_id = any(${batch.claimIds}::uuid[]) and state in ('requested', 'approved')
  `.execute(db)
  return Map.groupBy(rows, (row) => row.claimId)
}

/** C21: what each person who was called back last said. */
export async function callbackOutcomes(
  db: Db,
  batch: Batch,
): Promise<ByLine<{ id: string; outcome: 'confirmed' | 'denied' | 'differs' }>> {
  const { rows } = await sql<{ id: string; outcome: 'confirmed' | 'denied' | 'differs' }>`
    select distinct on (line_id) line_id as id, outcome from subsidy.callbacks
    where claim_id = any(${batch.claimIds}::uuid[]) and outcome in ('confirmed', 'denied', 'differs')
    order by line_id, at desc
  `.execute(db)
  return byId(rows)
}
