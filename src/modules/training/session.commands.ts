import { sql } from 'kysely'
import { mustMove, recordMove } from '#platform/casework.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { AppError, invalid, missing, refused } from '#platform/errors.ts'
import { addDays, dayOf } from '#shared/dates.ts'
import { lockClass, moveClass } from './class.commands.ts'
import type { ClassRecord } from './class.queries.ts'
import { scheduleOpen } from './class.rules.ts'
import { classStates } from './class.schema.ts'
import { neededFigure, tellRecords } from './desk.commands.ts'
import { classTrainers, qualified, type Trainer, venuesOf } from './place.queries.ts'
import { type SessionRecord, sessions } from './session.queries.ts'
import { checkOpening, checkSession, instantOf, type Span, sessionCycle, spanText } from './session.rules.ts'
import { CancelSession, EditSession, PlanSessions, type SessionState, SessionStep } from './session.schema.ts'

type Planned = { classId: string; sessionIds: string[] }
export type SessionMoved = { sessionId: string; state: SessionState }

/**
 * Plans one session, or one a week for so many weeks: all of them or none.
 * @clause C13 R01
 */
export const planSessions: Command<typeof PlanSessions, Planned> = command({
  name: 'training.planSessions',
  permission: 'session.edit',
  input: PlanSessions,
  async run(tx, input) {
    const record = await lockSchedule(tx, input.classId)
    const { trainer } = await teacherAndRoom(tx, record, input)
    if (input.makeupOf) await mustMakeUp(tx, record.id, input.makeupOf)
    const sessionIds: string[] = []
    for (let week = 0; week < input.weeks; week++) {
      const on = addDays(input.day, 7 * week)
      const span = { from: instantOf(on, input.from), to: instantOf(on, input.to) }
      await mustFit(tx, record, span, { ...input, trainer })
      const [row] = await placed(() =>
        tx.db
          .insertInto('training.sessions')
          .values({
            class_id: record.id,
            trainer_id: trainer.id,
            trainer_person_id: trainer.personId,
            room_id: input.roomId ?? null,
            title: input.title,
            course_kind: input.courseKind,
            during: sql<string>`tstzrange(${span.from}, ${span.to})`,
            break_minutes: input.breakMinutes,
            makeup_of: input.makeupOf ?? null,
          })
          .returning('id')
          .execute(),
      )
      if (row) {
        sessionIds.push(row.id)
        tx.about('session', row.id)
      }
    }
    return { classId: record.id, sessionIds }
  },
})

export const editSession: Command<typeof EditSession, { sessionId: string }> = command({
  name: 'training.editSession',
  permission: 'session.edit',
  input: EditSession,
  async run(tx, input) {
    const { session, record } = await lockSession(tx, input.sessionId)
    mustSchedule(record)
    if (session.state !== 'planned') throw refused(wrongState(session.state))
    const { trainer } = await teacherAndRoom(tx, record, input)
    const span = { from: instantOf(input.day, input.from), to: instantOf(input.day, input.to) }
    await mustFit(tx, record, span, { ...input, trainer, sessionId: session.id })
    await placed(() =>
      tx.db
        .updateTable('training.sessions')
        .set({
          trainer_id: trainer.id,
          trainer_person_id: trainer.personId,
          room_id: input.roomId ?? null,
          title: input.title,
          course_kind: input.courseKind,
          during: sql<string>`tstzrange(${span.from}, ${span.to})`,
          break_minutes: input.breakMinutes,
        })
        .where('id', '=', session.id)
        .execute(),
    )
    return { sessionId: session.id }
  },
})

export const cancelSession: Command<typeof CancelSession, SessionMoved> = command({
  name: 'training.cancelSession',
  permission: 'session.edit',
  input: CancelSession,
  async run(tx, input) {
    const { session, record } = await lockSession(tx, input.sessionId)
    mustSchedule(record)
    return moveSession(tx, session, 'cancel', {}, input.reason)
  },
})

/**
 * Opens the session: the room code runs from now on. The first one puts the class in session.
 * @clause R03
 */
export const openSession: Command<typeof SessionStep, SessionMoved> = command({
  name: 'training.openSession',
  permission: 'session.run',
  input: SessionStep,
  async run(tx, input) {
    const { session, record } = await lockSession(tx, input.sessionId, 'session.run')
    mustRun(tx, session, record)
    mustMove(sessionCycle, 'open', session.state)
    if (!['approved', 'in-session'].includes(record.state)) {
      throw refused({ clause: 'R02', reason: 'class-not-running', facts: { label: classStates[record.state] } })
    }
    const earlyMinutes = await neededFigure(tx, 'OP.checkInEarlyMinutes', dayOf(session.from), 'R03')
    const opening = checkOpening(session, { now: tx.now, earlyMinutes })
    if (!opening.ok) throw refused(opening.refusal)
    if (record.state === 'approved') {
      await moveClass(tx, record, 'start')
      const key = `reports.countEnrolled:${record.id}`
      await tx.enqueue('reports.countEnrolled', { classId: record.id }, { key })
      await tellRecords(tx, record.id)
    }
    return moveSession(tx, session, 'open', { opened_at: tx.now, opened_by: tx.actor.id })
  },
})

/** The teacher of the session, or somebody who keeps the timetable. */
export function mustRun(tx: Tx, session: SessionRecord, record: Pick<ClassRecord, 'organisationId'>): void {
  const staff = tx.actor.can('session.edit', { organisationId: record.organisationId })
  if (!staff && session.trainerPersonId !== tx.actor.personId) throw missing('session')
}

