import { parseName } from '#modules/people/identity.rules.ts'
import { nameIndex } from '#modules/people/person.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import type { Day } from '#shared/units.ts'
import { canonical, parseCertificateNumber, parseCode } from './certificate.rules.ts'
import {
  type CertificateRecord,
  type CertificateState,
  type IssueState,
  type RevokeCode,
  revokeCodes,
  type Verification,
} from './certificate.schema.ts'

type Db = Ctx['db']

/** Under which context the holder's name is sealed. */
export const holderContext = 'certificate.holder'

export type Certificate = {
  id: string
  number: string
  code: string
  classId: string
  enrolmentId: string
  personId: string
  organisationId: string
  holderSealed: string
  holderIndex: string
  holderMasked: string
  record: CertificateRecord
  digest: string
  issuedOn: Day
  state: CertificateState
  revokedOn: Day | null
  revokeCode: RevokeCode | null
}

export const certificates = (db: Db) =>
  db
    .selectFrom('assessment.certificates as k')
    .select([
      'k.id',
      'k.number',
      'k.verification_code as code',
      'k.class_id as classId',
      'k.enrolment_id as enrolmentId',
      'k.person_id as personId',
      'k.organisation_id as organisationId',
      'k.holder_sealed as holderSealed',
      'k.holder_index as holderIndex',
      'k.holder_masked as holderMasked',
      'k.record',
      'k.digest',
      'k.issued_on as issuedOn',
      'k.state',
      'k.revoked_on as revokedOn',
      'k.revoke_code as revokeCode',
    ])
    .$castTo<Certificate>()

/** The name as printed. Only for the certificate itself, or to somebody who knows it. */
export function holderOf(ctx: Pick<Ctx, 'crypto'>, certificate: Pick<Certificate, 'holderSealed'>): string {
  const { name } = JSON.parse(ctx.crypto.open(certificate.holderSealed, holderContext)) as { name: string }
  return name
}

/** What the digest covers: the record with the holder's name. */
export const digestOf = (crypto: Ctx['crypto'], record: CertificateRecord, holder: string): string =>
  crypto.digest(canonical({ ...record, holder }))

export const isIntact = (ctx: Pick<Ctx, 'crypto'>, certificate: Certificate): boolean =>
  digestOf(ctx.crypto, certificate.record, holderOf(ctx, certificate)) === certificate.digest

/** Whether this actor may see the certificate in full: the holder, the institution that issued it, the bureau. */
export const maySee = (ctx: Pick<Ctx, 'actor'>, certificate: Pick<Certificate, 'personId' | 'organisationId'>) =>
  ctx.actor.can('self.records', { personId: certificate.personId }) ||
  ctx.actor.can('organisation.read', { organisationId: certificate.organisationId }) ||
  ctx.actor.can('casework.read')

export async function certificateFor(ctx: Ctx, id: string): Promise<Certificate> {
  const found = await certificates(ctx.db).where('k.id', '=', id).executeTakeFirst()
  if (!found || !maySee(ctx, found)) throw missing('certificate')
  return found
}

/** A person's certificates, newest first. */
export async function certificatesOf(db: Db, personId: string): Promise<Certificate[]> {
  return certificates(db).where('k.person_id', '=', personId).orderBy('k.id', 'desc').execute()
}

/** Every certificate of a class in the order of their numbers. */
export async function classCertificates(db: Db, classId: string): Promise<Certificate[]> {
  return certificates(db).where('k.class_id', '=', classId).orderBy('k.number').execute()
}

const pageSize = 20

/** The bureau's register: by whole number, or all of an institution, newest first. */
export async function certificateRegister(
  db: Db,
  filter: {
    number?: string | undefined
    organisationId?: string | undefined
    state?: CertificateState | undefined
    cursor?: string | undefined
  },
): Promise<Page<Certificate>> {
  let query = certificates(db)
    .orderBy('k.id', 'desc')
    .limit(pageSize + 1)
  if (filter.number) query = query.where('k.number', '=', parseCertificateNumber(filter.number) ?? '')
  if (filter.organisationId) query = query.where('k.organisation_id', '=', filter.organisationId)
  if (filter.state) query = query.where('k.state', '=', filter.state)
  const after = decodeCursor(filter.cursor, ['id'])
  if (after) query = query.where('k.id', '<', String(after[0]))
  return pageOf(await query.execute(), pageSize, (row) => [row.id])
}

export type IssueRun = {
  id: string
  state: IssueState
  total: number
  issued: number
  message: string
  requestedByName: string
  requestedAt: Date
  finishedAt: Date | null
}

/** Runs of issuing for a class, newest first. */
export async function issueRuns(db: Db, classId: string): Promise<IssueRun[]> {
  return db
    .selectFrom('assessment.issue_runs')
    .select([
      'id',
      'state',
      'total',
      'issued',
      'message',
      'requested_by_name as requestedByName',
      'requested_at as requestedAt',
      'finished_at as finishedAt',
    ])
    .$castTo<IssueRun>()
    .where('class_id', '=', classId)
    .orderBy('id', 'desc')
    .limit(20)
    .execute()
}

/**
 * Answers a stranger: what a certificate says, masked, and whether it stands. A number alone tells nothing; with the
 * holder's name – the one printed, the present one or a former one – or with the code, it does.
 * @clause R37
 */
export async function verify(
  ctx: Pick<Ctx, 'db' | 'crypto'>,
  asked: { number?: string | undefined; name?: string | undefined; code?: string | undefined },
): Promise<Verification> {
  const found = asked.code
    ? await byCode(ctx.db, asked.code)
    : await byNumber(ctx, asked.number ?? '', asked.name ?? '')
  if (!found) return { state: 'unknown' }
  const { record } = found
  return {
    state: found.state,
    number: found.number,
    holder: found.holderMasked,
    document: record.document.masked,
    programme: record.programme.name,
    course: record.course,
    occupation: record.occupation?.title ?? null,
    level: record.level,
    hours: record.hours,
    from: record.from,
    to: record.to,
    issuer: record.issuer.name,
    issuedOn: found.issuedOn,
    revokedOn: found.revokedOn,
    revokeReason: found.revokeCode === null ? null : revokeCodes[found.revokeCode],
    digest: found.digest,
    intact: isIntact(ctx, found),
  }
}

async function byCode(db: Db, typed: string): Promise<Certificate | undefined> {
  const code = parseCode(typed)
  return code ? certificates(db).where('k.verification_code', '=', code).executeTakeFirst() : undefined
}

async function byNumber(
  ctx: Pick<Ctx, 'db' | 'crypto'>,
  typed: string,
  name: string,
): Promise<Certificate | undefined> {
  const number = parseCertificateNumber(typed)
  const parsed = parseName(name)
  if (!number || !parsed.ok) return undefined
  const found = await certificates(ctx.db).where('k.number', '=', number).executeTakeFirst()
  if (!found) return undefined
  const index = nameIndex(ctx.crypto, parsed.value)
  if (found.holderIndex === index) return found
  const named = await ctx.db
    .selectFrom('people.person_names')
    .select('id')
    .where('person_id', '=', found.personId)
    .where('name_index', '=', index)
    .executeTakeFirst()
  return named && found
}
