import { data, redirect } from 'react-router'
import { activityLabels, gradingLabels } from '#modules/connect/grade.schema.ts'
import { openTool } from '#modules/connect/launch.commands.ts'
import { openLaunch } from '#modules/connect/launch.queries.ts'
import { scoresOf, toolLesson } from '#modules/connect/link.queries.ts'
import { tellLabels } from '#modules/connect/tool.schema.ts'
import { connectWords, scoreText } from '../../connect/words.ts'
import { attempt } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { ownAffairs } from '../../person.ts'
import { title } from '../../site.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import { Instant } from '../../ui/time.tsx'
import type { Route } from './+types/lesson.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.lesson.title ?? '外部工具')

/** The tool's own addresses, and nothing else, may stand in the frame of this page. */
function framePolicy(addresses: readonly string[]): string {
  const origins = [...new Set(addresses.map((one) => new URL(one).origin))]
  return [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "manifest-src 'self'",
    `frame-src 'self' ${origins.join(' ')}`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')
}

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx, personId } = ownAffairs({ request, context })
  const [registrationId, itemId] = [isId(params.registrationId), isId(params.itemId)]
  const lesson = await toolLesson(ctx.db, personId, registrationId, itemId)
  if (!lesson) throw data(null, 404)
  const asked = new URL(request.url).searchParams.get('open') ?? ''
  const launch = asked ? await openLaunch(ctx.db, asked, ctx.actor.id) : undefined
  const frame = launch && lesson.opens === 'frame' && launch.linkId === lesson.linkId ? paths.toolGo(asked) : null
  const { addresses, toolId: _, courseId: __, ...shown } = lesson
  const body = { lesson: shown, scores: await scoresOf(ctx.db, personId, lesson.linkId), frame }
  return frame ? data(body, { headers: { 'content-security-policy': framePolicy(addresses) } }) : data(body)
}

export const headers = ({ loaderHeaders }: Route.HeadersArgs) => loaderHeaders

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx, personId } = ownAffairs({ request, context })
  const place = { registrationId: isId(params.registrationId), itemId: isId(params.itemId) }
  const form = await request.formData()
  const lesson = await toolLesson(ctx.db, personId, place.registrationId, place.itemId)
  const tried = await attempt(openTool(ctx, place), form, connectWords(ctx))
  if (!tried.ok) return tried.answer
  const { token } = tried.value
  const here = paths.toolLesson(place.registrationId, place.itemId)
  return redirect(lesson?.opens === 'frame' ? `${here}?open=${encodeURIComponent(token)}` : paths.toolGo(token))
}

export default function ToolLessonPage({ loaderData, actionData }: Route.ComponentProps) {
  const { lesson, scores, frame } = loaderData
  const knows = ['一个只给它用的化名', '课程名称', ...lesson.tells.map((one) => tellLabels[one])]
  return (
    <>
      <PageHeader
        title={lesson.title}
        caption={`外部工具　${lesson.chapterTitle}`}
        crumbs={[
          { label: '我的线上课程', href: paths.myCourses() },
          { label: lesson.courseTitle, href: paths.myCourse(lesson.registrationId) },
        ]}
        tag={
          lesson.passed !== null && (
            <StatusTag tone={lesson.passed ? 'good' : 'warn'}>{lesson.passed ? '已完成' : '成绩没有达到'}</StatusTag>
          )
        }
      />
      <div className="stack">
        {frame ? (
          <>
            <p>
              在这里花的时间不计入学时。　
              <a href={paths.toolLesson(lesson.registrationId, lesson.itemId)}>关闭工具，回到说明和成绩</a>
            </p>
            <iframe
              className="lesson-frame"
              title={`${lesson.toolName}：${lesson.title}`}
              src={frame}
              sandbox="allow-scripts allow-same-origin allow-forms allow-popups allow-downloads"
              referrerPolicy="no-referrer"
            />
          </>
        ) : (
          <>
            <Notice tone="info" title="在外部工具里花的时间不计入学时">
              <p>
                “{lesson.toolName}”不是本平台的页面，本平台看不到您在里面学了多久，所以不计学时。
                {lesson.takesScores && '它送回的成绩会显示在本页。'}
              </p>
            </Notice>
            <SummaryList
              rows={[
                { label: '工具', value: lesson.toolName },
                {
                  label: '工具知道您的',
                  value: knows.join('、'),
                  note: '不告诉手机号和证件号码。',
                },
                {
                  label: '完成要求',
                  value: lesson.passMark === null ? '打开过' : `得分达到满分的 ${lesson.passMark}%`,
                },
                { label: '上次打开', value: lesson.openedAt ? instantText(lesson.openedAt) : '还没有打开过' },
              ]}
            />
            {lesson.toolState === 'active' ? (
              <Form failed={actionData}>
                <Button>{lesson.openedAt ? '再次打开' : `打开${lesson.toolName}`}</Button>
              </Form>
            ) : (
              <DisabledButton reason="这个工具已暂停或停用。请联系开课单位，或先学其他内容。">打开</DisabledButton>
            )}
          </>
        )}
        {lesson.takesScores && (
          <DataTable
            caption="成绩"
            captionNote="工具送回的最近一次"
            rows={scores}
            rowKey={(row) => row.label}
            columns={[
              { key: 'label', header: '成绩项', keep: true, cell: (row) => row.label },
              { key: 'given', header: '得分', keep: true, cell: (row) => scoreText(row.given, row.outOf) },
              {
                key: 'state',
                header: '情况',
                cell: (row) =>
                  `${activityLabels[row.activity] ?? row.activity}，${gradingLabels[row.grading] ?? row.grading}`,
              },
              { key: 'comment', header: '评语', cell: (row) => row.comment || '没有' },
              { key: 'at', header: '时间', cell: (row) => (row.at ? <Instant at={row.at} /> : '—') },
            ]}
            empty={<EmptyState title="还没有成绩">在工具里完成后，成绩会自动送回；没有显示时请刷新本页。</EmptyState>}
          />
        )}
      </div>
    </>
  )
}
