import { documentKinds } from '#modules/people/identity.schema.ts'
import type { MaterialLine, PlatformRecord } from '#modules/recognition/application.queries.ts'
import type { Answers } from '#modules/recognition/form.rules.ts'
import type { Scheme } from '#policy/plan.types.ts'
import { paths } from '../paths.ts'
import { Actions, Button } from '../ui/button.tsx'
import { Checkbox, FileField } from '../ui/choices.tsx'
import { SelectField, TextField } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { More, Section } from '../ui/section.tsx'
import { Autosave } from './autosave.tsx'
import { Materials } from './parts.tsx'
import { fieldLabels, SchemeFields } from './scheme-fields.tsx'

type Data = {
  area: string
  line: { id: string; version: number }
  scheme: Scheme
  person: { name: string; documentKind: string; documentNumber: string }
  answers: Answers
  materials: readonly MaterialLine[]
  records: readonly PlatformRecord[]
  kinds: Scheme['materials']
  asksPerson: boolean
}

/** The applicant's own form: papers first, since they are sent one by one, then what is written, then the promise. */
export function FillIn({ data, failed }: { data: Data; failed: Failed | undefined }) {
  const { area, line, scheme, person, answers, materials, kinds, asksPerson } = data
  // without the query: what was just saved must not be said again above a fault
  const action = paths.ownTitle(area, line.id)
  const intent = String(failed?.values?.intent ?? '')
  const writing = intent === 'save' || intent === 'submit' ? failed : undefined
  const version = String(writing?.values?.version ?? line.version)
  const uploads = kinds.filter((one) => one.origin === 'upload')
  return (
    <>
      <Section title="材料">
        <Materials materials={materials} kinds={kinds} records={data.records} />
        <Form
          action={action}
          failed={intent === 'add-material' ? failed : undefined}
          labels={{ kind: '材料', file: '文件' }}
          upload
        >
          <input type="hidden" name="intent" value="add-material" />
          <SelectField
            name="kind"
            label="上传哪一种材料"
            options={uploads.map((one) => ({ value: one.id, label: one.label }))}
          />
          <FileField name="file" label="文件" accept=".pdf,.jpg,.jpeg,.png" limit="PDF、JPG 或 PNG，不超过 10 MB" />
          <Button kind="plain">上传材料</Button>
        </Form>
        {materials.length > 0 && (
          <More label="传错了，删除材料">
            <Form
              action={action}
              failed={intent === 'drop-material' ? failed : undefined}
              labels={{ materialId: '材料' }}
            >
              <input type="hidden" name="intent" value="drop-material" />
              <SelectField
                name="materialId"
                label="要删除的材料"
                options={materials.map((one) => ({ value: one.id, label: one.name }))}
              />
              <Button kind="plain">删除</Button>
            </Form>
          </More>
        )}
      </Section>
      <Section title="填报内容" description="随时可以保存，下次接着填。上传材料前请先保存已填的内容。">
        <Form action={action} failed={writing} labels={{ ...fieldLabels(scheme.fields), consent: '' }}>
          <input type="hidden" name="version" value={version} />
          {asksPerson && (
            <>
              <TextField
                name="person.name"
                label="人选姓名"
                value={person.name}
                maxLength={120}
                hint="认定后公开姓名、单位和称号"
              />
              <SelectField
                name="person.documentKind"
                label="证件类型"
                value={person.documentKind}
                options={Object.entries(documentKinds).map(([value, label]) => ({ value, label }))}
              />
              <TextField
                name="person.documentNumber"
                label="证件号码"
                value={person.documentNumber}
                maxLength={60}
                hint="加密保存，不公开，只用于核对是同一个人"
              />
            </>
          )}
          <SchemeFields fields={scheme.fields} answers={answers} />
          <Checkbox name="consent" label={scheme.commitment} optional hint="提交时必须勾选，保存草稿可以不勾" />
          <Autosave to={paths.keepTitle(area, line.id)} />
          <Actions>
            <Button name="intent" value="submit">
              提交申请
            </Button>
            <Button kind="plain" name="intent" value="save">
              保存草稿
            </Button>
          </Actions>
        </Form>
      </Section>
    </>
  )
}
