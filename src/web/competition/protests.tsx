import type { protestsOf } from '#modules/competition/entry.queries.ts'
import { protestStates } from '#modules/competition/entry.schema.ts'
import { Button } from '../ui/button.tsx'
import { RadioGroup } from '../ui/choices.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { TextArea } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { dayText } from '../ui/format.ts'
import { LongText, More } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'

type Protest = Awaited<ReturnType<typeof protestsOf>>[number]

/** Every protest with what it says; an open one is answered here. */
export function Protests({
  protests,
  may,
  failed,
}: {
  protests: readonly Protest[]
  may: boolean
  failed: Failed | undefined
}) {
  const own = failed?.values?.intent === 'decide-protest' ? failed : undefined
  const first = protests.find((one) => one.state === 'open')
  return (
    <>
      <DataTable
        caption="申诉"
        rows={protests}
        rowKey={(row) => row.id}
        columns={[
          { key: 'number', header: '编号', keep: true, cell: (row) => row.number },
          { key: 'entry', header: '参赛编号', keep: true, cell: (row) => row.entryNumber },
          { key: 'text', header: '事实和理由', cell: (row) => <LongText>{row.text}</LongText> },
          { key: 'due', header: '应答复', keep: true, cell: (row) => dayText(row.dueOn) },
          {
            key: 'state',
            header: '结果',
            cell: (row) => (
              <>
                <StatusTag tone={row.state === 'open' ? 'wait' : 'good'}>{protestStates[row.state]}</StatusTag>{' '}
                {row.reply}
              </>
            ),
          },
        ]}
        empty={null}
      />
      {may && first && (
        <More label={`答复 ${first.number}`} open>
          <Form failed={own} labels={{ 'decide-protest-outcome': '结论', 'decide-protest-reply': '答复' }}>
            <input type="hidden" name="protestId" value={first.id} />
            <RadioGroup
              name="decide-protest-outcome"
              label="结论"
              options={[
                { value: 'dismissed', label: '申诉不成立' },
                { value: 'upheld', label: '申诉成立', hint: '成绩另行提出更正，由两人办理' },
              ]}
            />
            <TextArea name="decide-protest-reply" label="答复" rows={3} maxLength={2000} hint="申诉人看得到" />
            <Button name="intent" value="decide-protest">
              答复申诉
            </Button>
          </Form>
        </More>
      )}
    </>
  )
}
