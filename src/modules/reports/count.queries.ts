import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import type { Recorded } from './count.rules.ts'
import type { Basis, ReversalReason } from './count.schema.ts'

type Db = Ctx['db']

/** What every event of a class has in common. */
export type ClassFacts = {
  id: string
  programme: string
  organisationId: string
  mode: string
  classHours: number
  industry: string
  subdistrict: string
  occupation: { edition: string; code: string } | null
  state: string
  startsOn: Day
}

export async function classFacts(db: Db, id: string): Promise<ClassFacts> {
  const row = await db.selectFrom('training.classes').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw missing('class')
  const { occupation_edition: edition, occupation_code: code } = row
  return {
    id,
    programme: row.programme,
    organisationId: row.organisation_id,
    mode: row.mode,
    classHours: row.class_hours,
    industry: row.industry,
    subdistrict: row.subdistrict,
    occupation: edition && code ? { edition, code } : null,
    state: row.state,
    startsOn: row.starts_on as Day,
  }
}

/** One person's record in a class and whether it counts; if not, why an event that stands must go. */
export type CountRecord = {
  enrolmentId: string
  personId: string
  on: Day
  counts: boolean
  why: ReversalReason
  certificateId: string | null
  claimLineId: string | null
  amountFen: number
}

type RawRecord = Omit<CountRecord, 'on'> & { at: Date }
const dated = (rows: RawRecord[]): CountRecord[] => rows.map(({ at, ...row }) => ({ ...row, on: dayOf(at) }))

/** Enrolments: they count from the day on which the person is enrolled and the class approved. */
export async function enrolmentRecords(db: Db, classId: string): Promise<CountRecord[]> {
  const { rows } = await sql<RawRecord>`
    select e.id as "enrolmentId", e.person_id as "personId", greatest(e.enrolled_at, c.decided_at) as at,
      e.state <> 'withdrawn' and c.state in ('approved', 'in-session', 'suspended', 'assessed', 'closed') as counts,
      case when c.state = 'cancelled' then 'class-cancelled' else 'enrolment-withdrawn' end as why,
      null as "certificateId", null as "claimLineId", 0 as "amountFen"
    from training.enrolments e join training.classes c on c.id = e.class_id
    where e.class_id = ${classId} order by e.id
  `.execute(db)
  return dated(rows)
}

/** Results: who passed and still holds what it earned. A misprinted certificate takes nothing away. */
export async function resultRecords(db: Db, classId: string): Promise<CountRecord[]> {
  const { rows } = await sql<RawRecord>`
    select r.enrolment_id as "enrolmentId", r.person_id as "personId", r.decided_at as at,
      r.passed and e.state <> 'withdrawn' and c.state <> 'cancelled' and not f.revoked as counts,
      case when f.revoked then 'certificate-revoked' when not r.passed then 'result-changed'
        when c.state = 'cancelled' then 'class-cancelled' else 'enrolment-withdrawn' end as why,
      f.live as "certificateId", null as "claimLineId", 0 as "amountFen"
    from assessment.current_results r
    join training.enrolments e on e.id = r.enrolment_id
    join training.classes c on c.id = r.class_id
    cross join lateral (
      select (array_agg(k.id) filter (where k.state = 'issued'))[1] as live,
        coalesce(bool_or(k.state = 'revoked' and k.revoke_code <> 'misprint'), false)
          and not coalesce(bool_or(k.state = 'issued'), false) as revoked
      from assessment.certificates k where k.enrolment_id = r.enrolment_id
    ) f
    where r.class_id = ${classId} order by r.enrolment_id
  `.execute(db)
  return dated(rows)
}

/** Paid lines of a claim, dated by the day the claim became paid. A line whose count was taken back stays taken back. */
export async function paidRecords(db: Db, claimId: string): Promise<{ classId: string; records: CountRecord[] }> {
  const claim = await db
    .selectFrom('subsidy.claims')
    .select(['class_id', 'state'])
    .where('id', '=', claimId)
    .executeTakeFirst()
  if (!claim) throw missing('claim')
  const { rows } = await sql<RawRecord>`
    select l.enrolment_id as "enrolmentId", l.person_id as "personId",
      coalesce((select max(m.at) from platform.moves m
        where m.subject_kind = 'claim' and m.subject_id = c.id and m.to_state = 'paid'),
        (select max(o.settled_at) from subsidy.payment_orders o where o.claim_id = c.id), c.created_at) as at,
      c.state = 'paid' and not exists (select from reports.count_events e
        join reports.count_events r on r.negates = e.id where e.claim_line_id = l.id) as counts,
      'claim-unpaid' as why, null as "certificateId", l.id as "claimLineId", l.amount_fen as "amountFen"
    from subsidy.claim_lines l join subsidy.claims c on c.id = l.claim_id
    where l.claim_id = ${claimId} and l.dropped_at is null and l.amount_fen > 0 order by l.id
  `.execute(db)
  return { classId: claim.class_id, records: dated(rows) }
}

