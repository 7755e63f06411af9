import { data, redirect } from 'react-router'
import { ownPicking } from '#modules/connect/launch.queries.ts'
import { addPicked } from '#modules/connect/link.commands.ts'
import { courseWork } from '#modules/library/course.queries.ts'
import { LinkFields, linkLabels } from '../../connect/link-fields.tsx'
import { connectWords } from '../../connect/words.ts'
import { attempt, fail } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { workOf } from '../../training/desk.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { CheckboxGroup } from '../../ui/choices.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/picked.ts'

export const meta = () => title('确认要加入的内容')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const course = await courseWork(ctx, isId(args.params.courseId)).catch(fail(args.request))
  const picking = await ownPicking(ctx.db, ctx.actor.id, isId(args.params.launchId))
  if (!picking || picking.courseId !== course.id) throw data(null, 404)
  const last = course.items.at(-1)
  return {
    area,
    course: { id: course.id, title: course.title },
    toolName: picking.toolName,
    added: picking.addedAt !== null,
    items: picking.picked.map((one, at) => ({
      at: String(at),
      title: one.title || picking.toolName,
      url: one.url ?? '工具的默认地址',
      maximum: one.lineItem?.scoreMaximum ?? null,
    })),
    start: { chapter: last?.chapter ?? 1, chapterTitle: last?.chapterTitle ?? '' },
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const courseId = isId(args.params.courseId)
  const form = await args.request.formData()
  const input = { ...Object.fromEntries(form), launchId: isId(args.params.launchId), chosen: form.getAll('chosen') }
  const tried = await attempt(addPicked(ctx, input), form, connectWords(ctx))
  return tried.ok ? redirect(done(paths.course(area, courseId), 'tool-added')) : tried.answer
}

export default function PickedPage({ loaderData, actionData }: Route.ComponentProps) {
  const { area, course, toolName, items, added, start } = loaderData
  return (
    <>
      <PageHeader
        title="确认要加入的内容"
        crumbs={[
          { label: course.title, href: paths.course(area, course.id) },
          { label: '外部工具', href: paths.courseTools(area, course.id) },
        ]}
        lead={`您在“${toolName}”里选了下面的内容。确认后才加入课程。`}
      />
      {added ? (
        <Notice tone="info" title="这次选的内容已经加入课程">
          <p>
            <a href={paths.course(area, course.id)}>回到课程</a>
          </p>
        </Notice>
      ) : items.length === 0 ? (
        <EmptyState title="工具没有送回可以加入的内容">
          请<a href={paths.courseTools(area, course.id)}>重新选择</a>；本平台只接收 LTI 链接。
        </EmptyState>
      ) : (
        <Form failed={actionData} labels={linkLabels}>
          <CheckboxGroup
            name="chosen"
            label="要加入的内容"
            value={items.map(({ at }) => at)}
            options={items.map(({ at, title: name, url, maximum }) => ({
              value: at,
              label: name,
              hint: `${url}${maximum === null ? '' : `，满分 ${maximum}`}`,
            }))}
          />
          <LinkFields start={start} scores={items.some(({ maximum }) => maximum !== null)} />
          <Actions>
            <Button>加入课程</Button>
            <LinkButton kind="quiet" href={paths.courseTools(area, course.id)}>
              不加，返回
            </LinkButton>
          </Actions>
        </Form>
      )}
    </>
  )
}
