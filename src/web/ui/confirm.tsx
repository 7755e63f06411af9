import type { ReactNode } from 'react'
import { Actions, Button, LinkButton } from './button.tsx'
import { type Failed, Form } from './form.tsx'
import { Notice } from './notice.tsx'
import { SummaryList, type SummaryRow } from './summary-list.tsx'

/** The last look before something that counts: what will be done, to what, and what follows from it. */
export function Confirm(props: {
  failed?: Failed | undefined
  rows: SummaryRow[]
  consequence: ReactNode
  /** Cannot be taken back. */
  final?: boolean
  submit: string
  back: string
  /** Further fields, such as a reason. */
  children?: ReactNode
}) {
  return (
    <div className="stack">
      <SummaryList rows={props.rows} />
      <Notice tone={props.final ? 'warn' : 'info'} title={props.final ? '提交后不能撤回' : '提交后会发生什么'}>
        <p>{props.consequence}</p>
      </Notice>
      <Form failed={props.failed}>
        {props.children}
        <Actions>
          <Button kind={props.final ? 'danger' : 'primary'}>{props.submit}</Button>
          <LinkButton href={props.back} kind="quiet">
            返回修改
          </LinkButton>
        </Actions>
      </Form>
    </div>
  )
}
