import { redirect } from 'react-router'
import { addLicence } from '#modules/people/licence.commands.ts'
import { organisationCard } from '#modules/people/organisation.queries.ts'
import { licenceKinds, reasonText } from '#modules/people/organisation.schema.ts'
import { attempt, fail, signedIn, wordsOf } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { DateField, SelectField, TextArea, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/organisation-licence.ts'

export const meta = () => title('登记许可')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'organisation.register')
  return { organisation: await organisationCard(ctx.db, isId(params.id)).catch(fail(request)) }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'organisation.register')
  const form = await request.formData()
  const organisationId = isId(params.id)
  const tried = await attempt(addLicence(ctx, { ...Object.fromEntries(form), organisationId }), form, (refusal) =>
    wordsOf(ctx.plan, reasonText, refusal),
  )
  return tried.ok ? redirect(done(paths.officeOrganisation(organisationId), 'registered')) : tried.answer
}

export default function LicencePage({ loaderData: { organisation }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="登记许可"
        crumbs={[
          { label: '单位', href: paths.officeOrganisations() },
          { label: organisation.name, href: paths.officeOrganisation(organisation.id) },
        ]}
      />
      <Form
        failed={actionData}
        labels={{
          number: '编号',
          kind: '种类',
          occupations: '职业',
          validFrom: '有效期起',
          validTo: '有效期止',
          issuer: '机关',
        }}
      >
        <TextField name="number" label="证书或备案编号" />
        <SelectField
          name="kind"
          label="种类"
          options={Object.entries(licenceKinds).map(([value, label]) => ({ value, label }))}
        />
        <TextArea
          name="occupations"
          label="可培训的职业"
          optional
          rows={3}
          hint="写“版本:代码”，多个用逗号隔开，例如 2015:4-10-01-02。不填表示不限职业。"
        />
        <DateField name="validFrom" label="有效期起" />
        <DateField name="validTo" label="有效期止" optional hint="长期有效的不填。" />
        <TextField name="issuer" label="发证或备案机关" />
        <Button>登记</Button>
      </Form>
    </>
  )
}
