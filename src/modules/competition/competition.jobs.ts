import type { Ctx } from '#platform/command.ts'
import { dayOf } from '#shared/dates.ts'
import { closePublication } from './publication.commands.ts'

type Job = (ctx: Ctx, payload: unknown) => Promise<void>

/** Ends the public lists whose days are over. */
async function daily(ctx: Ctx): Promise<void> {
  const due = await ctx.db
    .selectFrom('competition.publications')
    .select('id')
    .where('state', '=', 'open')
    .where('closes_on', '<', dayOf(ctx.now))
    .orderBy('id')
    .execute()
  for (const { id } of due) await closePublication(ctx, { publicationId: id })
}

export const jobs: Record<string, Job> = { 'competition.daily': (ctx) => daily(ctx) }

/** 00:25 in Guangzhou. */
export const timetable: Record<string, string> = { 'competition.daily': '25 16 * * *' }
