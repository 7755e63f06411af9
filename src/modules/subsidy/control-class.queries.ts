/** Facts for the judges about the class room, one statement per control and batch. */
import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { Day } from '#shared/units.ts'
import { type Batch, type ByLine, byId } from './control-batch.queries.ts'

type Db = Ctx['db']

const linesOf = (batch: Batch) => sql`select l.id, l.person_id, l.enrolment_id, c.class_id
  from subsidy.claim_lines l join subsidy.claims c on c.id = l.claim_id
  where l.claim_id = any(${batch.claimIds}::uuid[]) and l.dropped_at is null`
const standing = (h: string) => sql`${sql.ref(h)}.minutes > 0 and not exists (
  select from training.hour_entries x where x.reverses = ${sql.ref(h)}.id)`
const minutesOf = (range: ReturnType<typeof sql>) => sql`extract(epoch from upper(${range}) - lower(${range})) / 60`

/**
 * C08: days on which more minutes were credited in two overlapping sessions than the time from the start of the first to
 * the end of the last. Leaving one early and joining the other late is therefore no overlap.
 */
export async function overlapDays(db: Db, batch: Batch): Promise<ByLine<{ id: string; days: Day[] }>> {
  const { rows } = await sql<{ id: string; days: Day[] }>`
    with l as (${linesOf(batch)})
    select l.id, array_agg(distinct h.on_day::text order by h.on_day::text) as days
    from l join training.hour_entries h on h.class_id = l.class_id and h.enrolment_id = l.enrolment_id
    join training.hour_entries o on o.person_id = l.person_id and o.on_day = h.on_day and o.session_id <> h.session_id
    join training.sessions s on s.id = h.session_id join training.sessions t on t.id = o.session_id and t.during && s.during
    where ${standing('h')} and ${standing('o')}
      and h.minutes + o.minutes > ${minutesOf(sql`range_merge(s.during, t.during)`)}
    group by l.id
  `.execute(db)
  return byId(rows)
}

/** C08: days on which somebody was credited with time in which he was teaching elsewhere. */
export async function teachingDays(db: Db, batch: Batch): Promise<ByLine<{ id: string; days: Day[] }>> {
  const { rows } = await sql<{ id: string; days: Day[] }>`
    with l as (${linesOf(batch)})
    select l.id, array_agg(distinct h.on_day::text order by h.on_day::text) as days
    from l join training.trainers r on r.person_id = l.person_id
    join training.hour_entries h on h.class_id = l.class_id and h.enrolment_id = l.enrolment_id
    join training.sessions s on s.id = h.session_id
    join training.sessions t on t.trainer_person_id = l.person_id and t.during && s.during and t.state = 'closed'
    where ${standing('h')} and h.minutes > ${minutesOf(sql`s.during`)} - ${minutesOf(sql`(s.during * t.during)`)}
    group by l.id
  `.execute(db)
  return byId(rows)
}

export type Scope = { id: string; licence: 'covers' | 'out-of-scope' | 'none'; ownScope: boolean }

/** C12: per claim, what the organisation may teach on the days of the class. One licence covers it or none does. */
export async function scopes(db: Db, batch: Batch): Promise<ByLine<Scope>> {
  const of = [...batch.claims.values()]
  const { rows } = await sql<Scope>`
    select k.id, coalesce(v.licence, 'none') as licence, coalesce(v.own, false) as "ownScope"
    from unnest(${of.map((c) => c.id)}::uuid[], ${of.map((c) => c.organisationId)}::uuid[], ${of.map((c) => c.occupation)}::text[],
      ${of.map((c) => c.firstOn)}::date[], ${of.map((c) => c.lastOn)}::date[]) as k (id, organisation_id, occupation, first, last)
    left join lateral (
      select case when bool_or(k.occupation is null or i.occupations = '{}' or k.occupation = any(i.occupations)) then 'covers'
        else 'out-of-scope' end as licence, bool_or(i.kind = 'own-staff') as own
      from people.licences i where i.organisation_id = k.organisation_id and i.valid_from <= k.first
        and (i.valid_to is null or i.valid_to >= k.last)
      having count(*) > 0) v on true
  `.execute(db)
  return byId(rows)
}

/** C12: per claim, the sessions with more people signed in than seats. */
export async function overSeats(
  db: Db,
  batch: Batch,
): Promise<ByLine<{ id: string; count: number; persons: number; seats: number }>> {
  const { rows } = await sql<{ id: string; count: number; persons: number; seats: number }>`
    select id, count(*)::int as count, max(persons)::int as persons, (array_agg(seats order by persons desc))[1] as seats from (
      select c.id, count(distinct m.person_id) as persons, r.seats
      from subsidy.claims c join training.sessions s on s.class_id = c.class_id join training.rooms r on r.id = s.room_id
      join training.attendance_marks m on m.session_id = s.id and m.voided_at is null and m.kind <> 'excused'
      where c.id = any(${batch.claimIds}::uuid[])
      group by c.id, s.id, r.seats having count(distinct m.person_id) > r.seats) x
    group by id
  `.execute(db)
  return byId(rows)
}

/** C13: per claim, sessions whose trainer is elsewhere at the time, and sessions outside the trainer's term. */
export async function trainerFaults(
  db: Db,
  batch: Batch,
): Promise<ByLine<{ id: string; twice: number; invalid: number }>> {
  const { rows } = await sql<{ id: string; twice: number; invalid: number }>`
    select c.id, count(*) filter (where exists (
        select from training.sessions t where t.trainer_person_id = s.trainer_person_id and t.id <> s.id
          and t.during && s.during and t.state <> 'cancelled'))::int as twice,
      count(*) filter (where not daterange(r.valid_from, r.valid_to, '[]') @> (lower(s.during) at time zone 'Asia/Shanghai')::date)::int as invalid
    from subsidy.claims c join training.sessions s on s.class_id = c.class_id and s.state <> 'cancelled'
    join training.trainers r on r.id = s.trainer_id
    where c.id = any(${batch.claimIds}::uuid[])
    group by c.id
  `.execute(db)
  return byId(rows)
}

