import { redirect } from 'react-router'
import { classesForCourse, courseHead } from '#modules/learning/course.queries.ts'
import { register } from '#modules/learning/registration.commands.ts'
import { missing } from '#platform/errors.ts'
import { attempt, fail } from '../../ctx.ts'
import { learningWords } from '../../learning/words.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { ownAffairs } from '../../person.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/start.ts'

export const meta = () => title('开始学习')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx, personId } = ownAffairs({ request, context })
  const course = await courseHead(ctx.db, isId(params.courseId))
  if (!course) return fail(request)(missing('course'))
  return { course, classes: await classesForCourse(ctx.db, personId) }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = ownAffairs({ request, context })
  const form = await request.formData()
  const given = String(form.get('enrolmentId') ?? '')
  const input = { courseId: isId(params.courseId), enrolmentId: given === 'self' ? '' : given }
  const tried = await attempt(register(ctx, input), form, learningWords(ctx))
  return tried.ok ? redirect(done(paths.myCourse(tried.value.registrationId), 'course-begun')) : tried.answer
}

export default function Start({ loaderData, actionData }: Route.ComponentProps) {
  const { course, classes } = loaderData
  return (
    <>
      <PageHeader
        title={`开始学习：${course.title}`}
        caption={`${course.organisation}　${course.hours} 课时`}
        crumbs={[{ label: '我的线上课程', href: paths.myCourses() }]}
      />
      {course.open ? (
        <Form failed={actionData} labels={{ enrolmentId: '为哪个班学' }}>
          <RadioGroup
            name="enrolmentId"
            label="学习时间计到哪里"
            hint="选了班级，开班之后的学习按课程核定的课时计入该班；自学的时间只记在您本人名下，不用于申领补贴。"
            value={classes[0]?.enrolmentId ?? 'self'}
            options={[
              ...classes.map((one) => ({ value: one.enrolmentId, label: `计入班级：${one.title}` })),
              { value: 'self', label: '自学' },
            ]}
          />
          <Button>开始学习</Button>
        </Form>
      ) : (
        <Notice tone="warn" title="这门课程现在不能开始学">
          <p>课程还没有入库，或已经出库。请在课程目录里另选一门。</p>
        </Notice>
      )}
    </>
  )
}
