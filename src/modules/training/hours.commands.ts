import { sql } from 'kysely'
import { z } from 'zod'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import { witnessList } from './attendance.queries.ts'
import { type Mark, type SessionFacts, type Settlement, settle } from './attendance.rules.ts'
import { lockClass } from './class.commands.ts'
import { neededFigure, tellRecords } from './desk.commands.ts'
import { idField, reasonField } from './input.schema.ts'
import { constraintOf, lockSession, moveSession, mustRun, type SessionMoved } from './session.commands.ts'
import type { SessionRecord } from './session.queries.ts'
import { SessionStep } from './session.schema.ts'

export type Closed = SessionMoved & { credited: number; minutes: number }

/**
 * Ends a session and posts its hours: each person's marks are weighed once, and what they prove is written to the ledger
 * in one statement. A make-up gives nothing to those who have the hours of the session it makes up for.
 * @clause R03 C17
 */
export const closeSession: Command<typeof SessionStep, Closed> = command({
  name: 'training.closeSession',
  permission: 'session.run',
  input: SessionStep,
  async run(tx, input) {
    const { session, record } = await lockSession(tx, input.sessionId, 'session.run')
    mustRun(tx, session, record)
    const moved = await moveSession(tx, session, 'close', { closed_at: tx.now, closed_by: tx.actor.id })
    const facts = await sessionFacts(tx, { ...session, closedAt: tx.now })
    const list = await witnessList(tx.db, session.id)
    const have = await alreadyCredited(tx, session)
    const entries = list
      .filter((row) => !have.has(row.enrolmentId))
      .map((row) => ({ row, settlement: settle(facts, standing(row.marks)) }))
      .filter(({ settlement }) => settlement.minutes > 0)
    await post(
      tx,
      session,
      entries.map(({ row, settlement }) => ({
        enrolmentId: row.enrolmentId,
        personId: row.personId,
        settlement,
        corrects: null,
        reason: '',
      })),
    )
    await tellRecords(tx, session.classId)
    const minutes = entries.reduce((sum, { settlement }) => sum + settlement.minutes, 0)
    return { ...moved, credited: entries.length, minutes }
  },
  outcome: ({ state, credited, minutes }) => ({ state, credited, minutes }),
})

const standing = (marks: readonly (Mark & { voided: boolean })[]) => marks.filter((mark) => !mark.voided)

async function sessionFacts(tx: Tx, session: SessionRecord): Promise<SessionFacts> {
  return {
    from: session.from,
    to: session.to,
    breakMinutes: session.breakMinutes,
    openedAt: session.openedAt ?? session.from,
    closedAt: session.closedAt ?? session.to,
    lateGraceMinutes: await neededFigure(tx, 'OP.lateGraceMinutes', dayOf(session.from), 'R03'),
  }
}

