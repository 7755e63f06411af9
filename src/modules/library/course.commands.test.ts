import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Ctx } from '#platform/command.ts'
import { ctxFor, freshDb, type TestDb, testNow } from '#platform/testing.ts'
import {
  bodyReviewer,
  draftCourse,
  expert,
  reviewed,
  sheet,
  submitAgain,
  submitted,
  testFiles,
} from '../../../tests/fixtures/library.ts'
import { desk, faultOf, type Institution, institution } from '../../../tests/fixtures/training.ts'
import { callBackCourse, editCourse, planVersion, startVersion, submitCourse } from './course.commands.ts'
import { courses, courseWork, items, versions } from './course.queries.ts'
import { addItem, editItem, moveItem, removeItem } from './item.commands.ts'
import { watchCourse } from './listing.commands.ts'
import { importQuestions, replaceQuestion } from './question.commands.ts'
import { questionsOf } from './question.queries.ts'
import { giveReview, putBackReview, takeReview } from './round.commands.ts'
import { roundPage, rounds } from './round.queries.ts'

let t: TestDb
let school: Institution
let other: Institution
const files = testFiles()
const as = (actor: Parameters<typeof ctxFor>[1], now = testNow): Ctx => ({ ...ctxFor(t.db, actor, now), files })
const hr = bodyReviewer('评审甲', 'hrssBureau')
const education = bodyReviewer('评审乙', 'educationBureau')
const later = (days: number) => new Date(testNow.getTime() + days * 86_400_000)
const state = async (id: string) => (await courses(t.db).where('c.id', '=', id).executeTakeFirstOrThrow()).state

beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  school = await institution(t.db)
  other = await institution(t.db)
})
afterAll(() => t.close())
const admin = (now = testNow) => as(school.admin, now)

async function listedCourse(title?: string): Promise<string> {
  const { courseId, roundId } = await submitted(admin(), school.id, title)
  await reviewed(roundId, as(hr), as(education))
  return courseId
}
async function _admitted(title?: string): Promise<string> {
  const courseId = await listedCourse(title)
  await watchCourse(as(desk, later(31)), { courseId })
  return courseId
}

