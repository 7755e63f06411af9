import { courseKinds } from '#modules/training/plan.schema.ts'
import { DateField, type Option, SelectField, TextField } from '../ui/fields.tsx'

export type SessionValues = {
  title: string
  courseKind: string
  day: string
  from: string
  to: string
  breakMinutes: string
  trainerId: string
  roomId: string
}

export const sessionLabels: Record<string, string> = {
  title: '课题',
  courseKind: '课程类别',
  day: '上课日期',
  from: '开始时间',
  to: '结束时间',
  breakMinutes: '休息分钟数',
  trainerId: '教师',
  roomId: '教室',
  weeks: '重复周数',
  makeupOf: '补哪一次课',
}

const kinds = Object.entries(courseKinds).map(([value, label]) => ({ value, label }))

export function SessionFields(props: {
  values: SessionValues
  trainers: readonly Option[]
  rooms: readonly Option[]
  min: string
  max: string
}) {
  const { values } = props
  return (
    <>
      <TextField name="title" label="课题" value={values.title} maxLength={80} width="full" />
      <SelectField name="courseKind" label="课程类别" value={values.courseKind} options={kinds} />
      <DateField name="day" label="上课日期" value={values.day} min={props.min} max={props.max} />
      <TextField
        name="from"
        label="开始时间"
        hint="24 小时制，例如 09:00。"
        value={values.from}
        width="short"
        maxLength={5}
      />
      <TextField name="to" label="结束时间" value={values.to} width="short" maxLength={5} />
      <TextField
        name="breakMinutes"
        label="休息分钟数"
        hint="休息时间不计课时。"
        unit="分钟"
        inputMode="numeric"
        width="short"
        value={values.breakMinutes}
      />
      <SelectField name="trainerId" label="教师" value={values.trainerId} options={props.trainers} />
      <SelectField name="roomId" label="教室" optional placeholder="线上" value={values.roomId} options={props.rooms} />
    </>
  )
}
