import { allow, type Decision, refuse } from '#policy/decision.ts'
import type { Plan, Scheme } from '#policy/plan.types.ts'
import { addDays, addMonths } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import type { DesignationState } from './designation.schema.ts'

type Step = { from: readonly DesignationState[]; to: DesignationState; clause: string }

/**
 * The life of a designation. An end is an end: whoever comes back applies again.
 * @clause A03
 */
export const designationCycle: Record<'warn' | 'lift' | 'revoke' | 'withdraw' | 'expire', Step> = {
  warn: { from: ['in-term'], to: 'warned', clause: 'A03' },
  lift: { from: ['warned'], to: 'in-term', clause: 'A03' },
  revoke: { from: ['in-term', 'warned'], to: 'revoked', clause: 'A03' },
  withdraw: { from: ['in-term', 'warned'], to: 'withdrawn', clause: 'A03' },
  expire: { from: ['in-term', 'warned'], to: 'expired', clause: 'A03' },
}

/** Last day of a term; null when nobody has laid down how long. */
export const termEnd = (from: Day, months: number | null): Day | null =>
  months === null ? null : addDays(addMonths(from, months), -1)

/** A renewal begins the day after the last term, and only for a term that ends. */
export function renewal(last: { to: Day | null }, months: number | null): Decision<{ from: Day; to: Day | null }> {
  if (last.to === null) return refuse('A03', 'term-open')
  const from = addDays(last.to, 1)
  return allow({ from, to: termEnd(from, months) })
}

/** Whether a title was held on a day. */
export const heldOn = (one: { designatedOn: Day; endedOn: Day | null }, on: Day): boolean =>
  one.designatedOn <= on && (one.endedOn === null || one.endedOn > on)

/**
 * How many years in a row have failed, up to the last graded one. A year without a grade breaks the row.
 * @clause A03
 */
export function failsInRow(years: readonly { year: number; fails: boolean }[]): number {
  const graded = years.toSorted((a, b) => b.year - a.year)
  let count = 0
  for (const [at, one] of graded.entries()) {
    if (!one.fails || one.year !== (graded[0]?.year ?? 0) - at) break
    count += 1
  }
  return count
}

/** A title with its grade in words: `星级家政服务人员（二星）`. */
export function titleWords(scheme: Pick<Scheme, 'name' | 'fields' | 'gradeField'>, grade: string): string {
  if (grade === '') return scheme.name
  const field = scheme.fields.find((one) => one.id === scheme.gradeField)
  const option = field?.kind === 'choice' ? field.options?.find((one) => one.value === grade) : undefined
  return `${scheme.name}（${option?.label ?? grade}）`
}

/** The same for a row of the register, by the plan of today. */
export function titleIn(
  plan: Pick<Plan, 'schemes'>,
  { scheme: code, grade }: { scheme: string; grade: string },
): string {
  const scheme = plan.schemes.find((one) => one.code === code)
  return scheme ? titleWords(scheme, grade) : code
}
