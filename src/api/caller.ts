import type { Context } from 'hono'
import type { Actor } from '#platform/actor.ts'
import type { Ctx } from '#platform/command.ts'
import { type Limit, takeTurn } from '#platform/limits.ts'

const limits = { key: { tries: 600, seconds: 60 }, address: { tries: 120, seconds: 60 } } as const

/** Where the request came from, as the door believes it; for counting only. Nothing when called from within, as tests do. */
const addressOf = (c: Context): string => c.get('address') ?? 'local'

/** Counts the request against its key or address and puts the state of the limit on the answer. */
export async function countRequest(c: Context, ctx: Pick<Ctx, 'db' | 'crypto'>, actor: Actor): Promise<void> {
  const byKey = actor.kind === 'api-key'
  const limit: Limit = byKey ? limits.key : limits.address
  const { left, seconds } = await takeTurn(ctx.db, `api:${callerKey(c, ctx, actor)}`, limit)
  c.header('RateLimit-Policy', `"default";q=${limit.tries};w=${limit.seconds}`)
  c.header('RateLimit', `"default";r=${left};t=${seconds}`)
}

/** Addresses are personal data: only their blind index is kept, and only for the window. */
export const callerKey = (c: Context, ctx: Pick<Ctx, 'crypto'>, actor: Actor): string =>
  actor.kind === 'api-key' ? actor.id : `address:${ctx.crypto.blindIndex(addressOf(c), 'api.address')}`
