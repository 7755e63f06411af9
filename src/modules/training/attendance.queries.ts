import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { hot } from '#platform/db.ts'
import { missing } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { type Decision, refuse } from '#policy/decision.ts'
import { figure, type Override } from '#policy/figures.ts'
import { dayOf, minutesBetween } from '#shared/dates.ts'
import type { Mark } from './attendance.rules.ts'
import type { ClassState } from './class.schema.ts'
import { checkCode, codeAt, holdFor, type Keyed, type Rotation, secondsLeft } from './code.rules.ts'
import type { EnrolmentState } from './enrolment.schema.ts'
import { sessions } from './session.queries.ts'
import type { Grade, MarkKind, SessionState } from './session.schema.ts'

type Db = Ctx['db']

/** The keyed digest that only this session's room code is made with. */
export const keyedBy =
  ({ crypto }: Pick<Ctx, 'crypto'>, secret: string): Keyed =>
  (text) =>
    crypto.blindIndex(`${secret}:${text}`, 'session.code')

/** What is the same for everybody in the room and, once a session is open, never changes – but for the last two. */
export type OpenSession = {
  from: Date
  to: Date
  classId: string
  secret: string
  state: SessionState
  classState: ClassState
  /** What the bureau has set about check-ins; it only ever adds to them. */
  overrides: Override[]
}
export type CheckInFacts = OpenSession & {
  enrolmentId: string | null
  markedAt: Date | null
}

/** Sessions under way, as they were last looked at. Whoever relies on one has the database confirm the rest. */
const underWay = new Map<string, OpenSession>()
const remembered = 500

export const recallSession = (sessionId: string): OpenSession | undefined => underWay.get(sessionId)

/** Everything a check-in is decided on, in one round trip. */
export async function checkInFacts(db: Db, sessionId: string, personId: string): Promise<CheckInFacts | undefined> {
  const { rows } = await sql<CheckInFacts>`${sql.raw(hot)}
    select s.state, lower(s.during) as "from", upper(s.during) as "to", s.class_id as "classId", c.state as "classState",
      s.code_secret as secret, e.id as "enrolmentId",
      (select m.at from training.attendance_marks m where m.session_id = s.id and m.person_id = ${personId}
        and m.kind = 'room-code' and m.voided_at is null) as "markedAt",
      (select coalesce(json_agg(json_build_object('figureId', key, 'value', value, 'from', from_on, 'to', to_on,
          'source', source, 'setBy', proposed_by_name, 'setAt', approved_at) order by approved_at, id), '[]')
        from platform.settings where kind = 'figure' and state = 'in-force' and key like 'OP.%') as overrides
    from training.sessions s join training.classes c on c.id = s.class_id
      left join training.enrolments e on e.class_id = s.class_id and e.person_id = ${personId} and e.state <> 'withdrawn'
    where s.id = ${sessionId}
  `.execute(db)
  const [facts] = rows
  if (!facts) return undefined
  if (underWay.size >= remembered) underWay.clear()
  const { enrolmentId: _, markedAt: __, ...session } = facts
  if (session.state === 'open' && session.classState === 'in-session') underWay.set(sessionId, session)
  else underWay.delete(sessionId)
  return facts
}

/** The seconds and minutes of a check-in on a day. An undecided one falls back to nothing: no grace, no early time. */
export function checkInFigures(plan: Ctx['plan'], at: Date, overrides: readonly Override[]) {
  const value = (id: string) => figure(plan, id, dayOf(at), overrides).value ?? 0
  const rotation: Rotation = { seconds: Math.max(5, value('OP.qrSeconds')), graceSeconds: value('OP.qrGraceSeconds') }
  return {
    rotation,
    earlyMinutes: value('OP.checkInEarlyMinutes'),
    holdMinutes: value('OP.scanHoldMinutes'),
    lateGraceMinutes: value('OP.lateGraceMinutes'),
  }
}

/** The code on the wall of an open session, for those who run it. */
export async function roomCode(ctx: Ctx, sessionId: string): Promise<{ code: string; secondsLeft: number }> {
  const row = await sessions(ctx.db)
    .innerJoin('training.classes as c', 'c.id', 's.class_id')
    .select('c.organisation_id as organisationId')
    .$castTo<{ organisationId: string; state: string; codeSecret: string; trainerPersonId: string }>()
    .where('s.id', '=', sessionId)
    .executeTakeFirst()
  const runs =
    row &&
    (ctx.actor.can('session.edit', { organisationId: row.organisationId }) ||
      (ctx.actor.can('session.run', { organisationId: row.organisationId }) &&
        row.trainerPersonId === ctx.actor.personId))
  if (!row || !runs || row.state !== 'open') throw missing('session')
  const at = await figuresFor(ctx)
  const seconds = Math.max(5, at('OP.qrSeconds', dayOf(ctx.now)).value ?? 30)
  const rotation = { seconds, graceSeconds: 0 }
  return { code: codeAt(keyedBy(ctx, row.codeSecret), ctx.now, rotation), secondsLeft: secondsLeft(ctx.now, rotation) }
}

