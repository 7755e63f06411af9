import { command } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { keepPaper, openPaper } from '#platform/files.ts'
import { workable } from './application.rules.ts'
import { AddMaterial, DropMaterial, OpenMaterial } from './application.schema.ts'
import { lockOwn, ownedBy } from './case.commands.ts'

const purpose = 'recognition-material'

/** A paper of an application, kept sealed. Several of one kind are allowed; none is overwritten. */
export const addMaterial = command({
  name: 'recognition.addMaterial',
  permission: 'public',
  input: AddMaterial,
  told: ({ applicationId, kind }) => ({ applicationId, kind }),
  async run(tx, { applicationId, kind, file }) {
    const { row, scheme } = await lockOwn(tx, applicationId)
    if (!workable.includes(row.state)) {
      throw refused({ clause: 'A01', reason: 'wrong-state', facts: { state: row.state } })
    }
    if (!scheme.materials.some((one) => one.id === kind && one.origin === 'upload')) {
      throw refused({ clause: 'A01', reason: 'material-unknown', facts: {} })
    }
    const about = { field: 'file', purpose, ...(row.organisation_id && { organisationId: row.organisation_id }) }
    const fileId = await keepPaper(tx, file, about)
    const { id } = await tx.db
      .insertInto('recognition.materials')
      .values({
        application_id: applicationId,
        kind,
        file_id: fileId,
        name: file.name.slice(-120) || '材料',
        added_by: tx.actor.id,
        added_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { materialId: id }
  },
})

export const dropMaterial = command({
  name: 'recognition.dropMaterial',
  permission: 'public',
  input: DropMaterial,
  async run(tx, { materialId }) {
    const found = await materialOf(tx.db, materialId)
    if (!found) throw missing('material')
    const { row } = await lockOwn(tx, found.application_id)
    if (!workable.includes(row.state)) {
      throw refused({ clause: 'A01', reason: 'wrong-state', facts: { state: row.state } })
    }
    await tx.db.updateTable('recognition.materials').set({ dropped_at: tx.now }).where('id', '=', materialId).execute()
    return { applicationId: row.id }
  },
})

/**
 * A paper opened by its owner or the bureau's desk; experts judge by the form, which names nobody. The row in the trail is
 * the record of the reading.
 */
export const openMaterial = command({
  name: 'recognition.openMaterial',
  permission: 'public',
  input: OpenMaterial,
  async run(tx, { materialId }) {
    const found = await materialOf(tx.db, materialId)
    if (!found) throw missing('material')
    if (!ownedBy(tx, found) && !tx.actor.can('recognition.read')) throw missing('material')
    tx.about('application', found.application_id)
    return openPaper(tx, found.file_id, purpose)
  },
  outcome: () => ({}),
})

const materialOf = (db: Parameters<typeof lockOwn>[0]['db'], id: string) =>
  db
    .selectFrom('recognition.materials as m')
    .innerJoin('recognition.applications as a', 'a.id', 'm.application_id')
    .select(['m.application_id', 'm.file_id', 'm.kind', 'a.organisation_id', 'a.applicant', 'a.state'])
    .where('m.id', '=', id)
    .where('m.dropped_at', 'is', null)
    .executeTakeFirst()
