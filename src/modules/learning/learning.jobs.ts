import type { Ctx } from '#platform/command.ts'
import { dayOf } from '#shared/dates.ts'
import { settleDay } from './posting.commands.ts'
import { daysToSettle } from './posting.queries.ts'
import { endIdle } from './upkeep.commands.ts'

export const jobs: Record<string, (ctx: Ctx, payload: unknown) => Promise<void>> = {
  /** Yesterday into the ledger; earlier days again, for marks that came later and for conversions decided since. */
  'learning.settleDays': async (ctx) => {
    for (const { registrationId, on } of await daysToSettle(ctx.db, dayOf(ctx.now))) {
      await settleDay(ctx, { registrationId, on })
    }
  },
  'learning.endIdle': async (ctx) => {
    await endIdle(ctx, {})
  },
}

/** 00:20 in Guangzhou. */
export const timetable = { 'learning.settleDays': '20 16 * * *', 'learning.endIdle': '*/5 * * * *' }
