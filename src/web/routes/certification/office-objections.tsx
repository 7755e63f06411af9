import { seatNumber } from '#modules/certification/mark.rules.ts'
import { objectionList } from '#modules/certification/objection.queries.ts'
import { objectionReasons, objectionStates } from '#modules/certification/objection.schema.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { dayText, instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/office-objections.ts'

export const meta = () => title('认定异议')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'objection.decide')
  return { rows: await objectionList(ctx) }
}

export default function Objections({ loaderData: { rows } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="认定异议" />
      <DataTable
        caption="认定异议"
        rows={rows}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'number',
            header: '编号',
            keep: true,
            cell: (row) => <a href={paths.officeAssessmentObjection(row.id)}>{row.number}</a>,
          },
          { key: 'batch', header: '批次', cell: (row) => `${row.batchTitle}（${row.organisation}）` },
          { key: 'who', header: '对象', cell: (row) => (row.seq ? `考号 ${seatNumber(row.seq)}` : '整个批次') },
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
          <EmptyState icon="flag" title="没有认定异议">
            公示期间有人提出后列在这里。
          </EmptyState>
        }
      />
    </>
  )
}
