import { examParts } from '#modules/certification/assessor.schema.ts'
import type { Sitting } from '#modules/certification/batch.queries.ts'
import { Button } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { DateField, type Option, SelectField, TextField } from '../ui/fields.tsx'
import type { Failed } from '../ui/form.tsx'
import { dayText } from '../ui/format.ts'
import { IntentForm } from '../ui/intent-form.tsx'
import { More, Section } from '../ui/section.tsx'

export type PlanOptions = { rooms: Option[]; examiners: Option[]; supervisors: Option[]; conditions: Option[] }
type Props = {
  sittings: readonly (Sitting & { time: string })[]
  editable: boolean
  options: PlanOptions
  failed: Failed | undefined
  supervisorId: string | null
}

/** Sittings and supervisor, with the forms to change them while the plan is open. */
export function PlanPart({ sittings, editable, options, failed, supervisorId }: Props) {
  return (
    <Section title="考试场次">
      <DataTable
        caption="考试场次"
        rows={sittings}
        rowKey={(row) => row.id}
        columns={[
          { key: 'part', header: '考核', cell: (row) => examParts[row.part] },
          { key: 'on', header: '时间', keep: true, cell: (row) => `${dayText(row.on)} ${row.time}` },
          { key: 'room', header: '考场', cell: (row) => `${row.room}${row.video ? '（录像）' : '（无录像）'}` },
          { key: 'seats', header: '人数', end: true, cell: (row) => row.seats },
          { key: 'examiner', header: '考评员', cell: (row) => row.examiner },
          ...(editable
            ? [
                {
                  key: 'drop',
                  header: '办理',
                  cell: (row: Sitting) => (
                    <IntentForm intent="drop-sitting" failed={failed} about={{ sittingId: row.id }}>
                      <Button kind="quiet">取消这一场</Button>
                    </IntentForm>
                  ),
                },
              ]
            : []),
        ]}
        empty={<EmptyState icon="calendar" title="还没有安排场次" />}
      />
      {editable && (
        <>
          <More label="增加场次" open={sittings.length === 0 || failed?.values?.intent === 'sitting'}>
            <IntentForm intent="sitting" failed={failed}>
              <SelectField name="sitting-roomId" label="考场" options={options.rooms} />
              <DateField name="sitting-on" label="考试日期" />
              <TextField name="sitting-from" label="开始时间" width="short" hint="如 09:00" />
              <TextField name="sitting-to" label="结束时间" width="short" hint="如 10:30" />
              <TextField name="sitting-seats" label="安排人数" unit="人" inputMode="numeric" width="short" />
              <SelectField name="sitting-examinerId" label="考评员" options={options.examiners} />
              <Button kind="plain">增加</Button>
            </IntentForm>
          </More>
          <More label="指定内部质量督导员" open={failed?.values?.intent === 'supervisor'}>
            <IntentForm intent="supervisor" failed={failed}>
              <SelectField
                name="supervisor-examinerId"
                label="内部质量督导员"
                options={options.supervisors}
                value={supervisorId ?? ''}
              />
              <Button kind="plain">指定</Button>
            </IntentForm>
          </More>
        </>
      )}
    </Section>
  )
}
