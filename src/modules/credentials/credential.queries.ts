import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { holderContext } from '#modules/assessment/certificate.queries.ts'
import type { CertificateRecord } from '#modules/assessment/certificate.schema.ts'
import type { Ctx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { achievementOf, badgeContext, badgeOf, compactOf, issuerProfile, statusCredential } from './credential.rules.ts'
import type { CourseFacts, CredentialFacts, CredentialKind, Issuer } from './credential.schema.ts'
import { toBase64url } from './encoding.rules.ts'
import { asJwt, type Signer, signerOf, withProof } from './key.queries.ts'
import type { Json } from './proof.rules.ts'
import { bitstring } from './status.rules.ts'

type Db = Ctx['db']

export const courseHolderContext = 'credentials.holder'

export type Credential = CredentialFacts & {
  personId: string
  certificateId: string | null
  classId: string | null
  /** What a course's completion is called by whoever declared it. */
  sourceKey: string | null
  holderSealed: string
}

type Row = {
  id: string
  kind: CredentialKind
  personId: string
  certificateId: string | null
  classId: string | null
  organisationId: string | null
  sourceKey: string | null
  record: CertificateRecord | null
  course: CourseFacts | null
  holderSealed: string
  list: number
  place: number
  salt: string
  issuedAt: Date
  revoked: boolean
}

const rows = (db: Db) =>
  db
    .selectFrom('credentials.issued as i')
    .leftJoin('assessment.certificates as k', 'k.id', 'i.certificate_id')
    .select([
      'i.id',
      'i.kind',
      'i.person_id as personId',
      'i.certificate_id as certificateId',
      'k.class_id as classId',
      'k.organisation_id as organisationId',
      'i.source_key as sourceKey',
      'k.record',
      'i.course',
      sql<string>`coalesce(k.holder_sealed, i.holder_sealed)`.as('holderSealed'),
      'i.list',
      'i.place',
      'i.salt',
      sql<Date>`coalesce(k.issued_at, i.issued_at)`.as('issuedAt'),
      sql<boolean>`coalesce(k.state = 'revoked', i.revoked_at is not null)`.as('revoked'),
    ])
    .$castTo<Row>()

/** OB3 IdentityHash: SHA-256 over the identity with the salt behind it. */
export const identityHash = (identity: string, salt: string): string =>
  createHash('sha256')
    .update(identity + salt)
    .digest('hex')

function factsOf(row: Row): Credential {
  const { id, kind, personId, certificateId, classId, sourceKey, holderSealed, list, place, salt, issuedAt } = row
  const base = { id, kind, personId, certificateId, classId, sourceKey, holderSealed, list, place, salt, issuedAt }
  const state = row.revoked ? ('revoked' as const) : ('issued' as const)
  const common = { ...base, state, identityHash: identityHash(personId, salt) }
  if (row.record) {
    const { number, programme, course, occupation, level, plannedHours, hours, from, to, basis, issuer } = row.record
    return {
      ...common,
      achievementId: classId ?? '',
      ...{ number, course, level, plannedHours, hours, from, to, basis },
      programme: programme.name,
      occupation: occupation?.title ?? null,
      trainedBy: { id: row.organisationId ?? '', name: issuer.name },
    }
  }
  if (!row.course) throw new Error(`the credential ${id} has neither certificate nor course`)
  const { id: courseId, title, provider, occupation, level, plannedHours, hours, from, to, basis } = row.course
  return {
    ...common,
    achievementId: courseId,
    number: null,
    programme: '在线课程',
    course: title,
    ...{ occupation, level, plannedHours, hours, basis },
    from: from as Credential['from'],
    to: to as Credential['to'],
    trainedBy: provider,
  }
}

/** A person's credentials, newest first. */
export const credentialsOf = async (db: Db, personId: string): Promise<Credential[]> =>
  (await rows(db).where('i.person_id', '=', personId).orderBy('issuedAt', 'desc').orderBy('i.id').execute()).map(
    factsOf,
  )

/** The credential of a certificate; undefined until the job has made it. */
export async function credentialOfCertificate(db: Db, certificateId: string): Promise<Credential | undefined> {
  const row = await rows(db).where('i.certificate_id', '=', certificateId).executeTakeFirst()
  return row && factsOf(row)
}

/**
 * The holder's own, by its certificate or, of a course, by its own id: `missing` for everybody else, `not-ready` until the
 * job has made it.
 */
export async function ownCredential(ctx: Ctx, certificateId: string): Promise<Credential> {
  const course = await rows(ctx.db).where('i.id', '=', certificateId).where('i.kind', '=', 'course').executeTakeFirst()
  if (course && ctx.actor.can('self.records', { personId: course.personId })) return factsOf(course)
  const owner = await ctx.db
    .selectFrom('assessment.certificates')
    .select('person_id')
    .where('id', '=', certificateId)
    .executeTakeFirst()
  if (!owner || !ctx.actor.can('self.records', { personId: owner.person_id })) throw missing('certificate')
  const found = await credentialOfCertificate(ctx.db, certificateId)
  if (!found) throw refused({ clause: 'HZ4-M13', reason: 'not-ready', facts: {} })
  return found
}

/** By the code printed on the certificate: for whoever has the paper. */
export async function credentialByCode(db: Db, code: string): Promise<Credential> {
  const row = await rows(db).where('k.verification_code', '=', code).executeTakeFirst()
  if (!row) throw missing('certificate')
  return factsOf(row)
}

/** The holder's name as on the day of issue. */
export function holderName(ctx: Pick<Ctx, 'crypto'>, credential: Credential): string {
  const context = credential.kind === 'training' ? holderContext : courseHolderContext
  return (JSON.parse(ctx.crypto.open(credential.holderSealed, context)) as { name: string }).name
}

/** Signed with Data Integrity: the same credential and key give the same bytes. `name` null: without the name. */
export const badgeJson = (signer: Signer, issuer: Issuer, credential: Credential, name: string | null): Promise<Json> =>
  withProof(signer, issuer, badgeOf(issuer, credential, name), { created: credential.issuedAt })

export const badgeJwt = (signer: Signer, issuer: Issuer, credential: Credential, name: string | null): string =>
  asJwt(signer, issuer, badgeOf(issuer, credential, name))

/** What stands in the second QR code of the holder's paper. */
export const compactJwt = (signer: Signer, issuer: Issuer, credential: Credential, name: string): string =>
  asJwt(signer, issuer, compactOf(issuer, credential, name))

/**
 * A status list as it stands at this moment: the bits are read from the records themselves, so a revocation and its bit
 * are one commit. Throws `missing` for a list that was never opened.
 */
export async function statusList(ctx: Pick<Ctx, 'db' | 'now'>, issuer: Issuer, number: number): Promise<Json> {
  const { rows: found } = await sql<{ places: number[] | null }>`
    select (select array_agg(i.place) from credentials.issued i
        where i.list = l.number and (i.revoked_at is not null
          or i.certificate_id in (select k.id from assessment.certificates k where k.state = 'revoked'))) as places
    from credentials.lists l where l.number = ${number}
  `.execute(ctx.db)
  const [row] = found
  if (!row) throw missing('status-list')
  const packed = gzipSync(bitstring(row.places ?? []), { level: 9 })
  return statusCredential(issuer, number, `u${toBase64url(packed)}`, ctx.now)
}

/** The status list in both signed forms. */
export async function signedStatus(ctx: Pick<Ctx, 'db' | 'now' | 'crypto'>, issuer: Issuer, number: number) {
  const [signer, credential] = await Promise.all([signerOf(ctx), statusList(ctx, issuer, number)])
  return {
    json: () => withProof(signer, issuer, credential, { created: ctx.now }),
    jwt: () => asJwt(signer, issuer, credential),
  }
}

/** What a class or course leads to, without anybody's name: behind the achievement's address. */
export async function achievement(db: Db, issuer: Issuer, kind: CredentialKind, id: string): Promise<Json> {
  const all = rows(db).where('i.kind', '=', kind).limit(1)
  const row = await (kind === 'training'
    ? all.where('k.class_id', '=', id)
    : all.where(sql<string>`i.course ->> 'id'`, '=', id)
  ).executeTakeFirst()
  if (!row) throw missing('achievement')
  return { '@context': [badgeContext], ...achievementOf(issuer, factsOf(row)), creator: issuerProfile(issuer) }
}
