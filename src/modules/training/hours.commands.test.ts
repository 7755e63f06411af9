import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { checkIn } from '#modules/training/attendance.commands.ts'
import { roomCode, witnessList } from '#modules/training/attendance.queries.ts'
import { closeSession, releaseHours, reverseHours, spendHours } from '#modules/training/hours.commands.ts'
import { classHoursOf, hourLines } from '#modules/training/hours.queries.ts'
import { myClass } from '#modules/training/my.queries.ts'
import { hoursSheet } from '#modules/training/roster.queries.ts'
import { openSession, planSessions } from '#modules/training/session.commands.ts'
import { jobs } from '#modules/training/training.jobs.ts'
import { markByStaff, markByTrainer, markManually, voidMark } from '#modules/training/witness.commands.ts'
import type { Ctx, Tx } from '#platform/command.ts'
import { ctxFor, freshDb, systemActor, type TestDb } from '#platform/testing.ts'
import {
  at,
  faultOf,
  institution,
  openClass,
  otherDesk,
  type Prepared,
  sessionForm,
} from '../../../tests/fixtures/training.ts'

let fresh: TestDb
beforeAll(async () => {
  fresh = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => fresh.close())

const nine = at('2021-09-16T09:00')
const noon = at('2021-09-16T12:00')
const claimLine = '01900000-0000-7000-8000-00000000000'

/** Everybody scans and the teacher confirms: 180 minutes, grade A. */
async function attended(made: Prepared, i = 0, from = nine): Promise<void> {
  const sessionId = made.sessionIds[i] ?? ''
  const { code } = await roomCode(made.of.ctx(made.of.trainer, from), sessionId)
  for (const { actor } of made.learners) await checkIn(made.of.ctx(actor, from), { sessionId, code })
  const enrolmentIds = made.learners.map((one) => one.enrolmentId)
  await markByTrainer(made.of.ctx(made.of.trainer, from), { sessionId, enrolmentIds })
}
const close = (made: Prepared, now = noon, i = 0) =>
  closeSession(made.of.ctx(made.of.trainer, now), { sessionId: made.sessionIds[i] })
const within = <T>(ctx: Ctx, work: (tx: Tx) => Promise<T>) =>
  ctx.db.transaction().execute((db) => work({ ...ctx, db, enqueue: async () => {}, about: () => {} }))
const ledger = (made: Prepared) => classHoursOf({ db: fresh.db, plan: made.of.ctx(made.of.trainer).plan }, made.classId)

describe('R03 C17 closing a session posts the hours', () => {
  test('C17 minutes and grades of everybody, in one entry each; sums, never stored', async () => {
    const made = await openClass(fresh.db, { people: 5 })
    const { of, learners } = made
    const sessionId = made.sessionIds[0] ?? ''
    const [a, b, c, d] = learners.map((one) => one.enrolmentId)
    const { code } = await roomCode(of.ctx(of.trainer, nine), sessionId)
    await checkIn(of.ctx(learners[0]?.actor ?? of.trainer, nine), { sessionId, code })
    await markByTrainer(of.ctx(of.trainer, nine), { sessionId, enrolmentIds: [a, b, c] })
    await markByStaff(of.ctx(of.academic, nine), { sessionId, enrolmentIds: [b], from: '09:30' })
    await markManually(of.ctx(of.academic, nine), { sessionId, enrolmentId: d, reason: '忘带手机' })
    expect(await close(made)).toMatchObject({ state: 'closed', credited: 4, minutes: 180 + 150 + 180 + 180 })
    const sheet = await hoursSheet({ db: fresh.db, plan: of.ctx(of.trainer).plan }, made.classId)
    expect(sheet.map(({ hours }) => [hours.minutes, hours.hours])).toEqual([
      [180, 4],
      [150, 3],
      [180, 4],
      [180, 4],
      [0, 0],
    ])
    expect((await witnessList(fresh.db, sessionId)).map((row) => row.grade)).toEqual(['A', 'B', 'C', 'D', null])
    const mine = await myClass(of.ctx(of.trainer), learners[1]?.personId ?? '', made.classId)
    expect(mine.sessions[0]).toMatchObject({
      minutes: 150,
      grade: 'B',
      reason: 'two-witnesses',
      marks: ['staff', 'trainer'],
    })
    expect(mine.lines).toMatchObject([{ minutes: 150, on: '2021-09-16', source: 'class' }])
    expect(await faultOf(close(made))).toBe('wrong-state')
  })

  test('C17 two people close at once: posted once', async () => {
    const made = await openClass(fresh.db)
    await attended(made)
    const answers = await Promise.allSettled([close(made), close(made), close(made)])
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1)
    expect((await ledger(made)).map((one) => one.minutes)).toEqual([180, 180])
  })

  test('C17 check-ins that race the closing are either counted or refused', async () => {
    const made = await openClass(fresh.db, { people: 12 })
    const sessionId = made.sessionIds[0] ?? ''
    const eleven = at('2021-09-16T11:00')
    const { code } = await roomCode(made.of.ctx(made.of.trainer, eleven), sessionId)
    const scans = made.learners.map(({ actor }) => checkIn(made.of.ctx(actor, eleven), { sessionId, code }))
    const [closed, ...answers] = await Promise.allSettled([close(made, noon), ...scans])
    expect(closed?.status).toBe('fulfilled')
    const taken = answers.filter((answer) => answer.status === 'fulfilled').length
    expect((await ledger(made)).filter((one) => one.minutes === 60)).toHaveLength(taken)
  })

  test('C17 a session nobody ended is ended by itself', async () => {
    const made = await openClass(fresh.db)
    await attended(made)
    const job = jobs['training.closeForgotten']
    await job?.(ctxFor(fresh.db, systemActor, at('2021-09-17T11:00')), {})
    expect((await ledger(made)).map((one) => one.minutes)).toEqual([0, 0])
    await job?.(ctxFor(fresh.db, systemActor, at('2021-09-17T12:01')), {})
    expect((await ledger(made)).map((one) => one.minutes)).toEqual([180, 180])
  })

  test('C17 the session and its make-up count once', async () => {
    const made = await openClass(fresh.db)
    const { of, classId, learners } = made
    const [one, two] = learners
    await markByTrainer(of.ctx(of.trainer, nine), { sessionId: made.sessionIds[0], enrolmentIds: [one?.enrolmentId] })
    await close(made)
    const over = { makeupOf: made.sessionIds[0], day: '2021-09-18', weeks: '1', title: '补课' }
    const { sessionIds } = await planSessions(of.ctx(of.academic, noon), sessionForm(of, classId, over))
    const saturday = at('2021-09-18T09:00')
    await openSession(of.ctx(of.trainer, saturday), { sessionId: sessionIds[0] })
    const enrolmentIds = [one?.enrolmentId, two?.enrolmentId]
    await markByTrainer(of.ctx(of.trainer, saturday), { sessionId: sessionIds[0], enrolmentIds })
    expect(await closeSession(of.ctx(of.trainer, at('2021-09-18T12:00')), { sessionId: sessionIds[0] })).toMatchObject({
      credited: 1,
    })
    expect((await ledger(made)).map((own) => own.minutes)).toEqual([180, 180])
    const lines = await hourLines(fresh.db, two?.enrolmentId ?? '')
    expect(lines).toMatchObject([{ source: 'makeup' }])
  })

  test('C17 a day holds at most its class hours, over all classes', async () => {
    const made = await openClass(fresh.db, { session: { from: '08:00', to: '18:00', breakMinutes: '60' } })
    const sessionId = made.sessionIds[0] ?? ''
    const enrolmentIds = made.learners.map((one) => one.enrolmentId)
    await markByTrainer(made.of.ctx(made.of.trainer, nine), { sessionId, enrolmentIds })
    await close(made, at('2021-09-16T18:00'))
    // Opened at 08:50, after the grace: 550 of 600 minutes, nine tenths of them teaching. Counted: eight hours of 45.
    expect((await ledger(made))[0]).toMatchObject({
      ledgerMinutes: 495,
      minutes: 360,
      hours: 8,
      attendancePercent: 100,
    })
  })
})

