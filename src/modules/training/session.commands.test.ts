import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { editClass } from '#modules/training/class.commands.ts'
import { saveTrainer } from '#modules/training/place.commands.ts'
import { cancelSession, editSession, openSession, planSessions } from '#modules/training/session.commands.ts'
import { sessionPage, sessionsOf, timetable } from '#modules/training/session.queries.ts'
import type { AppError } from '#platform/errors.ts'
import { freshDb, type TestDb } from '#platform/testing.ts'
import {
  approvedClass,
  at,
  classForm,
  documentOf,
  faultOf,
  institution,
  openClass,
  preparedClass,
  sessionForm,
  versionOf,
} from '../../../tests/fixtures/training.ts'

let fresh: TestDb
beforeAll(async () => {
  fresh = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => fresh.close())

const factsOf = async (work: Promise<unknown>) => {
  const error = (await work.catch((e: unknown) => e)) as AppError
  return error.fault.kind === 'refused' ? error.fault.refusal.facts : {}
}

describe('C13 the timetable', () => {
  test('C13 weekly sessions, all or none; the clash is named', async () => {
    const { of, classId, sessionIds } = await preparedClass(fresh.db)
    expect(sessionIds).toHaveLength(2)
    const rows = await sessionsOf(fresh.db, classId)
    expect(rows.map((row) => row.from.toISOString())).toEqual(['2021-09-16T01:00:00.000Z', '2021-09-23T01:00:00.000Z'])
    const plan = (over: Record<string, unknown>) => planSessions(of.ctx(of.academic), sessionForm(of, classId, over))
    const clash = { day: '2021-09-30', from: '11:00', to: '13:00', weeks: '1' }
    await plan(clash)
    // The third of four weeks clashes: none of the four is kept.
    const four = { day: '2021-09-16', from: '12:00', to: '13:30', weeks: '4' }
    expect(await faultOf(plan(four))).toBe('trainer-in-use')
    expect(await factsOf(plan(four))).toMatchObject({
      at: '9月30日11:00—13:00',
      other: expect.stringContaining('粤菜师傅一班'),
    })
    expect(await sessionsOf(fresh.db, classId)).toHaveLength(3)
    // One ends when the next begins: no clash.
    expect((await plan({ day: '2021-09-16', from: '12:00', to: '13:00', weeks: '1' })).sessionIds).toHaveLength(1)
  })

  test('C13 one person who teaches for two organisations is in one place; the stranger is not told where', async () => {
    const document = documentOf('19810303')
    const first = await preparedClass(fresh.db, { of: await institution(fresh.db, { trainerDocument: document }) })
    const of = await institution(fresh.db, { trainerDocument: document })
    expect(await faultOf(preparedClass(fresh.db, { of }))).toBe('trainer-in-use')
    const made = await preparedClass(fresh.db, { of, session: { from: '14:00', to: '17:00' } })
    const again = planSessions(of.ctx(of.academic), sessionForm(of, made.classId, { weeks: '1' }))
    const facts = await factsOf(again)
    expect(facts.other).toBe('其他机构的课')
    expect(JSON.stringify(facts)).not.toContain(first.classId)
  })

  test('C13 two people plan at one instant: the database keeps one', async () => {
    const { of, classId } = await preparedClass(fresh.db)
    const { trainerId } = await saveTrainer(of.ctx(of.academic), {
      organisationId: of.id,
      name: '梁师傅',
      documentNumber: documentOf('19790101'),
      qualification: '技师',
      validFrom: '2020-01-01',
    })
    const other = await preparedClass(fresh.db, { of, cls: { trainerIds: [of.trainerId, trainerId] } })
    const slot = { day: '2021-10-20', from: '19:00', to: '21:00', weeks: '1' }
    const answers = await Promise.allSettled([
      planSessions(of.ctx(of.academic), sessionForm(of, classId, slot)),
      planSessions(of.ctx(of.academic), sessionForm(of, other.classId, { ...slot, trainerId })),
    ])
    expect(answers.map((answer) => answer.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const lost = answers.find((answer) => answer.status === 'rejected')
    expect(lost?.reason.fault.refusal.reason).toBe('room-in-use')
    // And past the command, too.
    const { rows } = await fresh.owner.query('select id from training.sessions where lower(during) = $1', [
      at('2021-10-20T19:00'),
    ])
    expect(rows).toHaveLength(1)
    const values = {
      class_id: classId,
      trainer_id: of.trainerId,
      trainer_person_id: of.trainer.personId as string,
      room_id: of.roomId,
      title: '插入',
      during: sql<string>`tstzrange(${at('2021-10-20T20:00')}, ${at('2021-10-20T22:00')})`,
    }
    await expect(fresh.db.insertInto('training.sessions').values(values).execute()).rejects.toMatchObject({
      code: '23P01',
    })
  })

  test('R01 C13 what cannot be planned', async () => {
    const { of, classId, sessionIds } = await preparedClass(fresh.db)
    const other = await institution(fresh.db)
    const plan = (over: Record<string, unknown>, actor = of.academic) =>
      planSessions(of.ctx(actor), sessionForm(of, classId, { day: '2021-09-20', weeks: '1', ...over }))
    expect(await faultOf(plan({ to: '08:00' }))).toBe('invalid')
    expect(await faultOf(plan({ day: '2021-11-01' }))).toBe('session-outside-class')
    expect(await faultOf(plan({ roomId: other.roomId }))).toBe('invalid')
    expect(await faultOf(plan({ roomId: '' }))).toBe('invalid')
    expect(await faultOf(plan({ trainerId: other.trainerId }))).toBe('trainer-not-in-class')
    expect(await faultOf(plan({ breakMinutes: '180' }))).toBe('break-too-long')
    expect(await faultOf(plan({ makeupOf: sessionIds[0] }))).toBe('makeup-unknown')
    expect(await faultOf(plan({}, other.academic))).toBe('missing')
    expect(await faultOf(plan({}, of.trainer))).toBe('forbidden')
    await fresh.db
      .updateTable('training.trainers')
      .set({ valid_to: '2021-09-19' })
      .where('id', '=', of.trainerId)
      .execute()
    expect(await faultOf(plan({}))).toBe('trainer-unqualified')
    expect(
      await faultOf(
        planSessions(
          of.ctx(of.academic, at('2021-09-20T09:30')),
          sessionForm(of, classId, { day: '2021-09-20', weeks: '1' }),
        ),
      ),
    ).toBe('session-past')
  })

  test('R02 the teacher must be one of the class; the list can change', async () => {
    const { of, classId, planId } = await preparedClass(fresh.db)
    const edit = { ...classForm(of, planId, { trainerIds: [] }), classId, version: await versionOf(fresh.db, classId) }
    await editClass(of.ctx(of.academic), edit)
    expect(await faultOf(planSessions(of.ctx(of.academic), sessionForm(of, classId, { day: '2021-09-21' })))).toBe(
      'trainer-not-in-class',
    )
  })

  test('C13 moved and cancelled while it has not begun', async () => {
    const { of, sessionIds, classId } = await approvedClass(fresh.db)
    const [first, second] = sessionIds
    const form = { ...sessionForm(of, classId), sessionId: first }
    await editSession(of.ctx(of.academic), { ...form, from: '14:00', to: '17:00', title: '烧腊' })
    expect(await faultOf(editSession(of.ctx(of.academic), { ...form, day: '2021-09-23' }))).toBe('trainer-in-use')
    await cancelSession(of.ctx(of.academic), { sessionId: second, reason: '台风停课' })
    await editSession(of.ctx(of.academic), { ...form, day: '2021-09-23' })
    expect(await faultOf(cancelSession(of.ctx(of.academic), { sessionId: second, reason: '再次取消' }))).toBe(
      'wrong-state',
    )
    const page = await sessionPage(of.ctx(of.trainer), first ?? '')
    expect(page).toMatchObject({ state: 'planned', ownSession: true, trainer: '陈师傅', room: '201' })
    expect(page).not.toHaveProperty('codeSecret')
    const other = await institution(fresh.db)
    expect(await faultOf(sessionPage(other.ctx(other.academic), first ?? ''))).toBe('missing')
    const week = { organisationId: of.id, from: at('2021-09-20T00:00'), to: at('2021-09-27T00:00') }
    expect((await timetable(fresh.db, week)).map((row) => row.id)).toContain(first)
  })
})

describe('R03 opening', () => {
  test('R03 the first session puts the class in session and has it counted, once', async () => {
    const { of, classId, sessionIds } = await openClass(fresh.db)
    const moves = await fresh.owner.query("select move from platform.moves where subject_id = $1 and move = 'start'", [
      classId,
    ])
    expect(moves.rows).toHaveLength(1)
    const jobs = await fresh.owner.query(
      "select payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'reports.countEnrolled' and j.payload ->> 'classId' = $1",
      [classId],
    )
    expect(jobs.rows).toEqual([{ payload: { classId } }])
    await openSession(of.ctx(of.academic, at('2021-09-23T08:30')), { sessionId: sessionIds[1] })
    expect(await faultOf(openSession(of.ctx(of.academic, at('2021-09-23T08:40')), { sessionId: sessionIds[1] }))).toBe(
      'wrong-state',
    )
  })

  test('R03 not too early, not too late, not by another teacher, not before approval', async () => {
    const { of, classId, sessionIds } = await approvedClass(fresh.db)
    const open = (time: string, actor = of.trainer) =>
      openSession(of.ctx(actor, at(time)), { sessionId: sessionIds[0] })
    expect(await faultOf(open('2021-09-16T08:29'))).toBe('too-early')
    expect(await faultOf(open('2021-09-16T12:00'))).toBe('session-over')
    const colleague = { ...of.trainer, id: 'user:colleague', personId: classId }
    const stranger = { ...colleague, can: (p: string) => p === 'session.run' || p === 'organisation.read' }
    expect(await faultOf(open('2021-09-16T09:00', stranger))).toBe('missing')
    const draft = await preparedClass(fresh.db)
    const early = openSession(draft.of.ctx(draft.of.trainer, at('2021-09-16T09:00')), {
      sessionId: draft.sessionIds[0],
    })
    expect(await faultOf(early)).toBe('class-not-running')
    expect(await open('2021-09-16T09:00')).toMatchObject({ state: 'open' })
  })
})
