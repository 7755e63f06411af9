import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ctxFor, freshDb, type TestDb, testNow } from '#platform/testing.ts'
import { claimant, person } from '../../../tests/fixtures/claims.ts'
import { course, type TestCourse } from '../../../tests/fixtures/learning.ts'
import { faultOf, learner, member } from '../../../tests/fixtures/training.ts'
import { gradeAssignment, submitAssignment } from './assignment.commands.ts'
import { attemptPage } from './attempt.queries.ts'
import { completeCourse } from './completion.commands.ts'
import { handIn, saveAnswer, startAttempt } from './exam.commands.ts'
import { register } from './registration.commands.ts'

let t: TestDb
let lesson: TestCourse
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  const { id } = await claimant(t.db)
  const body = { pools: [{ pool: 'a', count: 3 }], minutes: 30, passMark: 60, resits: 1 }
  lesson = await course(t.db, id, [
    { kind: 'exam', title: '测验', body },
    { kind: 'assignment', title: '作业', body: { task: '切丝' } },
  ])
  await sql`insert into library.questions (course_id, pool, kind, prompt, answer, points, created_by, created_at)
    select ${lesson.id}, 'a', 'text', '题' || n, '["对"]', 2, 'test', now() from generate_series(1, 5) n`.execute(t.db)
})
afterAll(() => t.close())

async function pupil() {
  const personId = (await person(t.db)).id
  const ctx = (minutes = 0) => ctxFor(t.db, learner(personId), new Date(testNow.getTime() + minutes * 60_000))
  const { registrationId } = await register(ctx(), { courseId: lesson.id })
  return {
    personId,
    ctx,
    registrationId,
    exam: { registrationId, itemId: lesson.itemIds[0] },
    task: { registrationId, itemId: lesson.itemIds[1] },
  }
}

describe('HZ4-M13 exams and assignments', () => {
  test('HZ4-M13 two tabs that begin at once share one attempt; the newest answer counts; handed in once', async () => {
    const one = await pupil()
    const begun = await Promise.all([1, 2, 3].map(() => startAttempt(one.ctx(), one.exam)))
    expect(new Set(begun.map((b) => b.attemptId)).size).toBe(1)
    const attemptId = begun[0]?.attemptId ?? ''
    const paper = await attemptPage(t.db, one.personId, attemptId, testNow)
    expect(JSON.stringify(paper.questions)).not.toContain('answer')
    for (const question of paper.questions) {
      await saveAnswer(one.ctx(1), { attemptId, questionId: question.id, answer: '错' })
      await saveAnswer(one.ctx(2), { attemptId, questionId: question.id, answer: '对' })
    }
    const handed = await Promise.all([1, 2].map(() => handIn(one.ctx(3), { attemptId })))
    expect(handed.map((h) => [h.points, h.passed])).toEqual([
      [6, true],
      [6, true],
    ])
    expect(await faultOf(saveAnswer(one.ctx(4), { attemptId, questionId: paper.questions[0]?.id, answer: '错' }))).toBe(
      'attempt-over',
    )
    expect(await faultOf(startAttempt(one.ctx(5), one.exam))).toBe('exam-passed')
  })

  test('HZ4-M13 the server ends it: a late answer is refused, also by the database; what was saved counts; resits run out', async () => {
    const one = await pupil()
    const { attemptId } = await startAttempt(one.ctx(), one.exam)
    const { questions } = await attemptPage(t.db, one.personId, attemptId, testNow)
    const questionId = questions[0]?.id
    await saveAnswer(one.ctx(29), { attemptId, questionId, answer: '对' })
    expect(await faultOf(saveAnswer(one.ctx(31), { attemptId, questionId, answer: '错' }))).toBe('attempt-over')
    await expect(
      sql`insert into learning.answers (attempt_id, question_id, answer, at) values (${attemptId}, ${questionId}, '"x"', ${one.ctx(31).now})`.execute(
        t.db,
      ),
    ).rejects.toThrow(/over or has no such question/)
    const second = await startAttempt(one.ctx(40), one.exam)
    expect(second).toMatchObject({ number: 2, already: false })
    const first = await attemptPage(t.db, one.personId, attemptId, one.ctx(40).now)
    expect(first).toMatchObject({ points: 2, passed: false, submittedAt: new Date(testNow.getTime() + 30 * 60_000) })
    await handIn(one.ctx(41), { attemptId: second.attemptId })
    expect(await faultOf(startAttempt(one.ctx(42), one.exam))).toBe('no-resits-left')
    await expect(sql`update learning.attempts set points = 6 where id = ${attemptId}`.execute(t.db)).rejects.toThrow(
      /stands/,
    )
  })

  test("HZ4-M13 nobody else's attempt, paper or assignment", async () => {
    const [one, other] = [await pupil(), await pupil()]
    const { attemptId } = await startAttempt(one.ctx(), one.exam)
    expect(await faultOf(handIn(other.ctx(), { attemptId }))).toBe('missing')
    expect(await faultOf(startAttempt(other.ctx(), one.exam))).toBe('missing')
    expect(await faultOf(attemptPage(t.db, other.personId, attemptId, testNow))).toBe('missing')
  })

  test("HZ4-M13 an assignment is marked once, by the course's own teachers, and completion asks for everything", async () => {
    const one = await pupil()
    const { submissionId } = await submitAssignment(one.ctx(), { ...one.task, text: '先切片' })
    expect(await faultOf(submitAssignment(one.ctx(), { ...one.task, text: '再交' }))).toBe('assignment-waits')
    const teacher = ctxFor(t.db, member('陈师傅', 'trainer', lesson.organisationId))
    const stranger = ctxFor(t.db, member('外人', 'trainer', one.personId))
    const mark = { submissionId, passed: 'no', remark: '太粗' }
    expect(await faultOf(gradeAssignment(stranger, mark))).toBe('missing')
    await gradeAssignment(teacher, mark)
    expect(await faultOf(gradeAssignment(teacher, mark))).toBe('assignment-graded')
    const again = await submitAssignment(one.ctx(), { ...one.task, text: '切得细' })
    await gradeAssignment(teacher, { ...mark, submissionId: again.submissionId, passed: 'yes' })
    expect(await faultOf(completeCourse(one.ctx(), { registrationId: one.registrationId }))).toBe('not-complete')
    const { attemptId } = await startAttempt(one.ctx(), one.exam)
    for (const { id } of (await attemptPage(t.db, one.personId, attemptId, testNow)).questions)
      await saveAnswer(one.ctx(), { attemptId, questionId: id, answer: '对' })
    await handIn(one.ctx(), { attemptId })
    expect(await completeCourse(one.ctx(), { registrationId: one.registrationId })).toMatchObject({ already: false })
    expect(await completeCourse(one.ctx(), { registrationId: one.registrationId })).toMatchObject({ already: true })
  })
})
