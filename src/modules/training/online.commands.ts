import { sql } from 'kysely'
import { z } from 'zod'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import type { Day } from '#shared/units.ts'
import { neededFigure } from './desk.commands.ts'
import { reverse } from './hours.commands.ts'
import { dayField, idField, reasonField } from './input.schema.ts'
import { type OnlineFacts, onlineMinutes } from './online.rules.ts'
import { programmeOf } from './plan.queries.ts'
import { grades } from './session.schema.ts'

const PostOnlineHours = z.object({
  registrationId: idField('课程'),
  personId: idField('学员'),
  /** Left out: learnt for oneself, for no class. */
  enrolmentId: z.uuid().nullable(),
  onDay: dayField('学习日期'),
  minutes: z.number().int().min(1).max(1440),
  /** Class hours of the course that the class's programme accepts; null while nobody has decided. */
  acceptedHours: z.number().int().min(0).nullable(),
  grade: z.enum(Object.keys(grades) as [keyof typeof grades]),
  evidence: z.record(z.string(), z.unknown()),
})

export type OnlinePosted = {
  entryId: number
  minutes: number
  /** The day had been posted before; nothing was written. */
  already: boolean
}

/**
 * Posts a day of online learning to the hours ledger: once, however many ask at one instant. With an enrolment it goes to
 * the class as far as `onlineMinutes` allows; without, it hangs on the person and can never be spent.
 * Refuses with the reason why a class takes none.
 * @clause HZ4-M13 C16 C17 R01
 */
export const postOnlineHours: Command<typeof PostOnlineHours, OnlinePosted> = command({
  name: 'training.postOnlineHours',
  permission: 'system.operate',
  input: PostOnlineHours,
  async run(tx, input) {
    const { registrationId, personId, enrolmentId, onDay } = input
    tx.about('registration', registrationId)
    tx.about('person', personId)
    const facts = enrolmentId ? await lockedFacts(tx, { ...input, enrolmentId }) : null
    if (!facts) await sql`select pg_advisory_xact_lock(hashtextextended(${registrationId}, 13))`.execute(tx.db)
    const before = await standingEntry(tx, registrationId, onDay)
    if (before) return { entryId: before.id, minutes: before.minutes, already: true }
    const decided = facts ? onlineMinutes(facts) : { ok: true as const, value: input.minutes }
    if (!decided.ok) throw refused(decided.refusal)
    const { rows } = await sql<{ id: number }>`
      insert into training.hour_entries (person_id, enrolment_id, class_id, registration_id, source, on_day, minutes, grade,
        evidence, corrects, reason, at, by_user)
      select ${personId}, ${enrolmentId}, ${facts?.classId ?? null}, ${registrationId}, 'online', ${onDay}::date,
        ${decided.value}, ${input.grade}, ${JSON.stringify(input.evidence)}::jsonb, last.id,
        case when last.id is null then '' else '更正线上课时' end, ${tx.now}, ${tx.actor.id}
      from (select max(id) as id from training.hour_entries
        where registration_id = ${registrationId} and on_day = ${onDay}::date and reverses is null) last
      returning id`.execute(tx.db)
    return { entryId: rows[0]?.id ?? 0, minutes: decided.value, already: false }
  },
  outcome: ({ entryId, minutes, already }) => ({ entryId, minutes, already }),
})

const CorrectOnlineHours = z.object({
  registrationId: idField('课程'),
  onDay: dayField('学习日期'),
  reason: reasonField,
})

/**
 * Takes back what was posted for a day, with the reason; the day can then be posted again. Spent hours are refused.
 * @clause C08 C17
 */
export const takeBackOnlineHours: Command<typeof CorrectOnlineHours, { entryId: number; minutes: number }> = command({
  name: 'training.takeBackOnlineHours',
  permission: 'system.operate',
  input: CorrectOnlineHours,
  async run(tx, { registrationId, onDay, reason }) {
    tx.about('registration', registrationId)
    const entry = await standingEntry(tx, registrationId, onDay)
    if (!entry) throw missing('hours')
    await reverse(tx, entry.id, reason)
    return { entryId: entry.id, minutes: entry.minutes }
  },
})

async function standingEntry(tx: Tx, registrationId: string, onDay: Day) {
  const { rows } = await sql<{ id: number; minutes: number }>`
    select h.id, h.minutes from training.hour_entries h
    where h.registration_id = ${registrationId} and h.on_day = ${onDay}::date and h.reverses is null
      and not exists (select from training.hour_entries x where x.reverses = h.id)`.execute(tx.db)
  return rows[0]
}

type Posting = z.output<typeof PostOnlineHours> & { enrolmentId: string }

/** The enrolment, locked: two courses of one class never both see the last free hour. */
async function lockedFacts(tx: Tx, input: Posting): Promise<(OnlineFacts & { classId: string }) | null> {
  const row = await tx.db
    .selectFrom('training.enrolments as e')
    .innerJoin('training.classes as c', 'c.id', 'e.class_id')
    .select(['e.state', 'c.id', 'c.mode', 'c.programme', 'c.state as classState', 'c.starts_on', 'c.ends_on'])
    .where('e.id', '=', input.enrolmentId)
    .where('e.person_id', '=', input.personId)
    .forUpdate('e')
    .executeTakeFirst()
  if (!row) throw missing('enrolment')
  tx.about('class', row.id)
  const hours = programmeOf(tx.plan, row.programme)?.hours
  const perHour = await neededFigure(tx, hours?.minutesFigure ?? 'R03.minutes', row.starts_on as Day, 'R03')
  const mostHours = (await figuresFor(tx))('OL.conversionHours', row.starts_on as Day).value
  const { rows } = await sql<{ own: number; all: number }>`
    select coalesce(sum(minutes) filter (where registration_id = ${input.registrationId}), 0)::int as own,
      coalesce(sum(minutes), 0)::int as all
    from training.hour_entries where enrolment_id = ${input.enrolmentId} and registration_id is not null`.execute(tx.db)
  return {
    classId: row.id,
    mode: row.mode as OnlineFacts['mode'],
    classState: row.classState as OnlineFacts['classState'],
    startsOn: row.starts_on as Day,
    endsOn: row.ends_on as Day,
    enrolled: row.state !== 'withdrawn',
    on: input.onDay,
    minutes: input.minutes,
    acceptedMinutes: input.acceptedHours === null ? null : input.acceptedHours * perHour,
    hadMinutes: rows[0]?.own ?? 0,
    mostMinutes: mostHours === null ? null : mostHours * perHour,
    hadOnlineMinutes: rows[0]?.all ?? 0,
  }
}
