import { allow, type Decision, refuse } from '#policy/decision.ts'
import { workdaysBetween } from '#policy/workdays.ts'
import { formatDay } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { capacity } from './assessor.rules.ts'
import type { ExamPart } from './assessor.schema.ts'
import type { BatchState } from './batch.schema.ts'

type Step = { from: readonly BatchState[]; to: BatchState; clause: string }

/** The life of an assessment batch. What is not here cannot happen. */
export const batchCycle: Record<
  | 'file'
  | 'return'
  | 'accept'
  | 'cancel'
  | 'enter'
  | 'confirm'
  | 'reopen'
  | 'publicise'
  | 'hold'
  | 'release'
  | 'redo'
  | 'clear'
  | 'issue',
  Step
> = {
  file: { from: ['draft', 'returned'], to: 'filed', clause: 'V02' },
  return: { from: ['filed'], to: 'returned', clause: 'V02' },
  accept: { from: ['filed'], to: 'accepted', clause: 'V02' },
  cancel: { from: ['draft', 'filed', 'returned', 'accepted'], to: 'cancelled', clause: 'V02' },
  enter: { from: ['accepted', 'scoring'], to: 'scoring', clause: 'C23' },
  confirm: { from: ['scoring'], to: 'scored', clause: 'C23' },
  reopen: { from: ['scored'], to: 'scoring', clause: 'C23' },
  publicise: { from: ['scored'], to: 'publicised', clause: 'V04' },
  hold: { from: ['publicised'], to: 'held', clause: 'V04' },
  release: { from: ['held'], to: 'publicised', clause: 'V04' },
  redo: { from: ['held'], to: 'scoring', clause: 'V04' },
  clear: { from: ['publicised'], to: 'cleared', clause: 'V04' },
  issue: { from: ['cleared'], to: 'issued', clause: 'R34' },
}

/** States in which the plan and the list of candidates may still change. */
export const openBatch: readonly BatchState[] = ['draft', 'returned']

export type Filing = {
  parts: readonly ExamPart[]
  sittings: readonly {
    part: ExamPart
    seats: number
    on: Day
    room: string
    video: boolean
    examinerPersonId: string
  }[]
  supervisorPersonId: string | null
  listed: number
  today: Day
  /** Working days between the day of filing and the first sitting. Null: nobody has laid it down. */
  workdaysLeast: number | null
}

/**
 * Whether a plan may be filed: every part is arranged in a room with video, seats for everybody, a supervisor who does
 * not examine, and filed early enough. Answers with the first day of the exam.
 * @clause V02 C12
 */
export function checkFiling(plan: Filing): Decision<Day> {
  const { parts, sittings, listed, supervisorPersonId } = plan
  for (const part of parts) {
    if (!sittings.some((one) => one.part === part)) return refuse('V02', 'sittings-missing', { part })
  }
  const dark = sittings.find((one) => !one.video)
  if (dark) return refuse('V02', 'no-video', { room: dark.room })
  if (listed === 0) return refuse('V02', 'nobody-listed')
  const most = capacity(parts, sittings)
  if (listed > most) return refuse('C12', 'over-capacity', { capacity: most, listed })
  if (supervisorPersonId === null) return refuse('V02', 'no-supervisor')
  if (sittings.some((one) => one.examinerPersonId === supervisorPersonId)) return refuse('V02', 'supervisor-examines')
  const [first] = sittings.map((one) => one.on).toSorted()
  if (first === undefined || first <= plan.today) return refuse('V02', 'in-past')
  const { workdaysLeast } = plan
  if (workdaysLeast !== null && workdaysBetween(plan.today, first).days < workdaysLeast) {
    return refuse('V02', 'filed-late', { first: formatDay(first), workdays: workdaysLeast })
  }
  return allow(first)
}
