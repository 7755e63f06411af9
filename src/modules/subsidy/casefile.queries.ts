/** Everything the reviewer's desk shows of one claim. */
import { sql } from 'kysely'
import { type Licence, licencesOf } from '#modules/people/organisation.queries.ts'
import { classes, dossierOf } from '#modules/training/class.queries.ts'
import type { DossierElement } from '#modules/training/class.rules.ts'
import type { Grade } from '#modules/training/session.schema.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { type ClaimPage, claimPage } from './claim.queries.ts'
import { type OverrideRow, overrideList } from './override.queries.ts'

export type SessionHours = {
  sessionId: string | null
  title: string
  from: Date | null
  on: string
  trainer: string
  room: string | null
  /** By enrolment: minutes that stand and the grade of their evidence. */
  minutes: Record<string, { minutes: number; grade: Grade }>
}

export type CaseFile = ClaimPage & {
  sessions: SessionHours[]
  overrides: OverrideRow[]
  /** The class's file: the five elements, and what the institution may teach. */
  dossier: DossierElement[]
  licences: Licence[]
}

/**
 * The whole case: lines with their explanation, controls in groups, what was promised against what the records give now,
 * hours per session with their grades, documents. For the office only; the people stay masked.
 * @clause HZ4-M16 @clause R37
 */
export async function claimForReview(ctx: Ctx, claimId: string): Promise<CaseFile> {
  if (!ctx.actor.can('casework.read')) throw missing('claim')
  const page = await claimPage(ctx, claimId)
  const record = await classes(ctx.db).where('c.id', '=', page.claim.classId).executeTakeFirst()
  if (!record) throw missing('class')
  return {
    ...page,
    sessions: await sessionHours(ctx.db, page.claim.classId),
    overrides: (await overrideList(ctx.db, { claimId })).rows,
    dossier: await dossierOf(ctx, record),
    licences: await licencesOf(ctx.db, page.claim.organisationId),
  }
}

/** One row a session, oldest first, with everybody's minutes; what was reversed is not counted. */
export async function sessionHours(db: Ctx['db'], classId: string): Promise<SessionHours[]> {
  const { rows } = await sql<SessionHours>`
    select h.session_id as "sessionId", coalesce(s.title, '') as title, lower(s.during) as "from", h.on_day::text as "on",
      coalesce(t.name, '') as trainer, r.name as room,
      jsonb_object_agg(h.enrolment_id, jsonb_build_object('minutes', h.minutes, 'grade', h.grade)) as minutes
    from training.hour_entries h left join training.sessions s on s.id = h.session_id
    left join training.trainers t on t.id = s.trainer_id left join training.rooms r on r.id = s.room_id
    where h.class_id = ${classId} and h.reverses is null
      and not exists (select from training.hour_entries x where x.reverses = h.id)
    group by h.session_id, s.title, s.during, h.on_day, t.name, r.name
    order by h.on_day, lower(s.during) nulls last, h.session_id
  `.execute(db)
  return rows
}
