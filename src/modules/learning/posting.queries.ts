import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { Day } from '#shared/units.ts'

type Db = Ctx['db']

/** A stretch that lies within a class session the person is marked in, whenever the mark was made. */
export const inClassLater = sql`exists (select from training.attendance_marks m where m.person_id = t.person_id
  and m.voided_at is null and m.kind <> 'excused' and m.during && tstzrange(t.at - t.wall_ms * interval '1 millisecond', t.at, '[]'))`

export type DayDue = {
  personId: string
  enrolmentId: string | null
  courseId: string
  programme: string | null
  /** Whole minutes of evidence up to the end of the day, less what other days have been given: the rest is carried on. */
  dueMinutes: number
  /** What stands for the day. */
  postedMinutes: number | null
  stretches: number
  /** Milliseconds of the day that a class session takes away. */
  inClassMs: number
  questions: number
  remedied: number
}

/** What a day of a registration comes to now. */
export async function dayDue(db: Db, registrationId: string, on: Day): Promise<DayDue | undefined> {
  const { rows } = await sql<DayDue>`
    with t as (
      select t.on_day, t.granted_ms, t.viewing_id, ${inClassLater} as in_class
      from learning.stretches t where t.registration_id = ${registrationId} and t.granted_ms > 0 and t.on_day <= ${on}::date),
    h as (
      select h.on_day, h.minutes from training.hour_entries h where h.registration_id = ${registrationId} and h.reverses is null
        and not exists (select from training.hour_entries x where x.reverses = h.id))
    select r.person_id as "personId", r.enrolment_id as "enrolmentId", r.course_id as "courseId", c.programme,
      greatest(0, floor((select coalesce(sum(granted_ms) filter (where not in_class), 0) from t) / 60000)
        - (select coalesce(sum(minutes), 0) from h where on_day <> ${on}::date))::int as "dueMinutes",
      (select minutes from h where on_day = ${on}::date) as "postedMinutes",
      (select count(*)::int from t where on_day = ${on}::date) as stretches,
      (select coalesce(sum(granted_ms) filter (where in_class), 0)::int from t where on_day = ${on}::date) as "inClassMs",
      p.questions, p.remedied
    from learning.registrations r left join training.classes c on c.id = r.class_id
      cross join lateral (select count(*)::int as questions, count(*) filter (where p.outcome = 'remedied')::int as remedied
        from learning.presences p where p.outcome in ('answered', 'remedied')
          and p.viewing_id in (select viewing_id from t where on_day = ${on}::date)) p
    where r.id = ${registrationId}`.execute(db)
  return rows[0]
}

/** Class hours of a course that a programme accepts on a day; null while nobody has decided. */
export async function acceptedHours(db: Db, courseId: string, programme: string, on: Day): Promise<number | null> {
  const row = await db
    .selectFrom('library.conversions')
    .select('class_hours')
    .where('course_id', '=', courseId)
    .where('programme', '=', programme)
    .where('state', '=', 'in-force')
    .where(sql<boolean>`daterange(from_on, to_on, '[]') @> ${on}::date`)
    .executeTakeFirst()
  return row?.class_hours ?? null
}

/** Every day on which something counted for a class, oldest first. */
export async function daysOfClass(db: Db, classId: string): Promise<{ registrationId: string; on: Day }[]> {
  const { rows } = await sql<{ registrationId: string; on: Day }>`
    select t.registration_id as "registrationId", t.on_day as "on"
    from learning.registrations r join learning.stretches t on t.registration_id = r.id and t.granted_ms > 0
    where r.class_id = ${classId} group by 1, 2 order by 1, 2`.execute(db)
  return rows
}

/** Days of the last weeks whose evidence may not be in the ledger as it should be; oldest first. */
export async function daysToSettle(db: Db, before: Day, weeks = 9): Promise<{ registrationId: string; on: Day }[]> {
  const { rows } = await sql<{ registrationId: string; on: Day }>`
    select t.registration_id as "registrationId", t.on_day as "on"
    from learning.stretches t
    where t.granted_ms > 0 and t.on_day < ${before}::date and t.on_day >= ${before}::date - ${weeks * 7}::int
    group by 1, 2 order by 2, 1`.execute(db)
  return rows
}
