import type { ExitLine, Holder } from '#modules/recognition/designation.queries.ts'
import { exitKinds } from '#modules/recognition/designation.schema.ts'
import type { Scheme } from '#policy/plan.types.ts'
import { Actions, Button, DisabledButton } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { SelectField, TextArea, TextField } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { instantText } from '../ui/format.ts'
import { More, Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'

type Year = {
  id: string
  year: number
  grade: string
  note: string
  proposedBy: string
  proposedByName: string
  confirmedByName: string
  confirmedAt: Date | null
}
type Data = {
  holder: Holder
  scheme: Scheme
  exits: readonly ExitLine[]
  years: readonly Year[]
  year: number
  me: string
  may: { manage: boolean; decide: boolean }
}
type Props = { data: Data; failed: Failed | undefined }
const failedOf = (failed: Failed | undefined, intent: string) =>
  failed?.values?.intent === intent ? failed : undefined

/** Warnings and ends, with the one that waits for a decision first. */
export function Exits({ data, failed }: Props) {
  const { exits, scheme, may, me } = data
  if (exits.length === 0) return null
  const states = { proposed: '等待决定', decided: '已决定', declined: '不同意' } as const
  const open = exits.find((one) => one.state === 'proposed')
  return (
    <Section title="警告、撤销和退出">
      <DataTable
        caption="警告、撤销和退出"
        rows={exits}
        rowKey={(row) => row.id}
        columns={[
          { key: 'kind', header: '提议', keep: true, cell: (row) => exitKinds[row.kind] },
          {
            key: 'cause',
            header: '事由',
            cell: (row) => scheme.exits.find((one) => one.id === row.cause)?.label ?? row.cause,
          },
          { key: 'note', header: '情况', cell: (row) => row.note },
          { key: 'by', header: '提出', cell: (row) => `${row.proposedByName}，${instantText(row.proposedAt)}` },
          {
            key: 'state',
            header: '决定',
            cell: (row) =>
              row.decidedAt ? (
                `${states[row.state]}（${row.decidedByName}）`
              ) : (
                <StatusTag tone="wait">{states[row.state]}</StatusTag>
              ),
          },
        ]}
        empty={null}
      />
      {open && may.decide && open.proposedBy !== me && (
        <Form failed={failedOf(failed, 'decide-exit')}>
          <input type="hidden" name="intent" value="decide-exit" />
          <input type="hidden" name="exitId" value={open.id} />
          <Actions>
            <Button kind="danger" name="decision" value="decide">
              同意{exitKinds[open.kind]}
            </Button>
            <Button kind="plain" name="decision" value="decline">
              不同意
            </Button>
          </Actions>
        </Form>
      )}
      {open && !may.decide && <DisabledButton reason="由局领导决定。">决定</DisabledButton>}
    </Section>
  )
}

export function Years({ data, failed }: Props) {
  const { years, scheme, may, me } = data
  if (years.length === 0) return null
  const open = years.find((one) => one.confirmedAt === null)
  return (
    <Section title="年度考核">
      <DataTable
        caption="年度考核"
        rows={years}
        rowKey={(row) => row.id}
        columns={[
          { key: 'year', header: '年度', keep: true, cell: (row) => `${row.year}年` },
          {
            key: 'grade',
            header: '结果',
            cell: (row) => scheme.yearGrades.find((one) => one.id === row.grade)?.label ?? row.grade,
          },
          { key: 'note', header: '说明', cell: (row) => row.note },
          {
            key: 'by',
            header: '登记和确认',
            cell: (row) => `${row.proposedByName}、${row.confirmedByName || '等待另一人确认'}`,
          },
        ]}
        empty={null}
      />
      {open && may.manage && open.proposedBy !== me && (
        <Form failed={failedOf(failed, 'confirm-year')}>
          <input type="hidden" name="intent" value="confirm-year" />
          <input type="hidden" name="checkId" value={open.id} />
          <Button kind="plain">确认 {open.year} 年考核结果</Button>
        </Form>
      )}
    </Section>
  )
}

/** What can be entered while the title stands. */
export function TermForms({ data, failed }: Props) {
  const { scheme, year, may, exits } = data
  const of = (intent: string) => failedOf(failed, intent)
  const options = (list: readonly { id: string; label: string }[]) =>
    list.map(({ id, label }) => ({ value: id, label }))
  return (
    <Section title="届期管理">
      {may.manage && (
        <>
          <More label="登记年度考核" open={of('year') !== undefined}>
            <Form failed={of('year')} labels={{ 'year-year': '年度', 'year-grade': '结果', 'year-note': '说明' }}>
              <input type="hidden" name="intent" value="year" />
              <TextField name="year-year" label="年度" value={String(year)} inputMode="numeric" width="short" />
              <SelectField name="year-grade" label="结果" options={options(scheme.yearGrades)} />
              <TextArea name="year-note" label="说明" rows={3} maxLength={1000} />
              <Button kind="plain">登记，等待另一人确认</Button>
            </Form>
          </More>
          {!exits.some((one) => one.state === 'proposed') && (
            <More label="提出警告、撤销或退出" open={of('exit') !== undefined}>
              <Form failed={of('exit')} labels={{ 'exit-cause': '事由', 'exit-note': '情况' }}>
                <input type="hidden" name="intent" value="exit" />
                <SelectField
                  name="exit-cause"
                  label="事由"
                  options={scheme.exits.map((one) => ({
                    value: one.id,
                    label: `${exitKinds[one.kind]}：${one.label}`,
                  }))}
                />
                <TextArea name="exit-note" label="情况" rows={4} maxLength={2000} />
                <Button kind="plain">提出，等待局领导决定</Button>
              </Form>
            </More>
          )}
        </>
      )}
      {may.decide && (
        <>
          <More label="续期一届" open={of('renew') !== undefined}>
            <Form failed={of('renew')} labels={{ 'renew-note': '理由' }}>
              <input type="hidden" name="intent" value="renew" />
              <TextArea name="renew-note" label="理由" rows={3} maxLength={2000} />
              <Button kind="plain">续期</Button>
            </Form>
          </More>
          {scheme.upward.length > 0 && (
            <More label="向上推荐" open={of('upward') !== undefined}>
              <Form failed={of('upward')} labels={{ 'upward-target': '推荐项目', 'upward-note': '说明' }}>
                <input type="hidden" name="intent" value="upward" />
                <SelectField name="upward-target" label="推荐项目" options={options(scheme.upward)} />
                <TextArea name="upward-note" label="说明" optional rows={3} maxLength={1000} />
                <Button kind="plain">推荐</Button>
              </Form>
            </More>
          )}
        </>
      )}
    </Section>
  )
}
