import type { ChoiceValue } from '#policy/choices.ts'
import type { Indicator, Plan } from '#policy/plan.types.ts'
import { addMonths, yearOf } from '#shared/dates.ts'
import { type Day, day } from '#shared/units.ts'
import type { Series } from './board.schema.ts'
import { type Basis, basisList } from './count.schema.ts'

/** The first day of the series. The plan names none (D-01); the issue day stands in until the bureau decides. */
export function seriesStart(plan: Plan, series: Series, asOf: Day): Day {
  if (series === 'action') return day('2019-01-01')
  return series === 'year' ? day(`${yearOf(asOf)}-01-01`) : plan.startsOn
}

/** Months from the first to the last day, each `2021-06`. */
export function monthsBetween(from: Day, to: Day): string[] {
  const months: string[] = []
  for (let at = day(`${from.slice(0, 7)}-01`); at <= to; at = addMonths(at, 1)) months.push(at.slice(0, 7))
  return months
}

export type Month = { month: string; n: number; cumulative: number }
export type Count = { value: number; amountFen: number; recent: number; months: Month[] }

type Sum = { basis: Basis; month: string; n: number; amountFen: number; recent: number }

/**
 * Monthly sums, folded per basis: every month of the span is there, the cumulative column ends at the value.
 * @clause R35
 */
export function fold(rows: readonly Sum[], from: Day, asOf: Day): Record<Basis, Count> {
  const months = monthsBetween(from, asOf)
  return Object.fromEntries(
    basisList.map((basis) => {
      const own = rows.filter((row) => row.basis === basis)
      const byMonth = new Map<string, number>()
      for (const row of own) byMonth.set(row.month, (byMonth.get(row.month) ?? 0) + row.n)
      let cumulative = 0
      const list = months.map((month) => {
        const n = byMonth.get(month) ?? 0
        cumulative += n
        return { month, n, cumulative }
      })
      const sum = (of: (row: Sum) => number) => own.reduce((all, row) => all + of(row), 0)
      const count: Count = {
        value: sum((r) => r.n),
        amountFen: sum((r) => r.amountFen),
        recent: sum((r) => r.recent),
        months: list,
      }
      return [basis, count]
    }),
  ) as Record<Basis, Count>
}

/** Open questions of an indicator that the bureau has not answered: shown beside its number. */
export const openQuestions = (
  indicator: Indicator,
  on: Day,
  answer: (id: string, on: Day) => ChoiceValue,
): ChoiceValue[] => indicator.decisions.map((id) => answer(id, on)).filter((choice) => !choice.decided)

/** Whose events are judged when persons are counted (D-04): null means all there ever were. */
export function personsSince(plan: Plan, code: string | null, from: Day): Day | null {
  if (code === 'ever') return null
  return code === 'period' ? from : plan.startsOn
}
