import { allow, type Decision, refuse } from '#policy/decision.ts'
import type { Plan } from '#policy/plan.types.ts'
import { addMonths, formatDay } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import type { Condition, ExamPart } from './assessor.schema.ts'

/** The label of a level in the occupation's own scheme; undefined when the scheme has no such level. */
export const levelIn = (plan: Pick<Plan, 'levelSchemes'>, scheme: string, level: string): string | undefined =>
  plan.levelSchemes.find((one) => one.id === scheme)?.levels.find((one) => one.code === level)?.label

/**
 * A site is owned, or leased for at least so many months from today. Null: nobody has laid it down.
 * @clause V02
 */
export function checkLease(
  site: { tenure: 'owned' | 'leased'; leasedTo: Day | null },
  today: Day,
  monthsLeast: number | null,
): Decision<null> {
  if (site.tenure === 'owned') return allow(null)
  if (site.leasedTo === null) return refuse('V02', 'lease-missing')
  if (monthsLeast !== null && site.leasedTo < addMonths(today, monthsLeast)) {
    return refuse('V02', 'lease-short', { leasedTo: formatDay(site.leasedTo), months: monthsLeast })
  }
  return allow(null)
}

/**
 * Whether somebody may be listed under a condition: it is one of the scope's, and he has its years.
 * @clause V03
 */
export function checkDeclaration(
  conditions: readonly Condition[],
  declared: { condition: string; years: number },
): Decision<Condition> {
  const found = conditions.find((one) => one.id === declared.condition)
  if (!found) return refuse('V03', 'condition-unknown')
  if (found.yearsLeast !== null && declared.years < found.yearsLeast) {
    return refuse('V03', 'years-short', { years: declared.years, least: found.yearsLeast })
  }
  return allow(found)
}

/**
 * How many people a batch can take: the fewest seats of any of its parts. Nothing arranged for a part: nobody.
 * @clause V02
 */
export function capacity(parts: readonly ExamPart[], sittings: readonly { part: ExamPart; seats: number }[]): number {
  const of = (part: ExamPart) => sittings.filter((one) => one.part === part).reduce((sum, one) => sum + one.seats, 0)
  return parts.length === 0 ? 0 : Math.min(...parts.map(of))
}
