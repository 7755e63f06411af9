import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { answersOf, attempts, paperQuestions } from './exam.queries.ts'
import type { GivenAnswer, Mark, QuestionKind, RightAnswer } from './exam.schema.ts'

export type PaperQuestion = {
  id: string
  kind: QuestionKind
  prompt: string
  options: string[]
  points: number
  given: GivenAnswer | null
  /** Only after the hand-in. */
  result: { mark: Mark; answer: RightAnswer; explanation: string } | null
}

/** One's own paper: while it is written without a single right answer, afterwards with marks and explanations. */
export async function attemptPage(db: Ctx['db'], personId: string, attemptId: string, now: Date) {
  const attempt = await attempts(db)
    .innerJoin('library.items as i', 'i.id', 'a.item_id')
    .select('i.title')
    .$castTo<import('./exam.queries.ts').Attempt & { title: string }>()
    .where('a.id', '=', attemptId)
    .where('a.person_id', '=', personId)
    .executeTakeFirst()
  if (!attempt) throw missing('attempt')
  const [questions, given] = await Promise.all([paperQuestions(db, attempt.questionIds), answersOf(db, attemptId)])
  const marks = new Map((attempt.explanation ?? []).map((mark) => [mark.questionId, mark]))
  return {
    ...attempt,
    over: attempt.submittedAt !== null || attempt.dueAt < now,
    questions: questions.map(({ id, kind, prompt, options, points, answer, explanation }): PaperQuestion => {
      const mark = marks.get(id)
      return {
        ...{ id, kind, prompt, options, points, given: given.get(id) ?? null },
        result: mark ? { mark, answer, explanation } : null,
      }
    }),
  }
}
