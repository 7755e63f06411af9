import { command, type Tx } from '#platform/command.ts'
import { conflict, missing, refused } from '#platform/errors.ts'
import { readScheme } from '#policy/scheme.text.ts'
import { folderDigest, openDraft, schemeInForce } from './scheme.queries.ts'
import { ChooseSchemeDraft, WriteScheme } from './scheme.schema.ts'

const no = (reason: string, facts: Record<string, string | number> = {}) => refused({ clause: 'A01', reason, facts })

/**
 * A new wording of a title is written down, whole or not: what is wrong with it is said on the page and holds back only its
 * release. Calls that are out keep the text they were published with.
 * @clause A01
 */
export const writeScheme = command({
  name: 'recognition.writeScheme',
  permission: 'recognition.manage',
  input: WriteScheme,
  told: ({ scheme, version, note }) => ({ scheme, version, note }),
  async run(tx, { scheme: code, version, text, note }) {
    const folder = tx.plan.schemes.find((one) => one.code === code)
    if (!folder) throw no('scheme-unknown')
    const open = await openDraft(tx.db, code)
    if ((open?.version ?? 0) !== version) throw conflict('scheme-draft')
    const written = { body: text, note, written_by_name: tx.actor.name, written_at: tx.now }
    if (open) {
      const writers = [...new Set([...open.writers, tx.actor.id])]
      const { numUpdatedRows } = await tx.db
        .updateTable('recognition.scheme_drafts')
        .set({ ...written, writers, version: version + 1 })
        .where('id', '=', open.id)
        .where('version', '=', version)
        .where('state', '=', 'draft')
        .executeTakeFirst()
      if (numUpdatedRows === 0n) throw conflict('scheme-draft')
      tx.about('scheme-draft', open.id)
      return { draftId: open.id, version: version + 1 }
    }
    const row = await tx.db
      .insertInto('recognition.scheme_drafts')
      .values({ ...written, scheme: code, folder_digest: folderDigest(folder), writers: [tx.actor.id] })
      .onConflict((c) => c.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!row) throw conflict('scheme-draft')
    tx.about('scheme-draft', row.id)
    return { draftId: row.id, version: 1 }
  },
})

/**
 * Somebody who wrote none of it releases it. From here on new calls take it; the file is exported to the plan's folder, and
 * once the folder has another text the folder rules.
 * @clause A01
 */
export const releaseScheme = command({
  name: 'recognition.releaseScheme',
  permission: 'recognition.decide',
  input: ChooseSchemeDraft,
  async run(tx, input) {
    const draft = await lockDraft(tx, input)
    if (draft.writers.includes(tx.actor.id)) throw no('own-wording')
    const inForce = await schemeInForce(tx, draft.scheme)
    if (!inForce || draft.folder_digest !== folderDigest(inForce.folder)) throw no('folder-moved')
    const { scheme, faults } = readScheme(tx.plan, draft.scheme, draft.body)
    if (!scheme) throw no('scheme-faulty', { count: faults.length })
    if (scheme.edition === inForce.scheme.edition) throw no('edition-same', { edition: scheme.edition })
    await decide(tx, draft.id, 'released')
    return { draftId: draft.id, scheme: draft.scheme, edition: scheme.edition }
  },
})

/** A wording that is not wanted. */
export const dropSchemeDraft = command({
  name: 'recognition.dropSchemeDraft',
  permission: 'recognition.manage',
  input: ChooseSchemeDraft,
  async run(tx, input) {
    const draft = await lockDraft(tx, input)
    await decide(tx, draft.id, 'dropped')
    return { draftId: draft.id, scheme: draft.scheme }
  },
})

async function lockDraft(tx: Tx, { draftId, version }: { draftId: string; version: number }) {
  const draft = await tx.db
    .selectFrom('recognition.scheme_drafts')
    .selectAll()
    .where('id', '=', draftId)
    .forUpdate()
    .executeTakeFirst()
  if (!draft) throw missing('scheme-draft')
  tx.about('scheme-draft', draftId)
  if (draft.state !== 'draft') throw no('draft-decided')
  if (draft.version !== version) throw conflict('scheme-draft')
  return draft
}

const decide = (tx: Tx, id: string, state: 'released' | 'dropped') =>
  tx.db
    .updateTable('recognition.scheme_drafts')
    .set({ state, decided_by: tx.actor.id, decided_by_name: tx.actor.name, decided_at: tx.now })
    .where('id', '=', id)
    .execute()
