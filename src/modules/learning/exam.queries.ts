import { sql } from 'kysely'
import { picturesColumn } from '#modules/library/question.queries.ts'
import type { Ctx } from '#platform/command.ts'
import type { DrawnQuestion, GivenAnswer, Mark } from './exam.schema.ts'

type Db = Ctx['db']

export type ExamItem = {
  courseId: string
  courseTitle: string
  kind: string
  title: string
  body: unknown
  personId: string
}

export async function examItem(db: Db, personId: string, registrationId: string, itemId: string) {
  const { rows } = await sql<ExamItem>`
    select r.course_id as "courseId", c.title as "courseTitle", i.kind, i.title, i.body, r.person_id as "personId"
    from learning.registrations r join library.items i on i.version_id = r.version_id
      join library.courses c on c.id = r.course_id
    where r.id = ${registrationId} and r.person_id = ${personId} and i.id = ${itemId}`.execute(db)
  return rows[0]
}

export type Attempt = {
  id: string
  registrationId: string
  personId: string
  itemId: string
  number: number
  questionIds: string[]
  startedAt: Date
  dueAt: Date
  submittedAt: Date | null
  points: number | null
  fullPoints: number | null
  passed: boolean | null
  explanation: Mark[] | null
}

export const attempts = (db: Db) =>
  db
    .selectFrom('learning.attempts as a')
    .select([
      'a.id',
      'a.registration_id as registrationId',
      'a.person_id as personId',
      'a.item_id as itemId',
      'a.number',
      'a.question_ids as questionIds',
      'a.started_at as startedAt',
      'a.due_at as dueAt',
      'a.submitted_at as submittedAt',
      sql<number | null>`a.points::float8`.as('points'),
      sql<number | null>`a.full_points::float8`.as('fullPoints'),
      'a.passed',
      'a.explanation',
    ])
    .$castTo<Attempt>()

export async function attemptsOf(db: Db, registrationId: string, itemId: string): Promise<Attempt[]> {
  return attempts(db)
    .where('a.registration_id', '=', registrationId)
    .where('a.item_id', '=', itemId)
    .orderBy('a.number', 'desc')
    .execute()
}

/** The questions of a paper in its order, with their answers: for marking, and for the learner only afterwards. */
export async function paperQuestions(db: Db, ids: readonly string[]): Promise<DrawnQuestion[]> {
  const { rows } = await sql<DrawnQuestion>`
    select q.id, q.kind, q.prompt, q.options, q.answer, q.points::float8 as points, q.explanation,
      ${picturesColumn} as pictures
    from unnest(${ids}::uuid[]) with ordinality as w (id, n) join library.questions q on q.id = w.id order by w.n`.execute(
    db,
  )
  return rows
}

/** The newest answer to each question. */
export async function answersOf(db: Db, attemptId: string): Promise<Map<string, GivenAnswer>> {
  const { rows } = await sql<{ id: string; answer: GivenAnswer }>`
    select distinct on (a.question_id) a.question_id as id, a.answer from learning.answers a
    where a.attempt_id = ${attemptId} order by a.question_id, a.id desc`.execute(db)
  return new Map(rows.map((row) => [row.id, row.answer]))
}
