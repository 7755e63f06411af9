import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { confirmResults } from '#modules/assessment/result.commands.ts'
import { jobs } from '#modules/credentials/credential.jobs.ts'
import { credentialsOf } from '#modules/credentials/credential.queries.ts'
import { rateCourse } from '#modules/library/rating.commands.ts'
import { ctxFor, freshDb, systemActor, type TestDb, testNow, user } from '#platform/testing.ts'
import { runningClass, scored } from '../../../tests/fixtures/assessed.ts'
import { claimant } from '../../../tests/fixtures/claims.ts'
import { atPlayer, course, type TestCourse } from '../../../tests/fixtures/learning.ts'
import { faultOf } from '../../../tests/fixtures/training.ts'
import { completeCourse, withdrawCompletion } from './completion.commands.ts'
import { coursePage } from './course.queries.ts'
import { settleClass, settleDay } from './posting.commands.ts'
import { replayDays } from './replay.queries.ts'

let t: TestDb
let lesson: TestCourse
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  const organisation = await claimant(t.db)
  lesson = await course(t.db, organisation.id, [{ kind: 'video', title: '磨刀', seconds: 300 }])
})
afterAll(() => t.close())

const system = (now = testNow) => ctxFor(t.db, systemActor, now)
const nextDay = (now: Date) => new Date(now.getTime() + 86_400_000)

/** The jobs that a commit has queued under a name, as the worker would run them. */
async function queued(name: string): Promise<unknown[]> {
  const { rows } = await t.owner.query(
    `select j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks k on k.id = j.task_id where k.identifier = $1 order by j.id`,
    [name],
  )
  return rows.map((row) => row.payload)
}

async function learnt() {
  const one = await atPlayer(t.db, lesson)
  await one.unasked()
  await one.watch(300)
  return one
}

describe('L04 what is learnt becomes known to the library', () => {
  test('L04 the settling of a day unlocks the rating, and settling it again writes nothing more', async () => {
    const one = await atPlayer(t.db, lesson)
    await one.unasked()
    await one.watch(240)
    const rating = { courseId: lesson.id, stars: 5 }
    expect(await faultOf(rateCourse(one.ctx(), rating))).toBe('not-learning')
    const day = { registrationId: one.registrationId, on: '2021-09-15' }
    await settleDay(system(nextDay(one.now)), day)
    expect(await rateCourse(one.ctx(), rating)).toEqual({ courseId: lesson.id })
    await settleDay(system(nextDay(one.now)), day)
    const { rows } = await sql<{ percent: number; told: number }>`select p.percent::float as percent,
        (select count(*)::int from audit.entries where command = 'library.noteProgress' and input ->> 'personId' = ${one.personId}) as told
      from library.progress p where p.person_id = ${one.personId}`.execute(t.db)
    expect(rows).toEqual([{ percent: 80, told: 1 }])
  })

  test('L04 completing a course tells it at once, by rule and not by the learner', async () => {
    const one = await learnt()
    await completeCourse(one.ctx(), { registrationId: one.registrationId })
    expect(await rateCourse(one.ctx(), { courseId: lesson.id, stars: 4 })).toEqual({ courseId: lesson.id })
    const { rows } = await sql<{ actor_kind: string; actor_id: string }>`select actor_kind, actor_id from audit.entries
      where command = 'library.noteProgress' and input ->> 'personId' = ${one.personId}`.execute(t.db)
    expect(rows).toEqual([{ actor_kind: 'system', actor_id: 'system:learning.complete' }])
  })
})

