import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { z } from 'zod'
import { personCards } from '#modules/people/person.queries.ts'
import { clocksOf, movesOf } from '#modules/training/case.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { type Cursor, decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import { emptyAsNone, literally, normalise } from '#shared/text.ts'
import { type ApplicationLine, applications, wholeApplication } from './application.queries.ts'
import type { ApplicationState } from './application.schema.ts'

/** Which states each view of the desk shows. */
export const views = {
  open: ['submitted', 'formal-review', 'recommendation', 'expert-review', 'site-visit', 'shortlist'],
  returned: ['returned'],
  public: ['shortlisted', 'publicised', 'objection-held', 'cleared'],
  done: ['designated', 'rejected', 'not-selected', 'withdrawn'],
} as const satisfies Record<string, readonly ApplicationState[]>
export type View = keyof typeof views

export const DeskFilter = z.object({
  view: z.enum(['open', 'returned', 'public', 'done'] satisfies View[]).catch('open'),
  scheme: z.preprocess(emptyAsNone, z.string().max(60).optional()).catch(undefined),
  call: z.preprocess(emptyAsNone, z.uuid().optional()).catch(undefined),
  /** Part of a name of the candidate or the unit, or a number. */
  q: z.preprocess(emptyAsNone, z.string().trim().max(60).optional()).catch(undefined),
  cursor: z.preprocess(emptyAsNone, z.string().max(200).optional()).catch(undefined),
})
export type DeskFilter = z.infer<typeof DeskFilter>

const pageSize = 50
type Place = { id: string; due: string; at: string }

/**
 * The desk's queue, a page at a time: what is due first stands first, what has no running clock last. A department sees
 * what waits for its own recommendation. Of two running clocks of one application the earlier places it.
 */
export async function deskQueue(ctx: Ctx, filter: DeskFilter): Promise<Page<ApplicationLine>> {
  const found = foundBy(ctx, filter)
  const after = decodeCursor(filter.cursor, ['day', 'time', 'id'])
  const places = after?.[0] === 'infinity' ? [] : await running(ctx.db, found, after)
  if (places.length <= pageSize)
    places.push(...(await standing(ctx.db, found, after?.[0] === 'infinity' ? after : null)))
  const page = pageOf(places, pageSize, ({ due, at, id }) => [due, at, id])
  const ids = [...new Set(page.rows.map((one) => one.id))]
  const lines = await applications(ctx.db).where(sql<SqlBool>`a.id = any(${ids}::uuid[])`).execute()
  const byId = new Map(lines.map((line) => [line.id, line]))
  return { rows: ids.flatMap((id) => byId.get(id) ?? []), next: page.next }
}

/** Walked along the clocks, so that a page costs what it shows. */
async function running(db: Ctx['db'], found: RawBuilder<unknown>, after: Cursor | null): Promise<Place[]> {
  const later = after
    ? sql`and k.due_on >= ${after[0]}::date
        and (k.due_on, a.at, a.id) > (${after[0]}::date, ${after[1]}::timestamptz, ${after[2]}::uuid)`
    : sql``
  const { rows } = await sql<Place>`
    select a.id, k.due_on::text as due, a.at::text from platform.clocks k join ${found} on a.id = k.subject_id
    where k.subject_kind = 'application' and k.ended_on is null and k.due_on is not null ${later}
    order by k.due_on, a.at, a.id limit ${pageSize + 1}
  `.execute(db)
  return rows
}

async function standing(db: Ctx['db'], found: RawBuilder<unknown>, after: Cursor | null): Promise<Place[]> {
  const later = after ? sql`and (a.at, a.id) > (${after[1]}::timestamptz, ${after[2]}::uuid)` : sql``
  const { rows } = await sql<Place>`
    select a.id, 'infinity' as due, a.at::text from ${found}
    where not exists (select from platform.clocks k where k.subject_kind = 'application' and k.subject_id = a.id
      and k.ended_on is null and k.due_on is not null) ${later}
    order by a.at, a.id limit ${pageSize + 1}
  `.execute(db)
  return rows
}

