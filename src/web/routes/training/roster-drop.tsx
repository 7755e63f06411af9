import { redirect } from 'react-router'
import { withdrawEnrolment } from '#modules/training/enrolment.commands.ts'
import { enrolmentStates } from '#modules/training/enrolment.schema.ts'
import { hoursSheet } from '#modules/training/roster.queries.ts'
import { missing } from '#platform/errors.ts'
import { attempt, fail } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { classOf } from '../../training/class-head.ts'
import { trainingWords } from '../../training/desk.ts'
import { StepPage } from '../../training/steps.tsx'
import type { Route } from './+types/roster-drop.ts'

export const meta = () => title('办理退班')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, head } = await classOf(args)
  const id = isId(args.params.enrolmentId)
  const row = (await hoursSheet(ctx, head.id)).find((line) => line.enrolmentId === id)
  if (!row) return fail(args.request)(missing('enrolment'))
  return { area, head, row: { name: row.name, document: row.document, state: row.state, hours: row.hours.hours } }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, cls } = await classOf(args)
  const form = await args.request.formData()
  const input = { ...Object.fromEntries(form), enrolmentId: isId(args.params.enrolmentId) }
  const tried = await attempt(withdrawEnrolment(ctx, input), form, trainingWords(ctx))
  return tried.ok ? redirect(done(paths.roster(area, cls.id), 'learner-dropped')) : tried.answer
}

export default function DropLearner({ loaderData, actionData }: Route.ComponentProps) {
  const { area, head, row } = loaderData
  return (
    <StepPage
      title="办理退班"
      record={{
        label: '花名册',
        href: paths.roster(area, head.id),
        list: { label: head.title, href: paths.orgClass(area, head.id) },
      }}
      rows={[
        { label: '学员', value: row.name, note: row.document },
        { label: '已学', value: `${row.hours} 课时`, note: '课时台账会保留，但没有考核合格，不能申领补贴。' },
      ]}
      blocked={row.state === 'enrolled' ? null : `该学员的状态是“${enrolmentStates[row.state]}”，不用退班`}
      consequence="名额会空出来。学员以后想学，要重新登记。"
      submit="确定退班"
      final
      failed={actionData}
    />
  )
}
