import { type SqlBool, sql } from 'kysely'
import { personCards } from '#modules/people/person.queries.ts'
import { clocksOf, movesOf } from '#modules/training/case.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
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

/** The desk's queue: what is due first stands first. A department sees what waits for its own recommendation. */
export async function deskQueue(ctx: Ctx, view: View, callId?: string): Promise<ApplicationLine[]> {
  const reads = ctx.actor.can('recognition.read')
  const bodies = ctx.actor.holdings.flatMap((one) => one.body ?? [])
  // the order first, on little; what a line shows is read for the lines that are shown
  let query = ctx.db
    .selectFrom('recognition.applications as a')
    .select('a.id')
    .leftJoin(
      (eb) =>
        eb
          .selectFrom('platform.clocks')
          .select('subject_id')
          .select((e) => e.fn.min('due_on').as('due'))
          .where('subject_kind', '=', 'application')
          .where('ended_on', 'is', null)
          .groupBy('subject_id')
          .as('q'),
      (on) => on.onRef('q.subject_id', '=', 'a.id'),
    )
    .where(sql<SqlBool>`a.state = any(${[...views[view]]}::text[])`)
    .where('a.number', 'is not', null)
    .orderBy('q.due', (o) => o.asc().nullsLast())
    .orderBy('a.submitted_at')
    .limit(200)
  if (callId) query = query.where('a.call_id', '=', callId)
  if (!reads) {
    query = query
      .innerJoin('recognition.scheme_versions as v', 'v.id', 'a.version_id')
      .where('a.state', '=', 'recommendation')
      .where(sql<SqlBool>`v.body -> 'recommendation' ->> 'body' = any(${bodies}::text[])`)
  }
  const ids = (await query.execute()).map((row) => row.id)
  const lines = await applications(ctx.db).where(sql<SqlBool>`a.id = any(${ids}::uuid[])`).execute()
  const byId = new Map(lines.map((line) => [line.id, line]))
  return ids.flatMap((id) => byId.get(id) ?? [])
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
