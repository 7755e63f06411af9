import { redirect } from 'react-router'
import { editCourse } from '#modules/library/course.commands.ts'
import { courseWork } from '#modules/library/course.queries.ts'
import { attempt, fail } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { courseChoices } from '../../library/choices.ts'
import { CourseFields, courseLabels } from '../../library/course-fields.tsx'
import { libraryWords } from '../../library/desk.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { workOf } from '../../training/desk.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/course-edit.ts'

export const meta = () => title('课程资料')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const course = await courseWork(ctx, isId(args.params.courseId)).catch(fail(args.request))
  return {
    area,
    id: course.id,
    version: course.version,
    values: {
      title: course.title,
      summary: course.summary,
      occupation: course.occupationCode ? `${course.occupationEdition}:${course.occupationCode}` : '',
      level: course.level ?? '',
      groups: course.groups,
      subdistrict: course.subdistrict ?? '',
    },
    choices: await courseChoices(ctx),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const courseId = isId(args.params.courseId)
  const form = await args.request.formData()
  const tried = await attempt(editCourse(ctx, { ...formObject(form), courseId }), form, libraryWords(ctx))
  return tried.ok ? redirect(done(paths.course(area, courseId), 'saved')) : tried.answer
}

export default function CourseEdit({
  loaderData: { area, id, version, values, choices },
  actionData,
}: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="课程资料"
        crumbs={[
          { label: '线上课程', href: paths.courses(area) },
          { label: values.title, href: paths.course(area, id) },
        ]}
      />
      <Form failed={actionData} labels={courseLabels}>
        <input type="hidden" name="version" value={version} />
        <CourseFields values={values} choices={choices} />
        <Actions>
          <Button>保存</Button>
          <LinkButton kind="quiet" href={paths.course(area, id)}>
            不改了
          </LinkButton>
        </Actions>
      </Form>
    </>
  )
}