describe('HZ4-M13 from completion to credential', () => {
  test('HZ4-M13 completion and credential are one commit; whatever runs twice, one credential; a refused completion queues none', async () => {
    const one = await atPlayer(t.db, lesson)
    expect(await faultOf(completeCourse(one.ctx(), { registrationId: one.registrationId }))).toBe('not-complete')
    const before = (await queued('credentials.completed')).length
    const done = await learnt()
    const complete = () => completeCourse(done.ctx(), { registrationId: done.registrationId })
    await Promise.all([complete(), complete(), complete()])
    const payloads = await queued('credentials.completed')
    expect(payloads).toHaveLength(before + 1)
    const job = () => jobs['credentials.completed']?.(system(), payloads.at(-1))
    await Promise.all([job(), job()])
    expect(await credentialsOf(t.db, done.personId)).toMatchObject([
      {
        ...{ kind: 'course', state: 'issued', course: '刀工与火候', plannedHours: 4, hours: 0 },
        ...{ from: '2021-09-15', to: '2021-09-15', achievementId: lesson.id, basis: '海府办〔2020〕4号' },
      },
    ])
    expect(JSON.stringify(payloads.at(-1))).not.toMatch(/[1-9]\d{16}|1[3-9]\d{9}/)
  })

  test('C16 a completion that should not have been: taken back once, the credential with it, the minutes stay', async () => {
    const one = await learnt()
    await completeCourse(one.ctx(), { registrationId: one.registrationId })
    await jobs['credentials.completed']?.(system(), (await queued('credentials.completed')).at(-1))
    const leader = ctxFor(t.db, user('局领导', [{ role: 'hr-leader' }]))
    const input = { registrationId: one.registrationId, reason: '查实由他人代学' }
    expect(await faultOf(withdrawCompletion(one.ctx(), input))).toBe('forbidden')
    await withdrawCompletion(leader, input)
    expect(await faultOf(withdrawCompletion(leader, input))).toBe('completion-withdrawn')
    const job = async () => {
      const payload = (await queued('credentials.completionWithdrawn')).at(-1)
      await jobs['credentials.completionWithdrawn']?.(system(), payload)
    }
    await job()
    await job()
    expect(await credentialsOf(t.db, one.personId)).toMatchObject([{ kind: 'course', state: 'revoked' }])
    const page = await coursePage(t.db, one.personId, one.registrationId)
    expect(page).toMatchObject({ completedAt: null, withdrawn: { reason: '查实由他人代学' } })
    expect(await one.granted()).toBe(300_000)
    expect(await faultOf(completeCourse(one.ctx(), { registrationId: one.registrationId }))).toBe(
      'completion-withdrawn',
    )
    await expect(sql`delete from learning.withdrawals`.execute(t.db)).rejects.toThrow(/permission denied/)
  })
})

describe('R03 a class that is assessed on its last day', () => {
  async function classOnline(accepted: number | null) {
    const cls = await runningClass(t.db, [880, 880], { mode: 'online' })
    if (accepted !== null) await accept(accepted)
    const [pupil] = cls.people
    if (!pupil) throw new Error('nobody')
    const one = await atPlayer(t.db, lesson, { personId: pupil.id, enrolmentId: pupil.enrolmentId })
    await one.unasked()
    await one.watch(300)
    return { cls, one }
  }
  const accept = (hours: number) =>
    sql`insert into library.conversions (course_id, programme, class_hours, from_on, source, state, proposed_by, proposed_name,
        proposed_at, decided_by, decided_name, decided_at)
      values (${lesson.id}, 'job-adaptation', ${hours}, '2021-09-01', '海人社〔2021〕1号', 'in-force', 'a', '甲', now(), 'b', '乙', now())
      on conflict do nothing`.execute(t.db)
  const online = (registrationId: string) =>
    t.db
      .selectFrom('training.hour_entries')
      .select(['minutes', 'on_day'])
      .where('registration_id', '=', registrationId)
      .execute()

  test('R03 HZ4-M13 while nobody has decided, the hours wait past the assessment and go to the class before it closes', async () => {
    const { cls, one } = await classOnline(null)
    await scored(t.db, cls, [
      ['80', '80'],
      ['80', '80'],
    ])
    await confirmResults(ctxFor(t.db, cls.staff.head, one.now), { assessmentId: cls.assessmentId })
    expect(await online(one.registrationId)).toEqual([])
    expect(await replayDays(t.db, one.registrationId)).toMatchObject([
      { postedMinutes: null, reason: 'online-undecided-hours' },
    ])
    await accept(2)
    await settleDay(system(nextDay(one.now)), { registrationId: one.registrationId, on: '2021-09-15' })
    expect(await online(one.registrationId)).toMatchObject([{ minutes: 5 }])
  })

  test('R03 HZ4-M13 the assessment itself brings what was learnt up to this minute into the ledger, and only once', async () => {
    const { cls, one } = await classOnline(2)
    await scored(t.db, cls, [
      ['80', '80'],
      ['80', '80'],
    ])
    expect(await online(one.registrationId)).toEqual([])
    await confirmResults(ctxFor(t.db, cls.staff.head, one.now), { assessmentId: cls.assessmentId })
    expect(await online(one.registrationId)).toEqual([{ minutes: 5, on_day: '2021-09-15' }])
    const { rows } = await sql<{ minutes: number }>`select attended_minutes as minutes from assessment.results
      where enrolment_id = ${cls.people[0]?.enrolmentId}`.execute(t.db)
    expect(rows).toEqual([{ minutes: 885 }])
    await settleDay(system(nextDay(one.now)), { registrationId: one.registrationId, on: '2021-09-15' })
    expect(await online(one.registrationId)).toHaveLength(1)
    // and nothing more is counted for a class that has been assessed
    one.wait(15)
    expect(await one.send({ positionMs: one.positionMs + 15_000 })).toMatchObject({ grantedMs: 0 })
  })

  test('R03 another institution settles nothing of this class', async () => {
    const { cls } = await classOnline(2)
    const stranger = await runningClass(t.db, [900])
    expect(await faultOf(settleClass(ctxFor(t.db, stranger.staff.head), { classId: cls.id }))).toBe('missing')
  })
})
