import { objectionQueue } from '#modules/recognition/publication.queries.ts'
import { objectionReasons, objectionStates } from '#modules/recognition/publication.schema.ts'
import { signedIn } from '../../../ctx.ts'
import { paths } from '../../../paths.ts'
import { title } from '../../../site.ts'
import { DataTable } from '../../../ui/data-table.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { dayText, instantText } from '../../../ui/format.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Pagination } from '../../../ui/pagination.tsx'
import { StatusTag } from '../../../ui/status-tag.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import type { Route } from './+types/objections.ts'

export const meta = () => title('认定异议')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'objection.decide')
  const asked = new URL(request.url).searchParams
  const state = asked.get('state') === 'decided' ? ('decided' as const) : ('open' as const)
  const cursor = asked.get('cursor') ?? undefined
  const page = await objectionQueue(ctx, { state, cursor })
  return {
    ...{ state, rows: page.rows },
    first: cursor ? paths.officeTitleObjections({ state }) : null,
    next: page.next && paths.officeTitleObjections({ state, cursor: page.next }),
  }
}

export default function Objections({ loaderData: { state, rows, first, next } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="认定异议" />
      <Tabs
        label="办理状态"
        current={paths.officeTitleObjections({ state })}
        tabs={[
          { href: paths.officeTitleObjections({ state: 'open' }), label: '待办' },
          { href: paths.officeTitleObjections({ state: 'decided' }), label: '已办结' },
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
            cell: (row) => <a href={paths.officeTitleObjection(row.id)}>{row.number}</a>,
          },
          { key: 'name', header: '被异议', cell: (row) => row.name },
          { key: 'reason', header: '理由', cell: (row) => objectionReasons[row.reason] },
          { key: 'at', header: '收到', keep: true, cell: (row) => instantText(row.lodgedAt) },
          { key: 'due', header: '应答复', keep: true, cell: (row) => dayText(row.dueOn) },
          {
            key: 'state',
            header: '状态',
            keep: true,
            cell: (row) => (
              <StatusTag tone={row.state === 'open' ? 'wait' : 'good'}>{objectionStates[row.state]}</StatusTag>
            ),
          },
        ]}
        empty={
          <EmptyState icon="flag" title={state === 'open' ? '没有待办的异议' : '还没有办结过异议'}>
            公示期内收到的异议会列在这里。
          </EmptyState>
        }
      />
      {(first || next) && <Pagination previous={first} next={next} shown={rows.length} />}
    </>
  )
}
