import { redirect } from 'react-router'
import { submitCourse } from '#modules/library/course.commands.ts'
import { courseWork } from '#modules/library/course.queries.ts'
import { rightsBases, rightsStatement } from '#modules/library/course.schema.ts'
import { attempt, fail } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { libraryWords } from '../../library/desk.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { workOf } from '../../training/desk.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { Checkbox, RadioGroup } from '../../ui/choices.tsx'
import { TextArea } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/submit.ts'

export const meta = () => title('提交入库')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = workOf(args, 'library.submit')
  const course = await courseWork(ctx, isId(args.params.courseId)).catch(fail(args.request))
  const unchecked = course.items.filter(({ kind, captions }) => kind === 'video' && captions === 0).length
  return {
    area,
    course: { id: course.id, title: course.title, version: course.version },
    shown: course.shown,
    items: course.items.length,
    unchecked,
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = workOf(args, 'library.submit')
  const courseId = isId(args.params.courseId)
  const form = await args.request.formData()
  const tried = await attempt(submitCourse(ctx, { ...formObject(form), courseId }), form, libraryWords(ctx))
  return tried.ok ? redirect(done(paths.course(area, courseId), 'course-submitted')) : tried.answer
}

export default function Submit({
  loaderData: { area, course, shown, items, unchecked },
  actionData,
}: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="提交入库"
        crumbs={[
          { label: '线上课程', href: paths.courses(area) },
          { label: course.title, href: paths.course(area, course.id) },
        ]}
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '课程', value: course.title, note: `第 ${shown.number} 版` },
            { label: '内容', value: `${items} 项` },
            { label: '申报课时', value: `${shown.plannedClassHours} 课时` },
          ]}
        />
        {unchecked > 0 && (
          <Notice tone="warn" title={`有 ${unchecked} 个视频没有字幕`}>
            <p>可以提交，但“人人能用”一项会失分，听不见的学员也学不了。</p>
          </Notice>
        )}
        <Notice title="提交后会发生什么">
          <p>内容固定，不能再改；两名来自不同单位的评审人各自独立打分，结论按标准自动得出。没有人领取前可以撤回。</p>
        </Notice>
        <Form failed={actionData} labels={{ basis: '材料来源', rightsNote: '授权说明', signed: '权利声明' }}>
          <input type="hidden" name="version" value={course.version} />
          <RadioGroup
            name="basis"
            label="课程材料从哪里来"
            options={Object.entries(rightsBases).map(([value, label]) => ({ value, label }))}
          />
          <TextArea
            name="rightsNote"
            label="授权说明"
            optional
            hint="用了他人的材料，写明授权人和授权范围。"
            rows={3}
            maxLength={1000}
          />
          <p>{rightsStatement}</p>
          <Checkbox name="signed" label="本人代表本单位签署以上声明" />
          <Actions>
            <Button>签署并提交</Button>
            <LinkButton kind="quiet" href={paths.course(area, course.id)}>
              返回课程
            </LinkButton>
          </Actions>
        </Form>
      </div>
    </>
  )
}
