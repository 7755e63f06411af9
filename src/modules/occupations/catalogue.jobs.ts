import type { Ctx } from '#platform/command.ts'
import { loadPlanOccupations } from './catalogue.commands.ts'

export const jobs: Record<string, (ctx: Ctx, payload: unknown) => Promise<void>> = {
  'occupations.loadPlan': async (ctx) => {
    await loadPlanOccupations(ctx, {})
  },
}

/** A new plan folder brings its occupations with the next start. */
export const atStart = ['occupations.loadPlan']
