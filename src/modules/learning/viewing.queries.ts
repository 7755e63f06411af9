import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'

type Db = Ctx['db']

export type Viewable = { kind: string; title: string; mediumMs: number | null; resumeMs: number }

/** An item of the version that the person registered for, with the length of its timeline and where they stopped. */
export async function viewable(
  db: Db,
  personId: string,
  { registrationId, itemId }: { registrationId: string; itemId: string },
): Promise<Viewable | undefined> {
  const { rows } = await sql<Viewable>`
    select i.kind, i.title,
      nullif(case when i.kind in ('video', 'audio') then floor(m.duration_seconds * 1000)::int else i.planned_seconds * 1000 end, 0)
        as "mediumMs",
      coalesce(case when i.kind = 'package' then (select learning.length_ms(v.covered) from learning.coverage v
          where v.registration_id = r.id and v.item_id = i.id)
        else (select t.to_ms from learning.stretches t where t.registration_id = r.id and t.item_id = i.id
        order by t.id desc limit 1) end, 0) as "resumeMs"
    from learning.registrations r join library.items i on i.version_id = r.version_id
      left join library.media m on m.id = i.media_id
    where r.id = ${registrationId} and r.person_id = ${personId} and i.id = ${itemId}
  `.execute(db)
  return rows[0]
}

export type OpenPresence = {
  presenceId: string
  viewingId: string
  askedAt: Date
  prompt: string
  options: string[]
  answer: number
  tries: number
}

export async function openPresence(db: Db, personId: string): Promise<OpenPresence | undefined> {
  const { rows } = await sql<OpenPresence>`
    select id as "presenceId", viewing_id as "viewingId", asked_at as "askedAt", prompt, options, answer, tries
    from learning.presences where person_id = ${personId} and outcome is null`.execute(db)
  return rows[0]
}
