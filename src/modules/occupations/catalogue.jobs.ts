import type { Ctx } from '#platform/command.ts'
import { loadPlanOccupations } from './catalogue.commands.ts'

export const jobs: Record<string, (ctx: Ctx, payload: unknown) => Promise<void>> = {
  'occupations.loadPlan': async (ctx) => {
    await loadPlanOccupations(ctx, {})
  },
}
