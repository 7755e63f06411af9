import type { ReactNode } from 'react'
import { CheckboxGroup } from '../ui/choices.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { type Option, TextArea } from '../ui/fields.tsx'
import type { Failed } from '../ui/form.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import type { SummaryRow } from '../ui/summary-list.tsx'

/** One step that needs a reason, on a page of its own: what it is done to, what follows, why. */
export function StepPage(props: {
  title: string
  record: { label: string; href: string; list: { label: string; href: string } }
  rows: SummaryRow[]
  /** Why it cannot be done now. */
  blocked: string | null
  consequence: ReactNode
  submit: string
  final?: boolean
  failed: Failed | undefined
  /** Reasons of the plan to tick; without them a reason in words. */
  options?: readonly Option[]
  field?: 'reason' | 'note'
}) {
  const field = props.field ?? (props.options ? 'note' : 'reason')
  return (
    <>
      <PageHeader
        title={props.title}
        crumbs={[props.record.list, { label: props.record.label, href: props.record.href }]}
      />
      {props.blocked ? (
        <Notice title={props.blocked}>
          <p>
            <a href={props.record.href}>返回{props.record.label}</a>
          </p>
        </Notice>
      ) : (
        <Confirm
          failed={props.failed}
          rows={props.rows}
          consequence={props.consequence}
          final={props.final ?? false}
          submit={props.submit}
          back={props.record.href}
        >
          {props.options && <CheckboxGroup name="reasonCodes" label="原因" options={props.options} />}
          <TextArea
            name={field}
            label={props.options ? '补充说明' : '理由'}
            optional={props.options !== undefined}
            rows={3}
            maxLength={field === 'note' ? 1000 : 500}
          />
        </Confirm>
      )}
    </>
  )
}
