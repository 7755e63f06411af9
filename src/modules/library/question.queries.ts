import type { Ctx } from '#platform/command.ts'
import type { Question } from './question.schema.ts'

export const questions = (db: Ctx['db']) =>
  db
    .selectFrom('library.questions as q')
    .select([
      'q.id',
      'q.course_id as courseId',
      'q.pool',
      'q.kind',
      'q.prompt',
      'q.options',
      'q.answer',
      'q.points',
      'q.explanation',
    ])
    .$castTo<Question & { courseId: string }>()

/** A course's questions that are still asked, by pool and then by age. Answers included: for those who make exams. */
export async function questionsOf(db: Ctx['db'], courseId: string): Promise<Question[]> {
  return questions(db)
    .where('q.course_id', '=', courseId)
    .where('q.retired_at', 'is', null)
    .orderBy('q.pool')
    .orderBy('q.id')
    .limit(5_000)
    .execute()
}
