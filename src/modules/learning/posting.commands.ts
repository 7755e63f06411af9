import { sql } from 'kysely'
import { z } from 'zod'
import { noteProgress } from '#modules/library/rating.commands.ts'
import { dayField, idField } from '#modules/training/input.schema.ts'
import { postOnlineHours, takeBackOnlineHours } from '#modules/training/online.commands.ts'
import { byRule, type Command, command, type Tx } from '#platform/command.ts'
import { AppError, missing, refused } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { sharePercent } from './completion.rules.ts'
import { itemsOf, progressOf } from './course.queries.ts'
import { acceptedHours, type DayDue, dayDue, daysOfClass } from './posting.queries.ts'

const SettleDay = z.object({ registrationId: idField('课程'), on: dayField('学习日期') })

export type DaySettled = {
  registrationId: string
  /** What stands in the ledger for the day after this. */
  minutes: number
  /** Why nothing, or not all, went there. */
  reason: string
  changed: boolean
}

/**
 * Brings a day that is over into the hours ledger. Its minutes are those of the evidence, less what a class session the
 * person is marked in takes away – also a mark made later: then what was posted is taken back and posted anew. Settled
 * twice, the second changes nothing.
 * @clause HZ4-M13 C08 C16 C17
 */
export const settleDay: Command<typeof SettleDay, DaySettled> = command({
  name: 'learning.settleDay',
  permission: 'system.operate',
  input: SettleDay,
  async run(tx, { registrationId, on }) {
    if (on >= dayOf(tx.now)) throw refused({ clause: 'C17', reason: 'day-not-over', facts: { on } })
    return settle(tx, registrationId, on)
  },
  outcome: ({ minutes, reason, changed }) => ({ minutes, reason, changed }),
})

const SettleClass = z.object({ classId: idField('班级') })

/**
 * Brings everything that was learnt for a class up to this moment into the ledger, the present day too: nothing of it may
 * be missing when the class is assessed, and after that no more is counted for it. Part of the assessment's transaction.
 * @clause HZ4-M13 R03 C17
 */
export const settleClass: Command<typeof SettleClass, { classId: string; count: number }> = command({
  name: 'learning.settleClass',
  permission: 'score.approve',
  input: SettleClass,
  async run(tx, { classId }) {
    const cls = await tx.db
      .selectFrom('training.classes')
      .select('organisation_id')
      .where('id', '=', classId)
      .executeTakeFirst()
    if (!cls || !tx.actor.can('score.approve', { organisationId: cls.organisation_id })) throw missing('class')
    tx.about('class', classId)
    const own = byRule(tx, 'learning.settleClass')
    const days = await daysOfClass(tx.db, classId)
    for (const { registrationId, on } of days) await settle(own, registrationId, on)
    return { classId, count: days.length }
  },
})

async function settle(tx: Tx, registrationId: string, on: Day): Promise<DaySettled> {
  tx.about('registration', registrationId)
  const due = await dayDue(tx.db, registrationId, on)
  if (!due) throw missing('registration')
  const settled = await bring(tx, registrationId, on, due)
  if (settled.changed || due.postedMinutes === null) await keepSettlement(tx, on, settled)
  await tellProgress(tx, registrationId, due)
  return settled
}

/** What became of the day, for learner and auditor. */
async function keepSettlement(tx: Tx, on: Day, { registrationId, minutes, reason }: DaySettled): Promise<void> {
  await sql`insert into learning.settlements (registration_id, on_day, minutes, reason, at)
    values (${registrationId}, ${on}::date, ${minutes}, ${reason}, ${tx.now})
    on conflict (registration_id, on_day) do update set minutes = excluded.minutes, reason = excluded.reason, at = excluded.at
      where (learning.settlements.minutes, learning.settlements.reason) is distinct from (excluded.minutes, excluded.reason)`.execute(
    tx.db,
  )
}

async function bring(tx: Tx, registrationId: string, on: Day, due: DayDue): Promise<DaySettled> {
  const posted = due.postedMinutes
  const same = { registrationId, minutes: posted ?? 0, reason: '', changed: false }
  // a day's entry is only ever corrected downwards; a rest that has grown goes to a later day
  if (posted !== null && due.dueMinutes >= posted) return same
  if (posted !== null) {
    await takeBackOnlineHours(tx, { registrationId, onDay: on, reason: '同一时间另有课堂签到' })
  }
  if (due.dueMinutes === 0) return { ...same, minutes: 0, changed: posted !== null }
  return post(tx, registrationId, on, due)
}

/** How much of the course is learnt, for whoever may rate it; in the transaction that counted it. */
export async function tellProgress(
  tx: Tx,
  registrationId: string,
  { courseId, personId }: { courseId: string; personId: string },
): Promise<void> {
  const percent = sharePercent(await itemsOf(tx.db, registrationId))
  if (percent <= (await progressOf(tx.db, courseId, personId))) return
  await noteProgress(tx, { courseId, personId, percent })
}

async function post(tx: Tx, registrationId: string, on: Day, due: DayDue): Promise<DaySettled> {
  const accepted = due.programme ? await acceptedHours(tx.db, due.courseId, due.programme, on) : null
  try {
    const { minutes, already } = await postOnlineHours(tx, {
      registrationId,
      personId: due.personId,
      enrolmentId: due.enrolmentId,
      onDay: on,
      minutes: due.dueMinutes,
      acceptedHours: accepted,
      // the server's clock is one witness; somebody who answered is a second
      grade: due.questions > 0 ? 'B' : 'C',
      evidence: {
        stretches: due.stretches,
        questions: due.questions,
        remedied: due.remedied,
        inClassMs: due.inClassMs,
        reason: due.questions > 0 ? 'clock-and-presence' : 'clock',
      },
    })
    return { registrationId, minutes, reason: minutes < due.dueMinutes ? 'conversion-cap' : '', changed: !already }
  } catch (error) {
    if (!(error instanceof AppError) || error.fault.kind !== 'refused') throw error
    return { registrationId, minutes: 0, reason: error.fault.refusal.reason, changed: due.postedMinutes !== null }
  }
}
