import { indicatorBoard } from '#modules/reports/board.queries.ts'
import { bases, basisList } from '#modules/reports/count.schema.ts'
import { writeCsv } from '#platform/workbook.ts'
import { current, fail } from '../ctx.ts'
import { boardFilter } from '../plan/board-view.ts'
import type { Route } from './+types/plan-table.ts'

/** The monthly table of an indicator as a file that WPS and Excel open; the last rows say what it is. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const board = await indicatorBoard(ctx, params.indicator, boardFilter(request)).catch(fail(request))
  const { indicator, counts } = board.row
  const header = ['月份', ...basisList.flatMap((basis) => [`${bases[basis].label}当月`, `${bases[basis].label}累计`])]
  const rows = (counts?.enrolled.months ?? []).map((one, at) => [
    one.month,
    ...basisList.flatMap((basis) => {
      const month = counts?.[basis].months[at]
      return [String(month?.n ?? 0), String(month?.cumulative ?? 0)]
    }),
  ])
  const about = [
    [],
    ['指标', `${indicator.id} ${indicator.title}`, '单位', indicator.unit, '目标', String(indicator.target)],
    ['起算', board.from, '截至', board.asOf, '按何日所知', board.known ?? board.asOf],
    ['口径', indicator.countingRule, '出处', ctx.plan.docNo],
  ]
  return new Response(writeCsv(header, [...rows, ...about]), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(`${indicator.id}-${board.asOf}.csv`)}`,
    },
  })
}
