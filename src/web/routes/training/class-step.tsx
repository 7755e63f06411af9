import { data, redirect } from 'react-router'
import { classPage } from '#modules/training/class.queries.ts'
import { classCycle } from '#modules/training/class.rules.ts'
import { classStates, reasonText } from '#modules/training/class.schema.ts'
import {
  cancelClass,
  resumeClass,
  returnClass,
  suspendClass,
  terminateClass,
} from '#modules/training/decide.commands.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { areaAt, reasonOptions, trainingWords } from '../../training/desk.ts'
import { StepPage } from '../../training/steps.tsx'
import type { Route } from './+types/class-step.ts'

const steps = {
  return: {
    title: '退回补正',
    command: returnClass,
    permission: 'class.decide',
    consequence: '退回后审核时限停止计时，单位补正交回后继续。',
    outcome: 'return',
    final: false,
  },
  suspend: {
    title: '暂停上课',
    command: suspendClass,
    permission: 'class.inspect',
    consequence: '暂停期间不能上课、不能签到。整改后由受理人员恢复。',
    outcome: 'suspend',
    final: false,
  },
  resume: {
    title: '恢复上课',
    command: resumeClass,
    permission: 'class.decide',
    consequence: '恢复后可以继续上课。',
    outcome: null,
    final: false,
  },
  cancel: {
    title: '取消班级',
    command: cancelClass,
    permission: 'class.apply',
    consequence: '未上的课次全部取消，学员全部退班，不能恢复。',
    outcome: null,
    final: true,
  },
  terminate: {
    title: '中止班级',
    command: terminateClass,
    permission: 'class.decide',
    consequence: '未上的课次全部取消，学员全部退班；已记的课时保留在台账。',
    outcome: null,
    final: true,
  },
} as const

type StepName = keyof typeof steps

function stepOf(name: string | undefined) {
  if (name && Object.hasOwn(steps, name)) return { name: name as StepName, ...steps[name as StepName] }
  throw data(null, 404)
}

export const meta = ({ params }: Route.MetaArgs) => title(steps[params.step as StepName]?.title ?? '办理')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const step = stepOf(params.step)
  const { ctx } = signedIn({ request, context }, step.permission)
  const cls = await classPage(ctx, isId(params.classId)).catch(fail(request))
  return {
    area: areaAt(request),
    step: { title: step.title, consequence: step.consequence, final: step.final },
    cls: { id: cls.id, title: cls.title, number: cls.number, organisation: cls.organisation.name, taken: cls.taken },
    options: step.outcome && reasonOptions(ctx.plan, 'class', step.outcome),
    blocked: classCycle[step.name].from.includes(cls.state)
      ? null
      : `班级现在的状态是“${classStates[cls.state]}”，不能办这一步`,
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const step = stepOf(params.step)
  const { ctx } = signedIn({ request, context }, step.permission)
  const classId = isId(params.classId)
  const form = await request.formData()
  const tried = await attempt<unknown>(
    step.command(ctx, { ...formObject(form), classId }),
    form,
    trainingWords(ctx, reasonText),
  )
  const code = step.name === 'return' ? 'returned' : 'decided'
  return tried.ok ? redirect(done(paths.orgClass(areaAt(request), classId), code)) : tried.answer
}

export default function ClassStepPage({ loaderData, actionData }: Route.ComponentProps) {
  const { area, cls, step, options } = loaderData
  return (
    <StepPage
      title={step.title}
      record={{
        label: cls.title,
        href: paths.orgClass(area, cls.id),
        list: { label: area === 'office' ? '开班审核' : '班级', href: paths.orgClasses(area) },
      }}
      rows={[
        { label: '班级', value: cls.title, note: `班号 ${cls.number}` },
        { label: '承办单位', value: cls.organisation },
        { label: '学员', value: `${cls.taken} 人` },
      ]}
      blocked={loaderData.blocked}
      consequence={step.consequence}
      submit={step.title}
      final={step.final}
      failed={actionData}
      {...(options && { options })}
    />
  )
}
