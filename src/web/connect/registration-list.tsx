import type { ReactNode } from 'react'
import { type RegistrationState, registrationStates } from '#modules/connect/registration.schema.ts'
import { Button } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { TextField } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { instantText } from '../ui/format.ts'
import { More } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { registrationTones } from './words.ts'

export type Line = {
  id: string
  name: string
  purpose: string
  state: RegistrationState
  proposedByName: string
  proposedAt: Date
  decisionNote: string
}

/** Registrations of one kind with where they stand; `facts` are what the other side has to be told or has told. */
export function RegistrationList<T extends Line>(props: {
  caption: string
  rows: readonly T[]
  facts: (row: T) => ReactNode
  end: string
  failed: Failed | undefined
  empty: ReactNode
}) {
  return (
    <DataTable
      caption={props.caption}
      rows={props.rows}
      rowKey={(row) => row.id}
      columns={[
        { key: 'name', header: '名称', keep: true, cell: (row) => row.name },
        { key: 'facts', header: '资料', cell: (row) => props.facts(row) },
        { key: 'by', header: '登记', cell: (row) => `${row.proposedByName}　${instantText(row.proposedAt)}` },
        {
          key: 'state',
          header: '状态',
          keep: true,
          cell: (row) => (
            <>
              <StatusTag tone={registrationTones[row.state]}>{registrationStates[row.state]}</StatusTag>
              {row.decisionNote && <p className="soft">{row.decisionNote}</p>}
            </>
          ),
        },
        {
          key: 'end',
          header: '办理',
          cell: (row) =>
            row.state === 'active' || row.state === 'suspended' ? (
              <More label="停用" open={props.failed?.values?.id === row.id}>
                <Form failed={props.failed?.values?.id === row.id ? props.failed : undefined} labels={{ note: '理由' }}>
                  <input type="hidden" name="intent" value={props.end} />
                  <input type="hidden" name="id" value={row.id} />
                  <TextField name="note" label="理由" />
                  <Button kind="danger">停用</Button>
                </Form>
              </More>
            ) : (
              '—'
            ),
        },
      ]}
      empty={props.empty}
    />
  )
}
