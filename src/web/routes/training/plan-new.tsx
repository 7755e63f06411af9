import { redirect } from 'react-router'
import { occupationOptions } from '#modules/occupations/catalogue.queries.ts'
import { organisationCard } from '#modules/people/organisation.queries.ts'
import { createPlan } from '#modules/training/plan.commands.ts'
import { reasonText } from '#modules/training/plan.schema.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { trainingWords, workOf } from '../../training/desk.ts'
import { levelOptions } from '../../training/options.ts'
import { emptyPlan, PlanFields, planLabels } from '../../training/plan-form.tsx'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/plan-new.ts'

export const meta = () => title('填报培训计划')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, area, organisationId } = workOf({ request, context }, 'plan.edit')
  const [organisation, occupations] = await Promise.all([
    organisationCard(ctx.db, organisationId),
    occupationOptions(ctx.db),
  ])
  const today = dayOf(ctx.now)
  const type = organisation.type === 'assessment-org' ? 'assessmentOrg' : organisation.type
  return {
    area,
    programmes: ctx.plan.programmes.map((one) => {
      const may = one.undertaker.orgTypes.includes(type)
      const open = one.openFrom <= today && (one.openTo === null || one.openTo >= today)
      return {
        value: one.code,
        label: one.name,
        hint: may ? (open ? one.undertaker.description : '不在受理期内') : '本单位类型不能承办',
        disabled: !may || !open,
      }
    }),
    occupations,
    levels: levelOptions(ctx.plan),
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx, area, organisationId } = workOf({ request, context }, 'plan.edit')
  const form = await request.formData()
  const tried = await attempt(
    createPlan(ctx, { ...formObject(form), organisationId }),
    form,
    trainingWords(ctx, reasonText),
  )
  return tried.ok ? redirect(done(paths.orgPlan(area, tried.value.planId), 'saved')) : tried.answer
}

export default function NewPlan({ loaderData, actionData }: Route.ComponentProps) {
  const { area, programmes } = loaderData
  return (
    <>
      <PageHeader title="填报培训计划" crumbs={[{ label: '培训计划', href: paths.orgPlans(area) }]} />
      <Form failed={actionData} labels={planLabels(0)}>
        <RadioGroup name="programme" label="培训项目" options={programmes} />
        <PlanFields values={emptyPlan} occupations={loaderData.occupations} levels={loaderData.levels} rows={3} />
        <Actions>
          <Button>保存草稿</Button>
          <LinkButton kind="quiet" href={paths.orgPlans(area)}>
            不保存
          </LinkButton>
        </Actions>
      </Form>
    </>
  )
}
