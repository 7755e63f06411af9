import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { Question, QuestionPicture } from './question.schema.ts'

/** The pictures of question `q`, in their order. */
export const picturesColumn = sql<
  QuestionPicture[]
>`coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'alt', p.alt)
  order by p.position) from library.question_pictures p where p.question_id = q.id), '[]')`

export type PictureRow = { storageKey: string; mediaType: string; sizeBytes: string }

/** A picture for those who make or review the course, and for whoever has its question on a paper of his own. */
export async function pictureFor(ctx: Pick<Ctx, 'db' | 'actor'>, id: string): Promise<PictureRow> {
  const { rows } = await sql<PictureRow & { organisationId: string; questionId: string }>`
    select p.storage_key as "storageKey", p.media_type as "mediaType", p.size_bytes as "sizeBytes",
      c.organisation_id as "organisationId", q.id as "questionId"
    from library.question_pictures p join library.questions q on q.id = p.question_id
      join library.courses c on c.id = q.course_id where p.id = ${id}`.execute(ctx.db)
  const [row] = rows
  if (!row) throw missing('picture')
  const { organisationId, questionId } = row
  if (ctx.actor.can('library.read') || ctx.actor.can('library.contribute', { organisationId })) return row
  const personId = ctx.actor.onBehalfOf?.personId ?? ctx.actor.personId
  const asked = await sql`
    select from learning.attempts where person_id = ${personId ?? null} and ${questionId}::uuid = any (question_ids) limit 1
  `.execute(ctx.db)
  if (asked.rows.length === 0) throw missing('picture')
  return row
}

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
      picturesColumn.as('pictures'),
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
