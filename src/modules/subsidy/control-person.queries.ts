/** Facts for the judges about the person, one statement per control and batch. Only lines with something to tell come back. */
import { sql } from 'kysely'
import { parseDocument, parseName } from '#modules/people/identity.rules.ts'
import type { DocumentKind } from '#modules/people/identity.schema.ts'
import { personContext } from '#modules/people/person.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import type { DatasetKind } from './control.schema.ts'
import { type Batch, type ByLine, byId } from './control-batch.queries.ts'
import type { Listed, Span } from './control-person.rules.ts'

type Db = Ctx['db']

type Sealed = { id: string; kind: DocumentKind; document: string; name: string }

/** C01: name and document opened, read again by the rule of registration, and forgotten. */
export async function documentFaults(
  ctx: Pick<Ctx, 'db' | 'crypto' | 'now'>,
  batch: Batch,
): Promise<ByLine<{ documentFault: string | null; nameFault: string | null }>> {
  const { rows } = await sql<Sealed>`
    select id, document_kind as kind, document_sealed as document, name_sealed as name from people.persons
    where id = any(${[...new Set(batch.lines.map((line) => line.personId))]}::uuid[])
  `.execute(ctx.db)
  const today = dayOf(ctx.now)
  const faults = new Map(
    rows.flatMap((person) => {
      const document = parseDocument(person.kind, ctx.crypto.open(person.document, personContext.document), today)
      const name = parseName(ctx.crypto.open(person.name, personContext.name))
      if (document.ok && name.ok) return []
      const [documentFault, nameFault] = [document, name].map((read) => (read.ok ? null : read.refusal.reason))
      return [[person.id, { documentFault: documentFault ?? null, nameFault: nameFault ?? null }] as const]
    }),
  )
  return new Map(
    batch.lines.flatMap((line) => {
      const fault = faults.get(line.personId)
      return fault ? [[line.id, fault] as const] : []
    }),
  )
}

/** Days on which a line's person was credited with hours in the class, oldest first. */
const daysOfLine = sql`(select array_agg(distinct h.on_day::text order by h.on_day::text) from training.hour_entries h
  where h.class_id = c.class_id and h.enrolment_id = l.enrolment_id and h.minutes > 0
    and not exists (select from training.hour_entries r where r.reverses = h.id))`

/** C02–C05: who stands in a list of persons. An open end reaches as far as its data does; death has no end. */
export async function listedPersons(
  db: Db,
  batch: Batch,
): Promise<Map<DatasetKind, ByLine<{ days: Day[]; hits: Listed[] }>>> {
  const { rows } = await sql<{ id: string; kind: DatasetKind; days: Day[] | null; hits: Listed[] }>`
    select l.id, s.kind, ${daysOfLine} as days, jsonb_agg(jsonb_build_object('dataset', s.id, 'from', r.from_on,
      'to', coalesce(r.to_on, case when s.kind <> 'deceased' then s.covers_to end))) as hits
    from subsidy.claim_lines l join subsidy.claims c on c.id = l.claim_id join people.persons p on p.id = l.person_id
    join subsidy.dataset_rows r on r.document_index = p.document_index
    join subsidy.datasets s on s.id = r.dataset_id and s.state = 'imported'
      and s.kind in ('deceased', 'pension', 'payroll-staff', 'full-time-student')
    where l.claim_id = any(${batch.claimIds}::uuid[]) and l.dropped_at is null
    group by l.id, s.kind, c.class_id, l.enrolment_id
  `.execute(db)
  const facts = new Map<DatasetKind, ByLine<{ days: Day[]; hits: Listed[] }>>()
  for (const { id, kind, days, hits } of rows) {
    const of = facts.get(kind) ?? new Map()
    facts.set(kind, of.set(id, { days: days ?? [], hits }))
  }
  return facts
}

/** One person's insurance on one day, by one employer or by anybody. */
const insuredOn = (on: ReturnType<typeof sql>, by: ReturnType<typeof sql>) => sql`exists (
  select from subsidy.dataset_rows r join subsidy.datasets s on s.id = r.dataset_id and s.state = 'imported' and s.kind = 'social-insurance'
  where r.document_index = p.document_index and r.from_on <= ${on} and ${on} <= coalesce(r.to_on, s.covers_to) and ${by})`

/** Who has to insure the person: the named employer, or the undertaker itself; for a dispatched worker anybody. */
const theEmployer = sql`(e.employment = 'dispatch' or r.uscc = coalesce(m.uscc, o.uscc))`

