import type { Ctx } from '#platform/command.ts'
import { type Limit, takeTurn } from '#platform/limits.ts'
import { verify } from './certificate.queries.ts'
import { parseCertificateNumber } from './certificate.rules.ts'
import type { Verification } from './certificate.schema.ts'

const perNumber: Limit = { tries: 10, seconds: 3600 }
const allStrangers: Limit = { tries: 1200, seconds: 3600 }

/**
 * `verify` for people on the public page. Names cannot be tried on a number: ten tries an hour each, and so many an hour
 * by strangers altogether. A code cannot be guessed, so a scan is never turned away. Throws `limited`.
 * @clause R37
 */
export async function verifyInPublic(
  ctx: Pick<Ctx, 'db' | 'crypto' | 'actor'>,
  asked: { number: string; name: string; code: string },
): Promise<Verification> {
  if (asked.code !== '') return verify(ctx, { code: asked.code })
  const number = parseCertificateNumber(asked.number)
  if (!number) return { state: 'unknown' }
  await takeTurn(ctx.db, `verify:${ctx.crypto.blindIndex(number, 'certificate.verify')}`, perNumber)
  if (ctx.actor.kind === 'anonymous') await takeTurn(ctx.db, 'verify-strangers', allStrangers)
  return verify(ctx, { number, name: asked.name })
}
