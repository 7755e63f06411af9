import { type SqlBool, sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { CryptoProvider } from '#platform/crypto.ts'
import { missing } from '#platform/errors.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import { normalise } from '#shared/text.ts'
import type { Day } from '#shared/units.ts'
import { parseDocument, parseName, parsePhone } from './identity.rules.ts'
import type { DocumentKind, Sex } from './identity.schema.ts'
import type { OpenPerson, PersonCard } from './person.schema.ts'

type Db = Ctx['db']

/** Under which context each sealed value of a person is sealed and indexed. */
export const personContext = {
  name: 'person.name',
  document: 'person.document',
  phone: 'person.phone',
  details: 'person.details',
} as const

export const documentIndex = (crypto: CryptoProvider, kind: DocumentKind, number: string): string =>
  crypto.blindIndex(`${kind}:${number}`, personContext.document)
export const nameIndex = (crypto: CryptoProvider, name: string): string => crypto.blindIndex(name, personContext.name)
export const phoneIndex = (crypto: CryptoProvider, phone: string): string =>
  crypto.blindIndex(phone, personContext.phone)

const cardColumns = [
  'p.id',
  'p.name_masked',
  'p.document_kind',
  'p.document_masked',
  'p.phone_masked',
  'p.subdistrict',
  'p.hukou_area',
  'p.version',
] as const

type CardRow = {
  id: string
  name_masked: string
  document_kind: string
  document_masked: string
  phone_masked: string | null
  subdistrict: string | null
  hukou_area: string | null
  version: number
}

const toCard = (row: CardRow): PersonCard => ({
  id: row.id,
  name: row.name_masked,
  documentKind: row.document_kind as DocumentKind,
  document: row.document_masked,
  phone: row.phone_masked,
  subdistrict: row.subdistrict,
  hukouArea: row.hukou_area,
  version: row.version,
})

/** One person, masked. */
export async function personCard(db: Db, id: string): Promise<PersonCard> {
  const row = await db.selectFrom('people.persons as p').select(cardColumns).where('p.id', '=', id).executeTakeFirst()
  if (!row) throw missing('person')
  return toCard(row)
}

/** Many persons, masked, by id. */
export async function personCards(db: Db, ids: readonly string[]): Promise<Map<string, PersonCard>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('people.persons as p')
    .select(cardColumns)
    .where(sql<SqlBool>`p.id = any(${[...ids]}::uuid[])`)
    .execute()
  return new Map(rows.map((row) => [row.id, toCard(row)]))
}

/** Who holds this document. The number is taken as typed; one that cannot be a document finds nobody. */
export async function findByDocument(
  db: Db,
  crypto: CryptoProvider,
  document: { kind: DocumentKind; number: string },
  today: Day,
): Promise<PersonCard | undefined> {
  const parsed = parseDocument(document.kind, document.number, today)
  if (!parsed.ok) return undefined
  const row = await db
    .selectFrom('people.persons as p')
    .select(cardColumns)
    .where('p.document_index', '=', documentIndex(crypto, parsed.value.kind, parsed.value.number))
    .executeTakeFirst()
  return row && toCard(row)
}

/** Which of these documents are known: index → person id. Few statements however many rows. */
export async function idsByDocumentIndex(db: Db, indexes: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('people.persons')
    .select(['id', 'document_index'])
    .where(sql<SqlBool>`document_index = any(${[...indexes]}::text[])`)
    .execute()
  return new Map(rows.map((row) => [row.document_index, row.id]))
}

const pageSize = 20

/**
 * The office's search: a full name (present or former), a document number, or a phone. Sealed values are found only
 * whole, so there is no search by part of a name. Rows come back masked.
 */
export async function searchPersons(
  db: Db,
  crypto: CryptoProvider,
  filter: { text: string; cursor?: string | undefined },
  today: Day,
): Promise<Page<PersonCard>> {
  const typed = normalise(filter.text)
  const indexes = {
    documents: (
      [
        'resident-id',
        'hmt-residence-permit',
        'hm-travel-permit',
        'tw-travel-permit',
        'foreign-residence-permit',
        'passport',
      ] as const
    )
      .map((kind) => parseDocument(kind, typed, today))
      .flatMap((parsed) => (parsed.ok ? [documentIndex(crypto, parsed.value.kind, parsed.value.number)] : [])),
    names: [parseName(typed)].flatMap((parsed) => (parsed.ok ? [nameIndex(crypto, parsed.value)] : [])),
    phones: [parsePhone(typed)].flatMap((parsed) => (parsed.ok ? [phoneIndex(crypto, parsed.value)] : [])),
  }
  if (Object.values(indexes).every((list) => list.length === 0)) return { rows: [], next: null }
  let query = db
    .selectFrom('people.persons as p')
    .select(cardColumns)
    .where(
      sql<SqlBool>`(p.document_index = any(${indexes.documents}::text[]) or p.phone_index = any(${indexes.phones}::text[])
        or p.id in (select n.person_id from people.person_names n where n.name_index = any(${indexes.names}::text[])))`,
    )
    .orderBy('p.id')
    .limit(pageSize + 1)
  const after = decodeCursor(filter.cursor, ['id'])
  if (after) query = query.where('p.id', '>', String(after[0]))
  const page = pageOf(await query.execute(), pageSize, (row) => [row.id])
  return { rows: page.rows.map(toCard), next: page.next }
}

/** Former and present names, masked, newest first. */
export async function namesOf(db: Db, personId: string) {
  return db
    .selectFrom('people.person_names')
    .select(['id', 'name_masked', 'valid_from', 'valid_to', 'evidence', 'recorded_at'])
    .where('person_id', '=', personId)
    .orderBy('valid_from', 'desc')
    .orderBy('id', 'desc')
    .execute()
}

/**
 * Opens the sealed facts of persons, for rules (age, sex) and for official papers (certificates, bank files). Never hand
 * the result to a page unless the reading is recorded by a command such as `people.unmaskPerson`.
 */
export async function openPersons(
  db: Db,
  crypto: CryptoProvider,
  ids: readonly string[],
): Promise<Map<string, OpenPerson>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('people.persons as p')
    .select(['p.id', 'p.name_sealed', 'p.document_kind', 'p.document_sealed', 'p.phone_sealed', 'p.details_sealed'])
    .where(sql<SqlBool>`p.id = any(${[...ids]}::uuid[])`)
    .execute()
  return new Map(
    rows.map((row) => {
      const details = JSON.parse(crypto.open(row.details_sealed, personContext.details)) as {
        bornOn: Day | null
        sex: Sex | null
      }
      return [
        row.id,
        {
          id: row.id,
          name: crypto.open(row.name_sealed, personContext.name),
          documentKind: row.document_kind as DocumentKind,
          documentNumber: crypto.open(row.document_sealed, personContext.document),
          phone: row.phone_sealed === null ? null : crypto.open(row.phone_sealed, personContext.phone),
          bornOn: details.bornOn,
          sex: details.sex,
        },
      ]
    }),
  )
}

/** The day of birth alone, for rules of age; null when the document does not tell. */
export async function bornOnOf({ db, crypto }: { db: Db; crypto: CryptoProvider }, id: string): Promise<Day | null> {
  const row = await db.selectFrom('people.persons').select('details_sealed').where('id', '=', id).executeTakeFirst()
  return row ? bornOnIn({ crypto }, row.details_sealed) : null
}

/** The same, of details already read. */
export function bornOnIn({ crypto }: { crypto: CryptoProvider }, sealed: string): Day | null {
  return (JSON.parse(crypto.open(sealed, personContext.details)) as { bornOn: Day | null }).bornOn
}
