import { redirect } from 'react-router'
import { adminRoles, memberRoles, reasonText } from '#modules/access/grant.schema.ts'
import { appointAdmin } from '#modules/access/member.commands.ts'
import { reasonText as signInReasons } from '#modules/access/sign-in.schema.ts'
import { documentKinds } from '#modules/people/identity.schema.ts'
import { organisationCard } from '#modules/people/organisation.queries.ts'
import { attempt, fail, signedIn, wordsOf } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/organisation-admin.ts'

export const meta = () => title('提名单位管理员')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'account.verify')
  return { organisation: await organisationCard(ctx.db, isId(params.id)).catch(fail(request)) }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'account.verify')
  const form = await request.formData()
  const organisation = await organisationCard(ctx.db, isId(params.id)).catch(fail(request))
  const role = memberRoles(organisation.type).find((name) => adminRoles.includes(name))
  const input = { ...Object.fromEntries(form), organisationId: organisation.id, role }
  const tried = await attempt(appointAdmin(ctx, input), form, (refusal) =>
    wordsOf(ctx.plan, { ...signInReasons, ...reasonText }, refusal),
  )
  return tried.ok ? redirect(done(paths.officeOrganisation(organisation.id), 'appointed')) : tried.answer
}

export default function AppointAdmin({ loaderData: { organisation }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="提名单位管理员"
        crumbs={[
          { label: '单位', href: paths.officeOrganisations() },
          { label: organisation.name, href: paths.officeOrganisation(organisation.id) },
        ]}
        lead="请对照单位出具的授权书和本人证件。提名后由另一名受理人员批准。"
      />
      <Form
        failed={actionData}
        labels={{ name: '姓名', documentKind: '证件类型', documentNumber: '证件号码', phone: '手机号' }}
      >
        <TextField name="name" label="姓名" width="short" />
        <SelectField
          name="documentKind"
          label="证件类型"
          value="resident-id"
          options={Object.entries(documentKinds).map(([value, label]) => ({ value, label }))}
        />
        <TextField name="documentNumber" label="证件号码" />
        <TextField
          name="phone"
          label="手机号"
          type="tel"
          inputMode="numeric"
          width="short"
          hint="本人用这个手机号接收验证码登录。"
        />
        <Button>提名</Button>
      </Form>
    </>
  )
}
