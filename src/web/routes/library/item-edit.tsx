import { data, redirect } from 'react-router'
import { courseWork } from '#modules/library/course.queries.ts'
import { itemKinds } from '#modules/library/course.schema.ts'
import { editItem } from '#modules/library/item.commands.ts'
import { attempt, fail } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { libraryWords } from '../../library/desk.ts'
import { ItemFields, itemLabels } from '../../library/item-fields.tsx'
import { itemChoices } from '../../library/work.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { workOf } from '../../training/desk.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/item-edit.ts'

export const meta = () => title('修改内容')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const course = await courseWork(ctx, isId(args.params.courseId)).catch(fail(args.request))
  const item = course.items.find(({ id }) => id === args.params.itemId)
  if (!item) throw data(null, 404)
  return {
    area,
    course: { id: course.id, title: course.title },
    kind: item.kind,
    values: {
      chapter: item.chapter,
      chapterTitle: item.chapterTitle,
      title: item.title,
      plannedMinutes: Math.round(item.plannedSeconds / 60),
      mediaId: item.mediaId ?? '',
      packageId: item.packageId ?? '',
      required: item.required,
      body: item.body,
    },
    choices: await itemChoices(ctx, course, item.kind),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const courseId = isId(args.params.courseId)
  const form = await args.request.formData()
  const values = formObject(form)
  const changed = editItem(ctx, { ...values, required: values.required ?? 'no', itemId: isId(args.params.itemId) })
  const tried = await attempt(changed, form, libraryWords(ctx))
  return tried.ok ? redirect(done(paths.course(area, courseId), 'saved')) : tried.answer
}

export default function ItemEdit({
  loaderData: { area, course, kind, values, choices },
  actionData,
}: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title={values.title}
        caption={itemKinds[kind]}
        crumbs={[
          { label: '线上课程', href: paths.courses(area) },
          { label: course.title, href: paths.course(area, course.id) },
        ]}
      />
      <Form failed={actionData} labels={itemLabels}>
        <ItemFields kind={kind} {...choices} values={values} />
        <Actions>
          <Button>保存</Button>
          <LinkButton kind="quiet" href={paths.course(area, course.id)}>
            返回课程
          </LinkButton>
        </Actions>
      </Form>
    </>
  )
}
