import { redirect } from 'react-router'
import { occupationOptions } from '#modules/occupations/catalogue.queries.ts'
import { editPlan } from '#modules/training/plan.commands.ts'
import { planPage } from '#modules/training/plan.queries.ts'
import { editable } from '#modules/training/plan.rules.ts'
import { planStates, reasonText } from '#modules/training/plan.schema.ts'
import { attempt, fail } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { programmeName, trainingWords, workOf } from '../../training/desk.ts'
import { levelOptions } from '../../training/options.ts'
import { PlanFields, planLabels } from '../../training/plan-form.tsx'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/plan-edit.ts'

export const meta = () => title('修改培训计划')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx, area } = workOf({ request, context }, 'plan.edit')
  const plan = await planPage(ctx, isId(params.planId)).catch(fail(request))
  return {
    area,
    plan: { id: plan.id, title: plan.title, state: plan.state, version: plan.version },
    programme: programmeName(ctx.plan, plan.programme),
    values: {
      ...plan,
      headcount: String(plan.headcount),
      classHours: String(plan.classHours),
      courses: plan.courses.map((course) => ({ ...course, classHours: String(course.classHours) })),
    },
    occupations: await occupationOptions(ctx.db),
    levels: levelOptions(ctx.plan),
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx, area } = workOf({ request, context }, 'plan.edit')
  const planId = isId(params.planId)
  const form = await request.formData()
  const tried = await attempt(editPlan(ctx, { ...formObject(form), planId }), form, trainingWords(ctx, reasonText))
  return tried.ok ? redirect(done(paths.orgPlan(area, planId), 'saved')) : tried.answer
}

export default function EditPlan({ loaderData, actionData }: Route.ComponentProps) {
  const { area, plan, values } = loaderData
  const back = paths.orgPlan(area, plan.id)
  return (
    <>
      <PageHeader
        title="修改培训计划"
        caption={loaderData.programme}
        crumbs={[
          { label: '培训计划', href: paths.orgPlans(area) },
          { label: plan.title, href: back },
        ]}
      />
      {editable.includes(plan.state) ? (
        <Form failed={actionData} labels={planLabels(values.courses.length)}>
          <input type="hidden" name="version" value={plan.version} />
          <PlanFields
            values={values}
            occupations={loaderData.occupations}
            levels={loaderData.levels}
            rows={values.courses.length}
          />
          <Actions>
            <Button>保存</Button>
            <LinkButton kind="quiet" href={back}>
              不保存
            </LinkButton>
          </Actions>
        </Form>
      ) : (
        <Notice title={`计划现在的状态是“${planStates[plan.state]}”，不能修改`}>
          <p>
            <a href={back}>返回计划</a>
          </p>
        </Notice>
      )}
    </>
  )
}
