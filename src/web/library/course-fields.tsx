import { CheckboxGroup } from '../ui/choices.tsx'
import { type Option, SelectField, TextArea, TextField } from '../ui/fields.tsx'

export type CourseValues = {
  title: string
  summary: string
  occupation: string
  level: string
  groups: string[]
  subdistrict: string
}

export const courseLabels = {
  title: '课程名称',
  summary: '课程简介',
  occupation: '职业',
  level: '等级',
  groups: '适合人群',
  subdistrict: '街道',
}

export type CourseChoices = { occupations: Option[]; levels: Option[]; groups: Option[]; subdistricts: Option[] }

export function CourseFields({ values, choices }: { values?: CourseValues; choices: CourseChoices }) {
  return (
    <>
      <TextField name="title" label="课程名称" value={values?.title ?? ''} width="full" maxLength={120} />
      <TextArea
        name="summary"
        label="课程简介"
        optional
        hint="学什么、学完能做什么、需要什么基础。"
        value={values?.summary ?? ''}
        rows={5}
        maxLength={4000}
      />
      <SelectField
        name="occupation"
        label="职业"
        optional
        options={choices.occupations}
        value={values?.occupation ?? ''}
      />
      <SelectField name="level" label="等级" optional options={choices.levels} value={values?.level ?? ''} />
      <CheckboxGroup
        name="groups"
        label="特别适合哪些人"
        optional
        options={choices.groups}
        value={values?.groups ?? []}
      />
      <SelectField
        name="subdistrict"
        label="面向哪个街道"
        optional
        hint="全区都适用的不用选。"
        options={choices.subdistricts}
        value={values?.subdistrict ?? ''}
      />
    </>
  )
}
