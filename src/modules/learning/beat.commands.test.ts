import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { postOnlineHours } from '#modules/training/online.commands.ts'
import { ctxFor, freshDb, systemActor, type TestDb } from '#platform/testing.ts'
import { day } from '#shared/units.ts'
import { claimant } from '../../../tests/fixtures/claims.ts'
import { atPlayer, course, type TestCourse } from '../../../tests/fixtures/learning.ts'
import { approvedClass, at, faultOf, openClass } from '../../../tests/fixtures/training.ts'
import { beat } from './beat.commands.ts'
import { settleDay } from './posting.commands.ts'
import { answerPresence } from './presence.commands.ts'
import { openViewing } from './viewing.commands.ts'

let t: TestDb
let lesson: TestCourse
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  const organisation = await claimant(t.db)
  lesson = await course(t.db, organisation.id, [{ kind: 'video', title: '磨刀', seconds: 3600 }])
})
afterAll(() => t.close())

const nextDay = (now: Date) => new Date(now.getTime() + 86_400_000)

describe('C16 heartbeats', () => {
  test('C16 an honest half hour counts whole, is kept stretch by stretch, and is sealed by a digest in the trail', async () => {
    const one = await atPlayer(t.db, lesson)
    await one.unasked()
    const last = await one.watch(1800)
    expect(last).toMatchObject({ verdict: 'counted', coveredMs: 1_800_000, todayMs: 1_800_000 })
    const kept = await t.db
      .selectFrom('learning.stretches')
      .selectAll()
      .where('registration_id', '=', one.registrationId)
      .execute()
    expect(kept).toHaveLength(121)
    const { rows } = await sql<{
      n: number
    }>`select count(*)::int as n from audit.entries where command = 'learning.beat'
      and length(outcome ->> 'digest') = 64`.execute(t.db)
    expect(rows[0]?.n).toBeGreaterThanOrEqual(121)
  })

  test("C16 another person's viewing is missing; a closed one and one that gave way say so", async () => {
    const one = await atPlayer(t.db, lesson)
    const other = await atPlayer(t.db, lesson)
    expect(await faultOf(beat(other.ctx(), { ...beatOf(one.viewingId), sequence: 1 }))).toBe('missing')
    const old = one.viewingId
    expect(await one.reopen()).toMatchObject({ replaced: true })
    expect(await faultOf(beat(one.ctx(), { ...beatOf(old), sequence: 9 }))).toBe('superseded')
    expect((await one.send()).verdict).toBe('idle')
  })

  test('C16 the same beats at one instant from many connections are taken once', async () => {
    const one = await atPlayer(t.db, lesson)
    await one.unasked()
    await one.send()
    one.wait(15)
    const same = { ...beatOf(one.viewingId), sequence: 2, positionMs: 15_000 }
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => beat(one.ctx(), same)))
    expect(answers.filter((a) => a.status === 'fulfilled')).toHaveLength(1)
    expect(await one.granted()).toBe(15_000)
  })

  test('C16 the database itself refuses a second twice, a changed stretch and more minutes than evidence', async () => {
    const one = await atPlayer(t.db, lesson)
    await one.unasked()
    await one.watch(60)
    const copy = `insert into learning.stretches (viewing_id, registration_id, item_id, person_id, sequence, on_day, at, wall_ms, from_ms, to_ms, rate_percent, verdict, reason, granted)
      select viewing_id, registration_id, item_id, person_id, 999, on_day, at, wall_ms, from_ms, to_ms, rate_percent, verdict, reason, granted
      from learning.stretches where registration_id = '${one.registrationId}' and granted_ms > 0 limit 1`
    await expect(sql.raw(copy).execute(t.db)).rejects.toThrow(/second_once/)
    await expect(sql.raw('update learning.stretches set reason = $$x$$').execute(t.db)).rejects.toThrow(
      /permission denied/,
    )
    await expect(sql.raw('delete from learning.stretches').execute(t.db)).rejects.toThrow(/permission denied/)
    const post = {
      registrationId: one.registrationId,
      personId: one.personId,
      enrolmentId: null,
      onDay: '2021-09-15',
      acceptedHours: null,
      grade: 'C',
      evidence: {},
    }
    await expect(postOnlineHours(ctxFor(t.db, systemActor), { ...post, minutes: 2 })).rejects.toThrow(/more minutes/)
  })

  test('C16 a question is asked, holds what follows, and an answer gives it back; late answers too, three wrong ones not', async () => {
    const one = await atPlayer(t.db, lesson)
    await sql`update learning.seats set until_question_ms = 10000 where person_id = ${one.personId}`.execute(t.db)
    const asked = await one.watch(15)
    expect(asked.question).toMatchObject({ options: expect.arrayContaining([expect.any(String)]) })
    one.wait(15)
    expect(await one.send({ positionMs: 30_000 })).toMatchObject({
      verdict: 'held',
      reason: 'presence-open',
      grantedMs: 0,
    })
    const presenceId = asked.question?.id ?? ''
    const right = async () =>
      (
        await t.db
          .selectFrom('learning.presences')
          .select('answer')
          .where('id', '=', presenceId)
          .executeTakeFirstOrThrow()
      ).answer
    const wrong = await answerPresence(one.ctx(), { presenceId, choice: (await right()) === 0 ? 1 : 0 })
    expect(wrong).toMatchObject({ outcome: 'wrong', left: 2 })
    one.wait(300)
    expect(await answerPresence(one.ctx(), { presenceId, choice: await right() })).toMatchObject({
      outcome: 'remedied',
      releasedMs: 15_000,
    })
    expect(await one.granted()).toBe(30_000)
    expect(await faultOf(answerPresence(one.ctx(), { presenceId, choice: 0 }))).toBe('presence-gone')
  })

  test('C16 nobody answers: the viewing ends and what was held is lost', async () => {
    const one = await atPlayer(t.db, lesson)
    await sql`update learning.seats set until_question_ms = 10000 where person_id = ${one.personId}`.execute(t.db)
    await one.watch(15)
    let ended = false
    for (let i = 0; i < 60 && !ended; i++) {
      one.wait(15)
      ended = (await one.send({ positionMs: one.positionMs + 15_000 })).ended
    }
    expect(ended).toBe(true)
    expect(await one.granted()).toBe(15_000)
    one.wait(15)
    expect(await faultOf(one.send())).toBe('viewing-closed')
    expect((await one.reopen()).question).toBeNull()
  })
})

