import { sql } from 'kysely'
import { occupationByKey } from '#modules/occupations/catalogue.queries.ts'
import { organisationCard } from '#modules/people/organisation.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import type { Day } from '#shared/units.ts'
import { type CaseClock, type CaseMove, clocksOf, movesOf } from './case.queries.ts'
import { type DossierElement, dossier } from './class.rules.ts'
import type { ClassMode, ClassState } from './class.schema.ts'
import { classTrainers, qualified, type Trainer } from './place.queries.ts'
import { maySeeOrganisation, programmeOf } from './plan.queries.ts'

type Db = Ctx['db']

export type ClassRecord = {
  id: string
  number: string
  planId: string
  organisationId: string
  programme: string
  title: string
  summary: string
  /** `edition:code`, or empty. */
  occupation: string
  level: string
  industry: string
  mode: ClassMode
  venueId: string | null
  subdistrict: string
  capacity: number
  classHours: number
  startsOn: Day
  endsOn: Day
  openEnrolment: boolean
  accessibility: string
  teachingPlan: string
  resources: string
  assessmentPlan: string
  state: ClassState
  appliedBy: string | null
  appliedAt: Date | null
  decidedAt: Date | null
  closedAt: Date | null
  version: number
}

export const classColumns = [
  'c.id',
  'c.number',
  'c.plan_id as planId',
  'c.organisation_id as organisationId',
  'c.programme',
  'c.title',
  'c.summary',
  sql<string>`coalesce(c.occupation_edition || ':' || c.occupation_code, '')`.as('occupation'),
  sql<string>`coalesce(c.level, '')`.as('level'),
  'c.industry',
  'c.mode',
  'c.venue_id as venueId',
  'c.subdistrict',
  'c.capacity',
  'c.class_hours as classHours',
  'c.starts_on as startsOn',
  'c.ends_on as endsOn',
  'c.open_enrolment as openEnrolment',
  'c.accessibility',
  'c.teaching_plan as teachingPlan',
  'c.resources',
  'c.assessment_plan as assessmentPlan',
  'c.state',
  'c.applied_by as appliedBy',
  'c.applied_at as appliedAt',
  'c.decided_at as decidedAt',
  'c.closed_at as closedAt',
  'c.version',
] as const

export const classes = (db: Db) => db.selectFrom('training.classes as c').select(classColumns).$castTo<ClassRecord>()

/** How many places are taken. */
export const taken = sql<number>`(select count(*) from training.enrolments e where e.class_id = c.id and e.state <> 'withdrawn')`

/** What the dossier holds and what it lacks. The page shows it, `applyClass` insists on it. */
export async function dossierOf(ctx: Pick<Ctx, 'db' | 'plan'>, record: ClassRecord): Promise<DossierElement[]> {
  const at = await figuresFor(ctx)
  const minutesFigure = programmeOf(ctx.plan, record.programme)?.hours.minutesFigure ?? 'R03.minutes'
  const minutesPerHour = at(minutesFigure, record.startsOn).value
  const [counts, trainers, sessions] = await Promise.all([
    countsFor(ctx.db, record),
    classTrainers(ctx.db, record.id),
    ctx.db
      .selectFrom('training.sessions as s')
      .innerJoin('training.trainers as t', 't.id', 's.trainer_id')
      .leftJoin('training.rooms as r', 'r.id', 's.room_id')
      .select([
        sql<number>`extract(epoch from upper(s.during) - lower(s.during))::int / 60 - s.break_minutes`.as('minutes'),
        's.trainer_id as trainerId',
        't.name as trainer',
        'r.name as room',
        'r.seats',
      ])
      .where('s.class_id', '=', record.id)
      .where('s.state', '<>', 'cancelled')
      .where('s.makeup_of', 'is', null)
      .execute(),
  ])
  return dossier({
    ...counts,
    capacity: record.capacity,
    teachingPlan: record.teachingPlan,
    resources: record.resources,
    assessmentPlan: record.assessmentPlan,
    hasVenue: record.venueId !== null,
    online: record.mode === 'online',
    trainers: trainers.map((trainer) => ({
      id: trainer.id,
      name: trainer.name,
      qualified: qualified(trainer, record),
    })),
    sessions: sessions.map(({ room, seats, ...session }) => ({
      ...session,
      room: room === null ? null : { name: room, seats: seats ?? 0 },
    })),
    classHours: record.classHours,
    minutesPerHour: minutesPerHour ?? 45,
    classSizeMax: at('OP.classSizeMax', record.startsOn).value,
  })
}

async function countsFor(db: Db, record: ClassRecord) {
  const { rows } = await sql<{ enrolled: number; otherCapacity: number; headcount: number }>`
    select (select count(*) from training.enrolments where class_id = ${record.id} and state <> 'withdrawn') as enrolled,
      (select coalesce(sum(capacity), 0) from training.classes
        where plan_id = p.id and id <> ${record.id} and state <> 'cancelled') as "otherCapacity",
      p.headcount
    from training.plans p where p.id = ${record.planId}
  `.execute(db)
  return rows[0] ?? { enrolled: 0, otherCapacity: 0, headcount: 0 }
}

