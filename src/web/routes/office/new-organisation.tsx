import { redirect } from 'react-router'
import { registerOrganisation } from '#modules/people/organisation.commands.ts'
import { organisationTypes, reasonText } from '#modules/people/organisation.schema.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, signedIn, wordsOf } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { subdistrictOptions } from '../../subdistricts.ts'
import { Button } from '../../ui/button.tsx'
import { DateField, SelectField, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/new-organisation.ts'

export const meta = () => title('登记单位')

export function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'organisation.register')
  const today = dayOf(ctx.now)
  return { today, subdistricts: subdistrictOptions(ctx.plan, today) }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'organisation.register')
  const form = await request.formData()
  const tried = await attempt(registerOrganisation(ctx, Object.fromEntries(form)), form, (refusal) =>
    wordsOf(ctx.plan, reasonText, refusal),
  )
  return tried.ok ? redirect(done(paths.officeOrganisation(tried.value.organisationId), 'registered')) : tried.answer
}

const labels = {
  uscc: '统一社会信用代码',
  name: '单位名称',
  type: '单位类型',
  address: '地址',
  subdistrict: '所在街道',
  industry: '行业',
  legalRepresentative: '法定代表人',
  contactName: '联系人',
  contactPhone: '联系电话',
  registeredOn: '成立日期',
}

export default function NewOrganisation({ loaderData, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="登记单位" crumbs={[{ label: '单位', href: paths.officeOrganisations() }]} />
      <Form failed={actionData} labels={labels}>
        <TextField
          name="uscc"
          label={labels.uscc}
          maxLength={40}
          hint="营业执照或登记证书上的18位代码，系统核对校验码。"
        />
        <TextField name="name" label={labels.name} width="full" hint="与证照完全一致；收款账户的户名以此为准。" />
        <SelectField
          name="type"
          label={labels.type}
          options={Object.entries(organisationTypes).map(([value, label]) => ({ value, label }))}
        />
        <TextField name="address" label={labels.address} width="full" />
        <SelectField name="subdistrict" label={labels.subdistrict} options={loaderData.subdistricts} />
        <DateField name="registeredOn" label={labels.registeredOn} max={loaderData.today} />
        <TextField name="industry" label={labels.industry} optional />
        <TextField name="legalRepresentative" label={labels.legalRepresentative} optional width="short" />
        <TextField name="contactName" label={labels.contactName} optional width="short" />
        <TextField name="contactPhone" label={labels.contactPhone} type="tel" optional width="short" />
        <Button>登记</Button>
      </Form>
    </>
  )
}
