import { command } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { keepPaper, openPaper } from '#platform/files.ts'
import { workable } from './application.rules.ts'
import { AddBlindCopy, AddMaterial, DropMaterial, OpenMaterial } from './application.schema.ts'
import { lockApplication, lockOwn, mustBeApart, ownedBy } from './case.commands.ts'
import { blindPapers } from './panel.queries.ts'

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

/**
 * A copy with everything blacked out that names the applicant, made at the desk while the application is on its way to the
 * experts: the only form in which a naming paper reaches them.
 * @clause A02
 */
export const addBlindCopy = command({
  name: 'recognition.addBlindCopy',
  permission: 'recognition.manage',
  input: AddBlindCopy,
  told: ({ materialId }) => ({ materialId }),
  async run(tx, { materialId, file }) {
    const found = await materialOf(tx.db, materialId)
    if (!found || found.blind_of) throw missing('material')
    const { row } = await lockApplication(tx, found.application_id)
    mustBeApart(tx, row)
    if (row.state !== 'formal-review' && row.state !== 'expert-review') {
      throw refused({ clause: 'A01', reason: 'wrong-state', facts: { state: row.state } })
    }
    const fileId = await keepPaper(tx, file, { field: 'file', purpose })
    const copy = await tx.db
      .insertInto('recognition.materials')
      .values({
        ...{ application_id: row.id, kind: found.kind, file_id: fileId, blind_of: materialId },
        ...{ name: '隐名件', added_by: tx.actor.id, added_at: tx.now },
      })
      .onConflict((c) => c.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!copy) throw refused({ clause: 'A02', reason: 'copy-there', facts: {} })
    return { materialId: copy.id, applicationId: row.id }
  },
})

/** A copy that still names somebody, or is the wrong one. */
export const dropBlindCopy = command({
  name: 'recognition.dropBlindCopy',
  permission: 'recognition.manage',
  input: DropMaterial,
  async run(tx, { materialId }) {
    const found = await materialOf(tx.db, materialId)
    if (!found?.blind_of) throw missing('material')
    const { row } = await lockApplication(tx, found.application_id)
    mustBeApart(tx, row)
    await tx.db.updateTable('recognition.materials').set({ dropped_at: tx.now }).where('id', '=', materialId).execute()
    return { applicationId: row.id }
  },
})

export const dropMaterial = command({
  name: 'recognition.dropMaterial',
  permission: 'public',
  input: DropMaterial,
  async run(tx, { materialId }) {
    const found = await materialOf(tx.db, materialId)
    if (!found || found.blind_of) throw missing('material')
    const { row } = await lockOwn(tx, found.application_id)
    if (!workable.includes(row.state)) {
      throw refused({ clause: 'A01', reason: 'wrong-state', facts: { state: row.state } })
    }
    await tx.db.updateTable('recognition.materials').set({ dropped_at: tx.now }).where('id', '=', materialId).execute()
    return { applicationId: row.id }
  },
})

/**
 * A paper opened by its owner, the bureau's desk, or an expert of the panel: the last only copies and kinds that name
 * nobody, under the code. The row in the trail is the record of the reading.
 */
export const openMaterial = command({
  name: 'recognition.openMaterial',
  permission: 'public',
  input: OpenMaterial,
  async run(tx, { materialId }) {
    const found = await materialOf(tx.db, materialId)
    if (!found) throw missing('material')
    const desk = tx.actor.can('recognition.read')
    if (!desk && (found.blind_of || !ownedBy(tx, found))) {
      const shown = (await blindPapers(tx, found.application_id)).find((one) => one.id === materialId)
      if (!shown) throw missing('material')
      const paper = await openPaper(tx, found.file_id, purpose)
      return { ...paper, name: shown.name }
    }
    tx.about('application', found.application_id)
    return openPaper(tx, found.file_id, purpose)
  },
  outcome: () => ({}),
})

const materialOf = (db: Parameters<typeof lockOwn>[0]['db'], id: string) =>
  db
    .selectFrom('recognition.materials as m')
    .innerJoin('recognition.applications as a', 'a.id', 'm.application_id')
    .select(['m.application_id', 'm.file_id', 'm.kind', 'm.blind_of', 'a.organisation_id', 'a.applicant', 'a.state'])
    .where('m.id', '=', id)
    .where('m.dropped_at', 'is', null)
    .executeTakeFirst()