function foundBy(ctx: Ctx, filter: DeskFilter): RawBuilder<unknown> {
  const conditions = [sql`a.state = any(${[...views[filter.view]]}::text[]) and a.number is not null`]
  if (filter.call) conditions.push(sql`a.call_id = ${filter.call}`)
  if (filter.scheme) conditions.push(sql`a.scheme = ${filter.scheme}`)
  const text = normalise(filter.q ?? '')
  if (text) {
    const part = `%${literally(text)}%`
    conditions.push(sql`(a.public_name like ${part} or a.number = ${text.toUpperCase()} or a.organisation_id in (
      select id from people.organisations where name like ${part}))`)
  }
  if (!ctx.actor.can('recognition.read')) {
    const bodies = ctx.actor.holdings.flatMap((one) => one.body ?? [])
    conditions.push(sql`a.state = 'recommendation' and exists (select from recognition.scheme_versions v
      where v.id = a.version_id and v.body -> 'recommendation' ->> 'body' = any(${bodies}::text[]))`)
  }
  // few have what was typed: they are found first, whatever the order asked for
  const first = text ? sql`offset 0` : sql``
  return sql`(select a.id, coalesce(a.submitted_at, a.created_at) as at from recognition.applications a
    where ${sql.join(conditions, sql` and `)} ${first}) a`
}

/** One application for the desk: everything, the person masked. A draft is nobody's business yet. */
export async function deskApplication(ctx: Ctx, id: string) {
  const line = await applications(ctx.db).where('a.id', '=', id).executeTakeFirst()
  if (!line || line.number === null) throw missing('application')
  const whole = await wholeApplication(ctx, line)
  const body = whole.scheme.recommendation?.body
  const recommends =
    body !== undefined && line.state === 'recommendation' && ctx.actor.can('recognition.recommend', { body })
  if (!ctx.actor.can('recognition.read') && !recommends) throw missing('application')
  const card = line.personId ? (await personCards(ctx.db, [line.personId])).get(line.personId) : undefined
  const [moves, clocks, visits, copies, took] = await Promise.all([
    movesOf(ctx.db, 'application', id),
    clocksOf(ctx, 'application', id),
    visitsOf(ctx.db, id),
    copiesOf(ctx.db, id),
    ctx.db
      .selectFrom('recognition.applications')
      .select(['formal_by_name as formalByName', 'recommended_by as recommendedBy', 'chosen_by as chosenBy'])
      .select(['panel_id as panelId', 'consent_words as consentWords', 'consent_at as consentAt'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow(),
  ])
  return { ...whole, ...took, recommends, person: card ?? null, moves, clocks, visits, copies }
}

const copiesOf = (db: Ctx['db'], applicationId: string) =>
  db
    .selectFrom('recognition.materials')
    .select(['id', 'blind_of as of'])
    .where('application_id', '=', applicationId)
    .where('blind_of', 'is not', null)
    .where('dropped_at', 'is', null)
    .$castTo<{ id: string; of: string }>()
    .execute()

async function visitsOf(db: Ctx['db'], applicationId: string) {
  const rows = await db
    .selectFrom('recognition.visits')
    .select('companion')
    .select(['id', 'visited_on as visitedOn', 'checks', 'finding', 'note', 'recorded_by as recordedBy'])
    .select([
      'recorded_by_name as recordedByName',
      'confirmed_by_name as confirmedByName',
      'confirmed_at as confirmedAt',
    ])
    .where('application_id', '=', applicationId)
    .orderBy('recorded_at')
    .execute()
  const files = await db
    .selectFrom('recognition.visit_files as f')
    .innerJoin('recognition.visits as v', 'v.id', 'f.visit_id')
    .select(['f.id', 'f.kind', 'f.visit_id as visitId'])
    .where('v.application_id', '=', applicationId)
    .orderBy('f.id')
    .execute()
  return rows.map((row) => ({
    ...row,
    files: files.filter((one) => one.visitId === row.id),
    checks: row.checks as Record<string, 'yes' | 'no' | 'none'>,
  }))
}

/** How many wait for somebody at the desk, for the menu and the calls. */
export async function callTallies(db: Ctx['db']): Promise<Map<string, Partial<Record<ApplicationState, number>>>> {
  const { rows } = await sql<{ callId: string; state: ApplicationState; n: number }>`
    select call_id as "callId", state, count(*)::int as n from recognition.applications
    where number is not null group by 1, 2
  `.execute(db)
  const found = new Map<string, Partial<Record<ApplicationState, number>>>()
  for (const { callId, state, n } of rows) found.set(callId, { ...found.get(callId), [state]: n })
  return found
}
