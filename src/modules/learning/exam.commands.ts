import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { ownPerson } from '#modules/training/enrolment.commands.ts'
import { constraintOf } from '#modules/training/session.commands.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { quickCommand } from '#platform/quick.ts'
import { type Attempt, answersOf, attempts, attemptsOf, examItem, paperQuestions } from './exam.queries.ts'
import { drawPaper, markPaper, mayAttempt } from './exam.rules.ts'
import { ExamBody, HandIn, SaveAnswer, StartAttempt } from './exam.schema.ts'

const dayMinutes = 24 * 60

export type Started = { attemptId: string; number: number; dueAt: Date; already: boolean }

/**
 * Begins an exam, or goes on with the one under way – after a crash, on another device. The paper is drawn from a seed
 * that is kept; the server's clock says when it ends.
 * @clause HZ4-M13
 */
export const startAttempt: Command<typeof StartAttempt, Started> = command({
  name: 'learning.startAttempt',
  permission: 'self.check-in',
  input: StartAttempt,
  async run(tx, { registrationId, itemId }) {
    const personId = ownPerson(tx)
    const item = await examItem(tx.db, personId, registrationId, itemId)
    if (!item) throw missing('item')
    if (item.kind !== 'exam') throw refused({ clause: 'HZ4-M13', reason: 'not-an-exam', facts: {} })
    tx.about('registration', registrationId)
    // two tabs that begin at once get one attempt
    await sql`select pg_advisory_xact_lock(hashtextextended(${registrationId}, 22))`.execute(tx.db)
    let before = await attemptsOf(tx.db, registrationId, itemId)
    const open = before.find((one) => one.submittedAt === null)
    if (open && open.dueAt > tx.now) {
      return { attemptId: open.id, number: open.number, dueAt: open.dueAt, already: true }
    }
    const body = ExamBody.parse(item.body)
    if (open) {
      await mark(tx, open, body.passMark)
      before = await attemptsOf(tx.db, registrationId, itemId)
    }
    const may = mayAttempt(body, before)
    if (!may.ok) throw refused(may.refusal)
    const bank = await tx.db
      .selectFrom('library.questions')
      .select(['id', 'pool'])
      .where('course_id', '=', item.courseId)
      .where('retired_at', 'is', null)
      .execute()
    const seed = randomUUID()
    const drawn = drawPaper(seed, body.pools, bank)
    if (!drawn.ok) throw refused(drawn.refusal)
    const dueAt = new Date(tx.now.getTime() + (body.minutes ?? dayMinutes) * 60_000)
    const { id } = await tx.db
      .insertInto('learning.attempts')
      .values({
        ...{ registration_id: registrationId, person_id: personId, item_id: itemId, number: may.value, seed },
        question_ids: drawn.value,
        started_at: tx.now,
        due_at: dueAt,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('attempt', id)
    return { attemptId: id, number: may.value, dueAt, already: false }
  },
})

/**
 * Keeps one answer, at once and for good: an answer that was acknowledged is there after any crash. The database itself
 * refuses one that comes late or belongs to no question of the paper.
 * @clause HZ4-M13
 */
export const saveAnswer: Command<typeof SaveAnswer, { questionId: string; at: Date }> = quickCommand({
  name: 'learning.saveAnswer',
  permission: 'self.check-in',
  input: SaveAnswer,
  look: async (db, moment, { attemptId }) =>
    attempts(db).where('a.id', '=', attemptId).where('a.person_id', '=', ownPerson(moment)).executeTakeFirst(),
  decide(moment, { attemptId, questionId, answer }, attempt) {
    if (!attempt) throw missing('attempt')
    if (attempt.submittedAt !== null || attempt.dueAt < moment.now) {
      throw refused({ clause: 'HZ4-M13', reason: 'attempt-over', facts: {} })
    }
    if (!attempt.questionIds.includes(questionId)) {
      throw refused({ clause: 'HZ4-M13', reason: 'no-such-question', facts: {} })
    }
    return {
      result: { questionId, at: moment.now },
      write: sql`insert into learning.answers (attempt_id, question_id, answer, at)
        values (${attemptId}, ${questionId}, ${JSON.stringify(answer)}::jsonb, ${moment.now}) returning id, attempt_id`,
      subjects: sql`array['attempt:' || written.attempt_id]`,
    }
  },
  explain(error) {
    if (constraintOf(error) === 'answer_in_time')
      throw refused({ clause: 'HZ4-M13', reason: 'attempt-over', facts: {} })
  },
})

export type HandedIn = { attemptId: string; points: number; fullPoints: number; passed: boolean; already: boolean }

/** Hands the paper in and marks it; handed in twice, the first stands. @clause HZ4-M13 */
export const handIn: Command<typeof HandIn, HandedIn> = command({
  name: 'learning.handIn',
  permission: 'self.check-in',
  input: HandIn,
  async run(tx, { attemptId }) {
    const attempt = await attempts(tx.db)
      .where('a.id', '=', attemptId)
      .where('a.person_id', '=', ownPerson(tx))
      .forUpdate()
      .executeTakeFirst()
    if (!attempt) throw missing('attempt')
    tx.about('attempt', attemptId)
    const { points, fullPoints, passed } = attempt
    if (attempt.submittedAt !== null) {
      return { attemptId, points: points ?? 0, fullPoints: fullPoints ?? 0, passed: passed === true, already: true }
    }
    const item = await examItem(tx.db, attempt.personId, attempt.registrationId, attempt.itemId)
    return { attemptId, ...(await mark(tx, attempt, ExamBody.parse(item?.body).passMark)), already: false }
  },
  outcome: ({ points, fullPoints, passed, already }) => ({ points, fullPoints, passed, already }),
})

/** An attempt that ran out is handed in at its end. */
async function mark(tx: Tx, attempt: Attempt, passMark: number) {
  const [questions, given] = await Promise.all([
    paperQuestions(tx.db, attempt.questionIds),
    answersOf(tx.db, attempt.id),
  ])
  const { points, fullPoints, passed, marks } = markPaper(questions, given, passMark)
  await sql`update learning.attempts set submitted_at = least(${tx.now}::timestamptz, due_at), points = ${points},
    full_points = ${fullPoints}, passed = ${passed}, explanation = ${JSON.stringify(marks)}::jsonb
    where id = ${attempt.id}`.execute(tx.db)
  return { points, fullPoints, passed }
}
