import type { Ctx } from '#platform/command.ts'
import { dayOf } from '#shared/dates.ts'
import { clearBatch } from './batch.commands.ts'

type Job = (ctx: Ctx, payload: unknown) => Promise<void>

/** Ends the publicity of every batch whose last day is past and that nobody holds. */
async function daily(ctx: Ctx): Promise<void> {
  const due = await ctx.db
    .selectFrom('certification.batches')
    .select('id')
    .where('state', '=', 'publicised')
    .where('publicity_ends_on', '<', dayOf(ctx.now))
    .orderBy('id')
    .execute()
  for (const { id } of due) await clearBatch(ctx, { batchId: id })
}

export const jobs: Record<string, Job> = { 'certification.daily': (ctx) => daily(ctx) }

/** 00:25 in Guangzhou. */
export const timetable: Record<string, string> = { 'certification.daily': '25 16 * * *' }
