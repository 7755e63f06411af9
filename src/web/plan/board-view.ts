import type { Board, BoardRow } from '#modules/reports/board.queries.ts'
import { monthsBetween } from '#modules/reports/board.rules.ts'
import { BoardFilter } from '#modules/reports/board.schema.ts'
import { type Basis, bases } from '#modules/reports/count.schema.ts'
import { day } from '#shared/units.ts'
import { type RenderedChart, renderChart } from '../ui/chart-svg.ts'

/** What a board's address asks for; nonsense is left out. */
export const boardFilter = (request: Request): BoardFilter =>
  BoardFilter.parse(Object.fromEntries(new URL(request.url).searchParams))

/** The same filter as values of its form. */
export const filterValues = (filter: BoardFilter): Record<string, string> => ({
  basis: filter.basis ?? '',
  series: filter.series ?? '',
  asOf: filter.asOf ?? '',
  known: filter.known ?? '',
})

export const split = (board: Pick<Board, 'rows'>) => ({
  counted: board.rows.filter((row) => row.counts !== null),
  given: board.rows.filter((row) => row.counts === null),
})

const monthText = (month: string) => `${month.slice(2, 4)}年${Number(month.slice(5))}月`

/** The months still to come, each with where the straight line of the forecast stands. */
function comingMonths(row: BoardRow, asOf: string, current: number): { month: string; value: number }[] {
  const { deadline } = row.indicator
  if (!row.forecast || deadline === null) return []
  const months = monthsBetween(day(asOf), deadline).slice(1)
  const step = (row.forecast.atDeadline - current) / (months.length || 1)
  return months.map((month, at) => ({ month, value: Math.floor(current + step * (at + 1)) }))
}

/** Month by month; and the cumulative line with its target and, on the basis shown, where it leads. */
export function indicatorCharts(
  row: BoardRow,
  basis: Basis,
  asOf: string,
): { monthly: RenderedChart; cumulative: RenderedChart } | null {
  if (!row.counts) return null
  const { months, value } = row.counts[basis]
  const { title, unit, target } = row.indicator
  const categories = months.map((one) => monthText(one.month))
  const note = bases[basis].label
  const coming = basis === row.basis ? comingMonths(row, asOf, value) : []
  const counted = months.map((one) => one.cumulative)
  return {
    monthly: renderChart({
      title: `${title}：每月`,
      unit,
      note,
      categories,
      series: [{ name: '当月', values: months.map((one) => one.n) }],
    }),
    cumulative: renderChart({
      title: `${title}：累计`,
      unit,
      note,
      categories: [...categories, ...coming.map((one) => monthText(one.month))],
      series: [
        { name: '已计入', values: [...counted, ...coming.map(() => null)], kind: 'line' },
        ...(coming.length > 0
          ? [
              {
                name: '按目前进度推算',
                values: [...counted.slice(1).map(() => null), value, ...coming.map((one) => one.value)],
                kind: 'line' as const,
              },
            ]
          : []),
      ],
      target: { name: '目标', value: target },
    }),
  }
}
