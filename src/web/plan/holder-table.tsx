import type { RegistryEvent } from '#modules/reports/registry.queries.ts'
import { paths } from '../paths.ts'
import { DataTable } from '../ui/data-table.tsx'
import { dayText } from '../ui/format.ts'
import { Section } from '../ui/section.tsx'

/** What a number of holders is made of: every title counted in and out, each leading to its record and its call. */
export function HolderTable(props: {
  data: { titles: Record<string, string>; mayOpen: boolean }
  holders: readonly RegistryEvent[]
}) {
  const { titles, mayOpen } = props.data
  return (
    <Section title="由哪些称号计成" description="同一持有人只计一个；结束的在结束当天冲减，历史不改。">
      <DataTable
        caption="计入和冲减"
        rows={props.holders}
        rowKey={(row) => String(row.id)}
        columns={[
          {
            key: 'name',
            header: '持有人',
            cell: (row) => (
              <a href={mayOpen ? paths.officeHolder(row.designationId) : paths.titleHolder(row.number)}>{row.name}</a>
            ),
          },
          { key: 'unit', header: '单位', cell: (row) => row.organisation || '—' },
          { key: 'title', header: '称号', cell: (row) => titles[row.scheme] ?? row.scheme },
          { key: 'number', header: '编号', keep: true, cell: (row) => row.number },
          { key: 'on', header: '日期', keep: true, cell: (row) => dayText(row.countedOn) },
          { key: 'n', header: '计数', end: true, cell: (row) => (row.delta > 0 ? '+1' : '−1') },
        ]}
        empty={null}
      />
    </Section>
  )
}
