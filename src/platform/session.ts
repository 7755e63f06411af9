import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import type pg from 'pg'
import { dayOf } from '#shared/dates.ts'
import { type Actor, actorOf, anonymous, type Holding } from './actor.ts'
import type { Clock } from './clock.ts'
import type { Ctx } from './command.ts'
import type { CryptoProvider } from './crypto.ts'
import { grants, type Permission, type RoleCode } from './permissions.ts'

export type AccountKind = 'person' | 'staff' | 'official'

/** What a request's session says besides who is acting. Times are real ones. */
export type Session = {
  id: string
  userId: string
  kind: AccountKind
  expiresAt: Date
  secondFactor: boolean
  /** Whether the account has a one-time password set up. */
  secondFactorEnrolled: boolean
  mustChangePassword: boolean
  /** Organisations this account may act for; `actor.holdings` has the roles in the chosen one only. */
  organisationIds: string[]
  organisationId: string | null
  /** Set when the session began at the organisation's own sign-in: it acts for that organisation only. */
  partnerId: string | null
  consent: { id: string; personId: string; purpose: string; expiresAt: Date } | null
}

export type SessionDeps = { pool: pg.Pool; crypto: CryptoProvider; clock: Clock; secure: boolean }
export type Found = { actor: Actor; session: Session | null }

export const cookieBase = 'skills.session_token'
export const sessionCookieName = (secure: boolean) => (secure ? `__Secure-${cookieBase}` : cookieBase)

/** The secret that signs cookies: derived, so there is one key ring to keep and no second one to lose. */
export const authSecret = (crypto: CryptoProvider): string => crypto.blindIndex('cookies', 'auth.secret')

/** Signed as better-auth signs: `token.base64(hmac)`. */
export function signToken(crypto: CryptoProvider, token: string): string {
  return `${token}.${createHmac('sha256', authSecret(crypto)).update(token).digest('base64')}`
}

/** The token of the session cookie, if its signature is ours. */
export function tokenFrom(deps: Pick<SessionDeps, 'crypto' | 'secure'>, request: Request): string | null {
  const value = cookieOf(request, sessionCookieName(deps.secure))
  if (!value) return null
  const token = value.slice(0, value.lastIndexOf('.'))
  const wanted = Buffer.from(signToken(deps.crypto, token))
  const given = Buffer.from(value)
  return wanted.length === given.length && timingSafeEqual(wanted, given) ? token : null
}

/** A cookie of a request by its name. */
export function cookieOf(request: Request, name: string): string | null {
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) {
      try {
        return decodeURIComponent(pair.slice(at + 1).trim())
      } catch {
        return null
      }
    }
  }
  return null
}

