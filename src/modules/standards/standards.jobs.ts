import type { Ctx } from '#platform/command.ts'
import { closeComments } from './standard.commands.ts'

type Job = (ctx: Ctx, payload: unknown) => Promise<void>

export const jobs: Record<string, Job> = {
  'standards.daily': async (ctx) => {
    await closeComments(ctx, {})
  },
}

/** 00:30 in Guangzhou. */
export const timetable: Record<string, string> = { 'standards.daily': '30 16 * * *' }
