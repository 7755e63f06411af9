import { z } from 'zod'
import type { Ctx } from '#platform/command.ts'
import { precheckAll, runControls } from './control.commands.ts'
import { loadDataset } from './dataset.commands.ts'

const Payload = z.union([
  z.object({ claimIds: z.array(z.uuid()).min(1).max(500) }),
  z.object({ scope: z.literal('open') }),
  // the timetable sends what it knows of itself
  z.record(z.string(), z.unknown()).transform(() => ({ scope: 'open' as const })),
])

export const jobs: Record<string, (ctx: Ctx, payload: unknown) => Promise<void>> = {
  'subsidy.runControls': async (ctx, payload) => {
    const wanted = Payload.parse(payload ?? {})
    if ('claimIds' in wanted) await runControls(ctx, { claimIds: wanted.claimIds, occasion: 'scheduled' })
    else await precheckAll(ctx)
  },
  'subsidy.loadDataset': async (ctx, payload) => {
    await loadDataset(ctx, payload)
  },
}

/** Every night at half past two in Guangzhou: what other records say of a claim changes without anybody touching it. */
export const timetable: Record<string, string> = { 'subsidy.runControls': '30 18 * * *' }
