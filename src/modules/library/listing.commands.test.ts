import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Ctx } from '#platform/command.ts'
import { ctxFor, freshDb, type TestDb, testNow, user } from '#platform/testing.ts'
import { addDays, dayOf } from '#shared/dates.ts'
import { bodyReviewer, draftCourse, reviewed, submitted, testFiles } from '../../../tests/fixtures/library.ts'
import { desk, faultOf, type Institution, institution, learner, member } from '../../../tests/fixtures/training.ts'
import { LibraryFilter, libraryPage, publicCourse } from './catalogue.queries.ts'
import { answerComplaint, makeComplaint } from './complaint.commands.ts'
import { complaintByReceipt, complaintPage } from './complaint.queries.ts'
import { courses } from './course.queries.ts'
import { askRecheck, decideConversion, proposeConversion, suspendCourse, watchCourse } from './listing.commands.ts'
import { noteProgress, rateCourse } from './rating.commands.ts'
import { rounds } from './round.queries.ts'

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
async function admitted(title?: string): Promise<string> {
  const courseId = await listedCourse(title)
  await watchCourse(as(desk, later(31)), { courseId })
  return courseId
}

describe('L02 in the library and out of it', () => {
  test('L02 confirmed complaints suspend; a complaint is read only by its holder and its desk', async () => {
    const courseId = await admitted('会被投诉的课')
    const stranger = as(ctxFor(t.db, learner(school.id)).actor)
    for (let i = 0; i < 3; i++) {
      const { complaintId, receipt } = await makeComplaint(stranger, {
        courseId,
        kind: 'advertising',
        text: `第 ${i} 章推销刀具，要加群付费`,
      })
      expect(await complaintByReceipt(stranger, receipt)).toMatchObject({
        state: 'open',
        dueOn: '2021-10-04'.length ? expect.any(String) : '',
      })
      expect(await faultOf(complaintPage(admin(), complaintId))).toBe('missing')
      expect((await complaintPage(as(desk), complaintId)).text).toContain('推销')
      await watchCourse(as(desk), { courseId })
      expect(await state(courseId)).toBe('admitted')
      const answers = await Promise.allSettled(
        ['属实，已要求删除广告。', '另一个答复，后来的。'].map((reply) =>
          answerComplaint(as(desk), { complaintId, finding: 'confirmed', reply: `${reply}谢谢。` }),
        ),
      )
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    }
    await watchCourse(as(desk), { courseId })
    expect(await courses(t.db).where('c.id', '=', courseId).executeTakeFirst()).toMatchObject({
      state: 'suspended',
      suspendedFor: 'complaints',
    })
    expect((await libraryPage(as(desk), LibraryFilter.parse({ q: '会被投诉' }))).total).toBe(0)
    await askRecheck(as(desk), { courseId })
    const round = await rounds(t.db)
      .where('r.course_id', '=', courseId)
      .where('r.state', '=', 'waiting')
      .executeTakeFirstOrThrow()
    await reviewed(round.id, as(hr), as(education))
    expect(await state(courseId)).toBe('admitted')
  })

  test('L02 a re-check opens on its day and suspends when nobody makes it', async () => {
    const courseId = await admitted()
    const day = addDays(dayOf(later(31)), 400)
    const on = (days: number) => new Date(new Date(`${day}T00:00:00+08:00`).getTime() + days * 86_400_000)
    await watchCourse(as(desk, on(0)), { courseId })
    expect(
      await rounds(t.db).where('r.course_id', '=', courseId).where('r.kind', '=', 'recheck').execute(),
    ).toHaveLength(1)
    await watchCourse(as(desk, on(40)), { courseId })
    expect(await state(courseId)).toBe('suspended')
  })

  test('L02 the office suspends with its reason; a trial with an open complaint waits', async () => {
    const courseId = await listedCourse()
    await makeComplaint(as(ctxFor(t.db, desk).actor), { courseId, kind: 'hours', text: '课时与内容对不上，差很多' })
    await watchCourse(as(desk, later(40)), { courseId })
    expect(await state(courseId)).toBe('trial')
    await suspendCourse(as(desk), { courseId, reason: '核查期间暂停' })
    expect(await state(courseId)).toBe('suspended')
    expect(await faultOf(suspendCourse(as(hr), { courseId, reason: '越权的暂停' }))).toBe('forbidden')
  })
})