/** C06: covered days of class on which the employer did not insure the person. */
export async function uninsuredDays(db: Db, claimIds: readonly string[]): Promise<ByLine<{ id: string; days: Day[] }>> {
  const { rows } = await sql<{ id: string; days: Day[] }>`
    with sets as materialized (select id, covers_from, covers_to from subsidy.datasets where state = 'imported' and kind = 'social-insurance'),
    covered as (select range_agg(daterange(covers_from, covers_to, '[]')) as days from sets),
    l as materialized (
      select l.id, l.enrolment_id, c.class_id, p.document_index, e.employment, coalesce(m.uscc, o.uscc) as uscc
      from subsidy.claim_lines l join subsidy.claims c on c.id = l.claim_id
      join training.enrolments e on e.id = l.enrolment_id join people.organisations o on o.id = c.organisation_id
      left join people.organisations m on m.id = e.employer_id join people.persons p on p.id = l.person_id
      where l.claim_id = any(${[...claimIds]}::uuid[]) and l.dropped_at is null),
    insured as (
      select l.id, range_agg(daterange(r.from_on, coalesce(r.to_on, s.covers_to), '[]')) as days
      from l join subsidy.dataset_rows r on r.document_index = l.document_index join sets s on s.id = r.dataset_id
      where (l.employment = 'dispatch' or r.uscc = l.uscc) and r.from_on <= coalesce(r.to_on, s.covers_to) group by l.id),
    attended as (
      select distinct l.id, h.on_day from l join training.hour_entries h on h.class_id = l.class_id and h.enrolment_id = l.enrolment_id
      where h.minutes > 0 and not exists (select from training.hour_entries x where x.reverses = h.id))
    select a.id, array_agg(a.on_day::text order by a.on_day) as days
    from attended a cross join covered v left join insured i on i.id = a.id
    where v.days @> a.on_day and not coalesce(i.days @> a.on_day, false)
    group by a.id
  `.execute(db)
  return byId(rows)
}

/** C07: days of class on which somebody insured a person who attends as unemployed. */
export async function insuredDays(
  db: Db,
  claimIds: readonly string[],
  group: string,
): Promise<ByLine<{ id: string; days: Day[] }>> {
  const { rows } = await sql<{ id: string; days: Day[] }>`
    select l.id, array_agg(distinct h.on_day::text order by h.on_day::text) as days
    from subsidy.claim_lines l join subsidy.claims c on c.id = l.claim_id
    join training.enrolments e on e.id = l.enrolment_id and e.group_code = ${group}
    join people.persons p on p.id = l.person_id
    join training.hour_entries h on h.class_id = c.class_id and h.enrolment_id = l.enrolment_id and h.minutes > 0
    where l.claim_id = any(${[...claimIds]}::uuid[]) and l.dropped_at is null
      and not exists (select from training.hour_entries x where x.reverses = h.id)
      and ${insuredOn(sql`h.on_day`, sql`true`)}
    group by l.id
  `.execute(db)
  return byId(rows)
}

/** C22: lines whose person the employer does not insure on the given day of their claim. */
export async function leftEmployer(db: Db, claims: readonly { id: string; on: Day }[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select l.id from unnest(${claims.map((c) => c.id)}::uuid[], ${claims.map((c) => c.on)}::date[]) as k (claim_id, on_day)
    join subsidy.claim_lines l on l.claim_id = k.claim_id and l.dropped_at is null
    join subsidy.claims c on c.id = l.claim_id join people.organisations o on o.id = c.organisation_id
    join training.enrolments e on e.id = l.enrolment_id left join people.organisations m on m.id = e.employer_id
    join people.persons p on p.id = l.person_id
    where not ${insuredOn(sql`k.on_day`, theEmployer)}
  `.execute(db)
  return new Set(rows.map((row) => row.id))
}

/** C11: verified memberships of the group somebody claims to belong to. */
export async function verifiedGroups(db: Db, batch: Batch): Promise<ByLine<{ id: string; spans: Span[] }>> {
  const { rows } = await sql<{ id: string; spans: Span[] }>`
    select l.id, jsonb_agg(jsonb_build_object('from', coalesce(lower(g.validity), '1900-01-01'), 'to', upper(g.validity) - 1)) as spans
    from subsidy.claim_lines l join training.enrolments e on e.id = l.enrolment_id
    join people.group_memberships g on g.person_id = l.person_id and g.group_code = e.group_code and g.revoked_at is null
    where l.claim_id = any(${batch.claimIds}::uuid[]) and l.dropped_at is null
    group by l.id
  `.execute(db)
  return byId(rows)
}
