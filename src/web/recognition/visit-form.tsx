import type { ReactNode } from 'react'
import type { Scheme } from '#policy/plan.types.ts'
import { Button } from '../ui/button.tsx'
import { FileField, RadioGroup } from '../ui/choices.tsx'
import { DateField, TextArea, TextField } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'

const answers = [
  { value: 'yes', label: '符合' },
  { value: 'no', label: '不符合' },
  { value: 'none', label: '不适用' },
]

/** The list to be filled in on the spot. */
export function VisitForm(props: {
  scheme: Pick<Scheme, 'checklist'>
  today: string
  failed: Failed | undefined
  clientKey: string
  children: ReactNode
}) {
  const { scheme, today, failed } = props
  return (
    <Form
      failed={failed}
      labels={{
        ...{ visitedOn: '核查日期', finding: '结论', note: '核查情况', companion: '一同核查的人', photos: '现场照片' },
        ...Object.fromEntries(scheme.checklist.map((one) => [`checks.${one.id}`, ''])),
      }}
      upload
    >
      <input type="hidden" name="clientKey" value={props.clientKey} />
      <DateField name="visitedOn" label="核查日期" value={today} max={today} />
      {scheme.checklist.map((one) => (
        <RadioGroup key={one.id} name={`checks.${one.id}`} label={one.label} options={answers} />
      ))}
      <TextArea name="note" label="核查情况" rows={4} maxLength={2000} />
      <FileField
        name="photos"
        label="现场照片"
        accept=".jpg,.jpeg,.png"
        capture="environment"
        limit="JPG 或 PNG，最多 8 张，每张不超过 10 MB"
        multiple
        optional
      />
      <TextField
        name="companion"
        label="一同核查的人"
        maxLength={60}
        hint="两人以上到现场；提交后由这个人登录确认"
        optional
      />
      <RadioGroup
        name="finding"
        label="结论"
        options={[
          { value: 'pass', label: '通过' },
          { value: 'fail', label: '不通过，不予认定' },
        ]}
      />
      {props.children}
      <Button>提交核查记录</Button>
    </Form>
  )
}
