import { type SqlBool, sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { CryptoProvider } from '#platform/crypto.ts'
import { missing } from '#platform/errors.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import { literally, normalise } from '#shared/text.ts'
import type { Day } from '#shared/units.ts'
import type { OrganisationType } from './organisation.schema.ts'

type Db = Ctx['db']

export const accountContext = 'bank.account'
export const accountIndex = (crypto: CryptoProvider, account: string): string =>
  crypto.blindIndex(account, accountContext)

export type OrganisationStatus = 'active' | 'suspended' | 'closed'
export type Organisation = {
  id: string
  uscc: string
  name: string
  type: OrganisationType
  address: string
  subdistrict: string
  industry: string
  legalRepresentative: string
  contactName: string
  contactPhone: string | null
  registeredOn: Day
  tags: string[]
  status: OrganisationStatus
  version: number
}

const columns = [
  'o.id',
  'o.uscc',
  'o.name',
  'o.type',
  'o.address',
  'o.subdistrict',
  'o.industry',
  'o.legal_representative as legalRepresentative',
  'o.contact_name as contactName',
  'o.contact_phone_masked as contactPhone',
  'o.registered_on as registeredOn',
  'o.tags',
  'o.status',
  'o.version',
] as const

const organisations = (db: Db) => db.selectFrom('people.organisations as o').select(columns).$castTo<Organisation>()

export async function organisationCard(db: Db, id: string): Promise<Organisation> {
  const row = await organisations(db).where('o.id', '=', id).executeTakeFirst()
  if (!row) throw missing('organisation')
  return row
}

export async function organisationNames(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('people.organisations')
    .select(['id', 'name'])
    .where(sql<SqlBool>`id = any(${[...ids]}::uuid[])`)
    .execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}

export async function findByUscc(db: Db, uscc: string): Promise<Organisation | undefined> {
  return organisations(db).where('o.uscc', '=', uscc).executeTakeFirst()
}

/** Codes → ids, for lists. Unknown codes are absent. */
export async function idsByUscc(db: Db, usccs: readonly string[]): Promise<Map<string, string>> {
  if (usccs.length === 0) return new Map()
  const rows = await db
    .selectFrom('people.organisations')
    .select(['id', 'uscc'])
    .where(sql<SqlBool>`uscc = any(${[...usccs]}::text[])`)
    .execute()
  return new Map(rows.map((row) => [row.uscc, row.id]))
}

export type OrganisationFilter = {
  text?: string | undefined
  type?: OrganisationType | undefined
  status?: OrganisationStatus | undefined
  subdistrict?: string | undefined
  cursor?: string | undefined
}
const pageSize = 20

/** The office's list, by name. `text` is part of a name or a whole credit code. */
export async function searchOrganisations(db: Db, filter: OrganisationFilter): Promise<Page<Organisation>> {
  let query = organisations(db)
    .orderBy('o.name')
    .orderBy('o.id')
    .limit(pageSize + 1)
  const text = normalise(filter.text ?? '')
  if (text) {
    const part = `%${literally(text)}%`
    query = query.where((eb) => eb.or([eb('o.name', 'like', part), eb('o.uscc', '=', text.toUpperCase())]))
  }
  if (filter.type) query = query.where('o.type', '=', filter.type)
  if (filter.status) query = query.where('o.status', '=', filter.status)
  if (filter.subdistrict) query = query.where('o.subdistrict', '=', filter.subdistrict)
  const after = decodeCursor(filter.cursor, ['text', 'id'])
  if (after) query = query.where(sql<SqlBool>`(o.name, o.id) > (${after[0]}, ${after[1]}::uuid)`)
  return pageOf(await query.execute(), pageSize, (row) => [row.name, row.id])
}

export type Licence = {
  id: string
  number: string
  kind: 'school-permit' | 'filing' | 'own-staff'
  occupations: string[]
  /** Their names; empty when the licence is for any occupation. */
  occupationNames: string[]
  validFrom: Day
  validTo: Day | null
  issuer: string
  fileId: string | null
}

/** Every licence of an organisation, newest first. */
export async function licencesOf(db: Db, organisationId: string): Promise<Licence[]> {
  return db
    .selectFrom('people.licences')
    .select([
      'id',
      'number',
      'kind',
      'occupations',
      sql<string[]>`array(select o.title from occupations.occupations o
        where o.edition || ':' || o.code = any (people.licences.occupations) order by o.edition, o.code)`.as(
        'occupationNames',
      ),
      'valid_from as validFrom',
      'valid_to as validTo',
      'issuer',
      'file_id as fileId',
    ])
    .$castTo<Licence>()
    .where('organisation_id', '=', organisationId)
    .orderBy('valid_from', 'desc')
    .orderBy('id', 'desc')
    .execute()
}

/** Licences in force on a day that allow the occupation; without one, any licence in force. C12 rests on it. */
export async function licencesFor(
  db: Db,
  organisationId: string,
  on: Day,
  occupation?: { edition: string; code: string },
): Promise<Licence[]> {
  const all = await licencesOf(db, organisationId)
  const wanted = occupation && `${occupation.edition}:${occupation.code}`
  return all.filter(
    (licence) =>
      licence.validFrom <= on &&
      (licence.validTo === null || licence.validTo >= on) &&
      (wanted === undefined || licence.occupations.length === 0 || licence.occupations.includes(wanted)),
  )
}

export type BankAccount = {
  id: string
  holder: string
  bank: string
  branch: string
  account: string
  accountIndex: string
  verifiedAt: Date | null
  verifiedBy: string | null
  recordedBy: string
  recordedAt: Date
  validFrom: Day
  validTo: Day | null
}

const accounts = (db: Db) =>
  db
    .selectFrom('people.bank_accounts')
    .select([
      'id',
      'holder',
      'bank',
      'branch',
      'account_masked as account',
      'account_index as accountIndex',
      'verified_at as verifiedAt',
      'verified_by as verifiedBy',
      'recorded_by as recordedBy',
      'recorded_at as recordedAt',
      'valid_from as validFrom',
      'valid_to as validTo',
    ])
    .$castTo<BankAccount>()

/** Masked accounts of an organisation, the present one first. */
export async function bankAccountsOf(db: Db, organisationId: string): Promise<BankAccount[]> {
  return accounts(db)
    .where('organisation_id', '=', organisationId)
    .orderBy(sql`valid_to desc nulls first`)
    .orderBy('recorded_at', 'desc')
    .execute()
}

/** The account money goes to: the open one, if somebody else than its writer has verified it. */
export async function payableAccountOf(db: Db, organisationId: string): Promise<BankAccount | undefined> {
  return accounts(db)
    .where('organisation_id', '=', organisationId)
    .where('valid_to', 'is', null)
    .where('verified_at', 'is not', null)
    .executeTakeFirst()
}

/** The full number, for the bank's file only. */
export async function openAccount(db: Db, crypto: CryptoProvider, accountId: string): Promise<string> {
  const row = await db
    .selectFrom('people.bank_accounts')
    .select('account_sealed')
    .where('id', '=', accountId)
    .executeTakeFirst()
  if (!row) throw missing('bank-account')
  return crypto.open(row.account_sealed, accountContext)
}

/** How many different owners an account number has: C19 rests on it. */
export async function ownersOfAccount(db: Db, index: string): Promise<number> {
  const row = await db
    .selectFrom('people.bank_accounts')
    .select(sql<number>`count(distinct coalesce(organisation_id, person_id))`.as('owners'))
    .where('account_index', '=', index)
    .executeTakeFirstOrThrow()
  return row.owners
}
