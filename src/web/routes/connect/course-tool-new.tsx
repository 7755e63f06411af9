import { data, redirect } from 'react-router'
import { addLink } from '#modules/connect/link.commands.ts'
import { usableTools } from '#modules/connect/tool.queries.ts'
import { courseWork } from '#modules/library/course.queries.ts'
import { LinkFields, linkLabels } from '../../connect/link-fields.tsx'
import { connectWords } from '../../connect/words.ts'
import { attempt, fail } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { workOf } from '../../training/desk.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { TextArea, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/course-tool-new.ts'

export const meta = () => title('添加外部工具')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const course = await courseWork(ctx, isId(args.params.courseId)).catch(fail(args.request))
  const tool = (await usableTools(ctx.db, course.organisationId)).find(({ id }) => id === args.params.toolId)
  if (!tool) throw data(null, 404)
  const last = course.items.at(-1)
  return {
    area,
    course: { id: course.id, title: course.title },
    tool: { name: tool.name, url: tool.targetUrl, scores: tool.scopes.includes('score') },
    start: { chapter: last?.chapter ?? 1, chapterTitle: last?.chapterTitle ?? '' },
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const courseId = isId(args.params.courseId)
  const form = await args.request.formData()
  const input = { ...Object.fromEntries(form), courseId, toolId: isId(args.params.toolId) }
  const tried = await attempt(addLink(ctx, input), form, connectWords(ctx))
  return tried.ok ? redirect(done(paths.course(area, courseId), 'tool-added')) : tried.answer
}

export default function CourseToolNew({ loaderData, actionData }: Route.ComponentProps) {
  const { area, course, tool, start } = loaderData
  return (
    <>
      <PageHeader
        title={`添加${tool.name}`}
        crumbs={[
          { label: course.title, href: paths.course(area, course.id) },
          { label: '外部工具', href: paths.courseTools(area, course.id) },
        ]}
      />
      <Form failed={actionData} labels={linkLabels}>
        <TextField name="title" label="标题" width="full" maxLength={120} />
        <TextField name="url" label="内容地址" type="url" width="full" optional hint={`不填时打开 ${tool.url}`} />
        <LinkFields start={start} scores={tool.scores} />
        {tool.scores && <TextField name="maximum" label="满分" inputMode="decimal" width="short" value="100" />}
        <TextArea name="custom" label="自定义参数" optional rows={3} hint="每行一个：名称=值。" />
        <Actions>
          <Button>添加</Button>
          <LinkButton kind="quiet" href={paths.courseTools(area, course.id)}>
            返回
          </LinkButton>
        </Actions>
      </Form>
    </>
  )
}
