import { reportQueue } from '#modules/feedback/report.queries.ts'
import { findings, reportKinds, reportStates } from '#modules/feedback/report.schema.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pagination } from '../../ui/pagination.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import type { Route } from './+types/feedback.ts'

export const meta = () => title('举报与投诉')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const asked = new URL(request.url).searchParams
  const state = asked.get('state') === 'answered' ? ('answered' as const) : ('open' as const)
  const cursor = asked.get('cursor') ?? undefined
  const page = await reportQueue(ctx, { state, cursor })
  return {
    state,
    rows: page.rows,
    first: cursor ? paths.officeFeedback({ state }) : null,
    next: page.next && paths.officeFeedback({ state, cursor: page.next }),
  }
}

export default function Feedback({ loaderData: { state, rows, first, next } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="举报与投诉" crumbs={[{ label: '工作台首页', href: paths.office() }]} />
      <div className="stack">
        <Tabs
          label="办理状态"
          current={paths.officeFeedback({ state })}
          tabs={[
            { href: paths.officeFeedback({ state: 'open' }), label: '待答复' },
            { href: paths.officeFeedback({ state: 'answered' }), label: '已答复' },
          ]}
        />
        <DataTable
          caption={state === 'open' ? '待答复的举报，先来先办' : '已答复的举报'}
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'number',
              header: '编号',
              keep: true,
              cell: (row) => <a href={paths.officeReport(row.id)}>{row.number}</a>,
            },
            { key: 'kind', header: '问题', cell: (row) => reportKinds[row.kind] },
            { key: 'about', header: '对象', cell: (row) => row.about },
            { key: 'at', header: '收到时间', cell: (row) => instantText(row.reportedAt) },
            {
              key: 'state',
              header: '状态',
              keep: true,
              cell: (row) => (
                <StatusTag tone={row.state === 'open' ? 'wait' : 'good'}>
                  {row.finding ? findings[row.finding] : reportStates[row.state]}
                </StatusTag>
              ),
            },
          ]}
          empty={
            <EmptyState icon="flag" title={state === 'open' ? '没有待答复的举报' : '还没有答复过举报'}>
              公众在门户“举报与投诉”提交后会列在这里。
            </EmptyState>
          }
        />
        {(first || next) && <Pagination previous={first} next={next} shown={rows.length} />}
      </div>
    </>
  )
}
