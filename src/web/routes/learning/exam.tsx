import { redirect } from 'react-router'
import { itemsOf } from '#modules/learning/course.queries.ts'
import { startAttempt } from '#modules/learning/exam.commands.ts'
import { attemptsOf, examItem } from '#modules/learning/exam.queries.ts'
import { mayAttempt } from '#modules/learning/exam.rules.ts'
import { ExamBody } from '#modules/learning/exam.schema.ts'
import { reasonText } from '#modules/learning/registration.schema.ts'
import { missing } from '#platform/errors.ts'
import { attempt, fail } from '../../ctx.ts'
import { CourseSteps, neighboursOf } from '../../learning/neighbours.tsx'
import { learningWords } from '../../learning/words.ts'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { ownAffairs } from '../../person.ts'
import { title } from '../../site.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/exam.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.title ?? '考试')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx, personId } = ownAffairs({ request, context })
  const [registrationId, itemId] = [isId(params.registrationId), isId(params.itemId)]
  const item = await examItem(ctx.db, personId, registrationId, itemId)
  if (item?.kind !== 'exam') return fail(request)(missing('item'))
  const body = ExamBody.parse(item.body)
  const before = await attemptsOf(ctx.db, registrationId, itemId)
  const open = before.find((one) => one.submittedAt === null && one.dueAt > ctx.now)
  const may = mayAttempt(body, before)
  const why = may.ok ? null : reasonText[may.refusal.reason]?.(may.refusal.facts)
  return {
    registrationId,
    title: item.title,
    courseTitle: item.courseTitle,
    steps: neighboursOf(registrationId, await itemsOf(ctx.db, registrationId), itemId),
    questions: body.pools.reduce((sum, pool) => sum + pool.count, 0),
    minutes: body.minutes ?? null,
    passMark: body.passMark,
    most: body.resits === null || body.resits === undefined ? null : body.resits + 1,
    open: open?.id ?? null,
    why: open || !why ? null : `${why.message}。${why.remedy}`,
    attempts: before.map(({ id, number, startedAt, submittedAt, points, fullPoints, passed }) => ({
      ...{ id, number, startedAt, submittedAt, points, fullPoints, passed },
    })),
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = ownAffairs({ request, context })
  const place = { registrationId: isId(params.registrationId), itemId: isId(params.itemId) }
  const tried = await attempt(startAttempt(ctx, place), await request.formData(), learningWords(ctx))
  return tried.ok ? redirect(paths.attempt(tried.value.attemptId)) : tried.answer
}

export default function Exam({ loaderData: exam, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title={exam.title}
        crumbs={[
          { label: '我的线上课程', href: paths.myCourses() },
          { label: exam.courseTitle, href: paths.myCourse(exam.registrationId) },
        ]}
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '题数', value: `${exam.questions} 题，从题库随机抽取` },
            {
              label: '时间',
              value: exam.minutes === null ? '不限（当天内交卷）' : `${exam.minutes} 分钟，以服务器时钟为准`,
            },
            { label: '合格', value: `总分的 ${exam.passMark}%` },
            { label: '次数', value: exam.most === null ? '不限' : `共 ${exam.most} 次` },
            { label: '保存', value: '每答一题即保存；断线、关机后可以接着答，时间不停。' },
          ]}
        />
        {exam.why ? (
          <DisabledButton reason={exam.why}>开始考试</DisabledButton>
        ) : (
          <Form failed={actionData}>
            <Button>{exam.open ? '继续答题' : '开始考试'}</Button>
          </Form>
        )}
        <DataTable
          caption={`共作答 ${exam.attempts.length} 次`}
          rows={exam.attempts}
          rowKey={(row) => row.id}
          columns={[
            { key: 'number', header: '第几次', cell: (row) => <a href={paths.attempt(row.id)}>第 {row.number} 次</a> },
            { key: 'at', header: '开始时间', keep: true, cell: (row) => instantText(row.startedAt) },
            {
              key: 'points',
              header: '得分',
              end: true,
              cell: (row) => (row.points === null ? '未交卷' : `${row.points} / ${row.fullPoints}`),
            },
            {
              key: 'passed',
              header: '结果',
              keep: true,
              cell: (row) =>
                row.passed === null ? (
                  <StatusTag tone="wait">作答中</StatusTag>
                ) : (
                  <StatusTag tone={row.passed ? 'good' : 'bad'}>{row.passed ? '合格' : '不合格'}</StatusTag>
                ),
            },
          ]}
          empty={<EmptyState icon="document" title="还没有考过" />}
        />
        <CourseSteps steps={exam.steps} registrationId={exam.registrationId} />
      </div>
    </>
  )
}
