import type { ReactNode } from 'react'

export function Figures({ children }: { children: ReactNode }) {
  return <div className="figures">{children}</div>
}

/** One number that matters, what it counts, and the way to the records behind it. */
export function FigureCard(props: {
  label: string
  value: string
  unit?: string
  /** Counting rule, date or target. */
  note?: ReactNode
  target?: { value: number; max: number }
  href?: string
}) {
  return (
    <div className="figure">
      <span>{props.label}</span>
      <span className="value">
        {props.value}
        {props.unit && <small>{props.unit}</small>}
      </span>
      {props.target && (
        <progress
          className="meter"
          aria-label={`${props.label}完成进度`}
          value={Math.min(props.target.value, props.target.max)}
          max={props.target.max}
        />
      )}
      {props.note && <span className="note">{props.note}</span>}
      {props.href && (
        <a href={props.href} aria-label={`查看明细：${props.label}`}>
          查看明细
        </a>
      )}
    </div>
  )
}
