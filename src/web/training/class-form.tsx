import { classModes } from '#modules/training/class.schema.ts'
import { Checkbox, CheckboxGroup, RadioGroup } from '../ui/choices.tsx'
import { DateField, type Option, SelectField, TextArea, TextField } from '../ui/fields.tsx'

export type ClassValues = {
  title: string
  summary: string
  industry: string
  mode: string
  venueId: string
  capacity: string
  startsOn: string
  endsOn: string
  accessibility: string
  teachingPlan: string
  resources: string
  assessmentPlan: string
  openEnrolment: boolean
  trainerIds: string[]
}

export const emptyClass: ClassValues = {
  title: '',
  summary: '',
  industry: '',
  mode: 'offline',
  venueId: '',
  capacity: '',
  startsOn: '',
  endsOn: '',
  accessibility: '',
  teachingPlan: '',
  resources: '',
  assessmentPlan: '',
  openEnrolment: false,
  trainerIds: [],
}

export const classLabels: Record<string, string> = {
  planId: '培训计划',
  title: '班级名称',
  summary: '课程介绍',
  mode: '授课方式',
  venueId: '培训地点',
  capacity: '人数上限',
  startsOn: '开班日期',
  endsOn: '结业日期',
  trainerIds: '教师',
  teachingPlan: '教学计划',
  resources: '教学资源',
  assessmentPlan: '考核方案',
}

const modes = Object.entries(classModes).map(([value, label]) => ({ value, label }))

export function ClassFields(props: {
  values: ClassValues
  venues: readonly Option[]
  trainers: readonly Option[]
  /** Why the public may not sign up, where it may not. */
  closedToPublic: string | null
  placesHref: string
}) {
  const { values } = props
  return (
    <>
      <TextField name="title" label="班级名称" value={values.title} width="full" maxLength={120} />
      <TextArea
        name="summary"
        label="课程介绍"
        hint="公众找班时看到的就是这一段。"
        optional
        value={values.summary}
        rows={4}
        maxLength={4000}
      />
      <RadioGroup name="mode" label="授课方式" value={values.mode} options={modes} />
      <SelectField
        name="venueId"
        label="培训地点"
        optional
        value={values.venueId}
        options={props.venues}
        hint={
          <>
            列表里没有的，先到<a href={props.placesHref}>场地和师资</a>登记。
          </>
        }
      />
      <TextField
        name="capacity"
        label="人数上限"
        hint="不能超过教室座位数和每班人数上限。"
        unit="人"
        inputMode="numeric"
        width="short"
        value={values.capacity}
      />
      <DateField name="startsOn" label="开班日期" value={values.startsOn} />
      <DateField name="endsOn" label="结业日期" value={values.endsOn} />
      {props.trainers.length > 0 ? (
        <CheckboxGroup name="trainerIds" label="教师" optional value={values.trainerIds} options={props.trainers} />
      ) : (
        <p className="hint">
          还没有登记教师，先到<a href={props.placesHref}>场地和师资</a>登记。
        </p>
      )}
      <TextArea
        name="teachingPlan"
        label="教学计划"
        optional
        hint="课程、课时、进度和教学要求。"
        value={values.teachingPlan}
        maxLength={8000}
      />
      <TextArea
        name="resources"
        label="教学资源"
        optional
        hint="教材、数字课程和设备。"
        value={values.resources}
        maxLength={4000}
        rows={3}
      />
      <TextArea
        name="assessmentPlan"
        label="考核方案"
        optional
        hint="理论和实操的内容、方式和合格线。"
        value={values.assessmentPlan}
        maxLength={4000}
        rows={3}
      />
      <TextField name="industry" label="行业" optional value={values.industry} maxLength={40} />
      <TextField
        name="accessibility"
        label="无障碍条件"
        optional
        hint="例如：有电梯、可提供手语翻译。"
        value={values.accessibility}
        width="full"
        maxLength={200}
      />
      {props.closedToPublic ? (
        <p className="hint">{props.closedToPublic}</p>
      ) : (
        <Checkbox
          name="openEnrolment"
          label="公开报名"
          optional
          hint="批准开班后列在“找培训”里，名额满了自动停止。"
          checked={values.openEnrolment}
        />
      )}
    </>
  )
}
