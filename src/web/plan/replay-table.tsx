import type { Replay, Replayed } from '#modules/reports/replay.queries.ts'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Money } from '../ui/money.tsx'
import { Section } from '../ui/section.tsx'
import { count } from './words.ts'

/** Who gains, who loses, what it costs: before anybody decides. */
export function ReplayTable({ replay }: { replay: Replay }) {
  const { claimed, drafts, unclaimed, programmes } = replay
  const more = unclaimed.of > unclaimed.classes ? `（共 ${unclaimed.of} 个班，算了最近 ${unclaimed.classes} 个）` : ''
  const rows: (Replayed & { name: string })[] = [
    { ...unclaimed, name: `还没有申领的班：将按新的值${more}` },
    { ...drafts, name: '草稿和退回补正的申领：将按新的值' },
    { ...claimed, name: '已提交和已拨付的申领：不变，只作比较' },
  ]
  return (
    <Section
      title="试算：谁多谁少"
      description={`把新的值放到适用日期内结束的班上重算一遍，项目：${programmes.join('、')}。`}
    >
      <DataTable
        caption="试算结果"
        rows={rows}
        rowKey={(row) => row.name}
        columns={[
          { key: 'name', header: '范围', cell: (row) => row.name },
          { key: 'classes', header: '班', end: true, cell: (row) => count(row.classes) },
          { key: 'persons', header: '人次', end: true, cell: (row) => count(row.persons) },
          { key: 'before', header: '现在', end: true, cell: (row) => <Money fen={row.beforeFen} /> },
          { key: 'after', header: '按新的值', end: true, cell: (row) => <Money fen={row.afterFen} /> },
          { key: 'change', header: '差额', end: true, cell: (row) => <Money fen={row.afterFen - row.beforeFen} /> },
          { key: 'gain', header: '增加的', end: true, cell: (row) => `${count(row.gain)} 人次` },
          { key: 'lose', header: '减少的', end: true, cell: (row) => `${count(row.lose)} 人次` },
        ]}
        empty={<EmptyState title="没有可试算的" />}
      />
    </Section>
  )
}
