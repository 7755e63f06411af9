import type { Logger } from 'pino'
import { system } from '#platform/actor.ts'
import { type Auth, createAuth, type OidcSettings } from '#platform/auth.ts'
import type { Clock } from '#platform/clock.ts'
import type { Ctx } from '#platform/command.ts'
import type { Db } from '#platform/db.ts'
import { identifyUnified } from './identity-claim.commands.ts'

type Parts = Pick<Ctx, 'plan' | 'crypto'> & {
  db: Db
  clock: Clock
  baseUrl: string
  oidc?: OidcSettings | undefined
  log: Pick<Logger, 'warn'>
}

/** Sign-in of one installation: better-auth with our persons behind the unified identity. */
export function authFor({ db, crypto, plan, clock, baseUrl, oidc, log }: Parts): Auth {
  return createAuth({
    db,
    crypto,
    baseUrl,
    siteName: plan.site.name,
    oidc,
    identify: (claims) =>
      identifyUnified(
        {
          db,
          crypto,
          plan,
          actor: system('access.identifyUnified'),
          now: clock.now(),
          requestId: globalThis.crypto.randomUUID(),
        },
        claims,
      ),
    log: (message, error) => log.warn({ err: error }, message),
  })
}
