import { calls, isOpen } from '#modules/recognition/call.queries.ts'
import { callStates } from '#modules/recognition/call.schema.ts'
import { callTallies } from '#modules/recognition/desk.queries.ts'
import { dayOf } from '#shared/dates.ts'
import { signedIn } from '../../../ctx.ts'
import { paths } from '../../../paths.ts'
import { title } from '../../../site.ts'
import { LinkButton } from '../../../ui/button.tsx'
import { DataTable } from '../../../ui/data-table.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { dayText } from '../../../ui/format.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { StatusTag } from '../../../ui/status-tag.tsx'
import type { Route } from './+types/calls.ts'

export const meta = () => title('申报通知')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.read')
  const tallies = await callTallies(ctx.db)
  const names = new Map(ctx.plan.schemes.map(({ code, name }) => [code, name]))
  const rows = await calls(ctx.db).orderBy('c.drafted_at', 'desc').limit(200).execute()
  return {
    manages: ctx.actor.can('recognition.manage'),
    rows: rows.map((row) => ({
      ...row,
      name: names.get(row.scheme) ?? row.scheme,
      open: isOpen(row, dayOf(ctx.now)),
      n: Object.values(tallies.get(row.id) ?? {}).reduce((sum, one) => sum + one, 0),
      designated: tallies.get(row.id)?.designated ?? 0,
    })),
  }
}

export default function Calls({ loaderData: { rows, manages } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="申报通知"
        actions={
          manages && (
            <LinkButton href={paths.newTitleCall()} kind="primary">
              起草通知
            </LinkButton>
          )
        }
      />
      <DataTable
        caption="申报通知"
        rows={rows}
        rowKey={(row) => row.id}
        columns={[
          { key: 'title', header: '通知', cell: (row) => <a href={paths.officeTitleCall(row.id)}>{row.title}</a> },
          { key: 'scheme', header: '项目', cell: (row) => row.name },
          {
            key: 'days',
            header: '申报时间',
            cell: (row) => `${dayText(row.opensOn)}起${row.closesOn ? `，${dayText(row.closesOn)}止` : '，常年受理'}`,
          },
          { key: 'n', header: '申请', end: true, cell: (row) => `${row.n} 件` },
          { key: 'designated', header: '已认定', end: true, cell: (row) => `${row.designated} 个` },
          {
            key: 'state',
            header: '状态',
            keep: true,
            cell: (row) => (
              <StatusTag tone={row.open ? 'good' : row.state === 'draft' ? 'wait' : 'neutral'}>
                {row.open ? '正在申报' : row.state === 'draft' ? '等待发布' : callStates[row.state]}
              </StatusTag>
            ),
          },
        ]}
        empty={
          <EmptyState icon="speaker" title="还没有通知">
            起草后由局领导发布。
          </EmptyState>
        }
      />
    </>
  )
}
