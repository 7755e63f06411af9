import type { ReactNode } from 'react'

export type SummaryRow = {
  label: string
  value: ReactNode
  /** Where the value comes from, or what to know about it. */
  note?: ReactNode
  action?: { href: string; label: string }
}

/** The facts of one record. An unknown value says 未填, never nothing. */
export function SummaryList({ rows }: { rows: SummaryRow[] }) {
  return (
    <dl className="rows">
      {rows.map((row) => (
        <div key={row.label}>
          <dt>{row.label}</dt>
          <dd>
            {row.value ?? <span className="soft">未填</span>}
            {row.note && <span className="note">{row.note}</span>}
          </dd>
          {row.action && (
            <dd>
              <a href={row.action.href} aria-label={`${row.action.label}：${row.label}`}>
                {row.action.label}
              </a>
            </dd>
          )}
        </div>
      ))}
    </dl>
  )
}
