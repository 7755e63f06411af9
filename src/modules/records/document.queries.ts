import type { Ctx } from '#platform/command.ts'
import { keyOf } from './client.queries.ts'
import { type DocumentKind, noRegistration, type Shelf } from './document.schema.ts'

export type Found = { id: string; mediaType: string; content: Buffer; etag: string; updated: Date }

/** The digest of what a shelf belongs to: the activity, the identifier of the agent, or both in this order. */
export const placeOf = (organisationId: string, kind: DocumentKind, belongs: readonly string[]): string =>
  keyOf(organisationId, 'place', [kind, ...belongs].join(' '))

export async function documentOn(db: Ctx['db'], shelf: Shelf, id: string): Promise<Found | undefined> {
  return db
    .selectFrom('records.documents')
    .select(['id', 'media_type as mediaType', 'content', 'etag', 'updated'])
    .where('organisation_id', '=', shelf.organisationId)
    .where('kind', '=', shelf.kind)
    .where('place', '=', shelf.place)
    .where('registration', '=', shelf.registration ?? noRegistration)
    .where('id', '=', id)
    .$castTo<Found>()
    .executeTakeFirst()
}

/** Ids on a shelf, those changed after `since`. Without a registration: of every registration. */
export async function documentIds(db: Ctx['db'], shelf: Shelf, since: Date | undefined) {
  let query = db
    .selectFrom('records.documents')
    .select(['id', 'updated'])
    .distinct()
    .where('organisation_id', '=', shelf.organisationId)
    .where('kind', '=', shelf.kind)
    .where('place', '=', shelf.place)
  if (shelf.registration) query = query.where('registration', '=', shelf.registration)
  if (since) query = query.where('updated', '>', since)
  const rows = await query.orderBy('updated').orderBy('id').$castTo<{ id: string; updated: Date }>().execute()
  return { ids: [...new Set(rows.map(({ id }) => id))], newest: rows.at(-1)?.updated }
}
