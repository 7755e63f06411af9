import type { BeatInput, StretchReason, Verdict } from './counting.schema.ts'
import { firstOf, lengthMs, outside, type Span, union } from './span.rules.ts'

/** Dated figures of the counting, in milliseconds and percent. */
export type Limits = {
  beatMs: number
  /** Longest silence that still counts. */
  gapMs: number
  /** How far a position may run ahead of the clock before the whole stretch is disbelieved. */
  toleranceMs: number
  topRatePercent: number
  dailyCapMs: number
  presence: { leastMs: number; mostMs: number; answerMs: number; remedyMs: number }
}

/** What the server remembers of a learner between two heartbeats: one row per person, so one live viewing per person. */
export type Seat = {
  /** Server time of the last heartbeat, in epoch milliseconds. */
  atMs: number
  sequence: number
  positionMs: number
  playing: boolean
  visible: boolean
  ratePercent: number
  /** Playing time that the clock has seen and the position has not used: a stalled or late heartbeat's. */
  slackMs: number
  /** Playing time until the next presence question. */
  untilQuestionMs: number
  /** When the question that waits for its answer was asked. */
  askedAtMs: number | null
  /** Granted today, in all courses. */
  todayMs: number
}

export type Surroundings = {
  /** Server time, in epoch milliseconds. */
  nowMs: number
  /** Length of the item's own medium; null when nobody has measured it. */
  mediumMs: number | null
  /** What of the item counted before, in this viewing or another. */
  covered: readonly Span[]
  /** The person is marked present in a class session at this moment. */
  inClass: boolean
  classRunning: boolean
  /**
   * Of a package: how long of the time since the last heartbeat the server knew it to be open. Null for everything else.
   * What the package itself reports is not asked.
   */
  openMs: number | null
  limits: Limits
}

export type Stretch = {
  fromMs: number
  toMs: number
  wallMs: number
  verdict: Verdict
  reason: StretchReason
  /** What counts now; for a held stretch what will count once the question is answered. */
  spans: Span[]
}

export type Judged =
  | { ok: false; reason: 'replayed' | 'out-of-order' }
  | { ok: true; seat: Seat; stretch: Stretch; covered: Span[]; ask: boolean; ended: boolean }

/**
 * What the stretch between the last heartbeat and this one is worth. It counts what of the item's timeline was really
 * passed through at an allowed speed and never counted before, and never more than the clock allows: at most the time
 * since the viewing began, times the top rate. A package has no timeline that anybody could pass through: of it the time
 * itself counts, as long as it was open, up to its planned length. The reason is the first that applies, in the order of
 * `refusalOf`.
 * @clause C16 C08 HZ4-M13
 */
export function judge(seat: Seat, beat: Omit<BeatInput, 'viewingId'>, around: Surroundings): Judged {
  if (beat.sequence === seat.sequence) return { ok: false, reason: 'replayed' }
  if (beat.sequence < seat.sequence) return { ok: false, reason: 'out-of-order' }
  const { limits, nowMs } = around
  const wallMs = Math.max(0, nowMs - seat.atMs)
  const live = seat.playing && seat.visible && !beat.moved && wallMs <= limits.gapMs
  const clockMs = live ? Math.floor((wallMs * Math.min(seat.ratePercent, limits.topRatePercent)) / 100) : 0
  const dueMs = Math.min(clockMs, around.openMs ?? clockMs)
  const forwardMs = Math.max(0, beat.positionMs - seat.positionMs)
  const reason = refusalOf(seat, beat, around, { wallMs, clockMs, forwardMs })
  const reachMs = reason === '' ? Math.min(forwardMs, dueMs + seat.slackMs) : 0
  const worth = worthOf([seat.positionMs, seat.positionMs + reachMs], seat, around, reason)
  const granted = worth.verdict === 'counted' ? worth.spans : []
  const played = live && (reason === '' || reason === 'in-class' || reason === 'class-not-running')
  const untilQuestionMs = seat.untilQuestionMs - (played ? wallMs : 0)
  const ask = seat.askedAtMs === null && untilQuestionMs <= 0
  return {
    ok: true,
    stretch: { fromMs: seat.positionMs, toMs: beat.positionMs, wallMs, ...worth },
    covered: granted.length > 0 ? union(around.covered, granted) : [...around.covered],
    ask,
    ended: worth.reason === 'presence-missed',
    seat: {
      ...seat,
      atMs: Math.max(nowMs, seat.atMs),
      sequence: beat.sequence,
      positionMs: beat.positionMs,
      playing: beat.playing,
      visible: beat.visible,
      ratePercent: Math.round(beat.rate * 100),
      slackMs: slackAfter(seat, { live, reason, dueMs, reachMs, wallMs }, limits),
      untilQuestionMs,
      askedAtMs: ask ? nowMs : seat.askedAtMs,
      todayMs: seat.todayMs + lengthMs(granted),
    },
  }
}