/** What the landing page of a scan shows before anybody has signed in: only where one is, and a hold for a right code. */
export type ScanPage = {
  sessionId: string
  title: string
  classTitle: string
  room: string | null
  from: Date
  to: Date
  state: SessionState
  hold: Decision<string> | null
}

export async function scanPage(ctx: Ctx, sessionId: string, code: string, device: string): Promise<ScanPage> {
  const row = await sessions(ctx.db)
    .innerJoin('training.classes as c', 'c.id', 's.class_id')
    .leftJoin('training.rooms as r', 'r.id', 's.room_id')
    .select(['c.title as classTitle', 'r.name as room'])
    .where('s.id', '=', sessionId)
    .executeTakeFirst()
  if (!row) throw missing('session')
  const { classTitle, room } = row as typeof row & { classTitle: string; room: string | null }
  const { id, title, from, to, state, codeSecret } = row
  const shown = { sessionId: id, title, classTitle, room, from, to, state }
  if (code === '') return { ...shown, hold: null }
  const at = await figuresFor(ctx)
  const figures = {
    seconds: Math.max(5, at('OP.qrSeconds', dayOf(ctx.now)).value ?? 30),
    graceSeconds: at('OP.qrGraceSeconds', dayOf(ctx.now)).value ?? 0,
  }
  const keyed = keyedBy(ctx, codeSecret)
  if (device === '') return { ...shown, hold: refuse('R03', 'code-wrong') }
  const decision = checkCode(keyed, code, ctx.now, figures)
  return { ...shown, hold: decision.ok ? { ok: true, value: holdFor(keyed, device, ctx.now) } : decision }
}

/** The check-in with the room code of whoever asks, if it stands. @clause R03 */
export async function ownCheckIn(ctx: Ctx, sessionId: string): Promise<{ at: Date; lateMinutes: number } | null> {
  const facts = ctx.actor.personId ? await checkInFacts(ctx.db, sessionId, ctx.actor.personId) : undefined
  if (!facts?.markedAt) return null
  const { lateGraceMinutes } = checkInFigures(ctx.plan, facts.markedAt, facts.overrides)
  return { at: facts.markedAt, lateMinutes: lateBy(facts.from, facts.markedAt, lateGraceMinutes) }
}

/** Minutes late, once they are more than is overlooked. */
export function lateBy(from: Date, at: Date, graceMinutes: number): number {
  const late = minutesBetween(from, at)
  return late > graceMinutes ? late : 0
}

export type WitnessRow = {
  enrolmentId: string
  personId: string
  name: string
  document: string
  state: EnrolmentState
  marks: (Mark & { at: Date; reason: string; device: string | null; voided: boolean })[]
  /** Net of reversals; null while nothing is credited. */
  minutes: number | null
  grade: Grade | null
  entryId: number | null
  reason: string
}

/** Everybody of a session with their marks and what was credited. The caller has checked who asks. */
export async function witnessList(db: Db, sessionId: string): Promise<WitnessRow[]> {
  const { rows } = await sql<WitnessRow>`
    select e.id as "enrolmentId", e.person_id as "personId", p.name_masked as name, p.document_masked as document, e.state,
      coalesce((select json_agg(json_build_object('id', m.id, 'kind', m.kind, 'from', lower(m.during), 'to', upper(m.during),
          'by', m.by_user, 'at', m.at, 'reason', m.reason, 'device', m.device, 'voided', m.voided_at is not null) order by m.at, m.kind)
        from training.attendance_marks m where m.session_id = s.id and m.enrolment_id = e.id), '[]') as marks,
      h.minutes, h.grade, h.id as "entryId", coalesce(h.evidence ->> 'reason', '') as reason
    from training.sessions s join training.enrolments e on e.class_id = s.class_id
      join people.persons p on p.id = e.person_id
      left join training.hour_entries h on h.session_id = s.id and h.enrolment_id = e.id and h.reverses is null
        and not exists (select from training.hour_entries x where x.reverses = h.id)
    where s.id = ${sessionId} and (e.state <> 'withdrawn'
      or exists (select from training.attendance_marks m where m.session_id = s.id and m.enrolment_id = e.id))
    order by e.enrolled_at, e.id
  `.execute(db)
  return rows.map((row) => ({
    ...row,
    marks: row.marks.map((mark) => ({
      ...mark,
      kind: mark.kind as MarkKind,
      from: new Date(mark.from),
      to: new Date(mark.to),
      at: new Date(mark.at),
    })),
  }))
}

/** Devices that checked in for more persons of one session than the figure allows without a question. @clause C15 */
export async function sharedDevices(
  db: Db,
  sessionId: string,
  most: number,
): Promise<{ persons: number; names: string[] }[]> {
  const { rows } = await sql<{ persons: number; names: string[] }>`
    select count(distinct m.person_id) as persons, array_agg(distinct p.name_masked) as names
    from training.attendance_marks m join people.persons p on p.id = m.person_id
    where m.session_id = ${sessionId} and m.device is not null and m.voided_at is null
    group by m.device having count(distinct m.person_id) > ${most} order by 1 desc
  `.execute(db)
  return rows
}
