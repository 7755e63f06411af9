import type { Ctx } from '#platform/command.ts'
import { remindShort } from './given.commands.ts'

type Job = (ctx: Ctx, payload: unknown) => Promise<void>

export const jobs: Record<string, Job> = {
  'exchange.monthly': async (ctx) => {
    await remindShort(ctx, {})
  },
}

/** 00:40 in Guangzhou on the second of each month. */
export const timetable: Record<string, string> = { 'exchange.monthly': '40 16 1 * *' }
