import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

export function Tiles({ children }: { children: ReactNode }) {
  return <div className="tiles">{children}</div>
}

/** A service one can start from here. The whole tile is the link. */
export function ServiceTile(props: { href: string; title: string; text: string; icon: IconName }) {
  return (
    <div className="tile">
      <Icon name={props.icon} />
      <div>
        <h3>
          <a href={props.href}>{props.title}</a>
        </h3>
        <p>{props.text}</p>
      </div>
    </div>
  )
}

export type LinkRow = { href: string; label: string; meta?: string }

/** Titles with a date or number at the right, as on a notice board. */
export function LinkList({ items }: { items: LinkRow[] }) {
  return (
    <ul className="link-list">
      {items.map((item) => (
        <li key={`${item.href} ${item.label}`}>
          <a href={item.href}>{item.label}</a>
          {item.meta && <span className="meta">{item.meta}</span>}
        </li>
      ))}
    </ul>
  )
}
