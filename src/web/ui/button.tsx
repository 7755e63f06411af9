import { type ReactNode, useId } from 'react'

export type ButtonKind = 'primary' | 'plain' | 'danger' | 'quiet'
const looks: Record<ButtonKind, string> = {
  primary: 'btn btn-primary',
  plain: 'btn',
  danger: 'btn btn-error',
  quiet: 'btn btn-quiet',
}

/** Sends its form. One primary button on a page. `name`/`value` tell several buttons of a form apart. */
export function Button(props: {
  kind?: ButtonKind
  name?: string
  value?: string
  form?: string
  children: ReactNode
}) {
  return (
    <button
      type="submit"
      className={looks[props.kind ?? 'primary']}
      name={props.name}
      value={props.value}
      form={props.form}
    >
      {props.children}
    </button>
  )
}

/** Looks like a button, goes somewhere. */
export function LinkButton(props: {
  href: string
  kind?: ButtonKind
  download?: boolean
  /** Opens beside this page; say so in the words of the link. */
  newWindow?: boolean
  children: ReactNode
}) {
  return (
    <a
      className={looks[props.kind ?? 'plain']}
      href={props.href}
      download={props.download || undefined}
      {...(props.newWindow && { target: '_blank', rel: 'noopener noreferrer' })}
    >
      {props.children}
    </a>
  )
}

/** Cannot be pressed now, and says why. It stays in the tab order so that everybody learns the reason. */
export function DisabledButton({ reason, children }: { reason: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    <div className="why-not">
      <button type="button" className="btn" aria-disabled="true" aria-describedby={id}>
        {children}
      </button>
      <p id={id}>{reason}</p>
    </div>
  )
}

export function Actions({ children }: { children: ReactNode }) {
  return <div className="actions-row">{children}</div>
}
