import { createHash, randomBytes } from 'node:crypto'
import { realTime } from '#platform/clock.ts'
import type { Ctx } from '#platform/command.ts'
import { sha256 } from '#platform/digest.ts'
import { missing, refused } from '#platform/errors.ts'
import { verifyJwt } from '#platform/jwt.ts'
import { askOutside, outwardAddress } from '#platform/outward.ts'
import type { Partner } from './partner.schema.ts'

type Db = Ctx['db']

export const partnerSecret = 'auth.partner-secret'
export const partnerVerifier = 'auth.partner-verifier'
export const partnerSubject = 'auth.partner-subject'
export const partnerCookie = 'partner_browser'
export const tripSeconds = 600
export const partnerDigest = (token: string): string => sha256(`partner\n${token}`)
const clause = 'C01'

export const partners = (db: Db) =>
  db
    .selectFrom('auth.partner_providers as p')
    .innerJoin('people.organisations as o', 'o.id', 'p.organisation_id')
    .select([
      'p.id',
      'p.organisation_id as organisationId',
      'o.name as organisation',
      'p.name',
      'p.purpose',
      'p.issuer',
    ])
    .select(['p.client_id as clientId', 'p.domains', 'p.subject_prefix as subjectPrefix', 'p.state'])
    .select(['p.proposed_by as proposedBy', 'p.proposed_by_name as proposedByName', 'p.proposed_at as proposedAt'])
    .select(['p.decided_by_name as decidedByName', 'p.decided_at as decidedAt', 'p.decision_note as decisionNote'])
    .$castTo<Partner>()

export async function partnerById(db: Db, id: string): Promise<Partner> {
  const found = await partners(db).where('p.id', '=', id).executeTakeFirst()
  if (!found) throw missing('partner')
  return found
}

export const partnersOf = (db: Db, organisationId: string): Promise<Partner[]> =>
  partners(db).where('p.organisation_id', '=', organisationId).orderBy('p.proposed_at', 'desc').limit(20).execute()
export const allPartners = (db: Db): Promise<Partner[]> =>
  partners(db).orderBy('p.proposed_at', 'desc').limit(300).execute()

/** Organisations whose members may sign in at home, by name: the list on the sign-in page. */
export const openPartners = (db: Db): Promise<Partner[]> =>
  partners(db).where('p.state', '=', 'active').where('o.status', '=', 'active').orderBy('o.name').limit(500).execute()

export type PartnerLink = { id: string; name: string; organisation: string; linkedAt: Date }
export const partnerLinksOf = (db: Db, accountId: string): Promise<PartnerLink[]> =>
  db
    .selectFrom('auth.partner_links as l')
    .innerJoin('auth.partner_providers as p', 'p.id', 'l.provider_id')
    .innerJoin('people.organisations as o', 'o.id', 'p.organisation_id')
    .select(['l.id', 'p.name', 'o.name as organisation', 'l.linked_at as linkedAt'])
    .where('l.account_id', '=', accountId)
    .where('l.ended_at', 'is', null)
    .$castTo<PartnerLink>()
    .execute()

export type Trip = { providerId: string; nonce: string; verifierSealed: string; accountId: string | null }

/** A round trip that this browser began and has not finished. */
export const openTrip = (db: Db, state: string, browser: string): Promise<Trip | undefined> =>
  db
    .selectFrom('auth.partner_trips')
    .select(['provider_id as providerId', 'nonce', 'verifier_sealed as verifierSealed', 'account_id as accountId'])
    .where('state_digest', '=', partnerDigest(state))
    .where('cookie_digest', '=', partnerDigest(browser))
    .where('used_at', 'is', null)
    .where('expires_at', '>', realTime())
    .executeTakeFirst()

type Discovery = { authorization_endpoint: string; token_endpoint: string; jwks_uri: string }
const unreachable = () => refused({ clause, reason: 'partner-unreachable', facts: {} })

/** What a provider says of itself, at the address that its issuer stands for and nowhere else. */
export async function discover(issuer: string): Promise<Discovery> {
  try {
    const answer = await askOutside(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
    const said = JSON.parse(answer.text) as Record<string, unknown>
    const addresses = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const
    if (answer.status !== 200 || said.issuer !== issuer) throw unreachable()
    if (addresses.some((name) => !outwardAddress(String(said[name])))) throw unreachable()
    return said as Discovery
  } catch {
    throw unreachable()
  }
}

export const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url')
export const newSecret = (): string => randomBytes(32).toString('base64url')

export function startAddress(
  partner: Partner,
  { authorization_endpoint }: Discovery,
  given: { redirectUri: string; state: string; nonce: string; verifier: string },
): string {
  const url = new URL(authorization_endpoint)
  for (const [name, value] of Object.entries({
    response_type: 'code',
    client_id: partner.clientId,
    redirect_uri: given.redirectUri,
    scope: 'openid email',
    state: given.state,
    nonce: given.nonce,
    code_challenge: challengeOf(given.verifier),
    code_challenge_method: 'S256',
  }))
    url.searchParams.set(name, value)
  return url.href
}

/** Who the provider says has signed in there: the code changed for a token, the token's signature and claims checked. */
export async function subjectFrom(
  ctx: Pick<Ctx, 'db' | 'crypto'>,
  partner: Partner,
  trip: Trip,
  given: { code: string; redirectUri: string },
): Promise<string> {
  const found = await discover(partner.issuer)
  const { secret_sealed } = await ctx.db
    .selectFrom('auth.partner_providers')
    .select('secret_sealed')
    .where('id', '=', partner.id)
    .executeTakeFirstOrThrow()
  const secret = ctx.crypto.open(secret_sealed, partnerSecret)
  const basic = Buffer.from(`${encodeURIComponent(partner.clientId)}:${encodeURIComponent(secret)}`).toString('base64')
  const failed = (reason = 'partner-failed') => refused({ clause, reason, facts: {} })
  const answer = await askOutside(found.token_endpoint, {
    method: 'POST',
    headers: {
      authorization: `Basic ${basic}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: given.code,
      redirect_uri: given.redirectUri,
      code_verifier: ctx.crypto.open(trip.verifierSealed, partnerVerifier),
    }).toString(),
  }).catch(() => {
    throw unreachable()
  })
  if (answer.status !== 200) throw failed()
  let claims: Record<string, unknown>
  try {
    const { id_token } = JSON.parse(answer.text) as { id_token?: string }
    claims = await verifyJwt(
      id_token ?? '',
      { url: found.jwks_uri },
      { issuer: partner.issuer, audience: partner.clientId },
    )
  } catch {
    throw failed()
  }
  if (claims.nonce !== trip.nonce || (claims.azp !== undefined && claims.azp !== partner.clientId)) throw failed()
  const subject = typeof claims.sub === 'string' ? claims.sub : ''
  if (!subject || subject.length > 255) throw failed()
  if (!isInside(partner, subject, claims)) throw failed('partner-outside')
  return subject
}

/** Only addresses that the provider has verified, only at the domains that were approved. */
function isInside(partner: Partner, subject: string, claims: Record<string, unknown>): boolean {
  if (!subject.startsWith(partner.subjectPrefix)) return false
  if (partner.domains.length === 0) return true
  const email = typeof claims.email === 'string' && claims.email_verified === true ? claims.email.toLowerCase() : ''
  return partner.domains.includes(email.slice(email.lastIndexOf('@') + 1)) && email.includes('@')
}
