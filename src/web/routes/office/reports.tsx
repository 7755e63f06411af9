import { frozenReports } from '#modules/reports/report.queries.ts'
import { dueOn, periodsUpTo } from '#modules/reports/report.rules.ts'
import { figuresFor } from '#platform/figures.ts'
import { dayOf } from '#shared/dates.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { dayText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/reports.ts'

export const meta = () => title('季报和年报')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'report.read')
  const today = dayOf(ctx.now)
  const [frozen, figureOn] = await Promise.all([frozenReports(ctx.db), figuresFor(ctx)])
  return {
    periods: periodsUpTo(ctx.plan, today).map((period) => {
      const day = figureOn('OP.reportDay', period.to)
      const due = day.value === null ? null : dueOn(period, day.value)
      const done = frozen.filter((one) => one.kind === period.kind && one.from === period.from)
      return {
        ...period,
        due,
        dueDecided: day.decided,
        frozen: done.map(({ id, revision }) => ({ id, revision })),
        open: period.to >= today,
        late: due !== null && done.length === 0 && due < today,
      }
    }),
    undecided: ctx.plan.undecidedText,
    clause: 'HZ4-M15',
  }
}

export default function Reports({ loaderData: { periods, undecided, clause } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="季报和年报"
        crumbs={[{ label: '工作台首页', href: paths.office() }]}
        lead={
          <>
            数字由记录直接生成，归档后不再变；以后补记和冲减的，列在下一期。依据：
            <a href={paths.clause(clause)}>{clause}</a>
          </>
        }
      />
      <DataTable
        caption="报告期"
        rows={periods}
        rowKey={(row) => `${row.kind} ${row.from}`}
        columns={[
          { key: 'label', header: '报告', cell: (row) => <a href={paths.report(row.kind, row.from)}>{row.label}</a> },
          { key: 'span', header: '期间', cell: (row) => `${dayText(row.from)}至${dayText(row.to)}` },
          {
            key: 'due',
            header: '报送期限',
            cell: (row) =>
              row.due === null
                ? undecided
                : `${dayText(row.due)}前${row.dueDecided ? '' : `（${undecided}，暂按此日）`}`,
          },
          {
            key: 'state',
            header: '状态',
            keep: true,
            cell: (row) =>
              row.frozen.length > 0 ? (
                <StatusTag tone="good">已归档</StatusTag>
              ) : row.open ? (
                <StatusTag tone="info">期间未结束</StatusTag>
              ) : (
                <StatusTag tone={row.late ? 'bad' : 'wait'}>{row.late ? '已过报送期限' : '待归档'}</StatusTag>
              ),
          },
          {
            key: 'frozen',
            header: '归档稿',
            cell: (row) =>
              row.frozen.map((one, at) => (
                <span key={one.id}>
                  {at > 0 && '、'}
                  <a href={paths.frozenReport(one.id)}>第 {one.revision} 稿</a>
                </span>
              )),
          },
        ]}
        empty={<EmptyState title="还没有报告期">计划开始后按季列出。</EmptyState>}
      />
    </>
  )
}
