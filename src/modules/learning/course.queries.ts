import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { Day } from '#shared/units.ts'
import { type ItemState, requirementsOf, sharePercent } from './completion.rules.ts'
import type { ItemKind } from './registration.schema.ts'

type Db = Ctx['db']

export type MyCourse = {
  registrationId: string
  courseId: string
  title: string
  organisation: string
  classTitle: string | null
  plannedHours: number
  registeredAt: Date
  completedAt: Date | null
  /** The completion was taken back, and why. */
  withdrawn: { at: Date; reason: string } | null
  /** What stands in the hours ledger. */
  ledgerMinutes: number
  /** Counted but not yet in the ledger: today's, or what waits for a decision. */
  waitingMs: number
  lastItemId: string | null
}

type CourseRow = Omit<MyCourse, 'withdrawn'> & { withdrawnAt: Date | null; withdrawnReason: string | null }
const toCourse = ({ withdrawnAt, withdrawnReason, ...row }: CourseRow): MyCourse => ({
  ...row,
  withdrawn: withdrawnAt && { at: withdrawnAt, reason: withdrawnReason ?? '' },
})

const courseRows = (personId: string, registrationId: string | null) => sql<CourseRow>`
  select r.id as "registrationId", c.id as "courseId", c.title, o.name as organisation, k.title as "classTitle",
    v.planned_class_hours as "plannedHours", r.registered_at as "registeredAt", case when w.at is null then d.at end as "completedAt",
    w.at as "withdrawnAt", w.reason as "withdrawnReason",
    coalesce(h.minutes, 0)::int as "ledgerMinutes",
    greatest(0, coalesce((select sum(granted_ms) from learning.stretches t where t.registration_id = r.id), 0)
      - coalesce(h.minutes, 0) * 60000)::bigint as "waitingMs",
    (select w.item_id from learning.viewings w where w.registration_id = r.id order by w.opened_at desc limit 1) as "lastItemId"
  from learning.registrations r join library.courses c on c.id = r.course_id join library.versions v on v.id = r.version_id
    join people.organisations o on o.id = c.organisation_id
    left join training.classes k on k.id = r.class_id
    left join learning.completions d on d.registration_id = r.id
    left join learning.withdrawals w on w.registration_id = r.id
    left join lateral (select sum(minutes) as minutes from training.hour_entries where registration_id = r.id) h on true
  where r.person_id = ${personId} and (${registrationId}::uuid is null or r.id = ${registrationId}::uuid)
  order by r.registered_at desc`

/** The online courses of a person, the newest first; totals from the ledger. */
export async function myCourses(db: Db, personId: string): Promise<MyCourse[]> {
  return (await courseRows(personId, null).execute(db)).rows.map(toCourse)
}

export type CourseItem = ItemState & {
  chapter: number
  chapterTitle: string
  position: number
  plannedSeconds: number
  kind: ItemKind
}

/** Everything in the registered version, with what has counted and what was passed. */
export async function itemsOf(db: Db, registrationId: string): Promise<CourseItem[]> {
  const { rows } = await sql<CourseItem>`
    select i.id as "itemId", i.title, i.kind, i.required, i.chapter, i.chapter_title as "chapterTitle", i.position,
      i.planned_seconds as "plannedSeconds",
      case when i.kind in ('exam', 'assignment', 'lti') then null
        else nullif(case when i.kind in ('video', 'audio') then floor(m.duration_seconds * 1000)::int
          else i.planned_seconds * 1000 end, 0) end as "mediumMs",
      coalesce(learning.length_ms(c.covered), 0) as "coveredMs",
      case i.kind
        when 'exam' then (select bool_or(a.passed) from learning.attempts a
          where a.registration_id = r.id and a.item_id = i.id and a.submitted_at is not null)
        when 'assignment' then (select bool_or(g.passed) from learning.submissions s join learning.gradings g on g.submission_id = s.id
          where s.registration_id = r.id and s.item_id = i.id)
        when 'lti' then connect.item_passed(r.person_id, (i.body ->> 'linkId')::uuid, (i.body ->> 'passMark')::numeric)
        end as passed
    from learning.registrations r join library.items i on i.version_id = r.version_id
      left join library.media m on m.id = i.media_id
      left join learning.coverage c on c.registration_id = r.id and c.item_id = i.id
    where r.id = ${registrationId}
    order by i.chapter, i.position`.execute(db)
  return rows
}

export type CoursePage = MyCourse & {
  items: CourseItem[]
  requirements: ReturnType<typeof requirementsOf>
  sharePercent: number
}

/** One's own course; anybody else's is missing. */
export async function coursePage(db: Db, personId: string, registrationId: string): Promise<CoursePage> {
  const [found] = (await courseRows(personId, registrationId).execute(db)).rows
  if (!found) throw missing('registration')
  const items = await itemsOf(db, registrationId)
  return { ...toCourse(found), items, requirements: requirementsOf(items), sharePercent: sharePercent(items) }
}

/** What the library knows of how much of a course somebody has learnt, in percent; nothing is -1. */
export async function progressOf(db: Db, courseId: string, personId: string): Promise<number> {
  const row = await db
    .selectFrom('library.progress')
    .select('percent')
    .where('course_id', '=', courseId)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  return row ? Number(row.percent) : -1
}

export type OpenClass = { enrolmentId: string; title: string; mode: 'offline' | 'online' | 'mixed'; startsOn: Day }

/** The classes that a course can be learnt for. */
export async function classesForCourse(db: Db, personId: string): Promise<OpenClass[]> {
  const { rows } = await sql<OpenClass>`
    select e.id as "enrolmentId", c.title, c.mode, c.starts_on as "startsOn" from training.enrolments e
      join training.classes c on c.id = e.class_id
    where e.person_id = ${personId} and e.state = 'enrolled' and c.mode <> 'offline' order by c.starts_on desc`.execute(
    db,
  )
  return rows
}

export async function courseHead(db: Db, courseId: string) {
  const { rows } = await sql<{
    id: string
    title: string
    summary: string
    organisation: string
    open: boolean
    hours: number
  }>`
    select c.id, c.title, c.summary, o.name as organisation, c.planned_class_hours as hours,
      (c.state in ('trial', 'admitted') and c.current_version_id is not null) as open
    from library.courses c join people.organisations o on o.id = c.organisation_id where c.id = ${courseId}
      and c.current_version_id is not null`.execute(db)
  return rows[0]
}
