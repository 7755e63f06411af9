import { sql } from 'kysely'
import { type Command, command, type Tx } from '#platform/command.ts'
import { type FieldFaults, invalid, missing, refused } from '#platform/errors.ts'
import type { Decision, Refusal } from '#policy/decision.ts'
import { dayOf } from '#shared/dates.ts'
import { maskDocument, maskName, maskPhone } from '#shared/text.ts'
import { parseDocument, parseName, parsePhone } from './identity.rules.ts'
import { type DocumentKind, documentKind } from './identity.schema.ts'
import { documentIndex, idsByDocumentIndex, nameIndex, personContext, phoneIndex } from './person.queries.ts'
import { type PersonInput, RegisterPerson, reasonText } from './person.schema.ts'

export type Ensured = {
  personId: string
  created: boolean
  /** The document is known under another name, present and former; the record was left as it is. */
  nameDiffers: boolean
}

/**
 * Finds the person with this document, or registers them. For use inside another command; throws `invalid` with the
 * field's fault. Names nobody to the trail: the caller does.
 * @clause C01
 */
export async function ensurePerson(tx: Tx, input: PersonInput): Promise<Ensured> {
  const [ensured] = await ensurePersons(tx, [input], () => '')
  if (!ensured) throw missing('person')
  return ensured
}

/**
 * `ensurePerson` for a whole list in four statements: the answers stand in the order of the rows. A document that comes
 * twice is registered once, under its first name. A known person without a phone takes the one given with the right name: a
 * phone opens an account. A phone already registered is never changed here.
 * @clause C01
 */
export async function ensurePersons(
  tx: Tx,
  rows: readonly PersonInput[],
  path: (row: number) => string = (row) => `rows.${row}.`,
): Promise<Ensured[]> {
  const read = rows.map((row) => readPerson(tx, row))
  const faults: FieldFaults = {}
  for (const [at, person] of read.entries()) {
    if (!person.ok) for (const [field, words] of Object.entries(person.faults)) faults[path(at) + field] = words
  }
  if (Object.keys(faults).length > 0) throw invalid(faults)
  const persons = read.flatMap((person) => (person.ok ? [person.value] : []))
  // One order for everybody: two lists with the same people must not wait for each other crosswise.
  const once = [...new Map(persons.toReversed().map((person) => [person.documentIndex, person])).values()]
  once.sort((a, b) => (a.documentIndex < b.documentIndex ? -1 : 1))
  const created = await insertPersons(tx, once)
  const known = once.filter((person) => !created.has(person.documentIndex))
  const ids = new Map([
    ...created,
    ...(await idsByDocumentIndex(
      tx.db,
      known.map((person) => person.documentIndex),
    )),
  ])
  const idOf = (person: Readable) => {
    const id = ids.get(person.documentIndex)
    if (!id) throw missing('person')
    return id
  }
  const names = await knownNames(tx, [...new Set(ids.values())])
  const sameName = (person: Readable) => names.get(idOf(person))?.has(nameIndex(tx.crypto, person.name)) === true
  await fillPhones(
    tx,
    known.flatMap((person) => (person.phone && sameName(person) ? [{ id: idOf(person), phone: person.phone }] : [])),
  )
  const firstOf = new Map(once.map((person) => [person.documentIndex, person]))
  return persons.map((person) => {
    const personId = idOf(person)
    return {
      personId,
      created: created.has(person.documentIndex) && firstOf.get(person.documentIndex) === person,
      nameDiffers: !sameName(person),
    }
  })
}

type Readable = {
  name: string
  kind: DocumentKind
  number: string
  documentIndex: string
  phone: string | null
  details: string
  subdistrict: string | null
  hukouArea: string | null
}

/** The row as the rules read it, or the faults of each field in words. */
function readPerson(tx: Tx, row: PersonInput): { ok: true; value: Readable } | { ok: false; faults: FieldFaults } {
  const kind = documentKind.parse(row.documentKind)
  const name = parseName(row.name)
  const document = parseDocument(kind, row.documentNumber, dayOf(tx.now))
  const phone: Decision<string | null> = row.phone ? parsePhone(row.phone) : { ok: true, value: null }
  if (name.ok && document.ok && phone.ok) {
    const { number, birthOn, sex } = document.value
    return {
      ok: true,
      value: {
        name: name.value,
        kind,
        number,
        documentIndex: documentIndex(tx.crypto, kind, number),
        phone: phone.value,
        details: JSON.stringify({ bornOn: birthOn, sex }),
        subdistrict: row.subdistrict ?? null,
        hukouArea: row.hukouArea ?? null,
      },
    }
  }
  const faults: FieldFaults = {}
  if (!name.ok) faults.name = [words(name.refusal)]
  if (!document.ok) faults.documentNumber = [words(document.refusal)]
  if (!phone.ok) faults.phone = [words(phone.refusal)]
  return { ok: false, faults }
}

