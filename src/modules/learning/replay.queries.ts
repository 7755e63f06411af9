import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { Day } from '#shared/units.ts'
import { inClassLater } from './posting.queries.ts'
import { foldStretches, type ReplayLine, type ReplayStretch } from './replay.rules.ts'

type Db = Ctx['db']

export type ReplayHead = {
  registrationId: string
  personId: string
  name: string
  courseTitle: string
  organisationId: string
  classTitle: string | null
  completedAt: Date | null
  withdrawn: { at: Date; by: string; reason: string } | null
}

export async function replayHead(db: Db, registrationId: string): Promise<ReplayHead> {
  const { rows } = await sql<ReplayHead>`
    select r.id as "registrationId", r.person_id as "personId", p.name_masked as name, c.title as "courseTitle",
      c.organisation_id as "organisationId", k.title as "classTitle",
      d.at as "completedAt", case when w.at is not null then json_build_object('at', w.at, 'by', w.by_name, 'reason', w.reason) end as withdrawn
    from learning.registrations r join library.courses c on c.id = r.course_id join people.persons p on p.id = r.person_id
      left join training.classes k on k.id = r.class_id left join learning.completions d on d.registration_id = r.id
      left join learning.withdrawals w on w.registration_id = r.id
    where r.id = ${registrationId}`.execute(db)
  const [head] = rows
  if (!head) throw missing('registration')
  return head
}

export type ReplayDay = {
  on: Day
  countedMs: number
  inClassMs: number
  wallMs: number
  postedMinutes: number | null
  reason: string
}

/** The days on which somebody learnt a course, with what counted and what stands in the ledger. */
export async function replayDays(db: Db, registrationId: string): Promise<ReplayDay[]> {
  const { rows } = await sql<ReplayDay>`
    select t.on_day as "on", sum(t.granted_ms)::int as "countedMs", sum(t.wall_ms)::bigint as "wallMs",
      coalesce(sum(t.granted_ms) filter (where t.granted_ms > 0 and ${inClassLater}), 0)::int as "inClassMs",
      (select h.minutes from training.hour_entries h where h.registration_id = ${registrationId} and h.on_day = t.on_day
        and h.reverses is null and not exists (select from training.hour_entries x where x.reverses = h.id)) as "postedMinutes",
      coalesce((select s.reason from learning.settlements s where s.registration_id = ${registrationId} and s.on_day = t.on_day), '') as reason
    from learning.stretches t where t.registration_id = ${registrationId} group by t.on_day order by t.on_day desc`.execute(
    db,
  )
  return rows
}

export type ReplayQuestion = {
  askedAt: Date
  prompt: string
  outcome: string | null
  answeredAt: Date | null
  tries: number
}
export type Replay = { lines: ReplayLine[]; questions: ReplayQuestion[] }

/** One day, stretch by stretch as it was kept, what goes on folded into lines; and the questions of that day. */
export async function replayOf(db: Db, registrationId: string, on: Day): Promise<Replay> {
  const { rows } = await sql<ReplayStretch>`
    select t.item_id as "itemId", i.title, t.at - t.wall_ms * interval '1 millisecond' as "fromAt", t.at as "toAt",
      t.from_ms as "fromMs", t.to_ms as "toMs", t.rate_percent as "ratePercent", t.verdict, t.reason, t.granted_ms as "grantedMs"
    from learning.stretches t join library.items i on i.id = t.item_id
    where t.registration_id = ${registrationId} and t.on_day = ${on}::date order by t.id`.execute(db)
  const questions = await sql<ReplayQuestion>`
    select p.asked_at as "askedAt", p.prompt, p.outcome, p.answered_at as "answeredAt", p.tries
    from learning.presences p join learning.viewings v on v.id = p.viewing_id
    where v.registration_id = ${registrationId} and (p.asked_at at time zone 'Asia/Shanghai')::date = ${on}::date
    order by p.asked_at`.execute(db)
  return { lines: foldStretches(rows), questions: questions.rows }
}

export type LearnerRow = {
  registrationId: string
  name: string
  courseTitle: string
  classTitle: string | null
  ledgerMinutes: number
  countedMs: number
  completedAt: Date | null
}

/** Who learns the courses of an organisation – of all when null –, the newest first. */
export async function learnersOf(db: Db, organisationId: string | null, limit = 200): Promise<LearnerRow[]> {
  const { rows } = await sql<LearnerRow>`
    select r.id as "registrationId", p.name_masked as name, c.title as "courseTitle", k.title as "classTitle",
      coalesce((select sum(minutes) from training.hour_entries h where h.registration_id = r.id), 0)::int as "ledgerMinutes",
      coalesce((select sum(granted_ms) from learning.stretches t where t.registration_id = r.id), 0)::int as "countedMs",
      case when w.at is null then d.at end as "completedAt"
    from learning.registrations r join library.courses c on c.id = r.course_id join people.persons p on p.id = r.person_id
      left join training.classes k on k.id = r.class_id left join learning.completions d on d.registration_id = r.id
      left join learning.withdrawals w on w.registration_id = r.id
    where ${organisationId}::uuid is null or c.organisation_id = ${organisationId}::uuid
    order by r.registered_at desc, r.id limit ${limit}`.execute(db)
  return rows
}

export type SubmissionRow = {
  id: string
  name: string
  courseTitle: string
  itemTitle: string
  task: string
  number: number
  text: string
  at: Date
  organisationId: string
  registrationId: string
  passed: boolean | null
  remark: string | null
  byName: string | null
}
const submissionRows = sql`
  select s.id, p.name_masked as name, c.title as "courseTitle", i.title as "itemTitle", coalesce(i.body ->> 'task', '') as task,
    s.number, s.text, s.at, c.organisation_id as "organisationId", s.registration_id as "registrationId", g.passed, g.remark,
    g.by_name as "byName"
  from learning.submissions s join learning.registrations r on r.id = s.registration_id join library.courses c on c.id = r.course_id
    join people.persons p on p.id = s.person_id join library.items i on i.id = s.item_id
    left join learning.gradings g on g.submission_id = s.id`

/** Assignments that wait for a mark, the oldest first. */
export async function waitingSubmissions(db: Db, organisationId: string): Promise<SubmissionRow[]> {
  return (
    await sql<SubmissionRow>`${submissionRows} where c.organisation_id = ${organisationId} and g.submission_id is null
      order by s.at limit 200`.execute(db)
  ).rows
}
export async function submissionPage(ctx: Pick<Ctx, 'db' | 'actor'>, id: string): Promise<SubmissionRow> {
  const [row] = (await sql<SubmissionRow>`${submissionRows} where s.id = ${id}`.execute(ctx.db)).rows
  if (!row || !ctx.actor.can('organisation.read', { organisationId: row.organisationId })) throw missing('submission')
  return row
}
export async function ownSubmissions(db: Db, registrationId: string, itemId: string): Promise<SubmissionRow[]> {
  return (
    await sql<SubmissionRow>`${submissionRows} where s.registration_id = ${registrationId} and s.item_id = ${itemId}
      order by s.number desc`.execute(db)
  ).rows
}
