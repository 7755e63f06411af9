import { createHash, randomInt, randomUUID } from 'node:crypto'
import { ownPerson } from '#modules/training/enrolment.commands.ts'
import { type BatchAnswers, type BatchCall, batchCommand } from '#platform/batch.ts'
import type { Command } from '#platform/command.ts'
import { AppError, missing, refused } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import { type BeatFacts, beatFacts, lockSeats } from './beat.queries.ts'
import { type BeatRows, emptyRows, writeBeats } from './beat-rows.commands.ts'
import { judge, type Limits, type Seat } from './counting.rules.ts'
import { Beat, type BeatInput, type EndReason, type StretchReason, type Verdict } from './counting.schema.ts'
import { limitsOn } from './limits.queries.ts'
import { nextQuestionMs, questionFrom } from './presence.rules.ts'
import { lengthMs, type Span, spansFrom, spansText } from './span.rules.ts'

export type AskedQuestion = { id: string; prompt: string; options: string[]; answerBy: Date; remedyBy: Date }
export type BeatAnswer = {
  verdict: Verdict
  reason: StretchReason
  /** Milliseconds that this heartbeat added. */
  grantedMs: number
  /** Of the item so far. */
  coveredMs: number
  todayMs: number
  question: AskedQuestion | null
  /** The viewing is over: open the page again. */
  ended: boolean
}

/**
 * Takes in one heartbeat of a player and says at once what the stretch since the last one was worth and why. The time of
 * a heartbeat is when the server got it. Heartbeats of the moment are settled together, each person's in their order.
 * @clause C16 HZ4-M13
 */
export const beat: Command<typeof Beat, BeatAnswer> = batchCommand({
  name: 'learning.beat',
  permission: 'self.check-in',
  input: Beat,
  laneOf: ({ moment }) => moment.actor.onBehalfOf?.personId ?? moment.actor.personId ?? '',
  async settle(db, calls, { plan }): Promise<BatchAnswers<BeatAnswer>> {
    const asked = calls.map(({ moment, input }) => ({ viewingId: input.viewingId, now: moment.now }))
    await lockSeats(
      db,
      asked.map((one) => one.viewingId),
    )
    const facts = new Map((await beatFacts(db, asked)).map((row) => [row.n, row]))
    const limits = await limitsOn({ db, plan }, dayOf((calls[0] as BatchCall<BeatInput>).moment.now))
    const room: Room = { limits, seats: new Map(), covered: new Map(), rows: emptyRows() }
    const answers = calls.map((call, i) => answerOrFault(() => take(call, facts.get(i + 1), room)))
    await writeBeats(db, room.rows)
    const digest = inLetters(createHash('sha256').update(JSON.stringify(room.rows.stretches)).digest('hex'))
    const countedMs = answers.reduce((sum, one) => sum + (one instanceof AppError ? 0 : one.grantedMs), 0)
    return { answers, outcome: { count: calls.length, stretches: room.rows.stretches.length, countedMs, digest } }
  },
})

/** The trail blots out whatever looks like somebody's number; a digest in letters never does. */
const inLetters = (hex: string) => hex.replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)] ?? '')

