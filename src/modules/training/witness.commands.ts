import { sql } from 'kysely'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import type { Permission } from '#platform/permissions.ts'
import { dayOf } from '#shared/dates.ts'
import { notElsewhere, witnessMinutes } from './attendance.commands.ts'
import { type ClassRecord, classes } from './class.queries.ts'
import { resettle } from './hours.commands.ts'
import { lockSession, wrongState } from './session.commands.ts'
import { type SessionRecord, sessions } from './session.queries.ts'
import { instantOf, type Span } from './session.rules.ts'
import { Excuse, type MarkKind, MarkManually, MarkPersons, VoidMark } from './session.schema.ts'

/** `elsewhere`: not marked, because they are in another class at the time. */
export type Marked = { sessionId: string; count: number; elsewhere: string[] }

/** The teacher of the session vouches for learners in the room. @clause R03 C08 */
export const markByTrainer: Command<typeof MarkPersons, Marked> = command({
  name: 'training.markByTrainer',
  permission: 'session.run',
  input: MarkPersons,
  async run(tx, input) {
    const { session } = await seeSession(tx, input.sessionId, 'session.run')
    if (session.trainerPersonId !== tx.actor.personId) {
      throw refused({ clause: 'R03', reason: 'not-the-trainer', facts: {} })
    }
    return vouch(tx, session, 'trainer', input)
  },
})

/** Somebody of the undertaker other than the teacher vouches. @clause R03 C08 */
export const markByStaff: Command<typeof MarkPersons, Marked> = command({
  name: 'training.markByStaff',
  permission: 'session.edit',
  input: MarkPersons,
  async run(tx, input) {
    const { session } = await seeSession(tx, input.sessionId, 'session.edit')
    if (session.trainerPersonId === tx.actor.hand.personId) {
      throw refused({ clause: 'R03', reason: 'same-witness', facts: {} })
    }
    return vouch(tx, session, 'staff', input)
  },
})

/** Entered by hand, with the reason: the weakest evidence. After the session it corrects the hours at once. @clause R03 */
export const markManually: Command<typeof MarkManually, Marked> = command({
  name: 'training.markManually',
  permission: 'session.edit',
  input: MarkManually,
  async run(tx, input) {
    const { session, record } = await lockSession(tx, input.sessionId)
    mustBeHeld(session, record)
    const marked = await write(tx, session, 'manual', [input.enrolmentId], spanOf(session, input), input.reason)
    if (session.state === 'closed') await resettle(tx, session, input.enrolmentId, input.reason)
    return marked
  },
})

/** Absent with a reason. Gives no hours. */
export const excuse: Command<typeof Excuse, Marked> = command({
  name: 'training.excuse',
  permission: 'session.edit',
  input: Excuse,
  async run(tx, input) {
    const { session, record } = await lockSession(tx, input.sessionId)
    if (session.state !== 'planned') mustBeHeld(session, record)
    return write(tx, session, 'excused', [input.enrolmentId], session, input.reason)
  },
})

/** Takes a wrong mark out of the account; it stays on record with the reason. After the session it corrects the hours. */
export const voidMark: Command<typeof VoidMark, { markId: string; sessionId: string }> = command({
  name: 'training.voidMark',
  permission: 'session.edit',
  input: VoidMark,
  async run(tx, input) {
    const mark = await tx.db
      .selectFrom('training.attendance_marks')
      .select(['id', 'session_id', 'enrolment_id', 'person_id'])
      .where('id', '=', input.markId)
      .executeTakeFirst()
    if (!mark) throw missing('mark')
    const { session, record } = await lockSession(tx, mark.session_id)
    if (session.state !== 'planned') mustBeHeld(session, record)
    tx.about('mark', mark.id)
    tx.about('person', mark.person_id)
    const { numUpdatedRows } = await tx.db
      .updateTable('training.attendance_marks')
      .set({ voided_at: tx.now, voided_by: tx.actor.id, void_reason: input.reason })
      .where('id', '=', mark.id)
      .where('voided_at', 'is', null)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw refused({ clause: 'R03', reason: 'mark-voided', facts: {} })
    if (session.state === 'closed') await resettle(tx, session, mark.enrolment_id, input.reason)
    return { markId: mark.id, sessionId: session.id }
  },
})

