import { objectionQueue } from '#modules/competition/publication.queries.ts'
import { objectionReasons, objectionStates } from '#modules/competition/publication.schema.ts'
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

export const meta = () => title('竞赛异议')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'objection.decide')
  const asked = new URL(request.url).searchParams
  const state = asked.get('state') === 'decided' ? ('decided' as const) : ('open' as const)
  const cursor = asked.get('cursor') ?? undefined
  const page = await objectionQueue(ctx, { state, cursor })
  return {
    ...{ state, rows: page.rows },
    first: cursor ? paths.officeResultObjections({ state }) : null,
    next: page.next && paths.officeResultObjections({ state, cursor: page.next }),
  }
}

export default function Objections({ loaderData: { state, rows, first, next } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="竞赛异议" />
      <Tabs
        label="办理状态"
        current={paths.officeResultObjections({ state })}
        tabs={[
          { href: paths.officeResultObjections({ state: 'open' }), label: '待办' },
          { href: paths.officeResultObjections({ state: 'decided' }), label: '已办结' },
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
            cell: (row) => <a href={paths.officeResultObjection(row.id)}>{row.number}</a>,
          },
          { key: 'event', header: '竞赛', cell: (row) => row.eventTitle },
          { key: 'who', header: '选手', cell: (row) => row.content.person },
          { key: 'reason', header: '理由', cell: (row) => objectionReasons[row.reason] },
          { key: 'at', header: '收到时间', keep: true, cell: (row) => instantText(row.lodgedAt) },
          { key: 'due', header: '应答复', keep: true, cell: (row) => dayText(row.dueOn) },
          {
            key: 'state',
            header: '结果',
            keep: true,
            cell: (row) => (
              <StatusTag tone={row.state === 'open' ? 'wait' : 'good'}>{objectionStates[row.state]}</StatusTag>
            ),
          },
        ]}
        empty={
          <EmptyState icon="flag" title={state === 'open' ? '没有待办的异议' : '还没有办结过异议'}>
            公示期间有人提出后列在这里。
          </EmptyState>
        }
      />
      {(first || next) && <Pagination previous={first} next={next} shown={rows.length} />}
    </>
  )
}
