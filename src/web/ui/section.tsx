import { createContext, type ReactNode } from 'react'

/** The heading that stands above: a table in the section need not say it again. */
export const SectionTitle = createContext('')

/** A part of a page under its own h2. `more` is a link at the right of the heading. */
export function Section(props: {
  title: string
  id?: string
  description?: ReactNode
  more?: { href: string; label: string }
  children: ReactNode
}) {
  return (
    <section className="section" id={props.id}>
      <header>
        <h2>{props.title}</h2>
        {props.more && <a href={props.more.href}>{props.more.label}</a>}
        {props.description && <p>{props.description}</p>}
      </header>
      <SectionTitle value={props.title}>{props.children}</SectionTitle>
    </section>
  )
}

export function Panel({ children }: { children: ReactNode }) {
  return <div className="panel">{children}</div>
}

/** Something long that few need: closed at first, opened without script. */
export function More({ label, open, children }: { label: string; open?: boolean; children: ReactNode }) {
  return (
    <details className="more" open={open}>
      <summary>{label}</summary>
      {children}
    </details>
  )
}

/** A word of the trade with its meaning one click away. Stands in a `div` or `dd`; a `p` may not hold it. */
export function Definition({ term, children }: { term: string; children: ReactNode }) {
  return (
    <details className="definition">
      <summary>{term}</summary>
      <span className="meaning">{children}</span>
    </details>
  )
}

/** A number or code people copy: one click selects all of it, it breaks anywhere and hides nothing. */
export function Copyable({ children }: { children: string }) {
  return <span className="copyable">{children}</span>
}

/** What somebody typed: line breaks kept, long runs broken, nothing interpreted. */
export function LongText({ children }: { children: string }) {
  return <div className="wrap-any">{children}</div>
}

export function Loading({ lines = 3, label = '正在读取' }: { lines?: number; label?: string }) {
  return (
    <div role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, line) => `line-${line}`).map((key) => (
        <span key={key} className="bones" />
      ))}
    </div>
  )
}
