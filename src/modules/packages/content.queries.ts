import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { PackageFound, PackageKind, Unit } from './package.schema.ts'
import type { Values } from './runtime.schema.ts'

/** Where a file of a package lies. Paths are matched as the archive wrote them, then without regard to case. */
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
