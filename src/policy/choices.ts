import type { Day } from '#shared/units.ts'
import type { OpenDecision, Plan } from './plan.types.ts'

/** What the bureau has answered to a question that the plan leaves open; days inclusive. */
export type Choice = {
  decisionId: string
  code: string
  from: Day
  to: Day | null
  source: string
  setBy: string
  /** ISO instant. */
  setAt: string
}

/** The answer on one day. */
export type ChoiceValue = {
  id: string
  question: string
  /** Null: nobody has answered and no answer may be assumed. */
  code: string | null
  label: string | null
  /** False for an answer assumed until the bureau gives its own: show the plan's `undecidedText`. */
  decided: boolean
  from: Day | null
  to: Day | null
  source: string | null
  setBy: string | null
  setAt: string | null
}

export function openDecision(plan: Plan, id: string): OpenDecision {
  const found = plan.decisions.find((decision) => decision.id === id)
  if (!found) throw new RangeError(`no decision ${id} in plan ${plan.id}`)
  return found
}

/** The latest-set answer covering the day; else the one the plan folder assumes, marked as not decided. */
export function choice(plan: Plan, id: string, on: Day, made: readonly Choice[] = []): ChoiceValue {
  const { question, options, default: assumed } = openDecision(plan, id)
  const labelOf = (code: string | null) => options.find((option) => option.code === code)?.label ?? null
  const set = made
    .filter((one) => one.decisionId === id && one.from <= on && (one.to === null || on <= one.to))
    .reduce<Choice | undefined>((best, next) => (best && best.setAt > next.setAt ? best : next), undefined)
  if (set) {
    const { code, from, to, source, setBy, setAt } = set
    return { id, question, code, label: labelOf(code), decided: true, from, to, source, setBy, setAt }
  }
  const nobody = { from: null, to: null, source: null, setBy: null, setAt: null }
  return { id, question, code: assumed, label: labelOf(assumed), decided: false, ...nobody }
}
