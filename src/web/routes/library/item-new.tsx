import { redirect } from 'react-router'
import { courseWork } from '#modules/library/course.queries.ts'
import { type ItemKind, itemKinds } from '#modules/library/course.schema.ts'
import { addItem } from '#modules/library/item.commands.ts'
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
import type { Route } from './+types/item-new.ts'

export const meta = () => title('添加内容')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const course = await courseWork(ctx, isId(args.params.courseId)).catch(fail(args.request))
  const asked = new URL(args.request.url).searchParams.get('kind') ?? ''
  const kind = (asked in itemKinds ? asked : 'text') as ItemKind
  if (kind === 'lti') throw redirect(paths.courseTools(area, course.id))
  const last = course.items.at(-1)
  return {
    area,
    course: { id: course.id, title: course.title },
    kind,
    start: { chapter: last?.chapter ?? 1, chapterTitle: last?.chapterTitle ?? '' },
    choices: await itemChoices(ctx, course, kind),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const courseId = isId(args.params.courseId)
  const form = await args.request.formData()
  const values = formObject(form)
  const required = values.required ?? 'no'
  const tried = await attempt(addItem(ctx, { ...values, required, courseId }), form, libraryWords(ctx))
  return tried.ok ? redirect(done(paths.course(area, courseId), 'saved')) : tried.answer
}

export default function ItemNew({
  loaderData: { area, course, kind, start, choices },
  actionData,
}: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title={`添加${itemKinds[kind]}`}
        crumbs={[
          { label: '线上课程', href: paths.courses(area) },
          { label: course.title, href: paths.course(area, course.id) },
        ]}
      />
      <Form failed={actionData} labels={itemLabels}>
        <input type="hidden" name="kind" value={kind} />
        <ItemFields
          kind={kind}
          {...choices}
          values={{ ...start, title: '', plannedMinutes: 0, mediaId: '', packageId: '', required: true, body: {} }}
        />
        <Actions>
          <Button>添加</Button>
          <LinkButton kind="quiet" href={paths.course(area, course.id)}>
            返回课程
          </LinkButton>
        </Actions>
      </Form>
    </>
  )
}
