import { allow, type Decision, refuse } from '#policy/decision.ts'
import type { FigureUnit, Plan } from '#policy/plan.types.ts'
import type { Day } from '#shared/units.ts'
import { type SettingKind, type SettingState, unitTexts } from './setting.schema.ts'

const clause = 'HZ4-M16'

/** proposed → in force or rejected; nothing goes back. */
export const settingCycle: Record<string, { from: readonly SettingState[]; to: SettingState; clause: string }> = {
  approve: { from: ['proposed'], to: 'in-force', clause },
  reject: { from: ['proposed'], to: 'rejected', clause },
}

/**
 * What was typed, as the figure keeps it: money in yuan with at most two decimals becomes whole fen, everything else is
 * a whole number within the unit's bounds.
 * @clause HZ4-M16
 */
export function readFigure(unit: FigureUnit, typed: string): Decision<number> {
  const { min, max, label, money } = unitTexts[unit]
  const scale = money ? 100 : 1
  const bad = refuse(clause, 'bad-value', { unit: label, min: min / scale, max: max / scale })
  const match = typed.replaceAll(',', '').match(money ? /^(\d{1,12})(?:\.(\d{1,2}))?$/ : /^(\d{1,12})$/)
  if (!match) return bad
  const value = Number(match[1]) * scale + (money ? Number((match[2] ?? '').padEnd(2, '0')) : 0)
  return value < min || value > max ? bad : allow(value)
}

type Proposal = { kind: SettingKind; key: string; value: string; undecided: boolean; from: Day; to: Day | null }

/**
 * May this be proposed, and as which value. Only what the plan folder knows can be set; a figure may be withdrawn
 * (null = nobody has decided), an answer to an open question may not.
 * @clause HZ4-M16
 */
export function readProposal(plan: Plan, proposal: Proposal): Decision<number | string | null> {
  const { kind, key, value, undecided } = proposal
  if (kind === 'figure') {
    const found = plan.figures.find((figure) => figure.id === key)
    if (!found) return refuse(clause, 'unknown-setting', { key })
    return undecided ? allow(null) : readFigure(found.unit, value)
  }
  const found = plan.decisions.find((decision) => decision.id === key)
  if (!found) return refuse(clause, 'unknown-setting', { key })
  if (undecided) return refuse(clause, 'withdraw-decision', { key })
  return found.options.some((option) => option.code === value) ? allow(value) : refuse(clause, 'bad-option', { key })
}

/**
 * Two people: who proposed it cannot settle it.
 * @clause HZ4-M16
 */
export function maySettle(setting: { proposedBy: string; state: SettingState }, by: string): Decision<true> {
  if (setting.state !== 'proposed') return refuse(clause, 'wrong-state', { state: setting.state })
  return setting.proposedBy === by ? refuse(clause, 'same-person', {}) : allow(true)
}

/** What rests on a figure or an open question: rules, programmes, indicators, clauses. */
export function restsOn(plan: Plan, kind: SettingKind, key: string) {
  const rules = kind === 'figure' ? plan.rules.filter((rule) => rule.figures.includes(key)) : []
  const indicators = kind === 'decision' ? plan.indicators.filter((k) => k.decisions.includes(key)) : []
  const programmes =
    kind === 'figure' ? plan.programmes.filter((programme) => JSON.stringify(programme).includes(`"${key}"`)) : []
  const clauses = [...new Set([...rules.flatMap((rule) => rule.clauses), ...indicators.map((k) => k.clause)])].sort()
  return { rules, indicators, programmes, clauses }
}
