import { data, redirect } from 'react-router'
import { courseWork } from '#modules/library/course.queries.ts'
import { replaceQuestion, retireQuestion } from '#modules/library/question.commands.ts'
import { questionsOf } from '#modules/library/question.queries.ts'
import { answerText } from '#modules/library/question.rules.ts'
import { attempt, fail } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { libraryWords } from '../../library/desk.ts'
import { QuestionFields, questionLabels } from '../../library/question-fields.tsx'
import { QuestionPictures } from '../../library/question-pictures.tsx'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { workOf } from '../../training/desk.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/question.ts'

export const meta = () => title('题目')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const course = await courseWork(ctx, isId(args.params.courseId)).catch(fail(args.request))
  const question = (await questionsOf(ctx.db, course.id)).find(({ id }) => id === args.params.questionId)
  if (!question) throw data(null, 404)
  return {
    area,
    course: { id: course.id, title: course.title },
    pictures: question.pictures,
    values: {
      pool: question.pool,
      kind: question.kind,
      prompt: question.prompt,
      options: question.options.join('\n'),
      answer: answerText(question),
      points: String(Number(question.points)),
      explanation: question.explanation,
    },
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const questionId = isId(args.params.questionId)
  const form = await args.request.formData()
  const retire = form.get('intent') === 'retire'
  const work = retire ? retireQuestion(ctx, { questionId }) : replaceQuestion(ctx, { ...formObject(form), questionId })
  const tried = await attempt<unknown>(work, form, libraryWords(ctx))
  return tried.ok
    ? redirect(done(paths.questions(area, isId(args.params.courseId)), retire ? 'removed' : 'saved'))
    : tried.answer
}

export default function QuestionPage({
  loaderData: { area, course, pictures, values },
  actionData,
}: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="题目"
        crumbs={[
          { label: course.title, href: paths.course(area, course.id) },
          { label: '题库', href: paths.questions(area, course.id) },
        ]}
      />
      <Form failed={actionData} labels={questionLabels}>
        <QuestionPictures of={pictures} words />
        <QuestionFields values={values} />
        <Actions>
          <Button name="intent" value="replace">
            保存为新题
          </Button>
          <Button kind="danger" name="intent" value="retire">
            停用这道题
          </Button>
          <LinkButton kind="quiet" href={paths.questions(area, course.id)}>
            返回题库
          </LinkButton>
        </Actions>
      </Form>
    </>
  )
}
