import type { ReactNode } from 'react'

export type Crumb = { label: string; href: string }

/** The one h1 of a page, where it hangs in the tree, and what can be done with it. */
export function PageHeader(props: {
  title: string
  crumbs?: Crumb[]
  /** Number or kind of the record, small above the title. */
  caption?: ReactNode
  lead?: ReactNode
  tag?: ReactNode
  actions?: ReactNode
}) {
  return (
    <header className="page-head">
      {props.crumbs && <Breadcrumb crumbs={props.crumbs} here={props.title} />}
      {props.caption && <span className="caption">{props.caption}</span>}
      <div className="title">
        <h1>{props.title}</h1>
        {props.tag}
        {props.actions && <div className="actions">{props.actions}</div>}
      </div>
      {props.lead && <p className="lead">{props.lead}</p>}
    </header>
  )
}

export function Breadcrumb({ crumbs, here }: { crumbs: Crumb[]; here: string }) {
  return (
    <nav className="crumbs" aria-label="当前位置">
      <ol>
        {crumbs.map((crumb) => (
          <li key={crumb.href}>
            <a href={crumb.href}>{crumb.label}</a>
          </li>
        ))}
        <li aria-current="page">{here}</li>
      </ol>
    </nav>
  )
}
