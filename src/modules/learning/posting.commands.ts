import { z } from 'zod'
import { dayField, idField } from '#modules/training/input.schema.ts'
import { postOnlineHours, takeBackOnlineHours } from '#modules/training/online.commands.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { AppError, missing, refused } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { acceptedHours, type DayDue, dayDue } from './posting.queries.ts'

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
    tx.about('registration', registrationId)
    const due = await dayDue(tx.db, registrationId, on)
    if (!due) throw missing('registration')
    const posted = due.postedMinutes
    const same = { registrationId, minutes: posted ?? 0, reason: '', changed: false }
    // a day's entry is only ever corrected downwards; a rest that has grown goes to a later day
    if (posted !== null && due.dueMinutes >= posted) return same
    if (posted !== null) {
      await takeBackOnlineHours(tx, { registrationId, onDay: on, reason: '同一时间另有课堂签到' })
    }
    if (due.dueMinutes === 0) return { ...same, minutes: 0, changed: posted !== null }
    return post(tx, registrationId, on, due)
  },
  outcome: ({ minutes, reason, changed }) => ({ minutes, reason, changed }),
})

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
    return { registrationId, minutes, reason: '', changed: !already }
  } catch (error) {
    if (!(error instanceof AppError) || error.fault.kind !== 'refused') throw error
    return { registrationId, minutes: 0, reason: error.fault.refusal.reason, changed: due.postedMinutes !== null }
  }
}
