import type { Ctx } from '#platform/command.ts'
import { AppError } from '#platform/errors.ts'
import { noteDelivery, queueDeliveries, sweep } from './delivery.commands.ts'
import { dueDeliveries, isUntold, send } from './delivery.queries.ts'
import { rotateKey } from './key.commands.ts'

async function passBack(ctx: Ctx): Promise<void> {
  if (await isUntold(ctx.db)) await queueDeliveries(ctx, {})
  for (const due of await dueDeliveries(ctx)) {
    const sent = await send(ctx, due)
    try {
      await noteDelivery(ctx, { deliveryId: due.id, tries: due.tries, ...sent })
    } catch (error) {
      // another worker was at it too; the platform knows a score by its time, so nothing counts twice
      if (!(error instanceof AppError && error.fault.kind === 'conflict')) throw error
    }
  }
}

export const jobs: Record<string, (ctx: Ctx, payload: unknown) => Promise<void>> = {
  'connect.passBack': passBack,
  'connect.upkeep': async (ctx) => {
    await rotateKey(ctx, {})
    await sweep(ctx, {})
  },
}

export const timetable: Record<string, string> = { 'connect.passBack': '*/2 * * * *', 'connect.upkeep': '40 18 * * *' }

/** Without a key nothing is signed, so the first one is there when the first tool is. */
export const atStart: string[] = ['connect.upkeep']