type Motion = { wallMs: number; clockMs: number; forwardMs: number }

/** The first thing that keeps the stretch from counting; empty when nothing does. */
function refusalOf(
  seat: Seat,
  beat: Omit<BeatInput, 'viewingId'>,
  { limits, nowMs, mediumMs, inClass, classRunning, openMs }: Surroundings,
  { wallMs, clockMs, forwardMs }: Motion,
): StretchReason {
  const { answerMs, remedyMs } = limits.presence
  if (seat.askedAtMs !== null && nowMs > seat.askedAtMs + answerMs + remedyMs) return 'presence-missed'
  if (!seat.playing) return 'paused'
  if (!seat.visible) return 'hidden'
  if (wallMs > limits.gapMs) return 'gap'
  if (beat.moved || beat.positionMs < seat.positionMs) return 'seek'
  if (Math.max(seat.ratePercent, Math.round(beat.rate * 100)) > limits.topRatePercent) return 'too-fast'
  if (forwardMs > clockMs + seat.slackMs + limits.toleranceMs) return 'ahead-of-clock'
  if (mediumMs === null) return 'no-medium'
  if (openMs === 0) return 'not-open'
  if (seat.positionMs >= mediumMs) return 'beyond-the-end'
  if (!classRunning) return 'class-not-running'
  return inClass ? 'in-class' : ''
}

/** What is new in the span, within the medium and the day's limit. */
function worthOf(
  [from, to]: Span,
  seat: Seat,
  { mediumMs, covered, openMs, limits }: Surroundings,
  reason: StretchReason,
): { verdict: Verdict; reason: StretchReason; spans: Span[] } {
  if (reason !== '') return { verdict: reason === 'paused' ? 'idle' : 'refused', reason, spans: [] }
  const end = Math.min(to, mediumMs ?? 0)
  if (end <= from) return { verdict: 'idle', reason: '', spans: [] }
  const fresh =
    openMs === null ? outside([from, end], covered) : firstOf(outside([0, mediumMs ?? 0], covered), end - from)
  const all = openMs === null ? 'again' : 'beyond-the-end'
  if (fresh.length === 0) return { verdict: 'refused', reason: all, spans: [] }
  if (seat.askedAtMs !== null) return { verdict: 'held', reason: 'presence-open', spans: fresh }
  const spans = firstOf(fresh, limits.dailyCapMs - seat.todayMs)
  if (spans.length === 0) return { verdict: 'refused', reason: 'daily-cap', spans: [] }
  if (lengthMs(spans) < lengthMs(fresh)) return { verdict: 'counted', reason: 'daily-cap', spans }
  return { verdict: 'counted', reason: openMs === null && lengthMs(fresh) < end - from ? 'again' : '', spans }
}

type Played = { live: boolean; reason: StretchReason; dueMs: number; reachMs: number; wallMs: number }

/**
 * A late heartbeat leaves time that the next one may use, so that a bad network takes nothing away. It is only ever time
 * that passed on the server while the medium was said to play, at most two beats of it, and a jump forfeits it.
 */
function slackAfter(seat: Seat, { live, reason, dueMs, reachMs }: Played, limits: Limits): number {
  if (!seat.playing) return reason === 'paused' ? seat.slackMs : 0
  if (!live || reason === 'ahead-of-clock' || reason === 'too-fast') return 0
  return Math.max(0, Math.min(2 * limits.beatMs, seat.slackMs + dueMs - reachMs))
}

/**
 * What the held stretches of an answered question come to: the parts that nothing else has covered since, within the
 * day's limit.
 * @clause C16 HZ4-M13
 */
export function release(held: readonly Span[], covered: readonly Span[], leftTodayMs: number): Span[] {
  const fresh = union(held, []).flatMap((span) => outside(span, covered))
  return firstOf(fresh, Math.max(0, leftTodayMs))
}
