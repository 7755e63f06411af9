import { redirect } from 'react-router'
import { documentKinds } from '#modules/people/identity.schema.ts'
import { enrolPerson } from '#modules/training/enrolment.commands.ts'
import { employments } from '#modules/training/roster.schema.ts'
import { attempt } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { classOf } from '../../training/class-head.ts'
import { trainingWords } from '../../training/desk.ts'
import { subdistrictOptions } from '../../training/options.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/roster-new.ts'

export const meta = () => title('登记学员')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, head } = await classOf(args)
  return {
    area,
    head,
    groups: ctx.plan.groups.map(({ id, label }) => ({ value: id, label })),
    subdistricts: subdistrictOptions(ctx.plan),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, cls } = await classOf(args)
  const form = await args.request.formData()
  const tried = await attempt(
    enrolPerson(ctx, { ...Object.fromEntries(form), classId: cls.id }),
    form,
    trainingWords(ctx),
  )
  return tried.ok ? redirect(done(paths.roster(area, cls.id), 'learner-added')) : tried.answer
}

const labels = {
  name: '姓名',
  documentKind: '证件类型',
  documentNumber: '证件号码',
  phone: '手机号',
  groupCode: '人员类别',
}
const kinds = Object.entries(documentKinds).map(([value, label]) => ({ value, label }))
const works = Object.entries(employments).map(([value, label]) => ({ value, label }))

export default function AddLearner({ loaderData, actionData }: Route.ComponentProps) {
  const { area, head } = loaderData
  const back = paths.roster(area, head.id)
  return (
    <>
      <PageHeader
        title="登记学员"
        caption={`${head.title}　班号 ${head.number}`}
        crumbs={[{ label: '花名册', href: back }]}
      />
      <Form failed={actionData} labels={labels}>
        <TextField name="name" label="姓名" hint="与证件一致。少数民族姓名用间隔号“·”。" maxLength={50} />
        <SelectField name="documentKind" label="证件类型" value="resident-id" options={kinds} />
        <TextField name="documentNumber" label="证件号码" maxLength={30} />
        <TextField
          name="phone"
          label="手机号"
          hint="本人的手机号，用于通知和回访。"
          type="tel"
          inputMode="numeric"
          maxLength={20}
        />
        <SelectField name="employment" label="用工形式" optional options={works} />
        <TextField name="job" label="岗位或工种" optional maxLength={60} />
        <SelectField
          name="groupCode"
          label="人员类别"
          optional
          hint="须由主管部门核实后才生效。"
          placeholder="不属于重点群体"
          options={loaderData.groups}
        />
        <SelectField
          name="subdistrict"
          label="居住街道"
          optional
          placeholder="不在海珠区或未知"
          options={loaderData.subdistricts}
        />
        <TextField
          name="remarks"
          label="备注"
          optional
          hint="需要手语、无障碍场地等协助的请写明。不要写病情、账号。"
          width="full"
          maxLength={200}
        />
        <Actions>
          <Button>登记</Button>
          <LinkButton kind="quiet" href={back}>
            不登记
          </LinkButton>
        </Actions>
      </Form>
    </>
  )
}
