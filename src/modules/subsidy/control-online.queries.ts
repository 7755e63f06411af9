/** Facts for the judge of online hours. They are worked out from the evidence, apart from what posted the hours. */
import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { type Batch, type ByLine, byId, type ClaimBase } from './control-batch.queries.ts'
import type { OnlineFacts } from './control-online.rules.ts'

type Db = Ctx['db']

/** Figures of a claim's class; what is not decided is null and finds nothing. */
export type OnlineFigures = {
  topRatePercent: number | null
  dayMinutes: number | null
  questionMinutes: number | null
}

/** A stretch that lies within a session the person is marked in. */
const inClass = sql`exists (select from training.attendance_marks m where m.person_id = t.person_id
  and m.voided_at is null and m.kind <> 'excused' and m.during && tstzrange(t.at - t.wall_ms * interval '1 millisecond', t.at, '[]'))`

/** C16: for each line that learnt online, what stands in the ledger and what the stretches say of it. */
export async function onlineFacts(
  db: Db,
  batch: Batch,
  figuresOf: (claim: ClaimBase) => OnlineFigures,
): Promise<ByLine<OnlineFacts & { id: string }>> {
  const of = [...batch.claims.values()].filter(({ mode }) => mode !== 'offline')
  if (of.length === 0) return new Map()
  const figures = of.map(figuresOf)
  const { rows } = await sql<OnlineFacts & { id: string }>`
    with k as (select * from unnest(${of.map((c) => c.id)}::uuid[], ${figures.map((f) => f.topRatePercent)}::int[],
        ${figures.map((f) => f.dayMinutes)}::int[], ${figures.map((f) => f.questionMinutes)}::int[])
      as k (claim_id, top_rate, day_minutes, question_minutes)),
    r as materialized (
      select l.id as line_id, l.person_id, c.class_id, r.id as registration_id, k.top_rate, k.day_minutes, k.question_minutes
      from k join subsidy.claim_lines l on l.claim_id = k.claim_id and l.dropped_at is null
      join subsidy.claims c on c.id = k.claim_id join learning.registrations r on r.enrolment_id = l.enrolment_id),
    h as materialized (
      select r.line_id, h.registration_id, h.on_day, h.minutes, h.grade, r.question_minutes
      from r join training.hour_entries h on h.registration_id = r.registration_id and h.reverses is null
        and not exists (select from training.hour_entries x where x.reverses = h.id)),
    t as materialized (
      select r.line_id, t.registration_id, t.viewing_id, t.on_day, t.at, t.granted_ms, ${inClass} as in_class
      from r join learning.stretches t on t.registration_id = r.registration_id and t.granted_ms > 0),
    posted as (
      select line_id, sum(minutes)::int as posted, coalesce(sum(minutes) filter (where grade = 'C'), 0)::int as clock_only
      from h group by line_id),
    beyond as (
      select p.line_id, sum(greatest(p.minutes - coalesce(e.minutes, 0), 0))::int as beyond
      from (select line_id, registration_id, sum(minutes) as minutes from h group by 1, 2) p
      left join (select registration_id, floor(sum(granted_ms) / 60000.0) as minutes from t where not in_class group by 1) e
        using (registration_id)
      group by p.line_id),
    clock as (
      select w.line_id, count(*)::int as over_clock from (
        select t.line_id, t.viewing_id, sum(t.granted_ms) as ms, max(t.at) as last, r.top_rate
        from t join r using (registration_id, line_id) group by 1, 2, 5) w
      join learning.viewings v on v.id = w.viewing_id
      where w.ms > ceil(extract(epoch from w.last - v.opened_at) * 10 * coalesce(w.top_rate, 100)) + 1
      group by w.line_id),
    days as (
      select line_id, count(*)::int as over_days, min(on_day)::text as over_day_first from (
        select r.line_id, s.on_day from (select distinct line_id, person_id, day_minutes from r) r
        join learning.registrations o on o.person_id = r.person_id
        join learning.stretches s on s.registration_id = o.id and s.granted_ms > 0
        group by r.line_id, r.day_minutes, s.on_day having sum(s.granted_ms) > r.day_minutes::bigint * 60000) x
      group by line_id),
    silent as (
      select line_id, count(*)::int as silent_days, min(on_day)::text as silent_day_first from h
      where grade = 'C' and minutes > question_minutes group by line_id),
    devices as (
      select u.line_id, max(u.persons)::int as device_persons from (
        select t.line_id, (select count(distinct o.person_id) from learning.viewings o
            join learning.registrations b on b.id = o.registration_id and b.class_id = r.class_id
            where o.device = v.device and (o.opened_at at time zone 'Asia/Shanghai')::date = t.on_day) as persons
        from (select distinct line_id, registration_id, viewing_id, on_day from t) t
        join r using (line_id, registration_id) join learning.viewings v on v.id = t.viewing_id and v.device is not null) u
      group by u.line_id),
    seen as (
      select r.line_id,
        (select count(*) from learning.presences p where p.person_id = r.person_id and p.outcome = 'missed'
          and p.viewing_id in (select id from learning.viewings w where w.registration_id in
            (select registration_id from r x where x.line_id = r.line_id)))::int as missed,
        (select coalesce(sum(s.wall_ms), 0) / 1000 from learning.stretches s where s.registration_id in
            (select registration_id from r x where x.line_id = r.line_id)
          and s.reason in ('seek', 'too-fast', 'ahead-of-clock'))::int as refused
      from (select distinct line_id, person_id from r) r)
    select p.line_id as id, p.posted, p.clock_only as "clockOnly", b.beyond, coalesce(c.over_clock, 0) as "overClock",
      coalesce(d.over_days, 0) as "overDays", d.over_day_first as "overDayFirst", coalesce(q.silent_days, 0) as "silentDays",
      q.silent_day_first as "silentDayFirst", coalesce(e.device_persons, 1) as "devicePersons", s.missed, s.refused as "refusedSeconds"
    from posted p join beyond b using (line_id) left join clock c using (line_id) left join days d using (line_id)
      left join silent q using (line_id) left join devices e using (line_id) join seen s using (line_id)
  `.execute(db)
  return byId(rows)
}
