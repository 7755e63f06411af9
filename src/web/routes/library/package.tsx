import { useEffect } from 'react'
import { redirect, useRevalidator } from 'react-router'
import { courseWork } from '#modules/library/course.queries.ts'
import { workable } from '#modules/library/course.rules.ts'
import { confirmPackage, discardPackage } from '#modules/packages/import.commands.ts'
import { packagePage } from '#modules/packages/import.queries.ts'
import { packageStates } from '#modules/packages/import.schema.ts'
import { missing } from '#platform/errors.ts'
import { attempt, current, fail } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import type { Handle } from '../../handle.ts'
import { LessonFrame } from '../../library/lesson-frame.tsx'
import { packageWords, preview, shownPackage } from '../../library/package-desk.ts'
import { PackageContents, PackageFaults, PackageQuestions } from '../../library/package-view.tsx'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { workOf } from '../../training/desk.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { bytesText, instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Progress } from '../../ui/progress.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/package.ts'
import { packageTones } from './packages.tsx'

export const meta = () => title('课件包')
/** The progress moves by itself; without script the page is loaded again by its link. */
export const handle = { script: true } satisfies Handle

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const course = await courseWork(ctx, isId(args.params.courseId)).catch(fail(args.request))
  const row = await packagePage(ctx, isId(args.params.packageId))
    .then((found) => (found.courseId === course.id ? found : Promise.reject(missing('package'))))
    .catch(fail(args.request))
  const asked = new URL(args.request.url).searchParams.get('unit')
  return {
    area,
    course: { id: course.id, title: course.title },
    open: workable.includes(course.state),
    shown: shownPackage(row),
    running: preview(args.context.get(current), row, asked),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const [courseId, packageId] = [isId(args.params.courseId), isId(args.params.packageId)]
  const form = await args.request.formData()
  const values = { ...formObject(form), packageId }
  const steps: Record<string, [() => Promise<unknown>, string, string]> = {
    confirm: [() => confirmPackage(ctx, values), 'package-confirmed', paths.package(area, courseId, packageId)],
    discard: [() => discardPackage(ctx, values), 'package-discarded', paths.packages(area, courseId)],
  }
  const step = steps[String(form.get('intent'))]
  if (!step) throw new Response(null, { status: 400 })
  const tried = await attempt(step[0](), form, packageWords(ctx))
  return tried.ok ? redirect(done(step[2], step[1])) : tried.answer
}

export default function PackagePage({ loaderData, actionData }: Route.ComponentProps) {
  const { area, course, shown, running, open } = loaderData
  const busy = shown.state === 'checking' || shown.state === 'importing'
  const here = paths.package(area, course.id, shown.id)
  const { revalidate } = useRevalidator()
  useEffect(() => {
    if (!busy) return
    const timer = setInterval(() => void revalidate(), 2000)
    return () => clearInterval(timer)
  }, [busy, revalidate])
  return (
    <>
      <PageHeader
        title={running ? running.title : shown.title}
        caption={shown.kind ?? (busy ? '正在检查是哪种课件' : '没有认出是哪种课件')}
        crumbs={[
          { label: '线上课程', href: paths.courses(area) },
          { label: course.title, href: paths.course(area, course.id) },
          { label: '课件包', href: paths.packages(area, course.id) },
          ...(running ? [{ label: shown.title, href: here }] : []),
        ]}
        tag={<StatusTag tone={packageTones[shown.state]}>{packageStates[shown.state]}</StatusTag>}
        actions={
          shown.state === 'ready' &&
          !shown.isQuestions && <LinkButton href={paths.packageLearners(area, course.id, shown.id)}>学员</LinkButton>
        }
      />
      <div className="stack">
        {running ? (
          <Preview {...running} />
        ) : (
          <>
            {busy && (
              <div role="status">
                {shown.steps.total === 0 ? (
                  <p>{shown.state === 'checking' ? '等待检查' : '等待展开文件'}，前面还有别的课件包时要稍等。</p>
                ) : (
                  <Progress
                    label={shown.state === 'checking' ? '正在逐个检查文件' : '正在展开文件'}
                    value={shown.steps.done}
                    max={shown.steps.total}
                    unit="个文件"
                    note="可以离开这一页，完成后在课件包列表里看结果。"
                  />
                )}
                <p>
                  <a href={here}>刷新看进度</a>
                </p>
              </div>
            )}
            <Facts data={loaderData} />
            <PackageFaults faults={shown.faults} />
            {open && <Steps data={loaderData} failed={actionData} />}
            {shown.lines.length > 0 && (
              <Section title="里面有什么">
                <PackageContents
                  lines={shown.lines}
                  {...(shown.state === 'ready' && {
                    open: (unit: string) => paths.package(area, course.id, shown.id, unit),
                  })}
                />
              </Section>
            )}
            {shown.questions.length > 0 && (
              <Section title="题目">
                <PackageQuestions questions={shown.questions} />
              </Section>
            )}
          </>
        )}
      </div>
    </>
  )
}

type Data = Route.ComponentProps['loaderData']

export function Preview({ title: name, address }: { title: string; address: string }) {
  return (
    <>
      <Notice title="试看">
        <p>试看不是学习：课件上报的进度、成绩和时间都不保存。</p>
      </Notice>
      <LessonFrame title={name} address={address} />
    </>
  )
}

function Facts({ data: { shown } }: { data: Data }) {
  return (
    <SummaryList
      rows={[
        { label: '文件', value: shown.archiveName, note: bytesText(shown.sizeBytes) },
        { label: '文件摘要（SHA-256）', value: <code className="break-all">{shown.sha256 ?? '没有'}</code> },
        { label: '上传', value: instantText(shown.at.sent) },
        ...(shown.at.checked ? [{ label: '检查', value: instantText(shown.at.checked) }] : []),
        ...(shown.at.ready ? [{ label: '导入完成', value: instantText(shown.at.ready) }] : []),
        ...(shown.isQuestions && shown.state === 'ready'
          ? [{ label: '进入题库', value: `“${shown.pool}”新增 ${shown.questionsAdded} 题` }]
          : []),
      ]}
    />
  )
}

function Steps({ data: { area, course, shown }, failed }: { data: Data; failed: Route.ComponentProps['actionData'] }) {
  if (shown.state === 'ready') {
    return (
      <Actions>
        {shown.isQuestions ? (
          <LinkButton kind="primary" href={paths.questions(area, course.id)}>
            看题库
          </LinkButton>
        ) : (
          <LinkButton kind="primary" href={paths.addItem(area, course.id, 'package')}>
            放进课程
          </LinkButton>
        )}
      </Actions>
    )
  }
  if (shown.state !== 'checked' && shown.state !== 'refused') return null
  return (
    <Form failed={failed} labels={{ pool: '题库分组' }}>
      {shown.state === 'checked' && shown.isQuestions && (
        <TextField
          name="pool"
          label="题库分组"
          hint="题目进入这一组，考试按分组抽题。"
          value={shown.title.slice(0, 60)}
          maxLength={60}
        />
      )}
      <Actions>
        {shown.state === 'checked' && (
          <Button name="intent" value="confirm">
            确认导入
          </Button>
        )}
        <Button kind="quiet" name="intent" value="discard">
          不要了
        </Button>
      </Actions>
    </Form>
  )
}
