import { command } from '#platform/command.ts'
import { AppError, conflict, invalid, missing, refused } from '#platform/errors.ts'
import { keepPaper, openPaper } from '#platform/files.ts'
import { dayOf } from '#shared/dates.ts'
import { maskName } from '#shared/text.ts'
import { changeName } from './identity.commands.ts'
import { parseName } from './identity.rules.ts'
import { words } from './person.commands.ts'
import { nameIndex, personContext } from './person.queries.ts'
import { AskNameChange, DecideNameRequest, NameRequestChoice } from './person.schema.ts'

const purpose = 'name-proof'

/**
 * Somebody's own wish to be registered under another name, with the paper that proves it. The desk decides.
 * @clause C01
 */
export const askNameChange = command({
  name: 'people.askNameChange',
  permission: 'self.records',
  input: AskNameChange,
  async run(tx, input) {
    const personId = tx.actor.personId
    if (!personId) throw new AppError({ kind: 'forbidden', permission: 'self.records' })
    const name = parseName(input.name)
    if (!name.ok) throw invalid({ name: [words(name.refusal)] })
    if (input.from > dayOf(tx.now)) throw refused({ clause: 'C01', reason: 'person-name-future', facts: {} })
    const person = await tx.db
      .selectFrom('people.persons')
      .select('name_index')
      .where('id', '=', personId)
      .forUpdate()
      .executeTakeFirst()
    if (!person) throw missing('person')
    tx.about('person', personId)
    if (person.name_index === nameIndex(tx.crypto, name.value)) {
      throw refused({ clause: 'C01', reason: 'person-name-same', facts: {} })
    }
    const fileId = await keepPaper(tx, input.paper, { field: 'paper', purpose })
    const row = await tx.db
      .insertInto('people.name_requests')
      .values({
        person_id: personId,
        name_sealed: tx.crypto.seal(name.value, personContext.name),
        name_masked: maskName(name.value),
        from_on: input.from,
        file_id: fileId,
        note: input.note,
        asked_at: tx.now,
        asked_by: tx.actor.id,
      })
      .onConflict((c) => c.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!row) throw refused({ clause: 'C01', reason: 'name-request-open', facts: {} })
    tx.about('name-request', row.id)
    return { requestId: row.id }
  },
})

/** The desk compared the paper: the name changes, or the reason why not is told. */
export const decideNameRequest = command({
  name: 'people.decideNameRequest',
  permission: 'account.verify',
  input: DecideNameRequest,
  async run(tx, input) {
    const asked = await tx.db
      .selectFrom('people.name_requests')
      .select(['id', 'person_id', 'name_sealed', 'from_on', 'state', 'asked_by'])
      .where('id', '=', input.requestId)
      .forUpdate()
      .executeTakeFirst()
    if (!asked) throw missing('name-request')
    tx.about('name-request', asked.id)
    tx.about('person', asked.person_id)
    if (asked.state !== 'asked') throw conflict('name-request')
    if (asked.asked_by === tx.actor.id) throw refused({ clause: 'C25', reason: 'name-request-own', facts: {} })
    const accepted = input.decision === 'accept'
    if (accepted) {
      await changeName(tx, {
        personId: asked.person_id,
        name: tx.crypto.open(asked.name_sealed, personContext.name),
        from: asked.from_on,
        evidence: `本人申请并提交证明；${input.words}`,
      })
    }
    await tx.db
      .updateTable('people.name_requests')
      .set({
        state: accepted ? 'accepted' : 'refused',
        decided_at: tx.now,
        decided_by: tx.actor.id,
        decision: input.words,
      })
      .where('id', '=', asked.id)
      .execute()
    return { requestId: asked.id, state: accepted ? 'accepted' : 'refused' }
  },
})

/** The proof and both names in full, for the one who decides; the row in the trail is the record of the reading. */
export const openNameProof = command({
  name: 'people.openNameProof',
  permission: 'account.verify',
  input: NameRequestChoice,
  async run(tx, { requestId }) {
    const asked = await tx.db
      .selectFrom('people.name_requests')
      .select(['id', 'person_id', 'file_id'])
      .where('id', '=', requestId)
      .executeTakeFirst()
    if (!asked) throw missing('name-request')
    tx.about('name-request', asked.id)
    tx.about('person', asked.person_id)
    return openPaper(tx, asked.file_id, purpose)
  },
  outcome: () => ({}),
})
