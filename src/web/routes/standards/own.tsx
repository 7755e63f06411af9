import { redirect } from 'react-router'
import { occupationOptions } from '#modules/occupations/catalogue.queries.ts'
import { proposeStandard } from '#modules/standards/standard.commands.ts'
import { ownVersions } from '#modules/standards/standard.queries.ts'
import { standardKinds } from '#modules/standards/standard.schema.ts'
import { attempt } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { VersionTable } from '../../standards/list.tsx'
import { standardWords } from '../../standards/parts.tsx'
import { workOf } from '../../training/desk.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextArea, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import type { Route } from './+types/own.ts'

export const meta = () => title('技能标准')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, organisationId } = workOf(args, 'standard.draft')
  const [versions, occupations] = await Promise.all([ownVersions(ctx.db, organisationId), occupationOptions(ctx.db)])
  return { area, versions, occupations: occupations.map(({ value, label }) => ({ value, label })) }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, organisationId } = workOf(args, 'standard.draft')
  const form = await args.request.formData()
  const work = proposeStandard(ctx, { ...Object.fromEntries(form), organisationId })
  const tried = await attempt(work, form, standardWords(ctx))
  return tried.ok ? redirect(paths.standardDesk(area, tried.value.versionId)) : tried.answer
}

export default function Own({ loaderData: { area, versions, occupations }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="技能标准" lead="立项、起草、征求意见、审定、发布，都在这里办。" />
      <div className="stack">
        <VersionTable area={area} versions={versions} />
        <Section title="申请立项">
          <Form failed={actionData}>
            <TextField name="title" label="标准名称" width="full" maxLength={100} />
            <SelectField
              name="kind"
              label="类别"
              options={Object.entries(standardKinds).map(([value, label]) => ({ value, label }))}
            />
            <SelectField name="occupation" label="职业（工种）" options={occupations} />
            <TextArea name="purpose" label="立项理由" rows={4} maxLength={2000} />
            <Button>申请立项</Button>
          </Form>
        </Section>
      </div>
    </>
  )
}