/** C15: for each line, how many people signed in on the same device in one session, where more than one did. */
export async function sharedDevices(db: Db, batch: Batch): Promise<ByLine<{ id: string; persons: number }>> {
  const { rows } = await sql<{ id: string; persons: number }>`
    with g as (
      select array_agg(distinct m.enrolment_id) as enrolments, count(distinct m.person_id)::int as persons
      from subsidy.claims c join training.sessions s on s.class_id = c.class_id
      join training.attendance_marks m on m.session_id = s.id and m.kind = 'room-code' and m.voided_at is null and m.device is not null
      where c.id = any(${batch.claimIds}::uuid[])
      group by s.id, m.device having count(distinct m.person_id) > 1)
    select l.id, max(g.persons) as persons from g cross join unnest(g.enrolments) as x (enrolment_id)
    join subsidy.claim_lines l on l.enrolment_id = x.enrolment_id
    where l.claim_id = any(${batch.claimIds}::uuid[]) and l.dropped_at is null group by l.id
  `.execute(db)
  return byId(rows)
}

/** C15: per claim, marks typed in afterwards among all marks. */
export async function manualMarks(
  db: Db,
  batch: Batch,
): Promise<ByLine<{ id: string; manual: number; marks: number }>> {
  const { rows } = await sql<{ id: string; manual: number; marks: number }>`
    select c.id, count(*) filter (where m.kind = 'manual')::int as manual, count(*)::int as marks
    from subsidy.claims c join training.sessions s on s.class_id = c.class_id
    join training.attendance_marks m on m.session_id = s.id and m.voided_at is null and m.kind <> 'excused'
    where c.id = any(${batch.claimIds}::uuid[]) group by c.id
  `.execute(db)
  return byId(rows)
}

export type PassFacts = { id: string; assessed: number; passed: number; busiestOn: Day | null; busiest: number | null }

/** C18: per claim, the institution's results in the twelve months up to the claim, and on the days of this class. */
export async function passRates(db: Db, batch: Batch): Promise<ByLine<PassFacts>> {
  const of = [...batch.claims.values()]
  const { rows } = await sql<PassFacts>`
    with k as (select * from unnest(${of.map((c) => c.id)}::uuid[], ${of.map((c) => c.classId)}::uuid[],
        ${of.map((c) => c.organisationId)}::uuid[], ${of.map((c) => c.claimedOn)}::date[])
      as k (id, class_id, organisation_id, claimed)),
    latest as materialized (
      select c.organisation_id, r.class_id, (r.decided_at at time zone 'Asia/Shanghai')::date as on_day,
        count(*) as assessed, count(*) filter (where r.passed) as passed
      from training.classes c join assessment.results r on r.class_id = c.id
      where c.organisation_id in (select organisation_id from k)
        and not exists (select from assessment.results n where n.enrolment_id = r.enrolment_id and n.revision > r.revision)
      group by 1, 2, 3),
    daily as materialized (
      select organisation_id, on_day, sum(assessed) as assessed, sum(passed) as passed from latest group by 1, 2)
    select k.id, y.assessed, y.passed, b.on_day as "busiestOn", b.passed::int as busiest
    from k cross join lateral (
      select coalesce(sum(d.assessed), 0)::int as assessed, coalesce(sum(d.passed), 0)::int as passed from daily d
      where d.organisation_id = k.organisation_id and d.on_day > (k.claimed - interval '12 months')::date and d.on_day <= k.claimed) y
    left join lateral (
      select d.on_day, d.passed from daily d join latest t on t.class_id = k.class_id and t.on_day = d.on_day
      where d.organisation_id = k.organisation_id order by d.passed desc, d.on_day limit 1) b on true
  `.execute(db)
  return byId(rows)
}

export type ScoreFacts = {
  id: string
  result: number | null
  scored: number | null
  onePerson: number
  pending: number
}

/** C23: per line, the standing result, the sum of the scores behind it, and who stood behind them. */
export async function scoreFacts(db: Db, batch: Batch): Promise<ByLine<ScoreFacts>> {
  const { rows } = await sql<ScoreFacts>`
    with l as (${linesOf(batch)})
    select l.id, r.total as result, s.scored::int, coalesce(s.one_person, 0)::int as "onePerson", coalesce(s.pending, 0)::int as pending
    from l left join lateral (
      select case when passed then total_millipoints end as total from assessment.results
      where enrolment_id = l.enrolment_id order by revision desc limit 1) r on true
    left join lateral (
      select sum(case f.part when 'theory' then a.theory_weight else a.practice_weight end * coalesce(ch.to_tenths, f.tenths)) as scored,
        count(*) filter (where f.entered_by = f.confirmed_by or ch.proposed_by = ch.decided_by) as one_person,
        count(*) filter (where exists (select from assessment.score_changes p where p.score_id = f.id and p.state = 'proposed')) as pending
      from assessment.scores f join assessment.assessments a on a.id = f.assessment_id
      left join lateral (select * from assessment.score_changes x where x.score_id = f.id and x.state = 'approved'
        order by x.decided_at desc, x.id desc limit 1) ch on true
      where f.enrolment_id = l.enrolment_id) s on true
  `.execute(db)
  return byId(rows)
}
