import { z } from 'zod'
import type { Ctx } from '#platform/command.ts'
import { settleRows } from './return.commands.ts'

const payload = z.object({ returnId: z.uuid() })

export const jobs: Record<string, (ctx: Ctx, payload: unknown) => Promise<void>> = {
  /** Row after row until none is left; whatever stops it, running it again goes on where it was. */
  'subsidy.applyReturn': async (ctx, raw) => {
    const { returnId } = payload.parse(raw)
    for (;;) {
      const { left } = await settleRows(ctx, { returnId })
      if (left === 0) return
    }
  },
}
