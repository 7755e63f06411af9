import { redirect } from 'react-router'
import { createCourse } from '#modules/library/course.commands.ts'
import { attempt } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { courseChoices } from '../../library/choices.ts'
import { CourseFields, courseLabels } from '../../library/course-fields.tsx'
import { libraryWords } from '../../library/desk.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { workOf } from '../../training/desk.ts'
import { Button } from '../../ui/button.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/course-new.ts'

export const meta = () => title('新建课程')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  return { area, choices: await courseChoices(ctx) }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, organisationId } = workOf(args, 'library.contribute')
  const form = await args.request.formData()
  const tried = await attempt(createCourse(ctx, { ...formObject(form), organisationId }), form, libraryWords(ctx))
  return tried.ok ? redirect(done(paths.course(area, tried.value.courseId), 'course-made')) : tried.answer
}

export default function CourseNew({ loaderData: { area, choices }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="新建课程" crumbs={[{ label: '线上课程', href: paths.courses(area) }]} />
      <Form failed={actionData} labels={courseLabels}>
        <CourseFields choices={choices} />
        <Button>建好课程</Button>
      </Form>
    </>
  )
}
