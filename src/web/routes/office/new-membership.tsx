import { redirect } from 'react-router'
import { verifyGroup } from '#modules/people/group.commands.ts'
import { reasonText } from '#modules/people/group.schema.ts'
import { documentKinds } from '#modules/people/identity.schema.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, signedIn, wordsOf } from '../../ctx.ts'
import { ownGroups } from '../../own-groups.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { DateField, SelectField, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/new-membership.ts'

export const meta = () => title('认定一人')

export function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'group.verify')
  const groups = ownGroups(ctx.plan, ctx.actor)
  return {
    groups: groups.map((g) => ({ value: g.id, label: g.label })),
    evidence: groups.map((g) => `${g.label}：${g.evidence.join('、')}`),
    group: new URL(request.url).searchParams.get('group') ?? (groups.length === 1 ? (groups[0]?.id ?? '') : ''),
    today: dayOf(ctx.now),
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'group.verify')
  const form = await request.formData()
  const tried = await attempt(verifyGroup(ctx, Object.fromEntries(form)), form, (refusal) =>
    wordsOf(ctx.plan, reasonText, refusal),
  )
  return tried.ok
    ? redirect(done(paths.officeGroups({ group: String(form.get('groupCode')) }), 'group-verified'))
    : tried.answer
}

export default function NewMembership({ loaderData, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="认定一人" crumbs={[{ label: '重点人群认定', href: paths.officeGroups() }]} />
      <Form
        failed={actionData}
        labels={{
          groupCode: '人群',
          name: '姓名',
          documentKind: '证件类型',
          documentNumber: '证件号码',
          evidence: '认定依据',
          from: '起始日期',
          to: '截止日期',
        }}
      >
        <SelectField name="groupCode" label="人群" value={loaderData.group} options={loaderData.groups} />
        <TextField name="name" label="姓名" width="short" />
        <SelectField
          name="documentKind"
          label="证件类型"
          value="resident-id"
          options={Object.entries(documentKinds).map(([value, label]) => ({ value, label }))}
        />
        <TextField name="documentNumber" label="证件号码" />
        <TextField
          name="evidence"
          label="认定依据"
          width="full"
          hint={`写证件名称和编号，原件留在贵部门。${loaderData.evidence.join('；')}。`}
        />
        <DateField name="from" label="起始日期" max={loaderData.today} hint="从哪一天起属于这一人群。" />
        <DateField name="to" label="截止日期" optional hint="例如残疾人证的有效期；长期的不填。" />
        <Button>认定</Button>
      </Form>
    </>
  )
}
