import type { ReactNode } from 'react'
import { type Failed, Form } from './form.tsx'

/**
 * One of several forms of a page: says which it is, carries what it is about, and shows a fault only when the fault is
 * its own. Names of its boxes begin with `<intent>-`, see `ofForm`.
 */
export function IntentForm(props: {
  intent: string
  failed: Failed | undefined
  /** Ids the form is about. */
  about?: Record<string, string | number>
  upload?: boolean
  children: ReactNode
}) {
  const { intent, failed, about = {} } = props
  const own =
    failed?.values?.intent === intent &&
    Object.entries(about).every(([name, value]) => failed.values?.[name] === String(value))
  return (
    <Form failed={own ? failed : undefined} {...(props.upload && { upload: true })}>
      <input type="hidden" name="intent" value={intent} />
      {Object.entries(about).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {props.children}
    </Form>
  )
}
