import type { EntryLine } from '#modules/competition/entry.queries.ts'
import { entryStates } from '#modules/competition/entry.schema.ts'
import type { EventLine } from '#modules/competition/event.queries.ts'
import type { CompetitionType } from '#policy/plan.types.ts'
import { Button } from '../ui/button.tsx'
import { RadioGroup } from '../ui/choices.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { SelectField, TextArea } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { More } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { entryTones, groupLabel } from './desk.ts'

type Data = { event: EventLine; type: CompetitionType; entries: readonly EntryLine[] }

/** Eligibility: one by one, or all that still wait. */
export function EntrySteps({ data: { event, entries }, failed }: { data: Data; failed: Failed | undefined }) {
  const waiting = entries.filter((one) => one.state === 'registered')
  if (waiting.length === 0 || !['announced', 'checking'].includes(event.state)) return null
  const intent = failed?.values?.intent
  return (
    <>
      <Form failed={intent === 'admit' ? failed : undefined}>
        <p>{waiting.length} 个报名等待资格审核。先处理不符合的，其余可以一次通过。</p>
        <Button kind="plain" name="intent" value="admit">
          其余全部通过
        </Button>
      </Form>
      <More label="逐个审核" open={intent === 'decide-entry'}>
        <Form
          failed={intent === 'decide-entry' ? failed : undefined}
          labels={{ 'decide-entry-entryId': '报名', 'decide-entry-outcome': '审核结果', 'decide-entry-note': '说明' }}
        >
          <SelectField
            name="decide-entry-entryId"
            label="报名"
            options={waiting.map((one) => ({ value: one.id, label: `${one.number} ${one.name}（${one.unit}）` }))}
          />
          <RadioGroup
            name="decide-entry-outcome"
            label="审核结果"
            options={[
              { value: 'eligible', label: '通过' },
              { value: 'refused', label: '资格不符', hint: '要写明不符合哪一条，名额空出来' },
            ]}
          />
          <TextArea name="decide-entry-note" label="说明" rows={2} maxLength={1000} optional />
          <Button kind="plain" name="intent" value="decide-entry">
            提交审核
          </Button>
        </Form>
      </More>
    </>
  )
}

export function EntryTable({ entries, type }: { entries: readonly EntryLine[]; type: CompetitionType }) {
  return (
    <DataTable
      caption="报名"
      rows={entries.slice(0, 500)}
      captionNote={entries.length > 500 ? '列出前 500 个' : undefined}
      rowKey={(row) => row.id}
      columns={[
        { key: 'number', header: '参赛编号', keep: true, cell: (row) => row.number },
        {
          key: 'name',
          header: '选手',
          cell: (row) => (row.team ? `${row.team}（${row.members.join('、')}）` : row.name),
        },
        { key: 'unit', header: '单位', cell: (row) => row.unit },
        { key: 'group', header: '组别', cell: (row) => groupLabel(type, row.groupId) },
        {
          key: 'state',
          header: '状态',
          cell: (row) => (
            <>
              <StatusTag tone={entryTones[row.state]}>{entryStates[row.state]}</StatusTag> {row.note}
            </>
          ),
        },
      ]}
      empty={
        <EmptyState icon="people" title="还没有报名">
          公告发布后，选手和单位在平台报名。
        </EmptyState>
      }
    />
  )
}
