import type { Clause, Indicator, OpenDecision, Plan, Programme, ReasonCode, Rule } from './plan.types.ts'

export function clauseOf(plan: Plan, id: string): Clause | undefined {
  return plan.clauses.find((clause) => clause.id === id)
}

/** The clause as the document has it, number and heading included. */
export function quote(plan: Plan, id: string): string | undefined {
  const clause = clauseOf(plan, id)
  if (!clause) return undefined
  if (clause.kind === 'preamble') return clause.text
  const mark = clause.kind === 'goal' ? '——' : `（${clause.number}）`
  return `${mark}${clause.heading}。${clause.text}`
}

/** Short name for lists and refusals, e.g. `措施（八）推动中小企业扩大培训规模`. A rule id answers with the rule's title. */
export function clauseLabel(plan: Plan, id: string): string {
  const clause = clauseOf(plan, id)
  if (clause) {
    if (clause.kind === 'measure') return `措施（${clause.number}）${clause.heading}`
    return clause.kind === 'goal' ? `工作目标：${clause.heading}` : clause.heading
  }
  const rule = ruleOf(plan, id.split('.')[0] ?? id)
  return rule ? `${rule.id} ${rule.title}` : id
}

export function ruleOf(plan: Plan, id: string): Rule | undefined {
  return plan.rules.find((rule) => rule.id === id)
}

export function indicatorOf(plan: Plan, id: string): Indicator | undefined {
  return plan.indicators.find((indicator) => indicator.id === id)
}

export function programmeOf(plan: Plan, code: string): Programme | undefined {
  return plan.programmes.find((programme) => programme.code === code)
}

export function decisionOf(plan: Plan, id: string): OpenDecision | undefined {
  return plan.decisions.find((decision) => decision.id === id)
}

export function reasonCodeOf(plan: Plan, code: string): ReasonCode | undefined {
  return plan.reasonCodes.find((reason) => reason.code === code)
}

/** Rules that serve a clause. */
export const rulesServing = (plan: Plan, clause: string): Rule[] =>
  plan.rules.filter((rule) => rule.clauses.includes(clause))

/** Programmes carrying out a clause. */
export const programmesServing = (plan: Plan, clause: string): Programme[] =>
  plan.programmes.filter((programme) => programme.clause === clause || programme.alsoClauses.includes(clause))