describe('L01 the way into the library', () => {
  test('L01 draft → submitted → under review → trial → admitted', async () => {
    const { courseId, roundId } = await submitted(admin(), school.id)
    expect(await state(courseId)).toBe('submitted')
    await takeReview(as(hr), { roundId })
    expect(await state(courseId)).toBe('under-review')
    await takeReview(as(education), { roundId })
    await giveReview(as(hr), sheet(roundId, 4))
    expect(await state(courseId)).toBe('under-review')
    expect(await giveReview(as(education), sheet(roundId, 4))).toMatchObject({
      outcome: 'pass',
      state: 'trial',
      total: 80,
    })
    await watchCourse(as(desk, later(29)), { courseId })
    expect(await state(courseId)).toBe('trial')
    await watchCourse(as(desk, later(30)), { courseId })
    const found = await courses(t.db).where('c.id', '=', courseId).executeTakeFirstOrThrow()
    expect(found).toMatchObject({ state: 'admitted', plannedClassHours: 1, recheckOn: '2022-10-15' })
    expect(found.number).toMatch(/^KC2021-\d{4}$/)
  })

  test('L01 is refused without signature, content or own permission', async () => {
    const courseId = await draftCourse(admin(), school.id)
    const version = 1
    expect(await faultOf(submitCourse(admin(), { courseId, version, basis: 'own' }))).toBe('invalid')
    expect(await faultOf(submitCourse(admin(), { courseId, version, basis: 'licensed', signed: true }))).toBe('invalid')
    expect(await faultOf(submitCourse(as(other.admin), { courseId, version, basis: 'own', signed: true }))).toBe(
      'missing',
    )
    expect(await faultOf(submitCourse(as(school.trainer), { courseId, version, basis: 'own', signed: true }))).toBe(
      'forbidden',
    )
    await planVersion(admin(), { courseId, plannedClassHours: 9 })
    expect(await faultOf(submitCourse(admin(), { courseId, version, basis: 'own', signed: true }))).toBe(
      'hours-not-backed',
    )
    expect(await faultOf(courseWork(as(other.admin), courseId))).toBe('missing')
    expect(await faultOf(editCourse(as(other.admin), { courseId, version, title: '别人的' }))).toBe('missing')
  })

  test('L01 two reviewers: not twice, not of one organisation, not of the course’s own, not a third', async () => {
    const { roundId } = await submitted(admin(), school.id)
    expect(await faultOf(takeReview(as(expert('自家人', school.id)), { roundId }))).toBe('own-organisation')
    await takeReview(as(hr), { roundId })
    expect(await takeReview(as(hr), { roundId })).toMatchObject({ seat: 1 })
    expect(await faultOf(takeReview(as(bodyReviewer('评审丙', 'hrssBureau')), { roundId }))).toBe('same-affiliation')
    await takeReview(as(expert('外校专家', other.id)), { roundId })
    expect(await faultOf(takeReview(as(education), { roundId }))).toBe('seats-taken')
    expect(await faultOf(giveReview(as(education), sheet(roundId, 5)))).toBe('not-taken')
    await expect(
      sql`insert into library.reviews (round_id, seat, reviewer, reviewer_name, affiliation, taken_at)
        values (${roundId}, 3, 'x', 'x', 'body:x', now())`.execute(t.db),
    ).rejects.toThrow('reviews_seat_check')
    await expect(
      sql`update library.reviews set affiliation = ${`organisation:${school.id}`} where round_id = ${roundId} and seat = 1`.execute(
        t.db,
      ),
    ).rejects.toMatchObject({ constraint: 'reviewer_is_independent' })
  })

  test('L01 reviewers are blind to one another until both have given', async () => {
    const { roundId } = await submitted(admin(), school.id)
    await takeReview(as(hr), { roundId })
    await takeReview(as(education), { roundId })
    await giveReview(as(hr), sheet(roundId, 3))
    expect((await roundPage(as(education), roundId)).reviews.map((one) => one.reviewer)).toEqual([education.id])
    expect((await roundPage(as(desk), roundId)).reviews).toEqual([])
    expect(await faultOf(roundPage(admin(), roundId))).toBe('missing')
    expect(await faultOf(giveReview(as(hr), sheet(roundId, 5)))).toBe('already-given')
    await giveReview(as(education), sheet(roundId, 3))
    expect((await roundPage(as(education), roundId)).reviews).toHaveLength(2)
    await expect(
      sql`update library.reviews set total = 99 where round_id = ${roundId}`.execute(t.db),
    ).rejects.toMatchObject({
      constraint: 'review_stands',
    })
  })

  test('L01 a low score wants words, and every criterion wants a score', async () => {
    const { roundId } = await submitted(admin(), school.id)
    await takeReview(as(hr), { roundId })
    expect(await faultOf(giveReview(as(hr), { ...sheet(roundId, 2), remarks: {} }))).toBe('invalid')
    expect(await faultOf(giveReview(as(hr), { ...sheet(roundId, 4), scores: { content: 4 } }))).toBe('invalid')
    await putBackReview(as(hr), { roundId, reason: '与本人专业不符' })
    expect((await roundPage(as(hr), roundId)).taken).toBe(0)
  })

  test('L01 two reviewers give at once: one decision, both sheets kept', async () => {
    for (let i = 0; i < 4; i++) {
      const { courseId, roundId } = await submitted(admin(), school.id)
      await Promise.all([takeReview(as(hr), { roundId }), takeReview(as(education), { roundId })])
      const both = await Promise.all([
        giveReview(as(hr), sheet(roundId, 5)),
        giveReview(as(education), sheet(roundId, 4)),
      ])
      expect(both.filter(({ outcome }) => outcome === 'pass')).toHaveLength(1)
      expect(both.filter(({ outcome }) => outcome === null)).toHaveLength(1)
      expect(await state(courseId)).toBe('trial')
      expect(await rounds(t.db).where('r.id', '=', roundId).executeTakeFirst()).toMatchObject({
        outcome: 'pass',
        score: 90,
      })
    }
  })

  test('L01 three take two seats at once: two get them', async () => {
    const { roundId } = await submitted(admin(), school.id)
    const three = [hr, education, expert('专家', other.id)]
    const got = await Promise.allSettled(three.map((actor) => takeReview(as(actor), { roundId })))
    expect(got.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
  })

  test('L01 returned with reasons, mended, submitted again; vetoed by both: rejected for good', async () => {
    const { courseId, roundId } = await submitted(admin(), school.id)
    await reviewed(roundId, as(hr), as(education), [2, 3])
    expect(await state(courseId)).toBe('returned')
    expect(await rounds(t.db).where('r.id', '=', roundId).executeTakeFirst()).toMatchObject({
      outcome: 'return',
      reason: 'mark',
      score: 50,
    })
    const again = await submitAgain(admin(), courseId)
    await takeReview(as(hr), { roundId: again })
    await takeReview(as(education), { roundId: again })
    await giveReview(as(hr), sheet(again, 5, ['rights']))
    await giveReview(as(education), sheet(again, 5, ['rights', 'unlawful']))
    expect(await state(courseId)).toBe('rejected')
    expect(await faultOf(planVersion(admin(), { courseId, plannedClassHours: 1 }))).toBe('wrong-state')
  })

  test('L01 called back before a reviewer came, not after', async () => {
    const { courseId } = await submitted(admin(), school.id)
    await callBackCourse(admin(), { courseId })
    expect(await state(courseId)).toBe('returned')
    const roundId = await submitAgain(admin(), courseId)
    await takeReview(as(hr), { roundId })
    expect(await faultOf(callBackCourse(admin(), { courseId }))).toBe('wrong-state')
  })
})

describe('L05 versions', () => {
  test('L05 a submitted version is locked, a published one never changes, whoever tries', async () => {
    const courseId = await listedCourse()
    const work = await courseWork(admin(), courseId)
    const [item] = work.items
    expect(await faultOf(removeItem(admin(), { itemId: item?.id }))).toBe('version-locked')
    for (const write of [
      sql`update library.items set title = '改' where version_id = ${work.shown.id}`,
      sql`delete from library.items where version_id = ${work.shown.id}`,
      sql`insert into library.items (version_id, chapter, chapter_title, position, kind, title) values (${work.shown.id}, 9, '九', 1, 'text', '新')`,
      sql`update library.versions set planned_class_hours = 99 where id = ${work.shown.id}`,
    ])
      await expect(write.execute(t.db)).rejects.toMatchObject({ constraint: 'published_stands' })
    const [question] = await questionsOf(t.db, courseId)
    await expect(
      sql`update library.questions set answer = 'false' where id = ${question?.id}`.execute(t.db),
    ).rejects.toMatchObject({
      constraint: 'question_stands',
    })
    const made = await replaceQuestion(admin(), {
      questionId: question?.id,
      pool: '第一章',
      kind: 'true-false',
      prompt: '改过的',
      answer: '错',
      points: 1,
    })
    expect((await questionsOf(t.db, courseId)).map(({ id }) => id)).toContain(made.questionId)
    expect((await questionsOf(t.db, courseId)).map(({ id }) => id)).not.toContain(question?.id)
  })

  test('L05 a new version waits its turn; what fails leaves the old one in use, what passes replaces it', async () => {
    const courseId = await listedCourse()
    const first = (await courseWork(admin(), courseId)).shown
    await startVersion(admin(), { courseId })
    expect(await faultOf(startVersion(admin(), { courseId }))).toBe('version-open')
    await addItem(admin(), {
      courseId,
      kind: 'case',
      chapter: 2,
      chapterTitle: '成果',
      title: '阿强开店',
      body: { story: '学成后开店', result: '月入一万' },
    })
    const roundId = await submitAgain(admin(), courseId)
    await reviewed(roundId, as(hr), as(education), [1, 1])
    expect(await courses(t.db).where('c.id', '=', courseId).executeTakeFirst()).toMatchObject({
      state: 'trial',
      currentVersionId: first.id,
    })
    const again = await submitAgain(admin(), courseId)
    await reviewed(again, as(hr), as(education), [5, 5])
    const now = await courses(t.db).where('c.id', '=', courseId).executeTakeFirstOrThrow()
    const all = await versions(t.db).where('v.course_id', '=', courseId).orderBy('v.number').execute()
    expect(all.map((one) => one.state)).toEqual(['published', 'published'])
    expect(now.currentVersionId).toBe(all[1]?.id)
    expect(await items(t.db).where('i.version_id', '=', first.id).execute()).toHaveLength(2)
  })

  test('L05 items keep their order and their chapter’s name; the wrong body is told field by field', async () => {
    const courseId = await draftCourse(admin(), school.id)
    const base = { courseId, chapter: 1, chapterTitle: '新章名', kind: 'text' as const }
    const { itemId } = await addItem(admin(), { ...base, title: '第三', body: { text: '字' } })
    await moveItem(admin(), { itemId, to: 'up' })
    await moveItem(admin(), { itemId, to: 'up' })
    await moveItem(admin(), { itemId, to: 'up' })
    const work = await courseWork(admin(), courseId)
    expect(work.items.map(({ title }) => title)).toEqual(['第三', '切配的规矩', '章节考试'])
    expect(new Set(work.items.map(({ chapterTitle }) => chapterTitle))).toEqual(new Set(['新章名']))
    await expect(addItem(admin(), { ...base, title: '空', body: {} })).rejects.toMatchObject({
      fault: { fields: { 'body.text': [expect.any(String)] } },
    })
    expect(await faultOf(addItem(admin(), { ...base, kind: 'video', title: '没有文件', body: {} }))).toBe('invalid')
    await editItem(admin(), { itemId, chapter: 2, chapterTitle: '二', title: '第三', body: { text: '字' } })
    expect((await courseWork(admin(), courseId)).items.at(-1)).toMatchObject({ chapter: 2, title: '第三' })
  })
})

describe('HZ4-M13 the question bank', () => {
  const csv = (...rows: string[]) =>
    new TextEncoder().encode(['分组,题型,题目,选项,答案,分值,解析', ...rows].join('\n'))
  test('HZ4-M13 a table comes in whole or not at all, and not twice', async () => {
    const courseId = await draftCourse(admin(), school.id)
    const bad = await importQuestions(admin(), {
      courseId,
      fileName: '题.csv',
      bytes: csv('二,单选,哪个对,甲|乙,C,2,', '二,判断题,对吗,,对,2,'),
    })
    expect(bad).toMatchObject({ added: 0, faults: [{ row: 2, column: '答案' }] })
    const good = csv('二,单选题,哪个对,甲|乙,B,2,因为', '二,判断,对吗,,对,2,', '二,填空（数字）,几度,,100±2,3,')
    expect(await importQuestions(admin(), { courseId, fileName: '题.csv', bytes: good })).toMatchObject({
      added: 3,
      known: 0,
    })
    expect(await importQuestions(admin(), { courseId, fileName: '题.csv', bytes: good })).toMatchObject({
      added: 0,
      known: 3,
    })
    const made = (await questionsOf(t.db, courseId)).filter(({ pool }) => pool === '二')
    expect(made.map(({ kind, answer }) => [kind, answer])).toEqual([
      ['single', 1],
      ['true-false', true],
      ['number', { value: 100, tolerance: 2 }],
    ])
    expect(
      await faultOf(
        importQuestions(admin(), { courseId, fileName: '题.csv', bytes: new TextEncoder().encode('甲,乙\n1,2') }),
      ),
    ).toBe('invalid')
  })
})