export function words(refusal: Refusal): string {
  const found = reasonText[refusal.reason]?.(refusal.facts)
  return found ? `${found.message}。${found.remedy}` : refusal.reason
}

/** Inserts those not known yet; document index → new id. A row that another transaction inserts first is waited for. */
async function insertPersons(tx: Tx, persons: readonly Readable[]): Promise<Map<string, string>> {
  if (persons.length === 0) return new Map()
  const { crypto } = tx
  const sealed = persons.map((person) => ({
    person,
    name: crypto.seal(person.name, personContext.name),
    nameIndex: nameIndex(crypto, person.name),
  }))
  const { rows } = await sql<{ id: string; document_index: string }>`
    insert into people.persons (document_kind, document_sealed, document_index, document_masked, name_sealed, name_index,
      name_masked, phone_sealed, phone_index, phone_masked, details_sealed, subdistrict, hukou_area, created_at)
    select r.*, ${tx.now} from unnest(
      ${persons.map((p) => p.kind)}::text[], ${persons.map((p) => crypto.seal(p.number, personContext.document))}::text[],
      ${persons.map((p) => p.documentIndex)}::text[], ${persons.map((p) => maskDocument(p.number))}::text[],
      ${sealed.map((s) => s.name)}::text[], ${sealed.map((s) => s.nameIndex)}::text[],
      ${persons.map((p) => maskName(p.name))}::text[],
      ${persons.map((p) => p.phone && crypto.seal(p.phone, personContext.phone))}::text[],
      ${persons.map((p) => p.phone && phoneIndex(crypto, p.phone))}::text[],
      ${persons.map((p) => p.phone && maskPhone(p.phone))}::text[],
      ${persons.map((p) => crypto.seal(p.details, personContext.details))}::text[],
      ${persons.map((p) => p.subdistrict)}::text[], ${persons.map((p) => p.hukouArea)}::text[]) as r
    on conflict (document_index) do nothing returning id, document_index
  `.execute(tx.db)
  const created = new Map(rows.map((row) => [row.document_index, row.id]))
  const named = sealed.flatMap((s) => {
    const id = created.get(s.person.documentIndex)
    return id ? [{ ...s, id }] : []
  })
  if (named.length > 0) {
    await sql`
      insert into people.person_names (person_id, name_sealed, name_index, name_masked, valid_from, evidence, recorded_at, recorded_by)
      select r.*, ${dayOf(tx.now)}::date, '首次登记', ${tx.now}, ${tx.actor.id} from unnest(${named.map((n) => n.id)}::uuid[],
        ${named.map((n) => n.name)}::text[], ${named.map((n) => n.nameIndex)}::text[],
        ${named.map((n) => maskName(n.person.name))}::text[]) as r
    `.execute(tx.db)
  }
  return created
}

/** A phone for those who have none. */
async function fillPhones(tx: Tx, rows: readonly { id: string; phone: string }[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update people.persons p set phone_sealed = r.sealed, phone_index = r.index, phone_masked = r.masked, version = p.version + 1
    from unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => tx.crypto.seal(r.phone, personContext.phone))}::text[],
      ${rows.map((r) => phoneIndex(tx.crypto, r.phone))}::text[], ${rows.map((r) => maskPhone(r.phone))}::text[])
      as r (id, sealed, index, masked)
    where p.id = r.id and p.phone_index is null
  `.execute(tx.db)
}

async function knownNames(tx: Tx, ids: readonly string[]): Promise<Map<string, Set<string>>> {
  const { rows } = await sql<{ person_id: string; names: string[] }>`
    select person_id, array_agg(name_index) as names from people.person_names
    where person_id = any(${[...ids]}::uuid[]) group by person_id
  `.execute(tx.db)
  return new Map(rows.map((row) => [row.person_id, new Set(row.names)]))
}

/**
 * Registers somebody at the desk. A document that is already known under another name is refused.
 * @clause C01
 */
export const registerPerson: Command<typeof RegisterPerson, { personId: string; created: boolean }> = command({
  name: 'people.registerPerson',
  permission: 'account.verify',
  input: RegisterPerson,
  async run(tx, input) {
    const { personId, created, nameDiffers } = await ensurePerson(tx, input)
    if (nameDiffers) throw refused({ clause: 'C01', reason: 'person-name-differs', facts: {} })
    tx.about('person', personId)
    return { personId, created }
  },
})
