import { courseKinds, courseModes } from '#modules/training/plan.schema.ts'
import { DateField, type Option, SelectField, TextField } from '../ui/fields.tsx'
import { Section } from '../ui/section.tsx'

export type PlanValues = {
  title: string
  occupation: string
  level: string
  headcount: string
  classHours: string
  startsOn: string
  endsOn: string
  courses: { title: string; kind: string; mode: string; classHours: string; trainer: string }[]
}

export const emptyPlan: PlanValues = {
  title: '',
  occupation: '',
  level: '',
  headcount: '',
  classHours: '',
  startsOn: '',
  endsOn: '',
  courses: [],
}

const kinds = Object.entries(courseKinds).map(([value, label]) => ({ value, label }))
const modes = Object.entries(courseModes).map(([value, label]) => ({ value, label }))
const spare = 3
const rowNumbers = (count: number) => Array.from({ length: count }).map((_, at) => at)

/** Words of the error summary. */
export function planLabels(courses: number): Record<string, string> {
  const rows = Array.from({ length: courses + spare }, (_, i) => [
    [`courses.${i}.title`, `第${i + 1}门课程名称`],
    [`courses.${i}.kind`, `第${i + 1}门课程类别`],
    [`courses.${i}.mode`, `第${i + 1}门授课方式`],
    [`courses.${i}.classHours`, `第${i + 1}门课时`],
  ]).flat()
  return {
    programme: '培训项目',
    title: '计划名称',
    occupation: '职业（工种）',
    level: '等级',
    headcount: '培训人数',
    classHours: '每人课时',
    startsOn: '开始日期',
    endsOn: '结束日期',
    courses: '课程',
    ...Object.fromEntries(rows),
  }
}

/** What a plan says, with three empty rows for more courses. */
export function PlanFields(props: {
  values: PlanValues
  occupations: readonly Option[]
  levels: readonly Option[]
  rows: number
}) {
  const { values } = props
  return (
    <>
      <TextField name="title" label="计划名称" value={values.title} width="full" maxLength={120} />
      <SelectField
        name="occupation"
        label="职业（工种）"
        hint="机构办的项目必须选择；企业岗前和通用培训可以不选。"
        optional
        value={values.occupation}
        options={props.occupations}
      />
      <SelectField name="level" label="等级" optional value={values.level} options={props.levels} />
      <TextField
        name="headcount"
        label="计划培训人数"
        unit="人"
        inputMode="numeric"
        width="short"
        value={values.headcount}
      />
      <TextField
        name="classHours"
        label="每人课时"
        hint="等于下面各门课程课时之和。"
        unit="课时"
        inputMode="numeric"
        width="short"
        value={values.classHours}
      />
      <DateField name="startsOn" label="开始日期" hint="不能早于提交备案的日期。" value={values.startsOn} />
      <DateField name="endsOn" label="结束日期" value={values.endsOn} />
      <Section title="课程" description="不用的行留空。行不够时先保存，再回来会多出三行。">
        <span id="f-courses" />
        {rowNumbers(props.rows + spare).map((at) => (
          <CourseRow key={at} at={at} value={values.courses[at]} />
        ))}
      </Section>
    </>
  )
}

function CourseRow({ at, value }: { at: number; value: PlanValues['courses'][number] | undefined }) {
  const name = (field: string) => `courses.${at}.${field}`
  return (
    <fieldset className="panel filters">
      <legend>第 {at + 1} 门课程</legend>
      <TextField name={name('title')} label="课程名称" value={value?.title ?? ''} width="full" maxLength={60} />
      <SelectField name={name('kind')} label="类别" value={value?.kind ?? 'professional'} options={kinds} />
      <SelectField name={name('mode')} label="授课方式" value={value?.mode ?? 'offline'} options={modes} />
      <TextField
        name={name('classHours')}
        label="课时"
        inputMode="numeric"
        width="short"
        value={value?.classHours ?? ''}
      />
      <TextField name={name('trainer')} label="授课教师" optional value={value?.trainer ?? ''} maxLength={40} />
    </fieldset>
  )
}
