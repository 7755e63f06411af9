import { timingSafeEqual } from 'node:crypto'
import type { Ctx } from '#platform/command.ts'
import { readTokenBody, type TokenFacts, type TokenUse, tokenBody } from './token.rules.ts'

const context = 'packages.token'

/** A token for the content origin: what it says, and our sign under it. It is no session and opens nothing else. */
export function tokenFor(ctx: Pick<Ctx, 'crypto' | 'now'>, facts: TokenFacts): string {
  const body = tokenBody(facts, ctx.now)
  return `${Buffer.from(body).toString('base64url')}.${ctx.crypto.blindIndex(body, context)}`
}

export function readToken(ctx: Pick<Ctx, 'crypto' | 'now'>, token: string, use: TokenUse): TokenFacts | undefined {
  const [coded = '', sign = ''] = token.split('.')
  const body = Buffer.from(coded, 'base64url').toString('utf8')
  const right = Buffer.from(ctx.crypto.blindIndex(body, context))
  const given = Buffer.from(sign)
  if (right.length !== given.length || !timingSafeEqual(right, given)) return undefined
  return readTokenBody(body, use, ctx.now)
}
