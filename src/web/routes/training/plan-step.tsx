import { data, redirect } from 'react-router'
import { rejectPlan, returnPlan, withdrawPlan } from '#modules/training/plan.commands.ts'
import { planPage } from '#modules/training/plan.queries.ts'
import { planCycle } from '#modules/training/plan.rules.ts'
import { planStates, reasonText } from '#modules/training/plan.schema.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { areaAt, programmeName, reasonOptions, trainingWords } from '../../training/desk.ts'
import { StepPage } from '../../training/steps.tsx'
import type { Route } from './+types/plan-step.ts'

const steps = {
  withdraw: {
    title: '撤回计划',
    command: withdrawPlan,
    permission: 'plan.file',
    consequence: '撤回后不再受理；要办的话请重新填报。',
    done: 'withdrawn',
  },
  return: {
    title: '退回补正',
    command: returnPlan,
    permission: 'plan.decide',
    consequence: '退回后审核时限停止计时，单位补正交回后继续。',
    done: 'returned',
  },
  reject: {
    title: '不予列入',
    command: rejectPlan,
    permission: 'plan.decide',
    consequence: '单位会看到原因；改好后只能重新填报。',
    done: 'decided',
  },
} as const

function stepOf(name: string | undefined) {
  if (name && Object.hasOwn(steps, name))
    return { name: name as keyof typeof steps, ...steps[name as keyof typeof steps] }
  throw data(null, 404)
}

export const meta = ({ params }: Route.MetaArgs) => title(steps[params.step as keyof typeof steps]?.title ?? '办理')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const step = stepOf(params.step)
  const { ctx } = signedIn({ request, context }, step.permission)
  const plan = await planPage(ctx, isId(params.planId)).catch(fail(request))
  const outcome = step.name === 'withdraw' ? null : step.name
  return {
    area: areaAt(request),
    step: { name: step.name, title: step.title, consequence: step.consequence },
    plan: { id: plan.id, title: plan.title, organisation: plan.organisation.name, number: plan.number },
    programme: programmeName(ctx.plan, plan.programme),
    options: outcome && reasonOptions(ctx.plan, 'plan', outcome),
    blocked: planCycle[step.name].from.includes(plan.state)
      ? plan.filedBy === ctx.actor.id && outcome
        ? '提交人不能办理自己提交的计划'
        : null
      : `计划现在的状态是“${planStates[plan.state]}”，不能办这一步`,
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const step = stepOf(params.step)
  const { ctx } = signedIn({ request, context }, step.permission)
  const planId = isId(params.planId)
  const form = await request.formData()
  const tried = await attempt<unknown>(
    step.command(ctx, { ...formObject(form), planId }),
    form,
    trainingWords(ctx, reasonText),
  )
  return tried.ok ? redirect(done(paths.orgPlan(areaAt(request), planId), step.done)) : tried.answer
}

export default function PlanStep({ loaderData, actionData }: Route.ComponentProps) {
  const { area, plan, step, options } = loaderData
  return (
    <StepPage
      title={step.title}
      record={{
        label: plan.title,
        href: paths.orgPlan(area, plan.id),
        list: { label: area === 'office' ? '计划备案' : '培训计划', href: paths.orgPlans(area) },
      }}
      rows={[
        { label: '计划', value: plan.title },
        { label: '承办单位', value: plan.organisation },
        { label: '项目', value: loaderData.programme },
      ]}
      blocked={loaderData.blocked}
      consequence={step.consequence}
      submit={step.title}
      final={step.name !== 'return'}
      failed={actionData}
      field="note"
      {...(options && { options })}
    />
  )
}
