import type { Board, BoardRow } from '#modules/reports/board.queries.ts'
import { BoardFilter } from '#modules/reports/board.schema.ts'
import { type Basis, bases } from '#modules/reports/count.schema.ts'
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

/** Month by month, and the cumulative line with its target. */
export function indicatorCharts(
  row: BoardRow,
  basis: Basis,
): { monthly: RenderedChart; cumulative: RenderedChart } | null {
  if (!row.counts) return null
  const { months } = row.counts[basis]
  const { title, unit, target } = row.indicator
  const categories = months.map((one) => monthText(one.month))
  const note = bases[basis].label
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
      categories,
      series: [{ name: '累计', values: months.map((one) => one.cumulative), kind: 'line' }],
      target: { name: '目标', value: target },
    }),
  }
}
