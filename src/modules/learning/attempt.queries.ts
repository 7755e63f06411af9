import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { answersOf, attempts, attemptsOf, examItem, paperQuestions } from './exam.queries.ts'
import { mayAttempt } from './exam.rules.ts'
import { ExamBody, type GivenAnswer, type Mark, type QuestionKind, type RightAnswer } from './exam.schema.ts'

export type PaperQuestion = {
  id: string
  kind: QuestionKind
  prompt: string
  options: string[]
  points: number
  pictures: { id: string; alt: string }[]
  given: GivenAnswer | null
  /** Only after the hand-in; what would have been right only when the exam is not sat again. */
  result: { mark: Mark; right: { answer: RightAnswer; explanation: string } | null } | null
}

/**
 * One's own paper: while it is written, and as long as it may be sat again, without a single right answer; afterwards with
 * marks and explanations.
 */
export async function attemptPage(db: Ctx['db'], personId: string, attemptId: string, now: Date) {
  const attempt = await attempts(db)
    .innerJoin('library.items as i', 'i.id', 'a.item_id')
    .select('i.title')
    .$castTo<import('./exam.queries.ts').Attempt & { title: string }>()
    .where('a.id', '=', attemptId)
    .where('a.person_id', '=', personId)
    .executeTakeFirst()
  if (!attempt) throw missing('attempt')
  const { registrationId, itemId } = attempt
  const [questions, given, item, all] = await Promise.all([
    paperQuestions(db, attempt.questionIds),
    answersOf(db, attemptId),
    examItem(db, personId, registrationId, itemId),
    attemptsOf(db, registrationId, itemId),
  ])
  const again = mayAttempt(ExamBody.parse(item?.body), all).ok
  const marks = new Map((attempt.explanation ?? []).map((mark) => [mark.questionId, mark]))
  return {
    ...attempt,
    courseTitle: item?.courseTitle ?? '',
    again,
    over: attempt.submittedAt !== null || attempt.dueAt < now,
    questions: questions.map(({ id, kind, prompt, options, points, answer, explanation, pictures }): PaperQuestion => {
      const mark = marks.get(id)
      return {
        ...{ id, kind, prompt, options, points, pictures, given: given.get(id) ?? null },
        result: mark ? { mark, right: again ? null : { answer, explanation } } : null,
      }
    }),
  }
}
