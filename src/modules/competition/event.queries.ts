import { type SqlBool, sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { Day } from '#shared/units.ts'
import { shown } from './event.rules.ts'
import type { EventState, Terms } from './event.schema.ts'
import { typeVersion } from './type.queries.ts'

type Db = Ctx['db']

export type EventLine = {
  id: string
  number: string | null
  type: string
  versionId: string
  organisationId: string
  host: string
  title: string
  purpose: string
  partners: string
  venue: string
  groups: { id: string; places: number }[]
  feeFen: number
  entriesFrom: Day | null
  entriesTo: Day | null
  heldFrom: Day | null
  heldTo: Day | null
  state: EventState
  protestsUntil: Day | null
  run: number
  awardedOn: Day | null
  version: number
  takenBy: string | null
  takenByName: string
  documentId: string | null
  commitment: string | null
  archiveDigest: string
  entries: number
}

export const events = (db: Db) =>
  db
    .selectFrom('competition.events as e')
    .innerJoin('people.organisations as o', 'o.id', 'e.organisation_id')
    .select(['e.id', 'e.number', 'e.type', 'e.version_id as versionId', 'e.organisation_id as organisationId'])
    .select(['o.name as host', 'e.title', 'e.purpose', 'e.partners', 'e.venue', 'e.groups', 'e.fee_fen as feeFen'])
    .select([
      'e.entries_from as entriesFrom',
      'e.entries_to as entriesTo',
      'e.held_from as heldFrom',
      'e.held_to as heldTo',
    ])
    .select(['e.state', 'e.protests_until as protestsUntil', 'e.run', 'e.awarded_on as awardedOn', 'e.version'])
    .select(['e.taken_by as takenBy', 'e.taken_by_name as takenByName', 'e.document_id as documentId'])
    .select(['e.seed_commitment as commitment', 'e.archive_digest as archiveDigest'])
    .select(
      sql<number>`(select count(*) from competition.entries n where n.event_id = e.id and n.state in ('registered', 'eligible'))::int`.as(
        'entries',
      ),
    )
    .$castTo<EventLine>()

/** What everybody may see, the newest first. */
export const publicEvents = (db: Db): Promise<EventLine[]> =>
  events(db)
    .where(sql<SqlBool>`e.state = any(${[...shown]}::text[])`)
    .orderBy('e.announced_at', 'desc')
    .limit(200)
    .execute()

export const hostedEvents = (db: Db, organisationId: string): Promise<EventLine[]> =>
  events(db).where('e.organisation_id', '=', organisationId).orderBy('e.saved_at', 'desc').limit(200).execute()

export const eventViews = {
  open: ['filed', 'review', 'returned'],
  running: ['accepted', 'announced', 'checking', 'running', 'scored', 'publicised', 'objection-held', 'cleared'],
  done: ['awarded', 'archived', 'rejected', 'withdrawn', 'cancelled'],
} as const satisfies Record<string, readonly EventState[]>
export type EventView = keyof typeof eventViews

export const deskEvents = (db: Db, view: EventView): Promise<EventLine[]> =>
  events(db)
    .where(sql<SqlBool>`e.state = any(${[...eventViews[view]]}::text[])`)
    .where('e.number', 'is not', null)
    .orderBy('e.filed_at', 'desc')
    .limit(200)
    .execute()

export type Door = 'public' | 'host' | 'desk'

/** A competition through one of its doors; what is not to be seen there is not there. */
export async function eventPage(ctx: Pick<Ctx, 'db' | 'actor'>, id: string, door: Door) {
  const event = await events(ctx.db).where('e.id', '=', id).executeTakeFirst()
  const seen =
    event &&
    (door === 'public'
      ? shown.includes(event.state)
      : door === 'host'
        ? ctx.actor.can('competition.host', { organisationId: event.organisationId })
        : ctx.actor.can('competition.read') && event.state !== 'draft')
  if (!event || !seen) throw missing('competition')
  return { event, type: await typeVersion(ctx.db, event.versionId) }
}

export type PlaceLine = { groupId: string; most: number | null; taken: number }

export async function placesOf(db: Db, eventId: string): Promise<PlaceLine[]> {
  return db
    .selectFrom('competition.group_places')
    .select(['group_id as groupId', 'most', 'taken'])
    .where('event_id', '=', eventId)
    .execute()
}

export type DocumentLine = {
  id: string
  number: number
  body: string
  terms: Terms
  state: 'proposed' | 'approved' | 'declined'
  writtenBy: string
  writtenById: string
  writtenAt: Date
  decidedBy: string
  note: string
}

export async function documentsOf(db: Db, eventId: string): Promise<DocumentLine[]> {
  return db
    .selectFrom('competition.documents')
    .select(['id', 'number', 'body', 'terms', 'state', 'written_by_name as writtenBy', 'written_by as writtenById'])
    .select(['written_at as writtenAt', 'decided_by_name as decidedBy', 'note'])
    .where('event_id', '=', eventId)
    .orderBy('number', 'desc')
    .$castTo<DocumentLine>()
    .execute()
}

/** Steps taken before the announced day, each with the reason everybody reads. @clause R32 */
export async function earlySteps(db: Ctx['db'], eventId: string): Promise<{ move: string; at: Date; note: string }[]> {
  return db
    .selectFrom('platform.moves')
    .select(['move', 'at', 'note'])
    .where('subject_kind', '=', 'competition')
    .where('subject_id', '=', eventId)
    .where('move', 'in', ['close-entries', 'begin'])
    .where('note', '<>', '')
    .orderBy('at')
    .execute()
}
