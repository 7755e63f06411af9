import { randomBytes } from 'node:crypto'
import type { Place } from '#modules/access/account.schema.ts'
import { createAccount } from '#modules/access/install.commands.ts'
import { checkDigit } from '#modules/people/identity.rules.ts'
import type { Actor } from '#platform/actor.ts'
import { clockAt } from '#platform/clock.ts'
import type { CryptoProvider } from '#platform/crypto.ts'
import { type Db, openDb } from '#platform/db.ts'
import { actorFromRequest, sessionCookie } from '#platform/session.ts'
import { ctxFor, systemActor, testCrypto, testNow } from '#platform/testing.ts'

let order = 0

/** A valid resident number nobody else in this run has. */
export function someDocument(born = '19900101'): string {
  order += 1
  const areas = ['440105', '440104', '440103', '440106', '440111', '440112', '440113', '440114', '440115', '440117']
  const body = `${areas[Math.floor(order / 1000) % areas.length]}${born}${String(order % 1000).padStart(3, '0')}`
  return body + checkDigit(body)
}

export const somePhone = (): string => `139${String(10_000_000 + ++order)}`

export type Wanted = {
  kind?: 'person' | 'staff' | 'official'
  name?: string
  phone?: string
  documentNumber?: string
  username?: string
  password?: string
  totpSecret?: string
  identity?: 'declared' | 'verified'
  roles?: Place[]
}

/** An account without a session. */
export async function accountFor(db: Db, wanted: Wanted = {}, now = testNow) {
  const official = (wanted.roles ?? []).some((place) => !place.organisationId)
  const kind = wanted.kind ?? (official ? 'official' : wanted.roles?.length ? 'staff' : 'person')
  return createAccount(ctxFor(db, systemActor, now), {
    kind,
    person: {
      name: wanted.name ?? '何海珠',
      documentKind: 'resident-id',
      documentNumber: wanted.documentNumber ?? someDocument(),
      ...(wanted.phone ? { phone: wanted.phone } : {}),
    },
    username: wanted.username,
    password: wanted.password,
    totpSecret: wanted.totpSecret,
    identity: wanted.identity,
    roles: wanted.roles ?? [],
  })
}

/**
 * A real account with a real session: what the sign-in pages leave behind. `cookie` goes into the `Cookie` header or, with
 * `cookiePair`, into a browser's jar; `actor` is what the site makes of it.
 */
export async function signInAs(
  db: Db,
  url: string,
  wanted: Wanted & { crypto?: CryptoProvider; secure?: boolean; now?: Date } = {},
): Promise<{ accountId: string; personId: string; sessionId: string; token: string; cookie: string; actor: Actor }> {
  const { accountId, personId } = await accountFor(db, wanted, wanted.now)
  const crypto = wanted.crypto ?? testCrypto
  const token = randomBytes(24).toString('base64url')
  const row = await db
    .insertInto('auth.sessions')
    .values({
      user_id: accountId,
      token,
      expires_at: new Date(Date.now() + 30 * 86_400_000),
      second_factor_at: new Date(),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const secure = wanted.secure ?? false
  const cookie = sessionCookie({ crypto, secure }, token).split(';', 1)[0] as string
  const { pool } = openDb(url, 1)
  const clock = clockAt((wanted.now ?? testNow).getTime() - Date.now())
  const request = new Request('http://localhost/', { headers: { cookie } })
  const { actor } = await actorFromRequest({ pool, crypto, clock, secure }, request)
  await pool.end()
  return { accountId, personId, sessionId: row.id, token, cookie, actor }
}

/** A session for an account that is there already; the pair for a browser's jar. */
export async function sessionCookieFor(db: Db, accountId: string): Promise<string> {
  const token = randomBytes(24).toString('base64url')
  await db
    .insertInto('auth.sessions')
    .values({
      user_id: accountId,
      token,
      expires_at: new Date(Date.now() + 30 * 86_400_000),
      second_factor_at: new Date(),
    })
    .execute()
  return sessionCookie({ crypto: testCrypto, secure: false }, token).split(';', 1)[0] as string
}
