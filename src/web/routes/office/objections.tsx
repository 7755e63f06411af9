import { objectionQueue } from '#modules/publicity/objection.queries.ts'
import { objectionReasons, objectionStates } from '#modules/publicity/objection.schema.ts'
import { dayOf } from '#shared/dates.ts'
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
import type { Route } from './+types/objections.ts'

export const meta = () => title('公示异议')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const asked = new URL(request.url).searchParams
  const state = asked.get('state') === 'decided' ? ('decided' as const) : ('open' as const)
  const cursor = asked.get('cursor') ?? undefined
  const page = await objectionQueue(ctx, { state, cursor })
  return {
    state,
    today: dayOf(ctx.now),
    rows: page.rows,
    first: cursor ? paths.officeObjections({ state }) : null,
    next: page.next && paths.officeObjections({ state, cursor: page.next }),
  }
}

export default function Objections({ loaderData: { state, today, rows, first, next } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="公示异议"
        crumbs={[{ label: '工作台首页', href: paths.office() }]}
        lead="异议办结以前，申领停止办理。由没有参与这件申领审核的人员办理。"
      />
      <div className="stack">
        <Tabs
          label="办理状态"
          current={paths.officeObjections({ state })}
          tabs={[
            { href: paths.officeObjections({ state: 'open' }), label: '待办' },
            { href: paths.officeObjections({ state: 'decided' }), label: '已办结' },
          ]}
        />
        <DataTable
          caption={state === 'open' ? '待办的异议，先来先办' : '已办结的异议'}
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'number',
              header: '编号',
              keep: true,
              cell: (row) => <a href={paths.officeObjection(row.id)}>{row.number}</a>,
            },
            { key: 'reason', header: '理由', cell: (row) => objectionReasons[row.reason] },
            {
              key: 'about',
              header: '对象',
              cell: (row) => `${row.row.unit}${row.row.person ? `　${row.row.person}` : ''}`,
            },
            { key: 'at', header: '提出时间', cell: (row) => instantText(row.lodgedAt) },
            {
              key: 'state',
              header: '状态',
              keep: true,
              cell: (row) =>
                row.state === 'open' ? (
                  <StatusTag tone={row.dueOn < today ? 'bad' : 'wait'}>{`${row.dueOn} 前办结`}</StatusTag>
                ) : (
                  <StatusTag tone={row.state === 'upheld' ? 'good' : 'neutral'}>{objectionStates[row.state]}</StatusTag>
                ),
            },
          ]}
          empty={
            <EmptyState icon="flag" title={state === 'open' ? '没有待办的异议' : '还没有办结过异议'}>
              公众在公示页面提出异议后会列在这里。
            </EmptyState>
          }
        />
        {(first || next) && <Pagination previous={first} next={next} shown={rows.length} />}
      </div>
    </>
  )
}
