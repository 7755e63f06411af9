import { type Command, command, type Tx } from '#platform/command.ts'
import { invalid, missing, refused } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import { maskName, maskPhone } from '#shared/text.ts'
import { parseName, parsePhone } from './identity.rules.ts'
import { words } from './person.commands.ts'
import { nameIndex, openPersons, personCard, personContext, phoneIndex } from './person.queries.ts'
import { ChangeName, CorrectPhone, type OpenPerson, UnmaskPerson } from './person.schema.ts'

/**
 * A new name with its proof. The old one stays in the history, so that old certificates and rosters still match.
 * @clause C01
 */
export const changeName = command({
  name: 'people.changeName',
  permission: 'account.verify',
  input: ChangeName,
  async run(tx, input) {
    const person = await tx.db
      .selectFrom('people.persons')
      .select(['id', 'name_index', 'version'])
      .where('id', '=', input.personId)
      .forUpdate()
      .executeTakeFirst()
    if (!person) throw missing('person')
    tx.about('person', person.id)
    const name = parseName(input.name)
    if (!name.ok) throw invalid({ name: [words(name.refusal)] })
    const index = nameIndex(tx.crypto, name.value)
    if (index === person.name_index) throw refused({ clause: 'C01', reason: 'person-name-same', facts: {} })
    if (input.from > dayOf(tx.now)) throw refused({ clause: 'C01', reason: 'person-name-future', facts: {} })
    const current = await tx.db
      .selectFrom('people.person_names')
      .select(['id', 'valid_from'])
      .where('person_id', '=', person.id)
      .where('valid_to', 'is', null)
      .executeTakeFirst()
    const sealed = tx.crypto.seal(name.value, personContext.name)
    if (current) {
      // The first record of a name is the day we met the person, which may be later than the change.
      const until = [input.from, current.valid_from].toSorted().at(-1) ?? input.from
      await tx.db.updateTable('people.person_names').set({ valid_to: until }).where('id', '=', current.id).execute()
    }
    const masked = maskName(name.value)
    await tx.db
      .insertInto('people.person_names')
      .values({
        person_id: person.id,
        name_sealed: sealed,
        name_index: index,
        name_masked: masked,
        valid_from: input.from,
        evidence: input.evidence,
        recorded_at: tx.now,
        recorded_by: tx.actor.id,
      })
      .execute()
    await tx.db
      .updateTable('people.persons')
      .set({ name_sealed: sealed, name_index: index, name_masked: masked, version: person.version + 1 })
      .where('id', '=', person.id)
      .execute()
    return { personId: person.id }
  },
})

/** Puts another phone on a person's record, at the desk, with the reason. */
export const correctPhone = command({
  name: 'people.correctPhone',
  permission: 'account.verify',
  input: CorrectPhone,
  async run(tx, input) {
    await setPhone(tx, input.personId, input.phone)
    tx.about('person', input.personId)
    return { personId: input.personId }
  },
})

/** For use inside a command that has made sure of the phone. */
export async function setPhone(tx: Tx, personId: string, raw: string): Promise<void> {
  const phone = parsePhone(raw)
  if (!phone.ok) throw invalid({ phone: [words(phone.refusal)] })
  const { numUpdatedRows } = await tx.db
    .updateTable('people.persons')
    .set((eb) => ({
      phone_sealed: tx.crypto.seal(phone.value, personContext.phone),
      phone_index: phoneIndex(tx.crypto, phone.value),
      phone_masked: maskPhone(phone.value),
      version: eb('version', '+', 1),
    }))
    .where('id', '=', personId)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw missing('person')
}

/**
 * Shows one person in full to somebody who may, for a stated reason. The row in the trail is the record of the reading.
 * @clause R37
 */
export const unmaskPerson: Command<typeof UnmaskPerson, OpenPerson> = command({
  name: 'people.unmaskPerson',
  permission: 'person.unmask',
  input: UnmaskPerson,
  async run(tx, input) {
    await personCard(tx.db, input.personId)
    tx.about('person', input.personId)
    const person = (await openPersons(tx.db, tx.crypto, [input.personId])).get(input.personId)
    if (!person) throw missing('person')
    return person
  },
  outcome: ({ id }) => ({ personId: id }),
})
