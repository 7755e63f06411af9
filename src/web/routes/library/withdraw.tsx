import { redirect } from 'react-router'
import { withdrawCourse } from '#modules/library/course.commands.ts'
import { courseWork } from '#modules/library/course.queries.ts'
import { courseStates } from '#modules/library/course.schema.ts'
import { attempt, fail } from '../../ctx.ts'
import { libraryWords } from '../../library/desk.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { workOf } from '../../training/desk.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { TextArea } from '../../ui/fields.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/withdraw.ts'

export const meta = () => title('退出资源库')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = workOf(args, 'library.submit')
  const { id, title: name, state } = await courseWork(ctx, isId(args.params.courseId)).catch(fail(args.request))
  return { area, id, name, state }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = workOf(args, 'library.submit')
  const courseId = isId(args.params.courseId)
  const form = await args.request.formData()
  const tried = await attempt(withdrawCourse(ctx, { courseId, reason: form.get('reason') }), form, libraryWords(ctx))
  return tried.ok ? redirect(done(paths.course(area, courseId), 'withdrawn')) : tried.answer
}

export default function Withdraw({ loaderData: { area, id, name, state }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="退出资源库" crumbs={[{ label: name, href: paths.course(area, id) }]} />
      <Confirm
        failed={actionData}
        rows={[
          { label: '课程', value: name },
          { label: '现在的状态', value: courseStates[state] },
        ]}
        consequence="课程不再列入目录，不再接受新学员；已经学过的记录保留。"
        final
        submit="退出资源库"
        back={paths.course(area, id)}
      >
        <TextArea name="reason" label="理由" rows={3} maxLength={500} />
      </Confirm>
    </>
  )
}
