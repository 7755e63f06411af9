import { allow, type Decision, refuse } from '#policy/decision.ts'
import type { Indicator, Plan } from '#policy/plan.types.ts'
import type { Day } from '#shared/units.ts'

/** Indicators whose numbers come from outside: shares, registers, declarations. */
export const importedIndicators = (plan: Plan): Indicator[] => plan.indicators.filter((k) => k.kind !== 'events')

type Given = { indicator: string; numerator: number; denominator: number | null; asOf: Day }

/**
 * A number from outside is taken only for an indicator that the platform does not count, with both terms of a share,
 * the part within the whole, and not from the future.
 * @clause HZ4-G2 HZ4-M15
 */
export function mayImport(plan: Plan, given: Given, today: Day): Decision<Indicator> {
  const indicator = importedIndicators(plan).find((k) => k.id === given.indicator)
  if (!indicator) return refuse('HZ4-M15', 'not-imported', { indicator: given.indicator })
  const { clause } = indicator
  if (given.asOf > today) return refuse(clause, 'in-future', { asOf: given.asOf, today })
  if (indicator.unit !== '%') {
    return given.denominator === null ? allow(indicator) : refuse(clause, 'no-denominator', {})
  }
  if (given.denominator === null || given.denominator === 0) return refuse(clause, 'needs-denominator', {})
  if (given.numerator > given.denominator) {
    return refuse(clause, 'part-exceeds-whole', { numerator: given.numerator, denominator: given.denominator })
  }
  return allow(indicator)
}

/** The value to show: tenths of a percent cut off, or the count itself. */
export const statisticValue = (numerator: number, denominator: number | null): number =>
  denominator === null ? numerator : Math.floor((numerator * 1000) / denominator) / 10
