import type { Day } from '#shared/units.ts'
import { noDocument } from './figure.schema.ts'
import type { Figure, FigureUnit, Plan } from './plan.types.ts'

/** A figure the bureau has set for itself; days inclusive, `to` null while it stands. */
export type Override = {
  figureId: string
  /** Null withdraws the plan's own value for these days. */
  value: number | null
  from: Day
  to: Day | null
  /** The document or decision it rests on. */
  source: string
  setBy: string
  /** ISO instant. */
  setAt: string
}

/** A figure on one day, with where it comes from. */
export type FigureValue = {
  id: string
  label: string
  unit: FigureUnit
  /** Null: nobody has decided; money must not be computed from it. */
  value: number | null
  /** The span in which this value was laid down; null where the series says nothing. */
  from: Day | null
  to: Day | null
  /** Source id of sources.json, `INF`, `not-found`, or the override's own source. */
  source: string
  /** False for defaults and for anything not found: show the plan's `undecidedText`. */
  decided: boolean
  origin: 'plan' | 'bureau'
  note: string | null
  hint: Figure['hint'] | null
  setBy: string | null
  setAt: string | null
}

const covers = (span: { from: Day; to: Day | null }, on: Day) => span.from <= on && (span.to === null || on <= span.to)

/** A plan is frozen, so the index of its figures never goes stale. */
const indexes = new WeakMap<Plan, Map<string, Figure>>()

export function figureOf(plan: Plan, id: string): Figure {
  const index = indexes.get(plan) ?? new Map(plan.figures.map((figure) => [figure.id, figure]))
  indexes.set(plan, index)
  const found = index.get(id)
  if (!found) throw new RangeError(`no figure ${id} in plan ${plan.id}`)
  return found
}

/**
 * The one value a figure has on a day: the latest-set override covering the day, else the plan's series. Outside
 * every entry the answer is "not decided", never a neighbour's value.
 */
export function figure(plan: Plan, id: string, on: Day, overrides: readonly Override[] = []): FigureValue {
  const { label, unit, series, hint, note } = figureOf(plan, id)
  const base = { id, label, unit, hint: hint ?? null }
  const set = latest(overrides.filter((o) => o.figureId === id && covers(o, on)))
  if (set) {
    const { value, from, to, source, setBy, setAt } = set
    return { ...base, value, from, to, source, decided: value !== null, origin: 'bureau', note: null, setBy, setAt }
  }
  const entry = series.find((span) => covers(span, on))
  const plain = { ...base, origin: 'plan', setBy: null, setAt: null } as const
  if (!entry) {
    return { ...plain, value: null, from: null, to: null, source: 'not-found', decided: false, note: note ?? null }
  }
  const { value, from, to, source } = entry
  const decided = value !== null && entry.decided !== false && !noDocument.some((tag) => tag === source)
  return { ...plain, value, from, to, source, decided, note: entry.note ?? note ?? null }
}

/** Equal instants: the one given last wins, so callers pass rows in the order they were written. */
function latest(overrides: readonly Override[]): Override | undefined {
  return overrides.reduce<Override | undefined>(
    (best, next) => (best === undefined || Date.parse(next.setAt) >= Date.parse(best.setAt) ? next : best),
    undefined,
  )
}

/** Every figure of the plan on one day, for the settings page. */
export const figuresOn = (plan: Plan, on: Day, overrides: readonly Override[] = []): FigureValue[] =>
  plan.figures.map(({ id }) => figure(plan, id, on, overrides))