/** A cookie header that puts the session there, or takes it away. */
export function sessionCookie(
  deps: Pick<SessionDeps, 'crypto' | 'secure'>,
  token: string | null,
  maxAgeSeconds?: number,
) {
  const value = token === null ? '' : encodeURIComponent(signToken(deps.crypto, token))
  const age = token === null ? '; Max-Age=0' : maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`
  return `${sessionCookieName(deps.secure)}=${value}; Path=/; HttpOnly; SameSite=Lax${age}${deps.secure ? '; Secure' : ''}`
}

/** One statement by the unique index on the token; the planner keeps it prepared on every connection. */
const sessionQuery = {
  name: 'session-by-token',
  text: `
    select s.id, s.user_id, s.expires_at, s.organisation_id, s.second_factor_at is not null as second_factor,
      s.partner_id, p.organisation_id as partner_organisation_id,
      s.last_seen_at < now() - interval '1 minute' as stale,
      u.kind, u.name, u.person_id, u.two_factor_enabled, u.must_change_password,
      (select json_agg(json_build_object('role', g.role, 'organisationId', g.organisation_id, 'body', g.body,
          'subdistrict', g.subdistrict) order by g.granted_at, g.id)
        from auth.role_grants g where g.user_id = u.id and g.state = 'in-force' and g.validity @> $2::date) as grants,
      (select json_build_object('id', c.id, 'personId', c.person_id, 'purpose', c.purpose, 'expiresAt', c.expires_at)
        from auth.consents c where c.clerk_user_id = u.id and c.state = 'active' and c.expires_at > $3) as consent
    from auth.sessions s join auth.users u on u.id = s.user_id join auth.session_life life on life.kind = u.kind
      left join auth.partner_providers p on p.id = s.partner_id
    where s.token = $1 and s.expires_at > now() and s.last_seen_at > now() - life.idle and u.disabled_at is null
      and (s.partner_id is null or p.state = 'active' and u.kind = 'staff')`,
} as const

type Row = {
  id: string
  user_id: string
  expires_at: Date
  organisation_id: string | null
  second_factor: boolean
  partner_id: string | null
  partner_organisation_id: string | null
  stale: boolean
  kind: AccountKind
  name: string
  person_id: string | null
  two_factor_enabled: boolean
  must_change_password: boolean
  grants: { role: RoleCode; organisationId: string | null; body: string | null; subdistrict: string | null }[] | null
  consent: { id: string; personId: string; purpose: string; expiresAt: string } | null
}

/**
 * Who is asking: by session cookie, by `Authorization: Bearer hsk_…`, or nobody. One indexed query.
 *
 * Roles of departments and the bureau count only after the second factor, and none counts before a first password was
 * replaced. Of several organisations only the chosen one's roles are held.
 */
export async function actorFromRequest(deps: SessionDeps, request: Request): Promise<Found> {
  const bearer = /^Bearer (hsk_[A-Za-z0-9_-]{20,100})$/.exec(request.headers.get('authorization') ?? '')?.[1]
  if (bearer) return { actor: await actorOfKey(deps, bearer), session: null }
  const token = tokenFrom(deps, request)
  if (!token) return { actor: anonymous, session: null }
  const now = deps.clock.now()
  const { rows } = await deps.pool.query<Row>({ ...sessionQuery, values: [token, dayOf(now), now] })
  const row = rows[0]
  if (!row) return { actor: anonymous, session: null }
  if (row.stale) noteSeen(deps.pool, row.id)
  const session = sessionOf(row)
  return { actor: actorOfSession(row, session), session }
}

/**
 * Seen: at most once a minute, and all who were seen in the same half second in one statement that nobody waits for. Lost
 * with a crash, it only shortens the time until somebody idle has to sign in again.
 */
function noteSeen(pool: pg.Pool, id: string): void {
  const others = seen.get(pool)
  if (others) return void others.add(id)
  const ids = new Set([id])
  seen.set(pool, ids)
  setTimeout(() => {
    seen.delete(pool)
    pool
      .query(
        `update auth.sessions set last_seen_at = now()
         where id in (select id from auth.sessions where id = any($1::uuid[]) for update skip locked)`,
        [[...ids]],
      )
      .catch(() => {})
  }, 500).unref()
}
const seen = new WeakMap<pg.Pool, Set<string>>()

function sessionOf(row: Row): Session {
  const all = [...new Set((row.grants ?? []).flatMap((g) => g.organisationId ?? []))]
  const organisationIds = row.partner_id ? all.filter((id) => id === row.partner_organisation_id) : all
  const chosen = row.organisation_id && organisationIds.includes(row.organisation_id) ? row.organisation_id : null
  return {
    id: row.id,
    userId: row.user_id,
    kind: row.kind,
    expiresAt: row.expires_at,
    secondFactor: row.second_factor,
    secondFactorEnrolled: row.two_factor_enabled,
    mustChangePassword: row.must_change_password,
    organisationIds,
    organisationId: chosen ?? organisationIds[0] ?? null,
    partnerId: row.partner_id,
    consent: row.consent && { ...row.consent, expiresAt: new Date(row.consent.expiresAt) },
  }
}

function actorOfSession(row: Row, session: Session): Actor {
  const held = (row.grants ?? []).filter((g) =>
    g.organisationId ? g.organisationId === session.organisationId : row.second_factor && !session.partnerId,
  )
  const holdings: Holding[] = held.map((g) => ({
    role: g.role,
    ...(g.organisationId ? { organisationId: g.organisationId } : {}),
    ...(g.body ? { body: g.body } : {}),
    ...(g.subdistrict ? { subdistrict: g.subdistrict } : {}),
  }))
  const assisting = session.consent && row.second_factor ? session.consent : null
  return actorOf({
    kind: 'user',
    id: row.user_id,
    name: row.name,
    // While acting for somebody, a clerk is that person and the clerk's window, nothing else.
    // An employer's word is good for the employer's work, not for somebody's own records.
    personId: assisting ? assisting.personId : session.partnerId ? null : row.person_id,
    holdings: session.mustChangePassword
      ? []
      : assisting
        ? holdings.filter((h) => h.role === 'subdistrict-clerk')
        : holdings,
    hand: { id: row.user_id, personId: row.person_id },
    ...(assisting ? { onBehalfOf: { personId: assisting.personId, consentId: assisting.id } } : {}),
  })
}

const keyContext = 'auth.api-key'
export const apiKeyHash = (crypto: CryptoProvider, key: string): string => crypto.blindIndex(key, keyContext)

const keyQuery = {
  name: 'api-key-by-hash',
  text: `
    select k.id, k.name, k.organisation_id, k.scopes, o.type, u.id as maker_id, u.person_id as maker_person_id, k.last_used_at is null or k.last_used_at < now() - interval '1 minute' as stale
    from auth.api_keys k join people.organisations o on o.id = k.organisation_id
      left join auth.users u on u.id = case when k.created_by ~ '^[0-9a-f-]{36}$' then k.created_by::uuid end
    where k.key_hash = $1 and k.revoked_at is null and k.expires_on >= $2::date and o.status = 'active'`,
} as const

async function actorOfKey(deps: SessionDeps, key: string): Promise<Actor> {
  const { rows } = await deps.pool.query<{
    id: string
    name: string
    organisation_id: string
    scopes: Permission[]
    type: string
    maker_id: string | null
    maker_person_id: string | null
    stale: boolean
  }>({ ...keyQuery, values: [apiKeyHash(deps.crypto, key), dayOf(deps.clock.now())] })
  const row = rows[0]
  if (!row) return anonymous
  if (row.stale) await deps.pool.query('update auth.api_keys set last_used_at = now() where id = $1', [row.id])
  return apiKeyActor(row)
}

/** A program of an organisation: what its administrator may do there, as far as the key's scopes go. */
export function apiKeyActor(key: {
  id: string
  name: string
  organisation_id: string
  scopes: Permission[]
  type: string
  maker_id?: string | null
  maker_person_id?: string | null
}): Actor {
  const role: RoleCode = key.type === 'enterprise' ? 'enterprise-hr' : 'provider-admin'
  const whole = actorOf({
    kind: 'api-key',
    id: `key:${key.id}`,
    name: key.name,
    personId: null,
    ...(key.maker_id ? { hand: { id: key.maker_id, personId: key.maker_person_id ?? null } } : {}),
    holdings: [{ role, organisationId: key.organisation_id }],
  })
  return {
    ...whole,
    can: (permission, scope) =>
      key.scopes.includes(permission) && grants[role].includes(permission) && whole.can(permission, scope),
  }
}

/** Gives a session another token, for when somebody's powers change within it. */
export async function rotateSession(db: Ctx['db'], sessionId: string): Promise<string> {
  const token = randomBytes(24).toString('base64url')
  await sql`update auth.sessions set token = ${token}, updated_at = now() where id = ${sessionId}`.execute(db)
  return token
}

/** Marks a session as having passed the second factor. */
export async function markSecondFactor(db: Ctx['db'], token: string): Promise<void> {
  await sql`update auth.sessions set second_factor_at = now() where token = ${token}`.execute(db)
}