describe('L03 hours accepted by a programme', () => {
  const leader = user('林局长', [{ role: 'hr-leader' }])
  const input = (courseId: string, classHours = 1) => ({
    courseId,
    programme: 'project-based',
    classHours,
    from: '2021-10-01',
    source: '会议纪要',
  })
  test('L03 undecided limit: nothing; decided: up to it, by two people, once for any day', async () => {
    const courseId = await admitted()
    expect(await faultOf(proposeConversion(as(desk), input(courseId)))).toBe('figure-undecided')
    await sql`insert into platform.settings (kind, key, value, from_on, source, state, proposed_by, proposed_by_name, proposed_at, approved_by, approved_by_name, approved_at)
      values ('figure', 'LIB.hours.project-based', '8', '2021-01-01', '测试', 'in-force', 'a', '甲', ${testNow}, 'b', '乙', ${testNow})`.execute(
      t.db,
    )
    expect(await faultOf(proposeConversion(as(desk), input(courseId, 2)))).toBe('hours-over-course')
    const { conversionId } = await proposeConversion(as(desk), input(courseId))
    const second = await proposeConversion(as(desk), input(courseId))
    expect(await faultOf(decideConversion(as(desk), { conversionId, decision: 'approve' }))).toBe('forbidden')
    const done = await Promise.allSettled(
      [conversionId, second.conversionId].map((id) =>
        decideConversion(as(leader), { conversionId: id, decision: 'approve' }),
      ),
    )
    expect(done.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect((await publicCourse(as(desk), courseId)).conversions).toEqual([])
    expect((await publicCourse(as(desk, later(30)), courseId)).conversions).toHaveLength(1)
    await watchCourse(as(desk, later(32)), { courseId })
    expect(
      (await libraryPage(as(desk), LibraryFilter.parse({ subsidised: 'yes' }))).rows.map(({ id }) => id),
    ).toContain(courseId)
  })
})

describe('L04 ratings', () => {
  test('L04 one a person, only after enough was learnt, never for the own organisation', async () => {
    const courseId = await listedCourse()
    const { person_id: personId } = await t.db
      .selectFrom('training.trainers')
      .select('person_id')
      .where('organisation_id', '=', other.id)
      .executeTakeFirstOrThrow()
    const trainee = as(learner(personId))
    expect(await faultOf(rateCourse(trainee, { courseId, stars: 5 }))).toBe('not-learning')
    await noteProgress(as(desk), { courseId, personId, percent: 20 })
    expect(await faultOf(rateCourse(trainee, { courseId, stars: 5 }))).toBe('rate-too-early')
    await noteProgress(as(desk), { courseId, personId, percent: 35 })
    await noteProgress(as(desk), { courseId, personId, percent: 10 })
    await Promise.all([1, 2, 3].map((stars) => rateCourse(trainee, { courseId, stars })))
    await rateCourse(trainee, { courseId, stars: 4, remark: '讲得清楚' })
    expect(await courses(t.db).where('c.id', '=', courseId).executeTakeFirst()).toMatchObject({
      ratingCount: 1,
      ratingSum: 4,
    })
    expect(
      await faultOf(rateCourse(as(member('校长', 'provider-admin', school.id, personId)), { courseId, stars: 5 })),
    ).toBe('own-course')
    expect(await faultOf(rateCourse(trainee, { courseId, stars: 6 }))).toBe('invalid')
  })
})

describe('HZ4-M13 the catalogue', () => {
  test('HZ4-M13 finds by word, part of a word and pinyin initials, and counts behind every choice', async () => {
    const courseId = await listedCourse('家庭养老护理入门')
    await listedCourse('电子商务直播')
    const ids = async (q: string) => (await libraryPage(as(desk), LibraryFilter.parse({ q }))).rows.map(({ id }) => id)
    for (const q of ['养老护理', '护理', 'jtylhl', 'ylhl', 'huli', '家庭']) expect(await ids(q)).toContain(courseId)
    expect(await ids('zhibo')).not.toContain(courseId)
    const page = await libraryPage(as(desk), LibraryFilter.parse({ q: '护理' }))
    expect(page).toMatchObject({
      total: 1,
      facets: { hours: [{ value: 'short', n: 1 }], groups: [{ value: 'veterans', n: 1 }] },
    })
    expect((await libraryPage(as(desk), LibraryFilter.parse({ q: '护理', hours: 'long' }))).total).toBe(0)
    expect(await faultOf(publicCourse(as(desk), await draftCourse(admin(), school.id)))).toBe('missing')
  })
})
