import { roundStates } from '#modules/competition/mark.schema.ts'
import type { RoundLine } from '#modules/competition/round.queries.ts'
import { DataTable } from '../ui/data-table.tsx'
import { StatusTag } from '../ui/status-tag.tsx'

const tones = { waiting: 'neutral', marking: 'info', closed: 'good' } as const
const kinds = { theory: '理论', practical: '实操' } as const

export function Rounds({ rounds, href }: { rounds: readonly RoundLine[]; href: (id: string) => string }) {
  return (
    <DataTable
      caption="轮次"
      rows={rounds}
      rowKey={(row) => row.id}
      columns={[
        {
          key: 'title',
          header: '轮次',
          cell: (row) => (row.state === 'waiting' ? row.title : <a href={href(row.id)}>{row.title}</a>),
        },
        { key: 'kind', header: '方式', keep: true, cell: (row) => kinds[row.kind] },
        {
          key: 'state',
          header: '状态',
          keep: true,
          cell: (row) => <StatusTag tone={tones[row.state]}>{roundStates[row.state]}</StatusTag>,
        },
        { key: 'by', header: '核对结束', cell: (row) => row.closedBy || '—' },
      ]}
      empty={null}
    />
  )
}
