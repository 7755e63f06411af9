import type { Ctx } from '#platform/command.ts'
import { countCompetition } from './competition.commands.ts'
import { countEnrolled, countPaid, countPassed, negate, recount } from './count.commands.ts'
import { countDesignation } from './registry.commands.ts'

type Job = (ctx: Ctx, payload: unknown) => Promise<void>

export const jobs: Record<string, Job> = {
  'reports.countEnrolled': async (ctx, payload) => void (await countEnrolled(ctx, payload)),
  'reports.countPassed': async (ctx, payload) => void (await countPassed(ctx, payload)),
  'reports.countPaid': async (ctx, payload) => void (await countPaid(ctx, payload)),
  'reports.countDesignation': async (ctx, payload) => void (await countDesignation(ctx, payload)),
  'reports.countCompetition': async (ctx, payload) => void (await countCompetition(ctx, payload)),
  'reports.negate': async (ctx, payload) => void (await negate(ctx, payload)),
  'reports.recount': async (ctx) => void (await recount(ctx, {})),
}

/** 02:30 in Guangzhou. */
export const timetable: Record<string, string> = { 'reports.recount': '30 18 * * *' }