const beatOf = (viewingId: string) => ({ viewingId, positionMs: 0, playing: true, visible: true, rate: 1 })

describe('HZ4-M13 the hours ledger', () => {
  const entries = (registrationId: string) =>
    t.db
      .selectFrom('training.hour_entries')
      .selectAll()
      .where('registration_id', '=', registrationId)
      .orderBy('id')
      .execute()

  test('HZ4-M13 free learning is posted once, person-only, raced; the rest of a minute goes to the next day', async () => {
    const one = await atPlayer(t.db, lesson)
    await one.unasked()
    await one.watch(630)
    const tomorrow = ctxFor(t.db, systemActor, nextDay(one.now))
    const day1 = { registrationId: one.registrationId, on: '2021-09-15' }
    expect(await faultOf(settleDay(ctxFor(t.db, systemActor, one.now), day1))).toBe('day-not-over')
    const settled = await Promise.all(Array.from({ length: 8 }, () => settleDay(tomorrow, day1)))
    expect(settled.map((s) => s.minutes)).toEqual(Array(8).fill(10))
    expect(await entries(one.registrationId)).toMatchObject([
      { minutes: 10, enrolment_id: null, class_id: null, source: 'online', grade: 'C' },
    ])
    one.wait(86_400)
    await one.reopen()
    await one.unasked()
    await one.watch(630)
    await settleDay(ctxFor(t.db, systemActor, nextDay(one.now)), { ...day1, on: '2021-09-16' })
    expect((await entries(one.registrationId)).map((e) => e.minutes)).toEqual([10, 11])
    const [first] = await entries(one.registrationId)
    await expect(
      sql`insert into training.hour_spends (entry_id, spent_on_kind, spent_on_id, minutes, at, by_user)
        values (${first?.id}, 'claim-line', ${one.personId}, 1, now(), 'x')`.execute(t.db),
    ).rejects.toThrow(/never spent/)
  })

  test('R01 HZ4-M13 a class: only once it runs and only as far as the programme accepts, waiting while undecided', async () => {
    const made = await approvedClass(t.db, { people: 1, cls: { mode: 'mixed' } })
    const [pupil] = made.learners
    if (!pupil) throw new Error('nobody')
    const early = await atPlayer(t.db, lesson, { ...pupil, now: at('2021-09-16T08:00') })
    await early.unasked()
    expect(await early.watch(30)).toMatchObject({ verdict: 'refused', reason: 'class-not-running' })
    await sql`update training.classes set state = 'in-session' where id = ${made.classId}`.execute(t.db)
    early.wait(3600)
    await early.reopen()
    await early.send({ positionMs: 0, moved: true })
    for (let left = 6600; left > 0; left -= 15) {
      if (early.positionMs >= 3_600_000) break
      early.wait(15)
      await early.send({ positionMs: early.positionMs + 15_000 })
    }
    expect(await early.granted()).toBe(3_600_000)
    const tomorrow = ctxFor(t.db, systemActor, nextDay(early.now))
    const one = { registrationId: early.registrationId, on: '2021-09-16' }
    expect(await settleDay(tomorrow, one)).toMatchObject({ minutes: 0, reason: 'online-undecided-hours' })
    await sql`insert into library.conversions (course_id, programme, class_hours, from_on, source, state, proposed_by, proposed_name,
        proposed_at, decided_by, decided_name, decided_at)
      values (${lesson.id}, 'project-based', 1, '2021-09-01', '海人社〔2021〕1号', 'in-force', 'a', '甲', now(), 'b', '乙', now())`.execute(
      t.db,
    )
    expect(await settleDay(tomorrow, one)).toMatchObject({ minutes: 45, changed: true })
    expect(await settleDay(tomorrow, one)).toMatchObject({ minutes: 45, changed: false })
    expect(await entries(early.registrationId)).toMatchObject([
      { minutes: 45, class_id: made.classId, enrolment_id: pupil.enrolmentId },
    ])
  })

  test('HZ4-M13 a class in a room takes no online hours', async () => {
    const made = await openClass(t.db, { people: 1 })
    const [pupil] = made.learners
    expect(await faultOf(atPlayer(t.db, lesson, { ...pupil }))).toBe('class-takes-no-online')
  })

  test('C08 a class mark at the same time: nothing counts; a mark made later takes back what was posted', async () => {
    const made = await openClass(t.db, { people: 2 })
    const [now, later] = made.learners
    if (!now || !later) throw new Error('nobody')
    const mark = (who: typeof now) =>
      sql`insert into training.attendance_marks (class_id, session_id, enrolment_id, person_id, kind, during, at, by_user, reason)
        values (${made.classId}, ${made.sessionIds[0]}, ${who.enrolmentId}, ${who.personId}, 'manual',
        '[2021-09-16 09:00+08,2021-09-16 12:00+08)', now(), 'x', '补录')`.execute(t.db)
    await mark(now)
    const busy = await atPlayer(t.db, lesson, { personId: now.personId, now: at('2021-09-16T09:30') })
    await busy.unasked()
    expect(await busy.watch(30)).toMatchObject({ verdict: 'refused', reason: 'in-class' })
    const one = await atPlayer(t.db, lesson, { personId: later.personId, now: at('2021-09-16T11:50') })
    await one.unasked()
    await one.watch(1200)
    const tomorrow = ctxFor(t.db, systemActor, nextDay(one.now))
    const on = { registrationId: one.registrationId, on: day('2021-09-16') }
    expect(await settleDay(tomorrow, on)).toMatchObject({ minutes: 20 })
    await mark(later)
    expect(await settleDay(tomorrow, on)).toMatchObject({ minutes: 10, changed: true })
    expect((await entries(one.registrationId)).map((e) => e.minutes)).toEqual([20, -20, 10])
    expect(await settleDay(tomorrow, on)).toMatchObject({ minutes: 10, changed: false })
  })

  test('C16 the day is full', async () => {
    const one = await atPlayer(t.db, lesson)
    await one.unasked()
    await sql`update learning.seats set today_ms = ${239 * 60_000} where person_id = ${one.personId}`.execute(t.db)
    await one.watch(120)
    expect(await one.granted()).toBe(60_000)
    expect(await openViewing(one.ctx(), { registrationId: one.registrationId, itemId: one.itemId })).toMatchObject({
      resumeMs: 120_000,
    })
  })
})
