import { redirect } from 'react-router'
import { attemptPage } from '#modules/learning/attempt.queries.ts'
import { handIn, saveAnswer } from '#modules/learning/exam.commands.ts'
import type { Mark } from '#modules/learning/exam.schema.ts'
import { attempt, fail } from '../../ctx.ts'
import type { Handle } from '../../handle.ts'
import { givenFrom, rightText } from '../../learning/answer-text.ts'
import { Paper } from '../../learning/paper.tsx'
import { learningWords } from '../../learning/words.ts'
import { QuestionPictures } from '../../library/question-pictures.tsx'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { ownAffairs } from '../../person.ts'
import { title } from '../../site.ts'
import { Actions, LinkButton } from '../../ui/button.tsx'
import { instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { LongText } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/attempt.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.paper.title ?? '考试')

/** Each answer is saved as it is given; without script, with the button below. */
export const handle = { script: true } satisfies Handle

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx, personId } = ownAffairs({ request, context })
  const paper = await attemptPage(ctx.db, personId, isId(params.attemptId), ctx.now).catch(fail(request))
  return { paper, now: ctx.now }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx, personId } = ownAffairs({ request, context })
  const attemptId = isId(params.attemptId)
  const form = await request.formData()
  const paper = await attemptPage(ctx.db, personId, attemptId, ctx.now).catch(fail(request))
  const saveAll = async () => {
    for (const question of paper.questions) {
      const answer = givenFrom(question.kind, form.getAll(`q.${question.id}`).map(String))
      const same = JSON.stringify(answer) === JSON.stringify(question.given)
      if (answer !== null && !same) await saveAnswer(ctx, { attemptId, questionId: question.id, answer })
    }
  }
  const handing = form.get('intent') === 'hand-in'
  const tried = await attempt<unknown>(
    (async () => {
      // at the bell what was saved counts; what comes with the hand-in itself no longer does
      if (!paper.over) await saveAll()
      if (handing) await handIn(ctx, { attemptId })
    })(),
    form,
    learningWords(ctx),
  )
  return tried.ok ? redirect(done(paths.attempt(attemptId), handing ? 'handed-in' : 'saved')) : tried.answer
}

export default function Attempt({ loaderData: { paper, now }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title={`${paper.title}（第 ${paper.number} 次）`}
        crumbs={[
          { label: '我的线上课程', href: paths.myCourses() },
          { label: paper.courseTitle, href: paths.myCourse(paper.registrationId) },
          { label: paper.title, href: paths.exam(paper.registrationId, paper.itemId) },
        ]}
      />
      {paper.submittedAt === null ? (
        <Paper paper={paper} now={now} address={paths.attemptAnswers(paper.id)} failed={actionData} />
      ) : (
        <Result paper={paper} />
      )}
    </>
  )
}

function Result({ paper }: { paper: Route.ComponentProps['loaderData']['paper'] }) {
  return (
    <div className="stack">
      <Notice tone={paper.passed ? 'good' : 'warn'} title={paper.passed ? '合格' : '不合格'}>
        <p>
          得分 <b>{paper.points}</b> / {paper.fullPoints}，交卷时间 {instantText(paper.submittedAt ?? paper.dueAt)}。
        </p>
        {paper.again && <p>还可以再考。为了下次考得公平，正确答案在通过或考完所有次数后公布。</p>}
      </Notice>
      <Actions>
        {paper.again && (
          <LinkButton kind="primary" href={paths.exam(paper.registrationId, paper.itemId)}>
            再考一次
          </LinkButton>
        )}
        <LinkButton href={paths.myCourse(paper.registrationId)}>回到课程</LinkButton>
      </Actions>
      <ol className="stack">
        {paper.questions.map((question, index) => (
          <li key={question.id} className="paper-question">
            <h2>
              {index + 1}. {question.prompt} {question.result && <Outcome mark={question.result.mark} />}
            </h2>
            <QuestionPictures of={question.pictures} />
            <p>
              您的答案：
              {question.given === null ? '没有作答' : rightText(question.kind, question.options, question.given)}
            </p>
            {question.result?.right && (
              <>
                <p>正确答案：{rightText(question.kind, question.options, question.result.right.answer)}</p>
                {question.result.right.explanation && (
                  <LongText>{`解析：${question.result.right.explanation}`}</LongText>
                )}
              </>
            )}
          </li>
        ))}
      </ol>
    </div>
  )
}

function Outcome({ mark }: { mark: Mark }) {
  const right = mark.points === mark.of
  return (
    <StatusTag tone={right ? 'good' : 'bad'}>{`${right ? '正确' : '错误'}，${mark.points} / ${mark.of} 分`}</StatusTag>
  )
}
