import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { learningRecord } from '#modules/assessment/record.queries.ts'
import { openPersons } from '#modules/people/person.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { type Limit, takeTurn } from '#platform/limits.ts'
import { badgeJwt, type Credential, credentialsOf, holderName } from './credential.queries.ts'
import { hoursOf, vcContext } from './credential.rules.ts'
import type { Issuer } from './credential.schema.ts'
import { asJwt, signerOf, withProof } from './key.queries.ts'
import type { Json } from './proof.rules.ts'
import { stateOf } from './share.rules.ts'
import type { ShareState } from './share.schema.ts'

type Db = Ctx['db']

/** What of a token is kept: 256 random bits need no key to be safe behind a digest. */
export const tokenDigest = (token: string): string => createHash('sha256').update(`passport|${token}`).digest('hex')

export type Share = {
  id: string
  personId: string
  showName: boolean
  createdAt: Date
  expiresAt: Date
  revokedAt: Date | null
  openings: number
  lastOpenedAt: Date | null
  credentials: string[]
  hours: string[]
}

const shares = (db: Db) =>
  db
    .selectFrom('credentials.shares as s')
    .select([
      's.id',
      's.person_id as personId',
      's.show_name as showName',
      's.created_at as createdAt',
      's.expires_at as expiresAt',
      's.revoked_at as revokedAt',
      's.openings',
      's.last_opened_at as lastOpenedAt',
      sql<
        string[]
      >`array(select ref::text from credentials.share_items i where i.share_id = s.id and i.kind = 'credential')`.as(
        'credentials',
      ),
      sql<
        string[]
      >`array(select ref::text from credentials.share_items i where i.share_id = s.id and i.kind = 'hours')`.as(
        'hours',
      ),
    ])
    .$castTo<Share>()

/** A person's shares, newest first. */
export async function sharesOf(
  ctx: Pick<Ctx, 'db' | 'now'>,
  personId: string,
): Promise<(Share & { state: ShareState })[]> {
  const found = await shares(ctx.db)
    .where('s.person_id', '=', personId)
    .orderBy('s.created_at', 'desc')
    .limit(100)
    .execute()
  return found.map((share) => ({ ...share, state: stateOf(share, ctx.now) }))
}

const perAddress: Limit = { tries: 60, seconds: 600 }

export type HoursLine = { course: string; trainedBy: string; from: string; to: string; minutes: number; hours: number }
export type Passport = {
  share: Share
  /** Null when the holder chose not to show it. */
  name: string | null
  credentials: Credential[]
  hours: HoursLine[]
}

/**
 * What a link shows: exactly what its holder chose, as it stands today. A link that is revoked, over or made up is
 * `missing`; so many tries from one address are `limited`.
 * @clause R37
 */
export async function openPassport(ctx: Ctx, token: string, address: string): Promise<Passport> {
  await takeTurn(ctx.db, `passport:${ctx.crypto.blindIndex(address, 'credentials.passport')}`, perAddress)
  const share = await shares(ctx.db).where('s.token_digest', '=', tokenDigest(token)).executeTakeFirst()
  if (!share || stateOf(share, ctx.now) !== 'open') throw missing('passport')
  const [all, record, persons] = await Promise.all([
    share.credentials.length > 0 ? credentialsOf(ctx.db, share.personId) : [],
    share.hours.length > 0 ? learningRecord(ctx, share.personId) : null,
    share.showName ? openPersons(ctx.db, ctx.crypto, [share.personId]) : null,
  ])
  return {
    share,
    name: persons?.get(share.personId)?.name ?? null,
    credentials: all.filter(({ id }) => share.credentials.includes(id)),
    hours: (record?.classes ?? [])
      .filter(({ classId }) => share.hours.includes(classId))
      .map((c) => ({
        course: c.title,
        trainedBy: c.organisation,
        from: c.startsOn,
        to: c.endsOn,
        minutes: c.minutes,
        hours: c.hours,
      })),
  }
}

/**
 * The same for programs: a Verifiable Presentation of enveloped credentials, secured by the installation for as long as
 * the share is open. The learner has no key of his own, so there is no `holder`.
 */
export async function presentation(ctx: Ctx, issuer: Issuer, shown: Passport): Promise<Json> {
  const signer = await signerOf(ctx)
  const { share, name, credentials, hours } = shown
  const jwts = credentials.map((one) => badgeJwt(signer, issuer, one, name === null ? null : holderName(ctx, one)))
  if (hours.length > 0)
    jwts.push(asJwt(signer, issuer, hoursOf(issuer, { name, lines: hours }, ctx.now, share.expiresAt)))
  const document = {
    '@context': [vcContext],
    type: ['VerifiablePresentation'],
    verifiableCredential: jwts.map((jwt) => ({
      '@context': vcContext,
      id: `data:application/vc+jwt,${jwt}`,
      type: 'EnvelopedVerifiableCredential',
    })),
  }
  return withProof(signer, issuer, document, { created: ctx.now, expires: share.expiresAt })
}

export type ShareAudit = { month: string; made: number; revoked: number; openings: number; open: number }

/** How sharing is used, month by month: numbers only, nobody's name, link or choice. */
export async function shareAudit(ctx: Pick<Ctx, 'db' | 'now'>): Promise<ShareAudit[]> {
  const { rows } = await sql<ShareAudit>`
    select to_char(created_at at time zone 'Asia/Shanghai', 'YYYY-MM') as month, count(*)::int as made,
      count(revoked_at)::int as revoked, sum(openings)::int as openings,
      count(*) filter (where revoked_at is null and expires_at > ${ctx.now})::int as open
    from credentials.shares group by 1 order by 1 desc limit 24
  `.execute(ctx.db)
  return rows
}
