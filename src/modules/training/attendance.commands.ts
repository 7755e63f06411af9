import { sql } from 'kysely'
import type { Command, Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { type Answer, type Moment, quickCommand } from '#platform/quick.ts'
import { dayOf, formatInstant } from '#shared/dates.ts'
import {
  type CheckInFacts,
  checkInFacts,
  checkInFigures,
  keyedBy,
  lateBy,
  type OpenSession,
  recallSession,
} from './attendance.queries.ts'
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
  look: async (db, moment, { sessionId }): Promise<Facts | undefined> => checkInFacts(db, sessionId, ownPerson(moment)),
  recall: (_, { sessionId }): Facts | undefined => recallSession(sessionId),
  decide(moment, input, facts): Answer<CheckedIn> {
    if (!facts) throw missing('session')
    if (facts.enrolmentId === null) throw refused({ clause: 'R03', reason: 'not-enrolled', facts: {} })
    const { sessionId } = input
    const figures = checkInFigures(moment.plan, moment.now, facts.overrides)
    const at = facts.markedAt ?? readAt(moment, input, facts, figures)
    const lateMinutes = lateBy(facts.from, at, figures.lateGraceMinutes)
    const already = facts.markedAt !== null && facts.markedAt !== undefined
    return {
      result: { sessionId, at, already, lateMinutes },
      write: already ? null : markOf(moment, input, facts, at),
      subjects: sql`array[${`session:${sessionId}`}::text, 'enrolment:' || written.enrolment_id,
        'person:' || written.person_id]`,
    }
  },
  explain: explainElsewhere,
  outcome: ({ already, lateMinutes }) => ({ already, lateMinutes }),
})

/** From memory the person is not known to be enrolled, nor what they did before. */
type Facts = OpenSession & Partial<CheckInFacts>

/**
 * The mark, if the person is enrolled, the session still open, the class in session, and the figures still those the
 * decision rests on. The lock waits for a closing under way.
 */
function markOf(moment: Moment, input: { sessionId: string; device: string }, facts: Facts, at: Date) {
  const device = input.device ? moment.crypto.blindIndex(input.device, 'device') : null
  const from = at < facts.from ? facts.from : at
  return sql`
    insert into training.attendance_marks (class_id, session_id, enrolment_id, person_id, kind, during, at, by_user, device)
    select s.class_id, s.id, e.id, e.person_id, 'room-code', tstzrange(${from}, upper(s.during)), ${at}::timestamptz,
      ${moment.actor.id}::text, ${device}::text
    from training.sessions s join training.classes c on c.id = s.class_id and c.state = 'in-session'
      join training.enrolments e on e.class_id = s.class_id and e.person_id = ${ownPerson(moment)} and e.state <> 'withdrawn'
    where s.id = ${input.sessionId} and s.state = 'open' and ${facts.overrides.length}::bigint =
      (select count(*) from platform.settings where kind = 'figure' and state = 'in-force' and key like 'OP.%')
    for key share of s
    on conflict (session_id, person_id, kind) where voided_at is null do nothing returning id, enrolment_id, person_id`
}

/** The instant at which the right code was read, or the refusal. */
function readAt(
  moment: Moment,
  input: { code: string; hold: string; device: string },
  facts: OpenSession,
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
