import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { MalwareCheck, MediaState } from './media.schema.ts'

type Db = Ctx['db']

export type MediaRow = {
  id: string
  organisationId: string
  name: string
  sizeBytes: number
  sha256: string | null
  mediaType: string | null
  durationSeconds: number | null
  storageKey: string | null
  state: MediaState
  fault: string
  malwareCheck: MalwareCheck
  malwareEngine: string
  purpose: 'file' | 'package'
  courseId: string | null
  createdBy: string
  createdAt: Date
}
export const media = (db: Db) =>
  db
    .selectFrom('library.media as m')
    .select([
      'm.id',
      'm.organisation_id as organisationId',
      'm.name',
      'm.size_bytes as sizeBytes',
      'm.sha256',
      'm.media_type as mediaType',
      'm.duration_seconds as durationSeconds',
      'm.storage_key as storageKey',
      'm.state',
      'm.fault',
      'm.malware_check as malwareCheck',
      'm.malware_engine as malwareEngine',
      'm.purpose',
      'm.course_id as courseId',
      'm.created_by as createdBy',
      'm.created_at as createdAt',
    ])
    .$castTo<MediaRow>()

export type CaptionRow = {
  id: string
  mediaId: string
  language: string
  label: string
  source: string
  cues: number
  storageKey: string
  transcript: string
}
const captions = (db: Db) =>
  db
    .selectFrom('library.captions as k')
    .select([
      'k.id',
      'k.media_id as mediaId',
      'k.language',
      'k.label',
      'k.source',
      'k.cues',
      'k.storage_key as storageKey',
      'k.transcript',
    ])
    .$castTo<CaptionRow>()

/** Archives that were sent for a course and did not become a package yet, or never will. The caller has checked who asks. */
export async function archivesOf(db: Db, courseId: string): Promise<MediaRow[]> {
  return media(db)
    .where('m.course_id', '=', courseId)
    .where('m.state', '<>', 'ready')
    .orderBy('m.created_at', 'desc')
    .limit(50)
    .execute()
}

/** An organisation's files, the newest first. */
export async function ownMedia(
  db: Db,
  organisationId: string,
): Promise<(MediaRow & { captions: number; used: number })[]> {
  return media(db)
    .select([
      sql<number>`(select count(*)::int from library.captions k where k.media_id = m.id)`.as('captions'),
      sql<number>`(select count(*)::int from library.items i where i.media_id = m.id)`.as('used'),
    ])
    .where('m.organisation_id', '=', organisationId)
    .where('m.purpose', '=', 'file')
    .orderBy('m.created_at', 'desc')
    .limit(500)
    .$castTo<MediaRow & { captions: number; used: number }>()
    .execute()
}

export async function captionsOf(db: Db, mediaIds: readonly string[]): Promise<CaptionRow[]> {
  if (mediaIds.length === 0) return []
  return captions(db)
    .where('k.media_id', 'in', [...mediaIds])
    .orderBy('k.language')
    .execute()
}

/** One file with its captions, for its own people. */
export async function mediaPage(
  ctx: Pick<Ctx, 'db' | 'actor'>,
  id: string,
): Promise<MediaRow & { captionList: CaptionRow[] }> {
  const row = await media(ctx.db).where('m.id', '=', id).executeTakeFirst()
  if (!row || !ctx.actor.can('library.contribute', { organisationId: row.organisationId })) throw missing('media')
  return { ...row, captionList: await captionsOf(ctx.db, [id]) }
}

/**
 * A file that this caller may open: his organisation's, any for reviewers and the office, and for whoever is signed in
 * those of versions that a listed or suspended course has published.
 */
export async function playable(ctx: Pick<Ctx, 'db' | 'actor'>, id: string): Promise<MediaRow & { storageKey: string }> {
  const row = await media(ctx.db)
    .where('m.id', '=', id)
    .where('m.state', '=', 'ready')
    .where('m.purpose', '=', 'file')
    .executeTakeFirst()
  const own =
    row &&
    (ctx.actor.can('library.read') || ctx.actor.can('library.contribute', { organisationId: row.organisationId }))
  if (!row || row.storageKey === null || (!own && !(await published(ctx, id)))) throw missing('media')
  return { ...row, storageKey: row.storageKey }
}

async function published(ctx: Pick<Ctx, 'db' | 'actor'>, mediaId: string): Promise<boolean> {
  if (ctx.actor.kind === 'anonymous') return false
  const { rows } = await sql`
    select from library.items i join library.versions v on v.id = i.version_id join library.courses c on c.id = v.course_id
    where i.media_id = ${mediaId} and v.published_at is not null and c.state in ('trial', 'admitted', 'suspended') limit 1
  `.execute(ctx.db)
  return rows.length > 0
}

/** One caption track of a file that this caller may open. */
export async function playableCaptions(ctx: Pick<Ctx, 'db' | 'actor'>, id: string): Promise<CaptionRow> {
  const row = await captions(ctx.db).where('k.id', '=', id).executeTakeFirst()
  if (!row) throw missing('captions')
  await playable(ctx, row.mediaId)
  return row
}
