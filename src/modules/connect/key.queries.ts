import type { Ctx } from '#platform/command.ts'
import { refused } from '#platform/errors.ts'
import type { JWK, JwtSigner } from '#platform/jwt.ts'
import { publishedUntil } from './key.rules.ts'
import type { KeyState } from './key.schema.ts'

export const keyContext = 'connect.key'

export type KeyRow = { id: string; kid: string; state: KeyState; reason: string; madeAt: Date; endedAt: Date | null }

export const allKeys = (db: Ctx['db']): Promise<(KeyRow & { publicJwk: JWK })[]> =>
  db
    .selectFrom('connect.keys')
    .select(['id', 'kid', 'public_jwk as publicJwk', 'state', 'reason', 'made_at as madeAt', 'ended_at as endedAt'])
    .orderBy('made_at', 'desc')
    .$castTo<KeyRow & { publicJwk: JWK }>()
    .execute()

/** The key set that others check our messages with: never one that may have leaked. */
export async function publishedKeys(db: Ctx['db'], now: Date): Promise<{ keys: JWK[] }> {
  const keys = (await allKeys(db)).filter(
    ({ state, endedAt }) =>
      state === 'active' || (state === 'retired' && endedAt !== null && publishedUntil(endedAt) > now),
  )
  return { keys: keys.map(({ publicJwk }) => publicJwk) }
}

export async function activeSigner(ctx: Pick<Ctx, 'db' | 'crypto'>): Promise<JwtSigner> {
  const row = await ctx.db
    .selectFrom('connect.keys')
    .select(['kid', 'private_sealed as sealed'])
    .where('state', '=', 'active')
    .executeTakeFirst()
  if (!row) throw refused({ clause: 'HZ4-M13', reason: 'key-none', facts: {} })
  return { kid: row.kid, privateText: ctx.crypto.open(row.sealed, keyContext) }
}