describe('C17 corrections', () => {
  test('C17 a void or late mark after the session reverses and posts anew; the old lines stay', async () => {
    const made = await openClass(fresh.db)
    await attended(made)
    await close(made)
    const { of } = made
    const enrolmentId = made.learners[0]?.enrolmentId ?? ''
    const later = at('2021-09-16T15:00')
    const marks = (await witnessList(fresh.db, made.sessionIds[0] ?? ''))[0]?.marks ?? []
    for (const mark of marks) await voidMark(of.ctx(of.academic, later), { markId: mark.id, reason: '经核查未到课' })
    expect((await ledger(made))[0]).toMatchObject({ minutes: 0 })
    await markManually(of.ctx(of.academic, later), {
      sessionId: made.sessionIds[0],
      enrolmentId,
      reason: '复核监控，确实到课',
      from: '10:00',
    })
    expect((await ledger(made))[0]).toMatchObject({ minutes: 120, grades: { D: 120 } })
    const lines = await hourLines(fresh.db, enrolmentId)
    expect(lines.map((line) => line.minutes)).toEqual([180, -180, 180, -180, 120])
    expect(lines.reduce((sum, line) => sum + line.minutes, 0)).toBe(120)
    const other = await institution(fresh.db)
    expect(
      await faultOf(voidMark(other.ctx(other.academic, later), { markId: marks[0]?.id, reason: '不是我的' })),
    ).toBe('missing')
  })

  test('C25 the desk reverses, once, with a reason; an undertaker may not', async () => {
    const made = await openClass(fresh.db)
    await attended(made)
    await close(made)
    const [line] = await hourLines(fresh.db, made.learners[0]?.enrolmentId ?? '')
    const form = { entryId: line?.id, reason: '检查发现未开课' }
    expect(await faultOf(reverseHours(made.of.ctx(made.of.admin), form))).toBe('forbidden')
    const ctx = made.of.ctx(otherDesk, noon)
    const answers = await Promise.allSettled([reverseHours(ctx, form), reverseHours(ctx, form)])
    expect(answers.map((answer) => answer.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect((await ledger(made)).map((own) => own.minutes)).toEqual([0, 180])
    const [reversal] = (await hourLines(fresh.db, made.learners[0]?.enrolmentId ?? '')).slice(-1)
    expect(await faultOf(reverseHours(ctx, { ...form, entryId: reversal?.id }))).toBe('missing')
  })
})

describe('C17 R21 an hour is spent once', () => {
  test('C17 spent, released, spent again; of two at once one gets it', async () => {
    const made = await openClass(fresh.db)
    await attended(made)
    await close(made)
    const enrolmentId = made.learners[0]?.enrolmentId ?? ''
    const ctx = made.of.ctx(made.of.admin)
    const spend = (line: number) =>
      within(ctx, (tx) => spendHours(tx, { claimLineId: `${claimLine}${line}`, enrolmentId }))
    const answers = await Promise.allSettled([spend(1), spend(2), spend(3)])
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1)
    expect((await ledger(made))[0]).toMatchObject({ minutes: 180, freeMinutes: 0 })
    const winner = answers.findIndex((answer) => answer.status === 'fulfilled') + 1
    const release = () => within(ctx, (tx) => releaseHours(tx, { claimLineId: `${claimLine}${winner}` }))
    const [line] = await hourLines(fresh.db, enrolmentId)
    expect(await faultOf(reverseHours(made.of.ctx(otherDesk), { entryId: line?.id, reason: '检查发现虚报' }))).toBe(
      'hours-spent',
    )
    expect(await release()).toEqual({ minutes: 180 })
    expect(await release()).toEqual({ minutes: 0 })
    expect(await spend(4)).toEqual({ entries: 1, minutes: 180 })
    expect(await faultOf(spend(5))).toBe('no-hours')
  })

  test('C17 what the database refuses whoever asks', async () => {
    const made = await openClass(fresh.db)
    await attended(made)
    await close(made)
    const [line] = await hourLines(fresh.db, made.learners[0]?.enrolmentId ?? '')
    const id = Number(line?.id)
    const attempt = (statement: string, values: unknown[] = []) =>
      fresh.owner.query(statement, values).then(
        () => 'done',
        (e) => e.constraint,
      )
    const copy =
      'insert into training.hour_entries (person_id, enrolment_id, class_id, session_id, source, on_day, minutes, grade, evidence, at, by_user, reason, reverses, corrects)'
    const from = 'from training.hour_entries where id = $1'
    const columns = 'person_id, enrolment_id, class_id, session_id, source, on_day'
    expect(await attempt(`${copy} select ${columns}, 10, 'A', '{}', now(), 'x', '', null, null ${from}`, [id])).toBe(
      'credited_once',
    )
    expect(await attempt(`${copy} select ${columns}, -10, 'A', '{}', now(), 'x', '部分', id, null ${from}`, [id])).toBe(
      'hours_reversed_whole',
    )
    expect(await attempt(`${copy} select ${columns}, 10, 'A', '{}', now(), 'x', '更正', null, id ${from}`, [id])).toBe(
      'hours_reversed_first',
    )
    expect(
      await attempt(
        `${copy} select ${columns}, 181, 'A', '{}', now(), 'x', '', null, null from training.hour_entries where id = $1`,
        [id],
      ),
    ).toBe('credited_once')
    expect(
      await attempt(
        `insert into training.hour_entries (person_id, enrolment_id, class_id, session_id, source, on_day, minutes, grade, evidence, at, by_user)
         select person_id, enrolment_id, class_id, $2, source, on_day, 181, 'A', '{}', now(), 'x' ${from}`,
        [id, made.sessionIds[1]],
      ),
    ).toBe('hours_within_session')
    expect(
      await attempt(
        `insert into training.hour_spends (entry_id, spent_on_kind, spent_on_id, minutes, at, by_user) values ($1, 'claim-line', gen_random_uuid(), 181, now(), 'x')`,
        [id],
      ),
    ).toBe('hours_spent_once')
    const app = (statement: string) =>
      fresh.db.executeQuery({
        sql: statement,
        parameters: [],
        query: { kind: 'RawNode' } as never,
        queryId: {} as never,
      })
    await expect(app('update training.hour_entries set minutes = 500')).rejects.toThrow(/permission denied/)
    await expect(app('delete from training.hour_entries')).rejects.toThrow(/permission denied/)
    await expect(app('update training.hour_spends set minutes = 1')).rejects.toThrow(/permission denied/)
  })
})
