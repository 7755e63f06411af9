import type { ReactNode } from 'react'
import type { Fault } from '#platform/errors.ts'
import { FaultView, type Wording } from './fault-view.tsx'
import { FormStateContext, fieldId } from './fields.tsx'

/** What an action hands back when it did not work; see `attempt`. */
export type Failed = { fault: Fault; values?: Record<string, string | string[]>; wording?: Wording }

/**
 * The one way to make a form: posts without script, and after a failed submit shows the summary on top, marks the
 * fields and keeps what was typed. `labels` turns field names into the words of the summary.
 */
export function Form(props: {
  failed?: Failed | undefined
  labels?: Record<string, string>
  /** Words for a refusal; comes from the policy's texts. */
  wording?: Wording
  action?: string
  upload?: boolean
  children: ReactNode
}) {
  const { failed } = props
  const errors = failed?.fault.kind === 'invalid' ? failed.fault.fields : {}
  const wording = props.wording ?? failed?.wording
  return (
    <FormStateContext value={{ errors, values: failed?.values ?? {} }}>
      <form
        className="form"
        method="post"
        action={props.action}
        encType={props.upload ? 'multipart/form-data' : undefined}
        noValidate
      >
        {failed &&
          (failed.fault.kind === 'invalid' ? (
            <ErrorSummary errors={errors} labels={props.labels ?? {}} />
          ) : (
            <FaultView fault={failed.fault} {...(wording && { wording })} focus />
          ))}
        {props.children}
      </form>
    </FormStateContext>
  )
}

/** All that is wrong, in one place, each a link to its field. Takes the focus when the page comes back. */
export function ErrorSummary(props: { errors: Record<string, string[]>; labels: Record<string, string> }) {
  return (
    // biome-ignore lint/a11y/noAutofocus: the summary must be the first thing read after a failed submit
    <div className="error-summary" role="alert" tabIndex={-1} autoFocus>
      <h2>还不能提交，请先改好下面几处</h2>
      <ul>
        {Object.entries(props.errors).map(([name, messages]) => (
          <li key={name}>
            <a href={`#${fieldId(name)}`}>
              {props.labels[name] ? `${props.labels[name]}：` : ''}
              {messages.join('；')}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}
