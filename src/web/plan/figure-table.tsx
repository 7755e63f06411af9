import { paths } from '../paths.ts'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { dayText } from '../ui/format.ts'
import { StatusTag } from '../ui/status-tag.tsx'
import type { ShownFigure, SourceText } from './words.ts'

/** A document with its address; a copy that is not the issuer's own says so. */
export function SourceLine({ source }: { source: SourceText }) {
  return (
    <>
      {source.url ? <a href={source.url}>{source.text}</a> : source.text}
      {source.mirror && <span className="soft">（转载页）</span>}
    </>
  )
}

export function spanText(from: string | null, to: string | null): string {
  if (!from) return '—'
  return `${dayText(from)}${to ? `至${dayText(to)}` : '起'}`
}

/** Figures as they stand today: value, days, source; undecided ones say so and never show another city's number as ours. */
export function FigureTable({ caption, figures }: { caption: string; figures: readonly ShownFigure[] }) {
  return (
    <DataTable
      caption={caption}
      rows={figures}
      rowKey={(row) => row.id}
      columns={[
        { key: 'label', header: '参数', cell: (row) => row.label },
        {
          key: 'value',
          header: '今天的值',
          cell: (row) => (
            <>
              {row.value}
              {!row.decided && row.value !== row.undecided && (
                <>
                  {' '}
                  <StatusTag tone="wait">{row.undecided}</StatusTag>
                </>
              )}
            </>
          ),
        },
        { key: 'span', header: '适用日期', cell: (row) => spanText(row.from, row.to) },
        {
          key: 'source',
          header: '出处',
          cell: (row) => (
            <>
              <SourceLine source={row.source} />
              {row.setBy && <span className="soft">　{row.setBy}提出、另一人批准</span>}
              {row.hint && <p className="soft small">{row.hint}</p>}
              {row.note && <p className="soft small">{row.note}</p>}
            </>
          ),
        },
      ]}
      empty={<EmptyState title="这里不用参数">不涉及金额、期限等数值。</EmptyState>}
    />
  )
}

/** A rule's or control's id and title, leading to its page. */
export function RuleLink({ id, title }: { id: string; title: string }) {
  return (
    <a href={paths.rule(id)}>
      {id} {title}
    </a>
  )
}
