import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { ItemKind } from './registration.schema.ts'

type Db = Ctx['db']

export type Lesson = {
  registrationId: string
  itemId: string
  courseTitle: string
  title: string
  kind: ItemKind
  chapterTitle: string
  body: Record<string, unknown>
  mediaId: string | null
  mediaType: string | null
  mediumMs: number | null
  coveredMs: number
  captions: { id: string; language: string; label: string; transcript: string }[]
}

/** One item of one's own course, with what a player needs. */
export async function lessonPage(db: Db, personId: string, registrationId: string, itemId: string): Promise<Lesson> {
  const { rows } = await sql<Lesson>`
    select r.id as "registrationId", i.id as "itemId", c.title as "courseTitle", i.title, i.kind, i.chapter_title as "chapterTitle",
      i.body, i.media_id as "mediaId", m.media_type as "mediaType",
      nullif(case when i.kind in ('video', 'audio') then floor(m.duration_seconds * 1000)::int else i.planned_seconds * 1000 end, 0)
        as "mediumMs",
      coalesce((select learning.length_ms(covered) from learning.coverage v where v.registration_id = r.id and v.item_id = i.id), 0)
        as "coveredMs",
      coalesce((select json_agg(json_build_object('id', k.id, 'language', k.language, 'label', k.label, 'transcript', k.transcript)
        order by k.language) from library.captions k where k.media_id = i.media_id), '[]') as captions
    from learning.registrations r join library.courses c on c.id = r.course_id join library.items i on i.version_id = r.version_id
      left join library.media m on m.id = i.media_id and m.state = 'ready'
    where r.id = ${registrationId} and r.person_id = ${personId} and i.id = ${itemId}`.execute(db)
  const [row] = rows
  if (!row) throw missing('item')
  return row
}

export type Note = { id: string; positionMs: number; text: string; at: Date }

export async function notesOf(db: Db, registrationId: string, itemId: string): Promise<Note[]> {
  return db
    .selectFrom('learning.notes')
    .select(['id', 'position_ms as positionMs', 'text', 'at'])
    .where('registration_id', '=', registrationId)
    .where('item_id', '=', itemId)
    .where('deleted_at', 'is', null)
    .orderBy('position_ms')
    .orderBy('id')
    .$castTo<Note>()
    .execute()
}
