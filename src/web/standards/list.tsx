import type { Version } from '#modules/standards/standard.queries.ts'
import { versionStates } from '#modules/standards/standard.schema.ts'
import { paths } from '../paths.ts'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { versionTones } from './parts.tsx'

/** Standards and their versions, each leading to its page. */
export function VersionTable({ area, versions }: { area: string; versions: readonly Version[] }) {
  return (
    <DataTable
      caption="标准和版本"
      rows={versions}
      rowKey={(row) => row.id}
      columns={[
        { key: 'title', header: '名称', cell: (row) => <a href={paths.standardDesk(area, row.id)}>{row.title}</a> },
        { key: 'number', header: '编号', keep: true, cell: (row) => `${row.number} 第${row.seq}版` },
        { key: 'occupation', header: '职业', cell: (row) => row.occupation },
        { key: 'who', header: '起草单位', cell: (row) => row.organisation },
        {
          key: 'comments',
          header: '意见',
          keep: true,
          cell: (row) => `${row.comments}条${row.unanswered > 0 ? `，${row.unanswered}条未答复` : ''}`,
        },
        {
          key: 'state',
          header: '状态',
          keep: true,
          cell: (row) => <StatusTag tone={versionTones[row.state]}>{versionStates[row.state]}</StatusTag>,
        },
      ]}
      empty={<EmptyState icon="book" title="还没有标准" />}
    />
  )
}
