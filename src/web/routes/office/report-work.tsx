import { data } from 'react-router'
import { workRecords } from '#modules/reports/work.queries.ts'
import { isWork, type Work, works } from '#modules/reports/work.schema.ts'
import { clauseLabel } from '#policy/clauses.ts'
import { dayOf } from '#shared/dates.ts'
import { isDay } from '#shared/units.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { workText } from '../../plan/words.ts'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { DateField } from '../../ui/fields.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { dayText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/report-work.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData ? works[loaderData.what].label : '报表明细')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'report.read')
  const { what } = params
  if (!isWork(what)) throw data(null, 404)
  const asked = new URL(request.url).searchParams
  const [first = '', last = ''] = ['from', 'to'].map((name) => asked.get(name) ?? '')
  const from = isDay(first) ? first : null
  const to = isDay(last) ? last : dayOf(ctx.now)
  return {
    what,
    span: { from: from ?? '', to },
    rows: await workRecords(ctx, what, { from, to }),
    clause: clauseLabel(ctx.plan, works[what].clause),
  }
}

/** Where the record itself is looked at. */
const at: Record<Work, (about: string) => string> = {
  standard: paths.standard,
  batch: (id) => paths.assessmentBatch('office', id),
  certificate: (id) => paths.assessmentBatch('office', id),
  mentor: () => paths.officeSharing(),
  seats: () => paths.officeSharing(),
}

export default function ReportWork({ loaderData: { what, span, rows, clause } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title={works[what].label}
        caption={`${span.from ? `${dayText(span.from)}至` : '截至'}${dayText(span.to)}`}
        crumbs={[{ label: '季报和年报', href: paths.reports() }]}
      />
      <div className="stack">
        <p>
          依据：<a href={paths.clause(works[what].clause)}>{clause}</a>。报表上的数由下面的记录逐条相加。
        </p>
        <FilterBar label="按日期看" action={paths.reportWork(what)} values={span}>
          <DateField name="from" label="从哪一天" />
          <DateField name="to" label="到哪一天" />
        </FilterBar>
        <p role="status">
          合计{' '}
          <b>
            {workText(
              what,
              rows.reduce((sum, row) => sum + row.n, 0),
            )}
          </b>
          {rows.length === 1_000 && '（最多列 1,000 条，请缩短日期范围）'}
        </p>
        <DataTable
          caption="记录"
          captionNote="新的在前"
          rows={rows}
          rowKey={(row) => `${row.on}${row.words}${row.n}`}
          columns={[
            { key: 'on', header: '日期', keep: true, cell: (row) => dayText(row.on) },
            { key: 'words', header: '记录', cell: (row) => <a href={at[what](row.about)}>{row.words}</a> },
            { key: 'n', header: '计数', end: true, cell: (row) => workText(what, row.n) },
          ]}
          empty={
            <EmptyState icon="chart" title="这段时间没有记录">
              可以换一段日期。
            </EmptyState>
          }
        />
      </div>
    </>
  )
}
