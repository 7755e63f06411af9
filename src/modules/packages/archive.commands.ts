import { sql } from 'kysely'
import { z } from 'zod'
import { type Command, type Ctx, command } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { filesOf } from '#platform/uploads.ts'
import { dayOf } from '#shared/dates.ts'

const DropArchive = z.object({ packageId: z.uuid() })

/**
 * An archive nothing refers to: it was refused or thrown away, or its course is out of the library for good and nobody was
 * ever registered for a version with it. `days` have gone by since the last of that.
 */
const unused = (
  now: Date,
  days: number,
) => sql`not exists (select from packages.archive_drops d where d.package_id = p.id)
  and greatest(p.created_at, p.checked_at, p.ready_at, (select max(at) from platform.moves m
    where m.subject_kind = 'course' and m.subject_id = p.course_id)) < ${now}::timestamptz - ${days} * interval '1 day'
  and (p.state in ('refused', 'discarded') or p.state = 'ready'
    and (select state from library.courses c where c.id = p.course_id) in ('withdrawn', 'rejected')
    and not exists (select from library.items i join learning.registrations r on r.version_id = i.version_id where i.package_id = p.id))`

/** Days that an unused archive is kept; null while nobody has decided: then none is ever deleted. */
const keepDays = async (ctx: Pick<Ctx, 'db' | 'plan' | 'now'>) =>
  (await figuresFor(ctx))('LIB.archiveKeepDays', dayOf(ctx.now)).value

/** Archives that may go today. */
export async function archivesToDrop(ctx: Pick<Ctx, 'db' | 'plan' | 'now'>): Promise<string[]> {
  const days = await keepDays(ctx)
  if (days === null) return []
  const { rows } = await sql<{ id: string }>`
    select p.id from packages.packages p where ${unused(ctx.now, days)} order by p.created_at limit 200`.execute(ctx.db)
  return rows.map(({ id }) => id)
}

/**
 * Says that an archive goes, and has it removed after this commit. What the package was, its dry run and its files stay.
 * @clause HZ4-M13 L02
 */
export const dropArchive: Command<typeof DropArchive, { packageId: string }> = command({
  name: 'packages.dropArchive',
  permission: 'system.operate',
  input: DropArchive,
  async run(tx, { packageId }) {
    const days = await keepDays(tx)
    if (days === null) throw missing('package')
    const { rows } = await sql<{ key: string }>`
      insert into packages.archive_drops (package_id, archive_key, at)
      select p.id, p.archive_key, ${tx.now} from packages.packages p where p.id = ${packageId} and ${unused(tx.now, days)}
      on conflict do nothing returning archive_key as key`.execute(tx.db)
    const [dropped] = rows
    if (!dropped) throw missing('package')
    tx.about('package', packageId)
    await tx.enqueue('packages.removeArchive', { packageId }, { key: `packages.removeArchive:${packageId}` })
    return { packageId }
  },
})

/** Takes the bytes away, if their going was said. Done twice, it is done once. */
export async function removeArchive(ctx: Ctx, packageId: string): Promise<void> {
  const row = await ctx.db
    .selectFrom('packages.archive_drops')
    .select('archive_key')
    .where('package_id', '=', packageId)
    .executeTakeFirst()
  if (row) await filesOf(ctx).storage.remove(row.archive_key)
}
