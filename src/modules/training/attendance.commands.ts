import { sql } from 'kysely'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { dayOf, formatInstant, minutesBetween } from '#shared/dates.ts'
import { checkInFacts, checkInFigures, keyedBy } from './attendance.queries.ts'
import { classStates } from './class.schema.ts'
import { checkCode, checkHold } from './code.rules.ts'
import { ownPerson } from './enrolment.commands.ts'
import { constraintOf } from './session.commands.ts'
import { CheckIn } from './session.schema.ts'

export type CheckedIn = { sessionId: string; at: Date; already: boolean; lateMinutes: number }

/**
 * A learner's own check-in with the room code. Decided on one look at the database and written in one statement; scanned
 * twice, the first one stands. Being in two places at one time is refused by the database itself.
 * @clause R03 C08 C15
 */
export const checkIn: Command<typeof CheckIn, CheckedIn> = command({
  name: 'training.checkIn',
  permission: 'self.check-in',
  input: CheckIn,
  async run(tx, input) {
    const personId = ownPerson(tx)
    const facts = await checkInFacts(tx.db, input.sessionId, personId)
    if (!facts) throw missing('session')
    tx.about('session', input.sessionId)
    if (!facts.enrolmentId) throw refused({ clause: 'R03', reason: 'not-enrolled', facts: {} })
    tx.about('enrolment', facts.enrolmentId)
    tx.about('person', personId)
    const figures = checkInFigures(tx.plan, tx.now, facts.overrides)
    const lateFor = (at: Date) => {
      const minutes = minutesBetween(facts.from, at)
      return minutes > figures.lateGraceMinutes ? minutes : 0
    }
    if (facts.markedAt) {
      return { sessionId: input.sessionId, at: facts.markedAt, already: true, lateMinutes: lateFor(facts.markedAt) }
    }
    if (facts.state !== 'open')
      throw refused({ clause: 'R03', reason: 'session-not-open', facts: { state: facts.state } })
    if (facts.classState !== 'in-session') {
      throw refused({ clause: 'R02', reason: 'class-not-running', facts: { label: classStates[facts.classState] } })
    }
    const keyed = keyedBy(tx, facts.secret)
    const read = input.hold
      ? checkHold(keyed, input.hold, input.device, tx.now, figures.holdMinutes)
      : checkCode(keyed, input.code, tx.now, figures.rotation)
    if (!read.ok) throw refused(read.refusal)
    const at = read.value ?? tx.now
    if (at < new Date(facts.from.getTime() - figures.earlyMinutes * 60_000)) {
      throw refused({ clause: 'R03', reason: 'too-early', facts: { from: formatInstant(facts.from) } })
    }
    if (at >= facts.to) throw refused({ clause: 'R03', reason: 'session-over', facts: { to: formatInstant(facts.to) } })
    const device = input.device ? tx.crypto.blindIndex(input.device, 'device') : null
    const from = new Date(Math.max(at.getTime(), facts.from.getTime()))
    await notElsewhere(
      sql`
        insert into training.attendance_marks (class_id, session_id, enrolment_id, person_id, kind, during, at, by_user, device)
        values (${facts.classId}, ${input.sessionId}, ${facts.enrolmentId}, ${personId}, 'room-code',
          tstzrange(${from}, ${facts.to}), ${at}, ${tx.actor.id}, ${device})
        on conflict (session_id, person_id, kind) where voided_at is null do nothing
      `.execute(tx.db),
    )
    return { sessionId: input.sessionId, at, already: false, lateMinutes: lateFor(at) }
  },
  outcome: ({ already, lateMinutes }) => ({ already, lateMinutes }),
})

/** Turns the database's refusal of two places into words: which time, never which class. @clause C08 */
export async function notElsewhere<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (constraintOf(error) !== 'person_elsewhere') throw error
    const detail = error instanceof Error && 'detail' in error ? String(error.detail) : ''
    const [, from = '', to = ''] = /existing key .*\["([^"]+)","([^"]+)"\)/.exec(detail) ?? []
    const text = (instant: string) => (instant === '' ? '同一时间' : formatInstant(new Date(instant)).slice(11))
    throw refused({ clause: 'C08', reason: 'person-elsewhere', facts: { from: text(from), to: text(to) } })
  }
}

/** Minutes after the end within which somebody present may still vouch. */
export async function witnessMinutes(tx: Tx): Promise<number> {
  return (await figuresFor(tx))('OP.checkInMissedMinutes', dayOf(tx.now)).value ?? 0
}
