import type { Ctx } from '#platform/command.ts'
import { issueMissing } from './credential.commands.ts'
import { firstKey } from './key.commands.ts'

export const jobs: Record<string, (ctx: Ctx, payload: unknown) => Promise<void>> = {
  /** Queued in the commit that makes certificates; at start it also makes the first key and catches up. */
  'credentials.issueMissing': async (ctx) => {
    await firstKey(ctx, {})
    while (!(await issueMissing(ctx, {})).done);
  },
}

export const atStart = ['credentials.issueMissing']
