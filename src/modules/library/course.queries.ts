import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { Day } from '#shared/units.ts'
import { type Content, ordered } from './course.rules.ts'
import type { CourseState, ItemRow } from './course.schema.ts'
import { questionsOf } from './question.queries.ts'

type Db = Ctx['db']

export type CourseRecord = {
  id: string
  number: string | null
  organisationId: string
  title: string
  summary: string
  occupationEdition: string | null
  occupationCode: string | null
  level: string | null
  groups: string[]
  subdistrict: string | null
  state: CourseState
  currentVersionId: string | null
  plannedClassHours: number
  captioned: boolean
  subsidised: boolean
  ratingCount: number
  ratingSum: number
  submittedBy: string | null
  submittedAt: Date | null
  trialFromOn: Day | null
  admittedAt: Date | null
  recheckOn: Day | null
  suspendedFor: string
  version: number
}

const columns = [
  'c.id',
  'c.number',
  'c.organisation_id as organisationId',
  'c.title',
  'c.summary',
  'c.occupation_edition as occupationEdition',
  'c.occupation_code as occupationCode',
  'c.level',
  'c.groups',
  'c.subdistrict',
  'c.state',
  'c.current_version_id as currentVersionId',
  'c.planned_class_hours as plannedClassHours',
  'c.captioned',
  'c.subsidised',
  'c.rating_count as ratingCount',
  'c.rating_sum as ratingSum',
  'c.submitted_by as submittedBy',
  'c.submitted_at as submittedAt',
  'c.trial_from_on as trialFromOn',
  'c.admitted_at as admittedAt',
  'c.recheck_on as recheckOn',
  'c.suspended_for as suspendedFor',
  'c.version',
] as const

export const courses = (db: Db) => db.selectFrom('library.courses as c').select(columns).$castTo<CourseRecord>()

export type VersionRecord = {
  id: string
  courseId: string
  number: number
  plannedClassHours: number
  changeNote: string
  state: 'draft' | 'submitted' | 'published'
  publishedAt: Date | null
  createdAt: Date
}

export const versions = (db: Db) =>
  db
    .selectFrom('library.versions as v')
    .select([
      'v.id',
      'v.course_id as courseId',
      'v.number',
      'v.planned_class_hours as plannedClassHours',
      'v.change_note as changeNote',
      'v.state',
      'v.published_at as publishedAt',
      'v.created_at as createdAt',
    ])
    .$castTo<VersionRecord>()

export const items = (db: Db) =>
  db
    .selectFrom('library.items as i')
    .select([
      'i.id',
      'i.version_id as versionId',
      'i.chapter',
      'i.chapter_title as chapterTitle',
      'i.position',
      'i.kind',
      'i.title',
      'i.planned_seconds as plannedSeconds',
      'i.media_id as mediaId',
      'i.package_id as packageId',
      'i.body',
      'i.required',
    ])
    .$castTo<ItemRow>()

export type ItemLine = ItemRow & {
  mediaState: string | null
  mediaName: string | null
  mediaType: string | null
  durationSeconds: number | null
  captions: number
}

/** A version's items in their order, with what is known of their files. */
export async function itemsOf(db: Db, versionId: string): Promise<ItemLine[]> {
  return items(db)
    .leftJoin('library.media as m', 'm.id', 'i.media_id')
    .select([
      'm.state as mediaState',
      'm.name as mediaName',
      'm.media_type as mediaType',
      'm.duration_seconds as durationSeconds',
      sql<number>`(select count(*)::int from library.captions k where k.media_id = i.media_id)`.as('captions'),
    ])
    .where('i.version_id', '=', versionId)
    .orderBy('i.chapter')
    .orderBy('i.position')
    .$castTo<ItemLine>()
    .execute()
}

/** May this caller see an organisation's unpublished work: its own people, reviewers and the office. */
export const maySee = (ctx: Pick<Ctx, 'actor'>, organisationId: string): boolean =>
  ctx.actor.can('library.read') || ctx.actor.can('library.contribute', { organisationId })

export type CourseListRow = Pick<
  CourseRecord,
  'id' | 'number' | 'title' | 'state' | 'plannedClassHours' | 'ratingCount' | 'ratingSum' | 'suspendedFor'
> & { openVersion: number | null; items: number }

