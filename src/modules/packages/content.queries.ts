import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { beginWith } from './attempt.rules.ts'
import type { PackageFound, PackageKind, Unit } from './package.schema.ts'
import type { Values } from './runtime.schema.ts'

/** Where a file of a package lies, by its path as the archive wrote it. */
export async function packageFile(
  db: Ctx['db'],
  packageId: string,
  path: string,
): Promise<{ storageKey: string; path: string } | undefined> {
  const row = await db
    .selectFrom('packages.files')
    .select(['storage_key as storageKey', 'path'])
    .where('package_id', '=', packageId)
    .where('path', '=', path.normalize('NFC'))
    .executeTakeFirst()
  return row
}

export type Frame = {
  launchId: string
  kind: PackageKind
  unit: Unit
  packageId: string
  beganWith: Values
}

/** What the frame of a launch needs. */
export async function frameOf(db: Ctx['db'], launchId: string): Promise<Frame | undefined> {
  const { rows } = await sql<{
    kind: PackageKind
    found: PackageFound
    unit_id: string
    began_with: Values
    package_id: string
  }>`
    select p.kind, p.found, a.package_id, a.unit_id, l.began_with
    from packages.launches l join packages.attempts a on a.id = l.attempt_id join packages.packages p on p.id = a.package_id
    where l.id = ${launchId}
  `.execute(db)
  const row = rows[0]
  const unit = row?.found.units.find(({ id }) => id === row.unit_id)
  if (!row || !unit) return undefined
  return { launchId, packageId: row.package_id, kind: row.kind, unit, beganWith: row.began_with }
}

/** A unit for somebody who looks at it before or without learning: in browse mode, and nothing is kept. */
export async function previewFrame(db: Ctx['db'], packageId: string, unitId: string): Promise<Frame | undefined> {
  const row = await db
    .selectFrom('packages.packages')
    .select(['kind', 'found'])
    .where('id', '=', packageId)
    .where('state', '=', 'ready')
    .executeTakeFirst()
  const kind = row?.kind as PackageKind | undefined
  const unit = (row?.found as PackageFound | undefined)?.units.find(({ id }) => id === unitId)
  if (!kind || !unit) return undefined
  const nobody = { values: {}, suspended: false, totalCentiseconds: 0, sessions: 0 }
  const values = beginWith(kind, unit, { id: 'preview', name: '试看' }, nobody)
  const browse =
    kind === 'scorm12'
      ? { 'cmi.core.lesson_mode': 'browse', 'cmi.core.credit': 'no-credit' }
      : { 'cmi.mode': 'browse', 'cmi.credit': 'no-credit' }
  return { launchId: '', kind, unit, packageId, beganWith: { ...values, ...browse } }
}

/** Whether a launch had to give way to another package: from then on its tokens open nothing. */
export async function isDisplaced(db: Ctx['db'], launchId: string): Promise<boolean> {
  const found = await db
    .selectFrom('packages.launches')
    .select('id')
    .where('id', '=', launchId)
    .where('end_reason', '=', 'displaced')
    .executeTakeFirst()
  return found !== undefined
}

/** Whether a launch is this person's and of this package. */
export async function isOfPackage(
  db: Ctx['db'],
  at: { launchId: string; packageId: string; personId: string },
): Promise<boolean> {
  const found = await db
    .selectFrom('packages.launches as l')
    .innerJoin('packages.attempts as a', 'a.id', 'l.attempt_id')
    .select('l.id')
    .where('l.id', '=', at.launchId)
    .where('l.person_id', '=', at.personId)
    .where('a.package_id', '=', at.packageId)
    .executeTakeFirst()
  return found !== undefined
}
