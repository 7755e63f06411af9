import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { command, type Tx } from '#platform/command.ts'
import { AppError, conflict, missing } from '#platform/errors.ts'
import { documentOn } from './document.queries.ts'
import { mayWrite, mergeJson } from './document.rules.ts'
import { KeepDocument, noRegistration, RemoveDocuments, type Shelf } from './document.schema.ts'

/** Somebody changed the document since the caller saw it: 412, apart from the 409 of a blind overwrite. */
export const changedSince = () => new AppError({ kind: 'conflict', what: 'precondition' })

async function lockShelf(tx: Tx, shelf: Shelf): Promise<void> {
  const { organisationId, kind, place } = shelf
  if (!tx.actor.can('record.write', { organisationId })) throw missing('document')
  await sql`select pg_advisory_xact_lock(hashtextextended(${`records ${organisationId} ${kind} ${place}`}, 0))`.execute(
    tx.db,
  )
  tx.about('xapi-client', tx.actor.id.replace(/^xapi:/, ''))
  tx.about('organisation', organisationId)
}

/** Keeps a document, or merges it into the one there. @clause HZ4-M13 */
export const keepDocument = command({
  name: 'records.keepDocument',
  permission: 'record.write',
  input: KeepDocument,
  told: ({ kind, method, place, mediaType, content }) => ({ kind, method, place, mediaType, size: content.byteLength }),
  async run(tx, input) {
    await lockShelf(tx, input)
    const there = await documentOn(tx.db, input, input.id)
    const may = mayWrite({ ...input, there: there?.etag })
    if (may === 'changed') throw changedSince()
    if (may === 'blind') throw conflict('document')
    const content = input.method === 'put' ? Buffer.from(input.content) : merged(there, input)
    const etag = createHash('sha1').update(content).digest('hex')
    await sql`
      insert into records.documents (organisation_id, kind, place, registration, id, media_type, content, etag, updated)
      values (${input.organisationId}, ${input.kind}, ${input.place}, ${input.registration ?? noRegistration}, ${input.id},
        ${input.mediaType}, ${content}, ${etag}, ${tx.now})
      on conflict (organisation_id, kind, place, registration, id) do update
        set media_type = excluded.media_type, content = excluded.content, etag = excluded.etag, updated = excluded.updated
    `.execute(tx.db)
    return { etag }
  },
  outcome: ({ etag }) => ({ etag }),
})

function merged(there: { mediaType: string; content: Buffer } | undefined, input: KeepDocument): Buffer {
  const posted = { mediaType: input.mediaType, text: Buffer.from(input.content).toString('utf8') }
  const text = mergeJson(there && { mediaType: there.mediaType, text: there.content.toString('utf8') }, posted)
  return text === posted.text ? Buffer.from(input.content) : Buffer.from(text)
}

/** Removes a document, or all of a shelf. Nothing there is no fault. @clause HZ4-M13 */
export const removeDocuments = command({
  name: 'records.removeDocuments',
  permission: 'record.write',
  input: RemoveDocuments,
  told: ({ kind, place, id }) => ({ kind, place, all: id === undefined }),
  async run(tx, input) {
    await lockShelf(tx, input)
    if (input.id !== undefined) {
      const there = await documentOn(tx.db, input, input.id)
      const may = mayWrite({ ...input, method: 'delete', version: '1.0.3', there: there?.etag })
      if (may === 'changed') throw changedSince()
    }
    let query = tx.db
      .deleteFrom('records.documents')
      .where('organisation_id', '=', input.organisationId)
      .where('kind', '=', input.kind)
      .where('place', '=', input.place)
    if (input.id !== undefined)
      query = query.where('id', '=', input.id).where('registration', '=', input.registration ?? noRegistration)
    else if (input.registration) query = query.where('registration', '=', input.registration)
    const { numDeletedRows } = await query.executeTakeFirst()
    return { count: Number(numDeletedRows) }
  },
})
