import { type ReactNode, useContext } from 'react'
import { SectionTitle } from './section.tsx'

export type Column<Row> = {
  key: string
  header: string
  cell: (row: Row) => ReactNode
  /** Numbers and money stand at the end. */
  end?: boolean
  /** Numbers of records, days and tags stay on one line. */
  keep?: boolean
  /** Sort key of this column; needs `sort` on the table. */
  sortKey?: string
}

export type Sort = { by: string; direction: 'asc' | 'desc'; href: (by: string, direction: 'asc' | 'desc') => string }

/**
 * A table with a caption. The first column names the row. On a phone each row becomes a card, unless `wide` asks for
 * sideways scrolling. An empty table shows `empty` instead. A caption that repeats the section's heading is not shown twice.
 */
export function DataTable<Row>(props: {
  caption: string
  captionNote?: string | undefined
  columns: Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  sort?: Sort
  empty: ReactNode
  /** Totals, one cell per column. */
  foot?: ReactNode[]
  wide?: boolean
  /** A few narrow columns of numbers: stays a table on a phone. */
  tight?: boolean
}) {
  const { columns, rows, sort } = props
  const said = useContext(SectionTitle)
  if (rows.length === 0) return props.empty
  const kind = props.wide ? 'grid-table' : props.tight ? 'grid-table tight-on-phone' : 'grid-table cards-on-phone'
  return (
    <div className="table-box" {...(props.wide && { tabIndex: 0, role: 'region', 'aria-label': props.caption })}>
      <table className={kind}>
        <caption className={props.caption === said && !props.captionNote ? 'sr-only' : undefined}>
          {captionAfter(said, props.caption)}
          {props.captionNote && <small>{props.captionNote}</small>}
        </caption>
        <thead>
          <tr>{columns.map((column) => heading(column, sort))}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={props.rowKey(row)}>
              {columns.map((column, index) => tableCell(column, index, column.cell(row)))}
            </tr>
          ))}
        </tbody>
        {props.foot && (
          <tfoot>
            <tr>{columns.map((column, index) => tableCell(column, index, props.foot?.[index]))}</tr>
          </tfoot>
        )}
      </table>
    </div>
  )
}

/** The heading just above has said the first words; only a reader of tables alone hears them again. */
function captionAfter(said: string, caption: string): ReactNode {
  const rest = caption.startsWith(said) ? caption.slice(said.length).replace(/^[，、：　\s]+/, '') : ''
  if (!said || !rest || /^[^（共\d]/.test(rest)) return caption
  return (
    <>
      <span className="sr-only">{said}，</span>
      {rest}
    </>
  )
}

function tableCell<Row>(column: Column<Row>, index: number, content: ReactNode) {
  const className = column.end ? 'end' : column.keep ? 'keep' : undefined
  if (index === 0) {
    return (
      <th key={column.key} scope="row" className={className}>
        {content}
      </th>
    )
  }
  return (
    <td key={column.key} data-label={column.header} className={className}>
      {content}
    </td>
  )
}

function heading<Row>(column: Column<Row>, sort: Sort | undefined) {
  const className = column.end ? 'end' : undefined
  if (!sort || !column.sortKey) {
    return (
      <th key={column.key} scope="col" className={className}>
        {column.header}
      </th>
    )
  }
  const active = sort.by === column.sortKey
  const next = active && sort.direction === 'asc' ? 'desc' : 'asc'
  return (
    <th
      key={column.key}
      scope="col"
      className={className}
      aria-sort={active ? (sort.direction === 'asc' ? 'ascending' : 'descending') : undefined}
    >
      <a href={sort.href(column.sortKey, next)}>
        {column.header}
        <span aria-hidden="true">{active ? (sort.direction === 'asc' ? '↑' : '↓') : '↕'}</span>
      </a>
    </th>
  )
}