export type ClassFilter = { state?: ClassState | undefined; planId?: string | undefined; cursor?: string | undefined }
export type ClassRow = ClassRecord & {
  organisation: string
  taken: number
  sessions: number
  closedSessions: number
  dueOn: Day | null
  stopped: boolean
}

const pageSize = 20
const dueOrder = sql`coalesce(k.due_on, 'infinity'::date)`

const classRows = (db: Db) =>
  db
    .selectFrom('training.classes as c')
    .innerJoin('people.organisations as o', 'o.id', 'c.organisation_id')
    .leftJoin('platform.clocks as k', (join) =>
      join
        .onRef('k.subject_id', '=', 'c.id')
        .on('k.subject_kind', '=', 'class')
        .on('k.kind', '=', 'review')
        .on('k.ended_on', 'is', null),
    )
    .select(classColumns)
    .select([
      'o.name as organisation',
      taken.as('taken'),
      sql<number>`(select count(*) from training.sessions s where s.class_id = c.id and s.state <> 'cancelled')`.as(
        'sessions',
      ),
      sql<number>`(select count(*) from training.sessions s where s.class_id = c.id and s.state = 'closed')`.as(
        'closedSessions',
      ),
      'k.due_on as dueOn',
      sql<boolean>`k.id is not null and k.due_on is null`.as('stopped'),
    ])
    .$castTo<ClassRow>()

/** One undertaker's classes, newest first. */
export async function classesOf(db: Db, organisationId: string, filter: ClassFilter = {}): Promise<Page<ClassRow>> {
  let query = classRows(db)
    .where('c.organisation_id', '=', organisationId)
    .orderBy('c.id', 'desc')
    .limit(pageSize + 1)
  if (filter.state) query = query.where('c.state', '=', filter.state)
  if (filter.planId) query = query.where('c.plan_id', '=', filter.planId)
  const after = decodeCursor(filter.cursor, ['id'])
  if (after) query = query.where('c.id', '<', String(after[0]))
  return pageOf(await query.execute(), pageSize, (row) => [row.id])
}

/** The desk's queue of classes: what is due first comes first. */
export async function classQueue(db: Db, filter: ClassFilter = {}): Promise<Page<ClassRow>> {
  let query = classRows(db)
    .where('c.state', '=', filter.state ?? 'applied')
    .orderBy(dueOrder)
    .orderBy('c.id')
    .limit(pageSize + 1)
  const after = decodeCursor(filter.cursor, ['day', 'id'])
  if (after) query = query.where(sql<boolean>`(${dueOrder}, c.id) > (${after[0]}::date, ${after[1]}::uuid)`)
  return pageOf(await query.execute(), pageSize, (row) => [row.dueOn ?? 'infinity', row.id])
}

export type ClassPage = ClassRecord & {
  organisation: { id: string; name: string; type: string }
  plan: { id: string; number: string | null; title: string }
  occupationTitle: string | null
  venue: { name: string; address: string } | null
  trainers: (Trainer & { qualified: boolean })[]
  taken: number
  dossier: DossierElement[]
  moves: CaseMove[]
  clocks: CaseClock[]
}

/** Everything about one class, for its undertaker or the desk; missing for everybody else. */
export async function classPage(ctx: Ctx, classId: string): Promise<ClassPage> {
  const record = await classes(ctx.db).select(taken.as('taken')).where('c.id', '=', classId).executeTakeFirst()
  if (!record || !maySeeOrganisation(ctx, record.organisationId)) throw missing('class')
  const [organisation, plan, occupation, venue, trainers, elements, moves, clocks] = await Promise.all([
    organisationCard(ctx.db, record.organisationId),
    ctx.db
      .selectFrom('training.plans')
      .select(['id', 'number', 'title'])
      .where('id', '=', record.planId)
      .executeTakeFirstOrThrow(),
    occupationByKey(ctx.db, record.occupation),
    ctx.db
      .selectFrom('training.venues')
      .select(['name', 'address'])
      .where('id', '=', record.venueId)
      .executeTakeFirst(),
    classTrainers(ctx.db, classId),
    dossierOf(ctx, record),
    movesOf(ctx.db, 'class', classId),
    clocksOf(ctx, 'class', classId),
  ])
  return {
    ...record,
    organisation: { id: organisation.id, name: organisation.name, type: organisation.type },
    plan,
    occupationTitle: occupation?.title ?? null,
    venue: venue ?? null,
    trainers: trainers.map((trainer) => ({ ...trainer, qualified: qualified(trainer, record) })),
    dossier: elements,
    moves,
    clocks,
  }
}