function answerOrFault(work: () => BeatAnswer): BeatAnswer | AppError {
  try {
    return work()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

type Sitting = { seat: Seat; on: string; question: AskedQuestion | null; ended: EndReason | null }
/** What the batch knows: as it was read, then as its own heartbeats change it. */
type Room = { limits: Limits; seats: Map<string, Sitting>; covered: Map<string, Span[]>; rows: BeatRows }

function take({ moment, input }: BatchCall<BeatInput>, facts: BeatFacts | undefined, room: Room): BeatAnswer {
  const personId = ownPerson(moment)
  if (!facts || facts.personId !== personId) throw missing('viewing')
  const { limits, rows } = room
  const sitting = room.seats.get(personId) ?? sittingOf(facts, limits)
  room.seats.set(personId, sitting)
  mustBeLive(facts, sitting)
  const place = `${facts.registrationId}:${facts.itemId}`
  const covered = room.covered.get(place) ?? spansFrom(facts.covered ?? '')
  const on = dayOf(moment.now)
  const seat = sitting.on === on ? sitting.seat : { ...sitting.seat, todayMs: 0 }
  const { inClass, classRunning, mediumMs, openMs } = facts
  const own = facts.played ? limits : { ...limits, topRatePercent: Math.min(limits.topRatePercent, 100) }
  const around = { nowMs: moment.now.getTime(), mediumMs, covered, inClass, classRunning, openMs, limits: own }
  const judged = judge(seat, input, around)
  if (!judged.ok) throw refused({ clause: 'C16', reason: judged.reason, facts: {} })
  const { stretch } = judged
  const granted = stretch.verdict === 'counted' ? stretch.spans : []
  rows.stretches.push({
    viewing_id: facts.viewingId,
    registration_id: facts.registrationId,
    item_id: facts.itemId,
    person_id: personId,
    sequence: input.sequence,
    on_day: on,
    at: moment.now.toISOString(),
    wall_ms: stretch.wallMs,
    from_ms: stretch.fromMs,
    to_ms: stretch.toMs,
    rate_percent: seat.ratePercent,
    verdict: stretch.verdict,
    reason: stretch.reason,
    presence_id: sitting.question?.id ?? null,
    held: spansText(stretch.verdict === 'held' ? stretch.spans : []),
    granted: spansText(granted),
  })
  if (granted.length > 0) {
    room.covered.set(place, judged.covered)
    const { registrationId: registration_id, itemId: item_id } = facts
    rows.coverage.set(place, { registration_id, item_id, covered: spansText(judged.covered) })
  }
  const next = { seat: judged.seat, on, question: sitting.question, ended: sitting.ended }
  if (judged.ask) next.question = ask(facts, moment.now, room)
  if (judged.ended) endMissed(facts, moment.now, next, room)
  room.seats.set(personId, next)
  rows.seats.set(personId, seatRow(personId, next))
  return {
    verdict: stretch.verdict,
    reason: stretch.reason,
    grantedMs: lengthMs(granted),
    coveredMs: lengthMs(judged.covered),
    todayMs: judged.seat.todayMs,
    question: next.question,
    ended: next.ended !== null,
  }
}

function sittingOf(facts: BeatFacts, limits: Limits): Sitting {
  const { sequence, positionMs, playing, visible, ratePercent, slackMs, untilQuestionMs, todayMs } = facts
  const askedAtMs = facts.askedAt?.getTime() ?? null
  return {
    seat: {
      ...{ atMs: facts.at.getTime(), sequence, positionMs, playing, visible, ratePercent, slackMs },
      ...{ untilQuestionMs, askedAtMs, todayMs },
    },
    on: facts.todayOn,
    question: facts.presenceId === null ? null : questionOf(facts, limits),
    ended: null,
  }
}

const questionOf = (
  row: { presenceId: string | null; askedAt: Date | null; prompt: string | null; options: string[] | null },
  { presence }: Limits,
): AskedQuestion => {
  const askedAtMs = row.askedAt?.getTime() ?? 0
  return {
    id: row.presenceId ?? '',
    prompt: row.prompt ?? '',
    options: row.options ?? [],
    answerBy: new Date(askedAtMs + presence.answerMs),
    remedyBy: new Date(askedAtMs + presence.answerMs + presence.remedyMs),
  }
}

export { questionOf }

/** A viewing that gave way to another says so; any other end is told as it was. */
function mustBeLive(facts: BeatFacts, { ended }: Sitting): void {
  const why = ended ?? facts.endReason
  if (why === 'elsewhere' || facts.seatViewingId !== facts.viewingId) {
    throw refused({ clause: 'C16', reason: 'superseded', facts: {} })
  }
  if (why !== null) throw refused({ clause: 'C16', reason: 'viewing-closed', facts: { why } })
}

function ask(facts: BeatFacts, now: Date, room: Room): AskedQuestion {
  const { prompt, options, answer } = questionFrom((below) => randomInt(below))
  const id = randomUUID()
  const asked = { id, person_id: facts.personId, viewing_id: facts.viewingId, asked_at: now.toISOString() }
  room.rows.presences.push({ ...asked, prompt, options, answer })
  return questionOf({ presenceId: id, askedAt: now, prompt, options }, room.limits)
}

/** Nobody answered, not even late: the viewing is over, and the next question comes in its own time. */
function endMissed(facts: BeatFacts, now: Date, sitting: Sitting, room: Room): void {
  room.rows.missed.push({ viewing_id: facts.viewingId, presence_id: sitting.question?.id ?? '', at: now.toISOString() })
  sitting.question = null
  sitting.ended = 'presence-missed'
  const untilQuestionMs = nextQuestionMs(randomInt(2 ** 40) / 2 ** 40, room.limits.presence)
  sitting.seat = { ...sitting.seat, askedAtMs: null, untilQuestionMs }
}

const seatRow = (person_id: string, { seat, on }: Sitting) => ({
  person_id,
  at: new Date(seat.atMs).toISOString(),
  sequence: seat.sequence,
  position_ms: seat.positionMs,
  playing: seat.playing,
  visible: seat.visible,
  rate_percent: seat.ratePercent,
  slack_ms: seat.slackMs,
  until_question_ms: Math.max(0, seat.untilQuestionMs),
  today_on: on,
  today_ms: seat.todayMs,
})