/** An organisation's own courses, the newest first. */
export async function ownCourses(db: Db, organisationId: string): Promise<CourseListRow[]> {
  return courses(db)
    .select([
      sql<
        number | null
      >`(select number from library.versions v where v.course_id = c.id and v.published_at is null)`.as('openVersion'),
      sql<number>`(select count(*)::int from library.items i join library.versions v on v.id = i.version_id
        where v.course_id = c.id and v.number = (select max(number) from library.versions where course_id = c.id))`.as(
        'items',
      ),
    ])
    .where('c.organisation_id', '=', organisationId)
    .orderBy('c.id', 'desc')
    .limit(500)
    .$castTo<CourseListRow>()
    .execute()
}

export type CourseWork = CourseRecord & {
  organisation: string
  occupationTitle: string | null
  versions: VersionRecord[]
  /** The version that is worked on, or else the newest. */
  shown: VersionRecord
  items: ItemLine[]
}

/** A course with one of its versions, for its own people, its reviewers and the office. */
export async function courseWork(
  ctx: Pick<Ctx, 'db' | 'actor'>,
  courseId: string,
  number?: number,
): Promise<CourseWork> {
  const found = await courses(ctx.db)
    .innerJoin('people.organisations as o', 'o.id', 'c.organisation_id')
    .leftJoin('occupations.occupations as oc', (join) =>
      join.onRef('oc.edition', '=', 'c.occupation_edition').onRef('oc.code', '=', 'c.occupation_code'),
    )
    .select(['o.name as organisation', 'oc.title as occupationTitle'])
    .where('c.id', '=', courseId)
    .$castTo<CourseRecord & { organisation: string; occupationTitle: string | null }>()
    .executeTakeFirst()
  if (!found || !maySee(ctx, found.organisationId)) throw missing('course')
  const all = await versions(ctx.db).where('v.course_id', '=', courseId).orderBy('v.number', 'desc').execute()
  const shown = number === undefined ? all[0] : all.find((one) => one.number === number)
  if (!shown) throw missing('version')
  return { ...found, versions: all, shown, items: await itemsOf(ctx.db, shown.id) }
}

/** What a version is judged by before it may be submitted. */
export async function contentOf(
  db: Db,
  version: Pick<VersionRecord, 'id' | 'courseId' | 'plannedClassHours'>,
  hourMinutes: number,
): Promise<Content> {
  const [lines, questions] = await Promise.all([itemsOf(db, version.id), questionsOf(db, version.courseId)])
  const pools = new Map<string, number>()
  for (const { pool } of questions) pools.set(pool, (pools.get(pool) ?? 0) + 1)
  return { plannedClassHours: version.plannedClassHours, hourMinutes, items: lines, pools }
}

/** The digest of what is signed: the version's own words, its items, the bytes of its files, its questions. */
export async function contentDigest(db: Db, version: VersionRecord): Promise<string> {
  const [lines, questions, files] = await Promise.all([
    items(db).where('i.version_id', '=', version.id).orderBy('i.chapter').orderBy('i.position').execute(),
    questionsOf(db, version.courseId),
    sql<{ id: string; sha256: string }>`
      select m.id, m.sha256 from library.media m join library.items i on i.media_id = m.id where i.version_id = ${version.id} order by m.id
    `.execute(db),
  ])
  const signed = { hours: version.plannedClassHours, items: lines, questions, files: files.rows }
  return createHash('sha256').update(ordered(signed)).digest('hex')
}

export type Declaration = {
  basis: string
  rightsNote: string
  statement: string
  signedName: string
  signedAt: Date
  sha256: string
}

/** The newest commitment for a version. */
export async function declarationOf(db: Db, versionId: string): Promise<Declaration | undefined> {
  return db
    .selectFrom('library.declarations')
    .select([
      'basis',
      'rights_note as rightsNote',
      'statement',
      'signed_name as signedName',
      'signed_at as signedAt',
      'content_sha256 as sha256',
    ])
    .where('version_id', '=', versionId)
    .orderBy('signed_at', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export type RegisterRow = CourseRecord & { organisation: string }

/** Every course beyond a draft, the newest first, for the office. */
export async function courseRegister(ctx: Pick<Ctx, 'db' | 'actor'>): Promise<RegisterRow[]> {
  if (!ctx.actor.can('library.read')) throw missing('course')
  return courses(ctx.db)
    .innerJoin('people.organisations as o', 'o.id', 'c.organisation_id')
    .select('o.name as organisation')
    .where('c.number', 'is not', null)
    .orderBy('c.id', 'desc')
    .limit(500)
    .$castTo<RegisterRow>()
    .execute()
}
