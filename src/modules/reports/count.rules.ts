import type { ChoiceValue } from '#policy/choices.ts'
import { allow, type Decision, refuse } from '#policy/decision.ts'
import type { FigureValue } from '#policy/figures.ts'
import type { Indicator, Plan } from '#policy/plan.types.ts'
import type { Day } from '#shared/units.ts'

export type Questions = (id: string, on: Day) => ChoiceValue
export type Figures = (id: string, on: Day) => FigureValue

/**
 * Do the records of a class count at all. What the bureau has not decided is not guessed: an online-only class waits.
 * @clause R35 人次计数; D-06, D-07, D-08
 */
export function countable(
  plan: Plan,
  klass: { programme: string; mode: string; classHours: number },
  on: Day,
  answer: Questions,
  figure: Figures,
): Decision<true> {
  if (!plan.programmes.some(({ code }) => code === klass.programme)) {
    return refuse('R35', 'unknown-programme', { programme: klass.programme })
  }
  const online = klass.mode === 'online' ? answer('D-07', on).code : 'same'
  if (online === null) return refuse('R35', 'online-undecided', { decision: 'D-07' })
  if (online === 'no') return refuse('R35', 'online-not-counted', { decision: 'D-07' })
  if (online !== 'hours' && answer('D-08', on).code !== 'figure') return allow(true)
  const least = figure('OP.minClassHours', on).value
  if (least === null) return refuse('R35', 'figure-undecided', { figure: 'OP.minClassHours' })
  if (klass.classHours < least) return refuse('R35', 'too-short', { hours: klass.classHours, least })
  return allow(true)
}

export type Countable = {
  tags: readonly string[]
  occupation: { edition: string; code: string } | null
  groups: readonly string[]
}

/**
 * Which indicators count an event: every given condition must hold, several tags mean any of them. The same event may
 * count for many indicators; they are never added up.
 * @clause R35
 */
export function indicatorsOf(plan: Plan, event: Countable): { all: string[]; persons: string[] } {
  const all = plan.indicators.filter((indicator) => counts(plan, indicator, event))
  return { all: all.map((k) => k.id), persons: all.filter((k) => k.distinct === 'person').map((k) => k.id) }
}

function counts(plan: Plan, { kind, filter }: Indicator, event: Countable): boolean {
  if (kind !== 'events' || !filter) return false
  if (filter.tags.length > 0 && !filter.tags.some((tag) => event.tags.includes(tag))) return false
  if (filter.group !== null && !event.groups.includes(filter.group)) return false
  if (filter.occupationSet === null) return true
  const set = plan.occupationSets.find((one) => one.id === filter.occupationSet)
  return (set?.occupations ?? []).some(
    (one) => one.edition === event.occupation?.edition && one.code === event.occupation.code,
  )
}

/** An event on record for one class and basis. `reversedOn` null: it stands. */
export type Recorded = { id: number; personId: string; round: number; countedOn: Day; reversedOn: Day | null }
/** What the records say should count. */
export type Wanted = { personId: string; on: Day }

export type Changes = {
  add: { personId: string; round: number; on: Day }[]
  reverse: { id: number; personId: string; on: Day }[]
}

/**
 * What must be written so that the standing events are exactly the wanted ones: each person once, whatever was counted
 * before. Run twice it writes nothing the second time. A reversal is dated today and never before its event; a new
 * count after a reversal is never dated before that reversal.
 * @clause R35
 */
export function reconcile(recorded: readonly Recorded[], wanted: readonly Wanted[], today: Day): Changes {
  const want = new Map(wanted.map((one) => [one.personId, one.on]))
  const standing = recorded.filter((event) => event.reversedOn === null)
  const stands = new Set(standing.map((event) => event.personId))
  const last = new Map<string, Recorded>()
  for (const event of recorded) {
    if ((last.get(event.personId)?.round ?? 0) < event.round) last.set(event.personId, event)
  }
  return {
    add: [...want]
      .filter(([personId]) => !stands.has(personId))
      .map(([personId, on]) => {
        const before = last.get(personId)
        return { personId, round: (before?.round ?? 0) + 1, on: later(on, before?.reversedOn) }
      }),
    reverse: standing
      .filter((event) => !want.has(event.personId))
      .map(({ id, personId, countedOn }) => ({ id, personId, on: later(today, countedOn) })),
  }
}

/** The later of two days. */
export const later = (a: Day, b: Day | null | undefined): Day => (b && b > a ? b : a)
