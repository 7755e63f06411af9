import { sql } from 'kysely'
import { z } from 'zod'
import type { Ctx } from '#platform/command.ts'
import { archivesToDrop, dropArchive, removeArchive } from './archive.commands.ts'
import { receivePackage } from './import.commands.ts'
import { abandonLaunch } from './launch.commands.ts'
import { checkPackage, unpackPackage } from './unpack.commands.ts'

const OfPackage = z.object({ packageId: z.uuid() })

export const jobs: Record<string, (ctx: Ctx, payload: unknown) => Promise<void>> = {
  'packages.receive': async (ctx, payload) => {
    await receivePackage(ctx, payload)
  },
  'packages.check': async (ctx, payload) => checkPackage(ctx, OfPackage.parse(payload).packageId),
  'packages.unpack': async (ctx, payload) => unpackPackage(ctx, OfPackage.parse(payload).packageId),
  /** Archives that nothing refers to, after the days of the figure. @clause L02 */
  'packages.dropArchives': async (ctx) => {
    for (const packageId of await archivesToDrop(ctx)) await dropArchive(ctx, { packageId })
  },
  'packages.removeArchive': async (ctx, payload) => removeArchive(ctx, OfPackage.parse(payload).packageId),
  /** Ends sessions that nobody has been heard of for two hours: what they reported stands. */
  'packages.endForgotten': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select l.id from packages.launches l where l.ended_at is null
        and greatest(l.launched_at, (select max(at) from packages.commits where launch_id = l.id))
          < ${ctx.now}::timestamptz - interval '2 hours' order by l.launched_at limit 500
    `.execute(ctx.db)
    for (const { id } of rows) await abandonLaunch(ctx, { launchId: id })
  },
}

export const timetable = { 'packages.endForgotten': '23 * * * *', 'packages.dropArchives': '40 17 * * *' }
