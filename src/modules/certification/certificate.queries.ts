import { sql } from 'kysely'
import { canonical, parseCode } from '#modules/assessment/certificate.rules.ts'
import { parseName } from '#modules/people/identity.rules.ts'
import { nameIndex } from '#modules/people/person.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { type Limit, takeTurn } from '#platform/limits.ts'
import type { Day } from '#shared/units.ts'
import type { CertificateState, LevelCertificateRecord, LevelVerification } from './certificate.schema.ts'
import { parseNationalNumber } from './number.rules.ts'

type Db = Ctx['db']

/** Under which context the holder's name is sealed. */
export const levelHolderContext = 'level-certificate.holder'

/** What the digest covers: the record with the holder's name. */
export const levelDigestOf = (crypto: Ctx['crypto'], record: LevelCertificateRecord, holder: string): string =>
  crypto.digest(canonical({ ...record, holder }))

export type LevelCertificate = {
  id: string
  number: string
  code: string
  batchId: string
  personId: string
  organisationId: string
  holderSealed: string
  holderIndex: string
  holderMasked: string
  record: LevelCertificateRecord
  digest: string
  issuedOn: Day
  state: CertificateState
  revokedOn: Day | null
}
const rowsOf = (where: ReturnType<typeof sql>) => sql<LevelCertificate>`
  select c.id, c.number, c.verification_code as code, c.batch_id as "batchId", c.person_id as "personId",
    c.organisation_id as "organisationId", c.holder_sealed as "holderSealed", c.holder_index as "holderIndex",
    c.holder_masked as "holderMasked", c.record, c.digest, c.issued_on as "issuedOn", c.state, c.revoked_on as "revokedOn"
  from certification.certificates c where ${where} order by c.number desc limit 500`

export async function batchCertificates(db: Db, batchId: string): Promise<LevelCertificate[]> {
  return (await rowsOf(sql`c.batch_id = ${batchId}`).execute(db)).rows.toReversed()
}
/** A person's own. */
export async function levelCertificatesOf(db: Db, personId: string): Promise<LevelCertificate[]> {
  return (await rowsOf(sql`c.person_id = ${personId}`).execute(db)).rows
}

export const levelHolder = (ctx: Pick<Ctx, 'crypto'>, one: Pick<LevelCertificate, 'holderSealed'>): string =>
  (JSON.parse(ctx.crypto.open(one.holderSealed, levelHolderContext)) as { name: string }).name

/** One certificate for its holder, its issuer or the bureau. */
export async function levelCertificateFor(ctx: Ctx, id: string): Promise<LevelCertificate> {
  const found = (await rowsOf(sql`c.id = ${id}`).execute(ctx.db)).rows[0]
  const may =
    found !== undefined &&
    (ctx.actor.can('self.records', { personId: found.personId }) ||
      ctx.actor.can('organisation.read', { organisationId: found.organisationId }) ||
      ctx.actor.can('casework.read'))
  if (!found || !may) throw missing('certificate')
  return found
}

const perNumber: Limit = { tries: 10, seconds: 3600 }
const allStrangers: Limit = { tries: 1200, seconds: 3600 }

/**
 * Answers a stranger: by code, or by number with the holder's name, the one printed or any he had. Names cannot be tried
 * on a number. Throws `limited`.
 * @clause R34 @clause R37
 */
export async function verifyLevel(
  ctx: Pick<Ctx, 'db' | 'crypto' | 'actor'>,
  asked: { number: string; name: string; code: string },
): Promise<LevelVerification> {
  const found = asked.code !== '' ? await byCode(ctx.db, asked.code) : await byNumber(ctx, asked)
  if (!found) return { state: 'unknown' }
  const { record } = found
  return {
    state: found.state,
    number: found.number,
    holder: found.holderMasked,
    document: record.document.masked,
    occupation: `${record.occupation.title}（${record.occupation.edition}年版 ${record.occupation.code}）`,
    level: record.level.label,
    issuer: record.issuer.name,
    examinedOn: record.examinedOn,
    issuedOn: found.issuedOn,
    revokedOn: found.revokedOn,
    digest: found.digest,
    intact: levelDigestOf(ctx.crypto, record, levelHolder(ctx, found)) === found.digest,
  }
}

async function byCode(db: Db, typed: string) {
  const code = parseCode(typed)
  return code ? (await rowsOf(sql`c.verification_code = ${code}`).execute(db)).rows[0] : undefined
}

async function byNumber(ctx: Pick<Ctx, 'db' | 'crypto' | 'actor'>, asked: { number: string; name: string }) {
  const number = parseNationalNumber(asked.number)
  const name = parseName(asked.name)
  if (!number) return undefined
  await takeTurn(ctx.db, `verify:${ctx.crypto.blindIndex(number, 'certificate.verify')}`, perNumber)
  if (ctx.actor.kind === 'anonymous') await takeTurn(ctx.db, 'verify-strangers', allStrangers)
  if (!name.ok) return undefined
  const found = (await rowsOf(sql`c.number = ${number}`).execute(ctx.db)).rows[0]
  if (!found) return undefined
  const index = nameIndex(ctx.crypto, name.value)
  if (found.holderIndex === index) return found
  const named = await ctx.db
    .selectFrom('people.person_names')
    .select('id')
    .where('person_id', '=', found.personId)
    .where('name_index', '=', index)
    .executeTakeFirst()
  return named && found
}

export type LevelCount = {
  edition: string
  code: string
  title: string
  levelScheme: string
  level: string
  assessed: number
  passed: number
  certificates: number
}
/** Persons assessed, passed and certified by occupation and level, for the report's line of measure one. @clause HZ4-M01 */
export async function levelCounts(db: Db, organisationId?: string): Promise<LevelCount[]> {
  const { rows } = await sql<LevelCount>`
    select b.edition, b.code, o.title, o.level_scheme as "levelScheme", b.level, count(r.*)::int as assessed,
      (count(*) filter (where r.passed))::int as passed,
      (select count(*)::int from certification.certificates c where c.edition = b.edition and c.code = b.code and c.level = b.level
        and c.state = 'issued' and (${organisationId ?? null}::uuid is null or c.organisation_id = ${organisationId ?? null})) as certificates
    from certification.results r join certification.batches b on b.id = r.batch_id and b.round = r.round
    join occupations.occupations o on o.edition = b.edition and o.code = b.code
    where b.state <> 'cancelled' and (${organisationId ?? null}::uuid is null or b.organisation_id = ${organisationId ?? null})
    group by b.edition, b.code, o.title, o.level_scheme, b.level order by o.title, b.level desc
  `.execute(db)
  return rows
}
