import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { ClassState } from './class.schema.ts'
import { maySeeOrganisation } from './plan.queries.ts'
import type { CourseKind } from './plan.schema.ts'
import type { SessionState } from './session.schema.ts'

type Db = Ctx['db']

export type SessionRecord = {
  id: string
  classId: string
  trainerId: string
  trainerPersonId: string
  roomId: string | null
  title: string
  courseKind: CourseKind
  from: Date
  to: Date
  breakMinutes: number
  makeupOf: string | null
  state: SessionState
  codeSecret: string
  openedAt: Date | null
  closedAt: Date | null
}

const columns = [
  's.id',
  's.class_id as classId',
  's.trainer_id as trainerId',
  's.trainer_person_id as trainerPersonId',
  's.room_id as roomId',
  's.title',
  's.course_kind as courseKind',
  sql<Date>`lower(s.during)`.as('from'),
  sql<Date>`upper(s.during)`.as('to'),
  's.break_minutes as breakMinutes',
  's.makeup_of as makeupOf',
  's.state',
  's.opened_at as openedAt',
  's.closed_at as closedAt',
] as const

/** For commands and the room code: with the seed, which never leaves the server. */
export const sessions = (db: Db) =>
  db
    .selectFrom('training.sessions as s')
    .select([...columns, 's.code_secret as codeSecret'])
    .$castTo<SessionRecord>()

export type SessionRow = Omit<SessionRecord, 'codeSecret'> & {
  trainer: string
  room: string | null
  venue: string | null
  /** Enrolled now; with at least one mark; credited; minutes granted in all. */
  enrolled: number
  marked: number
  credited: number
  grantedMinutes: number
}

/** Every session of a class in time order, with its counts. The caller has checked who asks. */
export async function sessionsOf(db: Db, classId: string): Promise<SessionRow[]> {
  return sessionRows(db).where('s.class_id', '=', classId).orderBy(sql`lower(s.during)`).execute()
}

const sessionRows = (db: Db) =>
  db
    .selectFrom('training.sessions as s')
    .innerJoin('training.trainers as t', 't.id', 's.trainer_id')
    .leftJoin('training.rooms as r', 'r.id', 's.room_id')
    .leftJoin('training.venues as v', 'v.id', 'r.venue_id')
    .select(columns)
    .select([
      't.name as trainer',
      'r.name as room',
      'v.name as venue',
      sql<number>`(select count(*) from training.enrolments e where e.class_id = s.class_id and e.state <> 'withdrawn')`.as(
        'enrolled',
      ),
      sql<number>`(select count(distinct m.person_id) from training.attendance_marks m
        where m.session_id = s.id and m.voided_at is null and m.kind <> 'excused')`.as('marked'),
      sql<number>`(select count(*) from training.hour_entries h where h.session_id = s.id and h.reverses is null
        and not exists (select from training.hour_entries x where x.reverses = h.id))`.as('credited'),
      sql<number>`(select coalesce(sum(h.minutes), 0) from training.hour_entries h where h.session_id = s.id)`.as(
        'grantedMinutes',
      ),
    ])
    .$castTo<SessionRow>()

export type TeachingRow = SessionRow & {
  classNumber: string
  classTitle: string
  classState: ClassState
  organisationId: string
}

/** Sessions of an organisation, or those one teacher gives, between two instants. */
export async function timetable(
  db: Db,
  filter: { organisationId: string; trainerPersonId?: string | undefined; from: Date; to: Date },
): Promise<TeachingRow[]> {
  let query = sessionRows(db)
    .innerJoin('training.classes as c', 'c.id', 's.class_id')
    .select([
      'c.number as classNumber',
      'c.title as classTitle',
      'c.state as classState',
      'c.organisation_id as organisationId',
    ])
    .where('c.organisation_id', '=', filter.organisationId)
    .where(sql<boolean>`s.during && tstzrange(${filter.from}, ${filter.to})`)
    .orderBy(sql`lower(s.during)`)
    .limit(500)
  if (filter.trainerPersonId) query = query.where('s.trainer_person_id', '=', filter.trainerPersonId)
  return query.$castTo<TeachingRow>().execute()
}

export type SessionPage = SessionRow & {
  class: { id: string; number: string; title: string; state: ClassState; organisationId: string; programme: string }
  /** The one who asks is the teacher of this session. */
  ownSession: boolean
}

/** One session, for its organisation or the desk. */
export async function sessionPage(ctx: Ctx, sessionId: string): Promise<SessionPage> {
  const row = await sessionRows(ctx.db)
    .innerJoin('training.classes as c', 'c.id', 's.class_id')
    .select([
      'c.number as classNumber',
      'c.title as classTitle',
      'c.state as classState',
      'c.organisation_id as organisationId',
      'c.programme',
    ])
    .$castTo<TeachingRow & { programme: string }>()
    .where('s.id', '=', sessionId)
    .executeTakeFirst()
  if (!row || !maySeeOrganisation(ctx, row.organisationId)) throw missing('session')
  const { classNumber, classTitle, classState, organisationId, programme, ...session } = row
  return {
    ...session,
    class: { id: row.classId, number: classNumber, title: classTitle, state: classState, organisationId, programme },
    ownSession: row.trainerPersonId === ctx.actor.personId,
  }
}
