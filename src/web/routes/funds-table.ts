import { monthlyUse } from '#modules/subsidy/funds.queries.ts'
import { writeCsv } from '#platform/workbook.ts'
import { current } from '../ctx.ts'
import { fundName, programmeName } from '../subsidy/words.ts'
import type { Route } from './+types/funds-table.ts'

const header = ['月份', '资金来源', '预算年度', '项目', '申领件数', '人次', '拨付金额（元）', '追缴金额（元）']

/** The published account as a table: amounts in yuan to the fen. */
export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const year = new URL(request.url).searchParams.get('year') ?? ''
  const rows = await monthlyUse(ctx.db, /^\d{4}$/.test(year) ? Number(year) : undefined)
  const text = writeCsv(
    header,
    rows.map((row) => [
      row.month,
      fundName(ctx.plan, row.fundSource),
      String(row.year),
      programmeName(ctx.plan, row.programme),
      String(row.claims),
      String(row.persons),
      (row.paidFen / 100).toFixed(2),
      (row.demandedFen / 100).toFixed(2),
    ]),
  )
  return new Response(text, {
    headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'attachment; filename="funds.csv"' },
  })
}
