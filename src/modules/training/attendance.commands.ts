import { sql } from 'kysely'
import type { Command, Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { type Answer, type Moment, quickCommand } from '#platform/quick.ts'
import { dayOf, formatInstant, minutesBetween } from '#shared/dates.ts'
import { type CheckInFacts, checkInFacts, checkInFigures, keyedBy } from './attendance.queries.ts'
import { classStates } from './class.schema.ts'
import { checkCode, checkHold } from './code.rules.ts'
import { ownPerson } from './enrolment.commands.ts'
import { constraintOf } from './session.commands.ts'
import { CheckIn } from './session.schema.ts'

export type CheckedIn = { sessionId: string; at: Date; already: boolean; lateMinutes: number }

/**
 * A learner's own check-in with the room code; scanned twice, the first one stands. Being in two places at one time is
 * refused by the database itself.
 * @clause R03 C08 C15
 */
export const checkIn: Command<typeof CheckIn, CheckedIn> = quickCommand({
  name: 'training.checkIn',
  permission: 'self.check-in',
  input: CheckIn,
  look: (db, moment, { sessionId }) => checkInFacts(db, sessionId, ownPerson(moment)),
  decide(moment, input, facts): Answer<CheckedIn> {
    const personId = ownPerson(moment)
    if (!facts) throw missing('session')
    const { enrolmentId } = facts
    if (!enrolmentId) throw refused({ clause: 'R03', reason: 'not-enrolled', facts: {} })
    const subjects = [`session:${input.sessionId}`, `enrolment:${enrolmentId}`, `person:${personId}`]
    const figures = checkInFigures(moment.plan, moment.now, facts.overrides)
    const lateFor = (at: Date) => {
      const minutes = minutesBetween(facts.from, at)
      return minutes > figures.lateGraceMinutes ? minutes : 0
    }
    const { sessionId } = input
    if (facts.markedAt) {
      const at = facts.markedAt
      return { subjects, write: null, result: { sessionId, at, already: true, lateMinutes: lateFor(at) } }
    }
    const at = readAt(moment, input, facts, figures)
    const device = input.device ? moment.crypto.blindIndex(input.device, 'device') : null
    const from = new Date(Math.max(at.getTime(), facts.from.getTime()))
    return {
      subjects,
      result: { sessionId, at, already: false, lateMinutes: lateFor(at) },
      // The lock waits for a closing under way; a session closed meanwhile takes no mark.
      write: sql`
        insert into training.attendance_marks (class_id, session_id, enrolment_id, person_id, kind, during, at, by_user, device)
        select s.class_id, s.id, ${enrolmentId}::uuid, ${personId}::uuid, 'room-code', tstzrange(${from}, upper(s.during)),
          ${at}::timestamptz, ${moment.actor.id}::text, ${device}::text
        from training.sessions s where s.id = ${sessionId} and s.state = 'open' for key share of s
        on conflict (session_id, person_id, kind) where voided_at is null do nothing returning id`,
    }
  },
  explain: explainElsewhere,
  outcome: ({ already, lateMinutes }) => ({ already, lateMinutes }),
})

/** The instant at which the right code was read, or the refusal. */
function readAt(
  moment: Moment,
  input: { code: string; hold: string; device: string },
  facts: CheckInFacts,
  figures: ReturnType<typeof checkInFigures>,
): Date {
  if (facts.state !== 'open')
    throw refused({ clause: 'R03', reason: 'session-not-open', facts: { state: facts.state } })
  if (facts.classState !== 'in-session') {
    throw refused({ clause: 'R02', reason: 'class-not-running', facts: { label: classStates[facts.classState] } })
  }
  const keyed = keyedBy(moment, facts.secret)
  const read = input.hold
    ? checkHold(keyed, input.hold, input.device, moment.now, figures.holdMinutes)
    : checkCode(keyed, input.code, moment.now, figures.rotation)
  if (!read.ok) throw refused(read.refusal)
  const at = read.value ?? moment.now
  if (at.getTime() < facts.from.getTime() - figures.earlyMinutes * 60_000) {
    throw refused({ clause: 'R03', reason: 'too-early', facts: { from: formatInstant(facts.from) } })
  }
  if (at >= facts.to) throw refused({ clause: 'R03', reason: 'session-over', facts: { to: formatInstant(facts.to) } })
  return at
}

/** Turns the database's refusal of two places into words: which time, never which class. @clause C08 */
function explainElsewhere(error: unknown): void {
  if (constraintOf(error) !== 'person_elsewhere') return
  const detail = error instanceof Error && 'detail' in error ? String(error.detail) : ''
  const [, from = '', to = ''] = /existing key .*\["([^"]+)","([^"]+)"\)/.exec(detail) ?? []
  const text = (instant: string) => (instant === '' ? '同一时间' : formatInstant(new Date(instant)).slice(11))
  throw refused({ clause: 'C08', reason: 'person-elsewhere', facts: { from: text(from), to: text(to) } })
}

export async function notElsewhere<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    explainElsewhere(error)
    throw error
  })
}

/** Minutes after the end within which somebody present may still vouch. */
export async function witnessMinutes(tx: Tx): Promise<number> {
  return (await figuresFor(tx))('OP.checkInMissedMinutes', dayOf(tx.now)).value ?? 0
}