/** Locks the class, then the session: the same order everywhere. */
export async function lockSession(
  tx: Tx,
  sessionId: string,
  permission: 'session.edit' | 'session.run' = 'session.edit',
): Promise<{ session: SessionRecord; record: ClassRecord }> {
  const found = await sessions(tx.db).where('s.id', '=', sessionId).executeTakeFirst()
  if (!found) throw missing('session')
  tx.about('session', sessionId)
  const record = await lockClass(tx, found.classId, permission)
  const session = await sessions(tx.db).where('s.id', '=', sessionId).forUpdate().executeTakeFirstOrThrow()
  return { session, record }
}

export async function moveSession(
  tx: Tx,
  session: SessionRecord,
  name: keyof typeof sessionCycle,
  set: Record<string, unknown> = {},
  note = '',
): Promise<SessionMoved> {
  const to = mustMove(sessionCycle, name, session.state)
  await tx.db
    .updateTable('training.sessions')
    .set({ ...set, state: to })
    .where('id', '=', session.id)
    .execute()
  await recordMove(tx, { kind: 'session', id: session.id, move: name, from: session.state, to, note })
  return { sessionId: session.id, state: to }
}

export const wrongState = (state: SessionState) => ({ clause: 'R03', reason: 'session-state', facts: { state } })

async function lockSchedule(tx: Tx, classId: string): Promise<ClassRecord> {
  const record = await lockClass(tx, classId, 'session.edit')
  mustSchedule(record)
  return record
}

function mustSchedule(record: ClassRecord): void {
  if (!scheduleOpen.includes(record.state)) {
    throw refused({ clause: 'R02', reason: 'schedule-closed', facts: { label: classStates[record.state] } })
  }
}

type Placing = { trainerId: string; roomId?: string | undefined }

async function teacherAndRoom(tx: Tx, record: ClassRecord, { trainerId, roomId }: Placing) {
  const trainer = (await classTrainers(tx.db, record.id)).find(({ id }) => id === trainerId)
  if (!trainer) throw refused({ clause: 'R02', reason: 'trainer-not-in-class', facts: {} })
  const rooms = (await venuesOf(tx.db, record.organisationId)).flatMap((venue) => venue.rooms)
  if (roomId && !rooms.some(({ id }) => id === roomId)) throw invalid({ roomId: ['请选择本单位的教室'] })
  if (!roomId && record.mode === 'offline') throw invalid({ roomId: ['线下班级请选择教室'] })
  return { trainer }
}

async function mustMakeUp(tx: Tx, classId: string, sessionId: string): Promise<void> {
  const row = await sessions(tx.db).where('s.id', '=', sessionId).where('s.class_id', '=', classId).executeTakeFirst()
  if (row?.state !== 'closed' || row.makeupOf !== null) {
    throw refused({ clause: 'R03', reason: 'makeup-unknown', facts: {} })
  }
}

/** Dates, qualification, and whether teacher and room are free; an own clash is named, a stranger's only by its time. */
async function mustFit(
  tx: Tx,
  record: ClassRecord,
  span: Span,
  input: { breakMinutes: number; roomId?: string | undefined; trainer: Trainer; sessionId?: string },
): Promise<void> {
  const { startsOn: classStartsOn, endsOn: classEndsOn } = record
  const dates = checkSession(span, { now: tx.now, classStartsOn, classEndsOn, breakMinutes: input.breakMinutes })
  if (!dates.ok) throw refused(dates.refusal)
  const on = dayOf(span.from)
  if (!qualified(input.trainer, { startsOn: on, endsOn: on })) {
    throw refused({ clause: 'R02', reason: 'trainer-unqualified', facts: { name: input.trainer.name } })
  }
  const clashes = await sessions(tx.db)
    .innerJoin('training.classes as c', 'c.id', 's.class_id')
    .select(['c.title as classTitle', 'c.organisation_id as organisationId'])
    .$castTo<SessionRecord & { classTitle: string; organisationId: string }>()
    .where('s.state', '<>', 'cancelled')
    .where(sql<boolean>`s.during && tstzrange(${span.from}, ${span.to})`)
    .where((eb) =>
      eb.or([
        eb('s.trainer_person_id', '=', input.trainer.personId),
        ...(input.roomId ? [eb('s.room_id', '=', input.roomId)] : []),
      ]),
    )
    .execute()
  const clash = clashes.find(({ id }) => id !== input.sessionId)
  if (!clash) return
  const own = clash.organisationId === record.organisationId
  throw refused({
    clause: 'C13',
    reason: clash.trainerPersonId === input.trainer.personId ? 'trainer-in-use' : 'room-in-use',
    facts: { at: spanText(clash), other: own ? `${clash.classTitle}“${clash.title}”` : '其他机构的课' },
  })
}

/** Two people planning at one instant: the database refuses the second. */
async function placed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const reason = { room_in_use: 'room-in-use', trainer_in_use: 'trainer-in-use', room_opened: 'room-opened' }[
      constraintOf(error)
    ]
    if (!reason) throw error
    throw new AppError({
      kind: 'refused',
      refusal: { clause: 'C13', reason, facts: { at: '同一时间', other: '刚刚由别人排入的一次课' } },
    })
  }
}

export const constraintOf = (error: unknown): string =>
  error instanceof Error && 'constraint' in error ? String(error.constraint) : ''
