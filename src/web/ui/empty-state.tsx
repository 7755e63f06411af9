import type { ReactNode } from 'react'
import { LinkButton } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'

/** Nothing here: says why, and what to do next. */
export function EmptyState(props: {
  title: string
  icon?: IconName
  children?: ReactNode
  action?: { href: string; label: string }
}) {
  return (
    <div className="empty">
      <Icon name={props.icon ?? 'document'} />
      <p className="empty-title">{props.title}</p>
      {props.children && <p>{props.children}</p>}
      {props.action && <LinkButton href={props.action.href}>{props.action.label}</LinkButton>}
    </div>
  )
}
