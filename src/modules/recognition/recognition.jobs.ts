import type { Ctx } from '#platform/command.ts'
import { dayOf } from '#shared/dates.ts'
import { closePublication } from './publication.commands.ts'
import { expireTerms } from './term.commands.ts'

type Job = (ctx: Ctx, payload: unknown) => Promise<void>

/** Ends the public lists whose days are over, then the terms. */
async function daily(ctx: Ctx): Promise<void> {
  const due = await ctx.db
    .selectFrom('recognition.publications')
    .select('id')
    .where('state', '=', 'open')
    .where('closes_on', '<', dayOf(ctx.now))
    .orderBy('id')
    .execute()
  for (const { id } of due) await closePublication(ctx, { publicationId: id })
  await expireTerms(ctx, {})
}

export const jobs: Record<string, Job> = { 'recognition.daily': (ctx) => daily(ctx) }

/** 00:20 in Guangzhou. */
export const timetable: Record<string, string> = { 'recognition.daily': '20 16 * * *' }
