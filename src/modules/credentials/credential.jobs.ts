import type { Ctx } from '#platform/command.ts'
import { AppError } from '#platform/errors.ts'
import { issueCompletion, issueMissing, revokeCompletion } from './credential.commands.ts'
import { firstKey } from './key.commands.ts'

export const jobs: Record<string, (ctx: Ctx, payload: unknown) => Promise<void>> = {
  /** Queued in the commit that makes certificates; at start it also makes the first key and catches up. */
  'credentials.issueMissing': async (ctx) => {
    await firstKey(ctx, {})
    while (!(await issueMissing(ctx, {})).done);
  },
  /** Queued in the commit that declares a course of the library learnt. */
  'credentials.completed': async (ctx, payload) => {
    await firstKey(ctx, {})
    await issueCompletion(ctx, payload)
  },
  /** Queued in the commit that takes a completion back; tried again until there is something to revoke. */
  'credentials.completionWithdrawn': async (ctx, payload) => {
    try {
      await revokeCompletion(ctx, payload)
    } catch (error) {
      const done = error instanceof AppError && error.fault.kind === 'refused'
      if (!done) throw error
    }
  },
}

export const atStart = ['credentials.issueMissing']