/** Events of a class on one basis, each with the day it was reversed. */
export async function recordedEvents(db: Db, classId: string, basis: Basis): Promise<Recorded[]> {
  const { rows } = await sql<Recorded>`
    select e.id, e.person_id as "personId", e.round, e.counted_on as "countedOn", r.counted_on as "reversedOn"
    from reports.count_events e left join reports.count_events r on r.negates = e.id
    where e.class_id = ${classId} and e.basis = ${basis} and e.negates is null order by e.id
  `.execute(db)
  return rows
}

/** Standing events of claim lines. */
export async function standingOfLines(db: Db, lineIds: readonly string[]): Promise<{ id: number; countedOn: Day }[]> {
  const { rows } = await sql<{ id: number; countedOn: Day }>`
    select e.id, e.counted_on as "countedOn" from reports.count_events e
    where e.claim_line_id = any(${[...lineIds]}::uuid[]) and e.negates is null
      and not exists (select from reports.count_events r where r.negates = e.id) order by e.id
  `.execute(db)
  return rows
}

/** Where a person belongs on a day: verified groups, home, employer's place. */
export type PersonFacts = { groups: string[]; residence: string | null; employer: string | null }

export async function personFacts(
  db: Db,
  pairs: readonly { enrolmentId: string; on: Day }[],
  now: Date,
): Promise<Map<string, PersonFacts>> {
  const { rows } = await sql<PersonFacts & { enrolmentId: string }>`
    select e.id as "enrolmentId", p.subdistrict as residence, o.subdistrict as employer,
      coalesce((select array_agg(distinct m.group_code order by m.group_code) from people.group_memberships m
        where m.person_id = e.person_id and m.validity @> w.on_day and m.verified_at <= ${now}
          and (m.revoked_at is null or m.revoked_at > ${now})), '{}') as groups
    from unnest(${pairs.map((pair) => pair.enrolmentId)}::uuid[], ${pairs.map((pair) => pair.on)}::date[]) as w (id, on_day)
    join training.enrolments e on e.id = w.id
    join people.persons p on p.id = e.person_id
    left join people.organisations o on o.id = e.employer_id
  `.execute(db)
  return new Map(rows.map(({ enrolmentId, ...facts }) => [enrolmentId, facts]))
}

/** Tallies that do not say what the events say. Empty, or something is broken. */
export async function tallyFaults(db: Db, atMost = 100) {
  return db.selectFrom('reports.tally_faults').selectAll().limit(atMost).execute()
}

/** Classes and claims whose records and standing events differ: a job was lost, or a decision has opened the way. */
export async function uncounted(db: Db, atMost = 500): Promise<{ job: string; payload: Record<string, string> }[]> {
  const { rows } = await sql<{ job: string; kind: string; id: string }>`
    with live as (
      select e.class_id, e.basis, count(*) as n from reports.count_events e
      where e.negates is null and not exists (select from reports.count_events r where r.negates = e.id) group by 1, 2
    ), enrolled as (
      select class_id, count(*) as n from training.enrolments where state <> 'withdrawn' group by 1
    ), passed as (
      select r.class_id, count(*) as n from assessment.current_results r join training.enrolments e on e.id = r.enrolment_id
      where r.passed and e.state <> 'withdrawn'
        and (not exists (select from assessment.certificates k where k.enrolment_id = e.id and k.state = 'revoked'
            and k.revoke_code <> 'misprint')
          or exists (select from assessment.certificates k where k.enrolment_id = e.id and k.state = 'issued'))
      group by 1
    )
    (select 'reports.countEnrolled' as job, 'classId' as kind, c.id from training.classes c
      left join enrolled e on e.class_id = c.id left join live l on l.class_id = c.id and l.basis = 'enrolled'
      where coalesce(l.n, 0) <> case when c.state in ('approved', 'in-session', 'suspended', 'assessed', 'closed')
        then coalesce(e.n, 0) else 0 end limit ${atMost})
    union all
    (select 'reports.countPassed', 'classId', c.id from training.classes c
      left join passed p on p.class_id = c.id left join live l on l.class_id = c.id and l.basis = 'completedAndPassed'
      where coalesce(l.n, 0) <> case when c.state <> 'cancelled' then coalesce(p.n, 0) else 0 end limit ${atMost})
    union all
    (select 'reports.countPaid', 'claimId', c.id from subsidy.claims c
      where c.state = 'paid' and exists (select from subsidy.claim_lines l
        where l.claim_id = c.id and l.dropped_at is null and l.amount_fen > 0
          and not exists (select from reports.count_events e where e.claim_line_id = l.id)) limit ${atMost})
  `.execute(db)
  return rows.map(({ job, kind, id }) => ({ job, payload: { [kind]: id } }))
}