/** Corrections end when the class has been assessed. */
function mustBeHeld(session: SessionRecord, record: ClassRecord): void {
  if (session.state !== 'open' && session.state !== 'closed') throw refused(wrongState(session.state))
  if (!['in-session', 'suspended'].includes(record.state)) {
    throw refused({ clause: 'R03', reason: 'class-assessed', facts: {} })
  }
}

/** Reads a session so that it cannot be closed meanwhile, without keeping check-ins waiting. */
async function seeSession(tx: Tx, sessionId: string, permission: Permission) {
  const session = await sessions(tx.db).where('s.id', '=', sessionId).forKeyShare().executeTakeFirst()
  const record = session && (await classes(tx.db).where('c.id', '=', session.classId).executeTakeFirst())
  if (!record || !tx.actor.can(permission, { organisationId: record.organisationId })) throw missing('session')
  tx.about('session', sessionId)
  tx.about('class', record.id)
  return { session, record }
}

type Vouching = { enrolmentIds: string[]; from?: string | undefined; to?: string | undefined }

async function vouch(tx: Tx, session: SessionRecord, kind: 'trainer' | 'staff', input: Vouching): Promise<Marked> {
  if (session.state !== 'open') throw refused(wrongState(session.state))
  const minutes = await witnessMinutes(tx)
  if (tx.now.getTime() > session.to.getTime() + minutes * 60_000) {
    throw refused({ clause: 'R03', reason: 'mark-window', facts: { minutes } })
  }
  return write(tx, session, kind, input.enrolmentIds, spanOf(session, input), '')
}

function spanOf(session: Span, input: { from?: string | undefined; to?: string | undefined }): Span {
  const on = dayOf(session.from)
  const span = {
    from: input.from ? instantOf(on, input.from) : session.from,
    to: input.to ? instantOf(on, input.to) : session.to,
  }
  if (span.from < session.from || span.to > session.to || span.from >= span.to) {
    throw refused({ clause: 'R03', reason: 'mark-outside', facts: {} })
  }
  return span
}

/** Writes one mark for each enrolment of the class; who is marked alike already stays as they are. */
async function write(
  tx: Tx,
  session: SessionRecord,
  kind: MarkKind,
  enrolmentIds: readonly string[],
  span: Span,
  reason: string,
): Promise<Marked> {
  const { rows } = await sql<{ id: string; personId: string; elsewhere: boolean }>`
    select e.id, e.person_id as "personId", ${kind !== 'excused'} and exists (
      select from training.attendance_marks m where m.person_id = e.person_id and m.session_id <> ${session.id}
        and m.voided_at is null and m.kind <> 'excused' and m.during && tstzrange(${span.from}, ${span.to})) as elsewhere
    from training.enrolments e
    where e.class_id = ${session.classId} and e.id = any(${[...enrolmentIds]}::uuid[]) and e.state <> 'withdrawn'
  `.execute(tx.db)
  if (rows.length !== new Set(enrolmentIds).size) throw refused({ clause: 'R03', reason: 'not-in-class', facts: {} })
  if (rows.some((row) => row.personId === tx.actor.hand.personId)) {
    throw refused({ clause: 'R03', reason: 'own-witness', facts: {} })
  }
  const here = rows.filter((row) => !row.elsewhere)
  for (const { personId } of rows.slice(0, 20)) tx.about('person', personId)
  const elsewhere = rows.filter((row) => row.elsewhere).map((row) => row.id)
  if (here.length === 0) {
    throw refused({ clause: 'C08', reason: 'persons-elsewhere', facts: { count: elsewhere.length } })
  }
  const inserted = await notElsewhere(
    sql<{ id: string }>`
      insert into training.attendance_marks (class_id, session_id, enrolment_id, person_id, kind, during, at, by_user, reason)
      select ${session.classId}, ${session.id}, r.*, ${kind}, tstzrange(${span.from}, ${span.to}), ${tx.now}, ${tx.actor.hand.id},
        ${reason}
      from unnest(${here.map((row) => row.id)}::uuid[], ${here.map((row) => row.personId)}::uuid[]) as r
      on conflict (session_id, person_id, kind) where voided_at is null do nothing returning id
    `.execute(tx.db),
  )
  return { sessionId: session.id, count: inserted.rows.length, elsewhere }
}