/** Enrolments that have the hours of the session this one makes up for, or of a make-up of this one. */
async function alreadyCredited(tx: Tx, session: SessionRecord): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select h.enrolment_id as id from training.hour_entries h
    where h.class_id = ${session.classId} and h.reverses is null
      and not exists (select from training.hour_entries x where x.reverses = h.id)
      and (h.session_id = ${session.makeupOf}::uuid
        or h.session_id in (select id from training.sessions where makeup_of = ${session.id}))
  `.execute(tx.db)
  return new Set(rows.map((row) => row.id))
}

type Posting = {
  enrolmentId: string
  personId: string
  settlement: Settlement
  corrects: number | null
  reason: string
}

async function post(tx: Tx, session: SessionRecord, postings: readonly Posting[]): Promise<void> {
  if (postings.length === 0) return
  const rows = postings.map(({ enrolmentId, personId, settlement, corrects, reason }) => ({
    enrolment_id: enrolmentId,
    person_id: personId,
    minutes: settlement.minutes,
    grade: settlement.grade,
    evidence: { marks: settlement.marks, reason: settlement.reason },
    corrects,
    reason,
  }))
  const source = session.makeupOf ? 'makeup' : session.roomId ? 'class' : 'online'
  await sql`
    insert into training.hour_entries (person_id, enrolment_id, class_id, session_id, source, on_day, minutes, grade, evidence,
      corrects, reason, at, by_user)
    select r.person_id, r.enrolment_id, ${session.classId}, ${session.id}, ${source}, ${dayOf(session.from)}::date, r.minutes,
      r.grade, r.evidence, r.corrects, r.reason, ${tx.now}, ${tx.actor.id}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (person_id uuid, enrolment_id uuid, minutes int, grade text,
      evidence jsonb, corrects bigint, reason text)
  `.execute(tx.db)
}

/**
 * Weighs one person's marks again after a correction. Where the answer differs, the old entry is reversed and the new one
 * hangs on it; where it does not, nothing is written.
 */
export async function resettle(tx: Tx, session: SessionRecord, enrolmentId: string, reason: string): Promise<void> {
  const row = (await witnessList(tx.db, session.id)).find((found) => found.enrolmentId === enrolmentId)
  if (!row) throw missing('enrolment')
  const settlement = settle(await sessionFacts(tx, session), standing(row.marks))
  if (row.minutes === settlement.minutes && row.grade === settlement.grade) return
  const last = await lastEntry(tx, session.id, enrolmentId)
  await tellRecords(tx, session.classId)
  if (row.entryId !== null) await reverse(tx, row.entryId, reason)
  if (settlement.minutes === 0 || (await alreadyCredited(tx, session)).has(enrolmentId)) return
  await post(tx, session, [
    { enrolmentId, personId: row.personId, settlement, corrects: last, reason: last ? reason : '' },
  ])
}

/** The newest entry of a person in a session, reversed or not: a correction hangs on it. */
async function lastEntry(tx: Tx, sessionId: string, enrolmentId: string): Promise<number | null> {
  const row = await tx.db
    .selectFrom('training.hour_entries')
    .select('id')
    .where('session_id', '=', sessionId)
    .where('enrolment_id', '=', enrolmentId)
    .where('reverses', 'is', null)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return row?.id ?? null
}

const ReverseHours = z.object({ entryId: z.coerce.number('请选择课时记录').int().positive(), reason: reasonField })

/** The desk takes hours back after an inspection, at any time, with the reason. @clause C17 C25 */
export const reverseHours: Command<typeof ReverseHours, { entryId: number; classId: string | null }> = command({
  name: 'training.reverseHours',
  permission: 'class.inspect',
  input: ReverseHours,
  async run(tx, input) {
    const entry = await tx.db
      .selectFrom('training.hour_entries')
      .select(['class_id', 'person_id', 'session_id', 'reverses'])
      .where('id', '=', input.entryId)
      .executeTakeFirst()
    if (!entry || entry.reverses !== null) throw missing('hours')
    if (entry.class_id) await lockClass(tx, entry.class_id, 'class.inspect')
    tx.about('person', entry.person_id)
    await reverse(tx, input.entryId, input.reason)
    if (entry.class_id) await tellRecords(tx, entry.class_id)
    return { entryId: input.entryId, classId: entry.class_id }
  },
})

export async function reverse(tx: Tx, entryId: number, reason: string): Promise<void> {
  await guarded(() =>
    sql`
      insert into training.hour_entries (person_id, enrolment_id, class_id, session_id, registration_id, source, on_day, minutes,
        grade, evidence, reverses, reason, at, by_user)
      select person_id, enrolment_id, class_id, session_id, registration_id, source, on_day, -minutes, grade, '{}', id, ${reason}, ${tx.now},
        ${tx.actor.id}
      from training.hour_entries where id = ${entryId}
    `.execute(tx.db),
  )
}

const guards: Record<string, string> = {
  hours_spent: 'hours-spent',
  hours_spent_once: 'hours-spent',
  hour_entries_reverses_key: 'hours-reversed',
}

/** The guards of the ledger, in words. */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const reason = guards[constraintOf(error)]
    if (!reason) throw error
    throw refused({ clause: 'C17', reason, facts: {} })
  }
}

const SpendHours = z.object({ claimLineId: idField('申领明细'), enrolmentId: idField('学员') })
const ReleaseHours = z.object({ claimLineId: idField('申领明细') })

/**
 * Spends every free hour of one enrolment on a claim line; for use inside the claim's own command. An hour is spent once:
 * of two claims at one instant the second is refused. Throws `no-hours` when nothing is free.
 * @clause C17 R21
 */
export async function spendHours(
  tx: Tx,
  raw: z.input<typeof SpendHours>,
): Promise<{ entries: number; minutes: number }> {
  const { claimLineId, enrolmentId } = SpendHours.parse(raw)
  const { rows } = await guarded(() =>
    sql<{ minutes: number }>`
      insert into training.hour_spends (entry_id, spent_on_kind, spent_on_id, minutes, at, by_user)
      select h.id, 'claim-line', ${claimLineId}, h.minutes - coalesce(s.minutes, 0), ${tx.now}, ${tx.actor.id}
      from training.hour_entries h
        left join lateral (select sum(minutes)::int as minutes from training.hour_spends where entry_id = h.id) s on true
      where h.enrolment_id = ${enrolmentId} and h.reverses is null
        and not exists (select from training.hour_entries x where x.reverses = h.id)
        and h.minutes > coalesce(s.minutes, 0)
      returning minutes
    `.execute(tx.db),
  )
  if (rows.length === 0) throw refused({ clause: 'C17', reason: 'no-hours', facts: {} })
  return { entries: rows.length, minutes: rows.reduce((sum, row) => sum + row.minutes, 0) }
}

/** Frees the hours of a claim line that was withdrawn, rejected or recovered. Freed twice, the second changes nothing. */
export async function releaseHours(tx: Tx, raw: z.input<typeof ReleaseHours>): Promise<{ minutes: number }> {
  const { claimLineId } = ReleaseHours.parse(raw)
  const { rows } = await guarded(() =>
    sql<{ minutes: number }>`
      insert into training.hour_spends (entry_id, spent_on_kind, spent_on_id, minutes, at, by_user)
      select entry_id, 'claim-line', ${claimLineId}, -sum(minutes), ${tx.now}, ${tx.actor.id}
      from training.hour_spends where spent_on_kind = 'claim-line' and spent_on_id = ${claimLineId}
      group by entry_id having sum(minutes) > 0
      returning minutes
    `.execute(tx.db),
  )
  return { minutes: rows.reduce((sum, row) => sum - row.minutes, 0) }
}
