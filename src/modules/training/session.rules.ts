import { allow, type Decision, refuse } from '#policy/decision.ts'
import { dayOf, formatInstant, startOfDay } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import type { SessionState } from './session.schema.ts'

type Step = { from: readonly SessionState[]; to: SessionState; clause: string }

/** The life of a session. Closing it posts the hours. */
export const sessionCycle: Record<'open' | 'close' | 'cancel', Step> = {
  open: { from: ['planned'], to: 'open', clause: 'R03' },
  close: { from: ['open'], to: 'closed', clause: 'R03' },
  cancel: { from: ['planned'], to: 'cancelled', clause: 'R03' },
}

/** The instant of a day and a time in Guangzhou, `HH:mm`. */
export const instantOf = (on: Day, time: string): Date =>
  new Date(startOfDay(on).getTime() + (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * 60_000)

export type Span = { from: Date; to: Date }

/** `9月15日09:00—12:00`, for messages. */
export const spanText = ({ from, to }: Span): string =>
  `${Number(formatInstant(from).slice(5, 7))}月${Number(formatInstant(from).slice(8, 10))}日${formatInstant(from).slice(11)}—${formatInstant(to).slice(11)}`

/**
 * A session lies within its class and ahead of now: hours cannot be planned into the past.
 * @clause R01
 */
export function checkSession(
  span: Span,
  facts: { now: Date; classStartsOn: Day; classEndsOn: Day; breakMinutes: number },
): Decision<null> {
  const on = dayOf(span.from)
  if (on < facts.classStartsOn || on > facts.classEndsOn) {
    return refuse('R01', 'session-outside-class', { from: facts.classStartsOn, to: facts.classEndsOn })
  }
  if (span.from <= facts.now) return refuse('R01', 'session-past')
  const length = (span.to.getTime() - span.from.getTime()) / 60_000
  return facts.breakMinutes >= length ? refuse('R03', 'break-too-long') : allow(null)
}

/**
 * Whether the session may be opened now: from the early minutes before it begins until it ends.
 * @clause R03
 */
export function checkOpening(span: Span, facts: { now: Date; earlyMinutes: number }): Decision<null> {
  const from = new Date(span.from.getTime() - facts.earlyMinutes * 60_000)
  if (facts.now < from) return refuse('R03', 'too-early', { from: formatInstant(from) })
  return facts.now >= span.to ? refuse('R03', 'session-over', { to: formatInstant(span.to) }) : allow(null)
}
