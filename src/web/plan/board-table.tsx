import type { BoardRow } from '#modules/reports/board.queries.ts'
import { type Basis, bases, basisList } from '#modules/reports/count.schema.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { dayText } from '../ui/format.ts'
import { StatusTag } from '../ui/status-tag.tsx'
import { count, standing, targetText, valueText } from './words.ts'

type Props = { rows: readonly BoardRow[]; asOf: string; hrefOf: (indicator: string) => string }

const empty = <EmptyState title="没有这一类指标">这份计划没有写明。</EmptyState>

function name(hrefOf: Props['hrefOf']): Column<BoardRow> {
  return {
    key: 'title',
    header: '指标',
    cell: ({ indicator }) => (
      <>
        <a href={hrefOf(indicator.id)}>{indicator.title}</a>
        <span className="soft">　{indicator.id}</span>
      </>
    ),
  }
}

const target: Column<BoardRow> = {
  key: 'target',
  header: '目标',
  end: true,
  cell: ({ indicator }) => targetText(indicator),
}

const state = (asOf: string): Column<BoardRow> => ({
  key: 'state',
  header: '进展',
  cell: (row) => {
    const { tone, text } = standing(row, asOf)
    return <StatusTag tone={tone}>{text}</StatusTag>
  },
})

/** Counted person by person from the records: three bases side by side, the chosen one in bold. */
export function CountedTable({ rows, asOf, hrefOf, basis }: Props & { basis: Basis }) {
  const perBasis = basisList.map(
    (one): Column<BoardRow> => ({
      key: one,
      header: bases[one].label,
      end: true,
      cell: ({ counts }) => {
        const n = counts ? count(counts[one].value) : ''
        return one === basis ? <b>{n}</b> : n
      },
    }),
  )
  return (
    <DataTable
      caption="由平台记录逐人计数"
      captionNote={`截至${dayText(asOf)}，进展${bases[basis].label}判断`}
      rows={rows}
      rowKey={(row) => row.indicator.id}
      columns={[
        name(hrefOf),
        target,
        ...perBasis,
        { key: 'percent', header: '完成率', end: true, cell: (row) => (row.percent === null ? '' : `${row.percent}%`) },
        state(asOf),
      ]}
      empty={empty}
    />
  )
}

/** Numbers of other offices: with date and source, or plainly none. */
export function GivenTable({ rows, asOf, hrefOf }: Props) {
  return (
    <DataTable
      caption="采用外部数据"
      captionNote="只用有出处和日期的数据，平台不推算"
      rows={rows}
      rowKey={(row) => row.indicator.id}
      columns={[
        name(hrefOf),
        target,
        { key: 'value', header: '现值', end: true, cell: (row) => valueText(row.value, row.indicator.unit) },
        {
          key: 'asOf',
          header: '数据日期',
          cell: ({ statistic, holders }) => (holders !== null ? '当日' : statistic ? dayText(statistic.asOf) : '—'),
        },
        {
          key: 'source',
          header: '出处',
          cell: ({ statistic, holders }) =>
            holders !== null
              ? '平台认定登记'
              : statistic
                ? `${statistic.sourceBody}：${statistic.source}`
                : '还没有取得数据',
        },
        state(asOf),
      ]}
      empty={empty}
    />
  )
}
