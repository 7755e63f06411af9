import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { Fault } from './archive.schema.ts'
import type { PackageState } from './import.schema.ts'
import type { PackageFound, PackageKind } from './package.schema.ts'

type Db = Ctx['db']

export type PackageRow = {
  id: string
  organisationId: string
  courseId: string
  archiveKey: string
  archiveName: string
  sizeBytes: number
  sha256: string | null
  state: PackageState
  kind: PackageKind | null
  title: string
  found: PackageFound | null
  faults: Fault[]
  pool: string
  stepsTotal: number
  stepsDone: number
  questionsAdded: number
  createdAt: Date
  checkedAt: Date | null
  confirmedAt: Date | null
  readyAt: Date | null
}

export const packages = (db: Db) =>
  db
    .selectFrom('packages.packages as p')
    .select([
      'p.id',
      'p.organisation_id as organisationId',
      'p.course_id as courseId',
      'p.archive_key as archiveKey',
      'p.archive_name as archiveName',
      sql<number>`p.size_bytes::float8`.as('sizeBytes'),
      'p.sha256',
      'p.state',
      'p.kind',
      'p.title',
      'p.found',
      'p.faults',
      'p.pool',
      'p.steps_total as stepsTotal',
      'p.steps_done as stepsDone',
      'p.questions_added as questionsAdded',
      'p.created_at as createdAt',
      'p.checked_at as checkedAt',
      'p.confirmed_at as confirmedAt',
      'p.ready_at as readyAt',
    ])
    .$castTo<PackageRow>()

export type PackageLine = Pick<
  PackageRow,
  'id' | 'archiveName' | 'sizeBytes' | 'state' | 'kind' | 'title' | 'createdAt'
> & {
  errors: number
  warnings: number
  /** How many items of the course's versions show it. */
  used: number
}

/** What was brought for a course, the newest first. The caller has checked who asks. */
export async function packagesOfCourse(db: Db, courseId: string): Promise<PackageLine[]> {
  const { rows } = await sql<PackageLine>`
    select p.id, p.archive_name as "archiveName", p.size_bytes::float8 as "sizeBytes", p.state, p.kind, p.title,
      p.created_at as "createdAt",
      (select count(*)::int from jsonb_array_elements(p.faults) f where f ->> 'weight' = 'error') as errors,
      (select count(*)::int from jsonb_array_elements(p.faults) f where f ->> 'weight' = 'warning') as warnings,
      (select count(*)::int from library.items i where i.package_id = p.id) as used
    from packages.packages p where p.course_id = ${courseId} order by p.created_at desc, p.id desc limit 200
  `.execute(db)
  return rows
}

/** Packages that an item of the course can show. */
export async function launchablePackages(
  db: Db,
  courseId: string,
): Promise<Pick<PackageRow, 'id' | 'title' | 'kind'>[]> {
  return packages(db)
    .where('p.course_id', '=', courseId)
    .where('p.state', '=', 'ready')
    .where('p.kind', '<>', 'qti')
    .orderBy('p.created_at', 'desc')
    .execute()
}

/** One package for those who may look into it before it is published: its own people, reviewers and the desk. */
export async function packagePage(ctx: Pick<Ctx, 'db' | 'actor'>, id: string): Promise<PackageRow> {
  const row = await packages(ctx.db).where('p.id', '=', id).executeTakeFirst()
  const may =
    row &&
    (ctx.actor.can('library.read') || ctx.actor.can('library.contribute', { organisationId: row.organisationId }))
  if (!row || !may) throw missing('package')
  return row
}
