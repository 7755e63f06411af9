import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { checkIn } from '#modules/training/attendance.commands.ts'
import { roomCode, scanPage, sharedDevices, witnessList } from '#modules/training/attendance.queries.ts'
import { enrolPerson } from '#modules/training/enrolment.commands.ts'
import { closeSession } from '#modules/training/hours.commands.ts'
import { openSession } from '#modules/training/session.commands.ts'
import { reasonText } from '#modules/training/session.schema.ts'
import { excuse, markByStaff, markByTrainer, markManually, voidMark } from '#modules/training/witness.commands.ts'
import type { AppError } from '#platform/errors.ts'
import { freshDb, type TestDb } from '#platform/testing.ts'
import {
  approvedClass,
  at,
  documentOf,
  faultOf,
  institution,
  openClass,
  type Prepared,
} from '../../../tests/fixtures/training.ts'

let fresh: TestDb
beforeAll(async () => {
  fresh = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => fresh.close())

const nine = at('2021-09-16T09:00')
const codeNow = async ({ of, sessionIds }: Prepared, now: Date) =>
  (await roomCode(of.ctx(of.trainer, now), sessionIds[0] ?? '')).code
const scan = async (made: Prepared, i: number, now: Date, over: Record<string, unknown> = {}) => {
  const code = over.code ?? (await codeNow(made, now))
  const actor = made.learners[i]?.actor ?? made.of.trainer
  return checkIn(made.of.ctx(actor, now), { sessionId: made.sessionIds[0], code, ...over })
}

describe('R03 checking in', () => {
  test('R03 with the code on the wall; twice counts once; late is said', async () => {
    const made = await openClass(fresh.db)
    expect(await scan(made, 0, nine)).toMatchObject({ already: false, lateMinutes: 0, at: nine })
    const later = at('2021-09-16T09:25')
    expect(await scan(made, 0, later)).toMatchObject({ already: true, at: nine })
    expect(await scan(made, 1, later)).toMatchObject({ already: false, lateMinutes: 25 })
    const list = await witnessList(fresh.db, made.sessionIds[0] ?? '')
    expect(list.map((row) => row.marks.map((mark) => mark.from))).toEqual([[nine], [later]])
    const { rows } = await fresh.owner.query(
      "select input, outcome from audit.entries where command = 'training.checkIn' and $1 = any(subjects) order by id",
      [`session:${made.sessionIds[0]}`],
    )
    expect(rows[0].input.code).toBe('•')
    expect(rows.map((row) => row.outcome.lateMinutes)).toEqual([0, 25]) // the second scan of the first person changed nothing
  })

  test('R03 an old code within the grace, after it, and typed by hand', async () => {
    const made = await openClass(fresh.db)
    const code = await codeNow(made, nine)
    const plus = (seconds: number) => new Date(nine.getTime() + seconds * 1000)
    const stale = (await scan(made, 0, plus(50), { code }).catch((e: unknown) => e)) as AppError
    expect(stale.fault).toMatchObject({ kind: 'refused', refusal: { reason: 'code-stale', facts: { seconds: 20 } } })
    const words = reasonText['code-stale']?.({ seconds: 20 })
    expect(words?.remedy).toContain('教师当场为您确认')
    expect(
      await scan(made, 0, plus(45), { code: ` ${code.slice(0, 4)}-${code.slice(4).toLowerCase()}` }),
    ).toMatchObject({ already: false })
    expect(await faultOf(scan(made, 1, plus(45), { code: 'AAAA1111' }))).toBe('code-wrong')
    expect(await faultOf(scan(made, 1, plus(45), { code: '' }))).toBe('code-wrong')
  })

  test('R03 slow to sign in: the page keeps the moment of the scan for this device', async () => {
    const made = await openClass(fresh.db)
    const sessionId = made.sessionIds[0] ?? ''
    const page = await scanPage(made.of.ctx(made.of.trainer, nine), sessionId, await codeNow(made, nine), 'phone-1')
    if (!page.hold?.ok) throw new Error('no hold')
    const late = at('2021-09-16T09:08')
    const form = { sessionId, code: '', hold: page.hold.value, device: 'phone-1' }
    expect(await faultOf(scan(made, 0, late, { ...form, device: 'phone-2' }))).toBe('code-wrong')
    expect(await faultOf(scan(made, 0, at('2021-09-16T09:11'), form))).toBe('code-stale')
    expect(await scan(made, 0, late, form)).toMatchObject({ at: nine })
    expect(await scanPage(made.of.ctx(made.of.trainer, late), sessionId, 'AAAA1111', 'phone-1')).toMatchObject({
      hold: { ok: false },
    })
  })

  test('R03 too early, over, not open, not enrolled, nobody', async () => {
    const waiting = await approvedClass(fresh.db)
    expect(await faultOf(scan(waiting, 0, nine, { code: 'AAAA1111' }))).toBe('session-not-open')
    expect(await faultOf(roomCode(waiting.of.ctx(waiting.of.trainer), waiting.sessionIds[0] ?? ''))).toBe('missing')
    const made = await openClass(fresh.db)
    expect(await faultOf(scan(made, 9, nine))).toBe('not-enrolled')
    const noon = at('2021-09-16T12:00')
    expect(await faultOf(scan(made, 0, noon))).toBe('session-over')
    const stranger = await institution(fresh.db)
    expect(await faultOf(roomCode(stranger.ctx(stranger.academic, nine), made.sessionIds[0] ?? ''))).toBe('missing')
    await closeSession(made.of.ctx(made.of.trainer, noon), { sessionId: made.sessionIds[0] })
    expect(await faultOf(scan(made, 0, noon, { code: 'AAAA1111' }))).toBe('session-not-open')
    expect(await faultOf(checkIn(made.of.ctx(waiting.of.trainer), { sessionId: made.of.id, code: 'x' }))).toBe(
      'missing',
    )
  })

  test('C08 nobody is in two places; the message tells the time, not the class', async () => {
    const here = await openClass(fresh.db)
    const document = documentOf('19820202')
    const there = await approvedClass(fresh.db)
    const add = (made: Prepared) =>
      enrolPerson(made.of.ctx(made.of.academic), {
        classId: made.classId,
        name: '孙两处',
        documentNumber: document,
        phone: '13700137000',
      })
    await add(here)
    await add(there)
    const { person_id: personId } = await fresh.db
      .selectFrom('training.enrolments')
      .select('person_id')
      .where('class_id', '=', there.classId)
      .orderBy('enrolled_at', 'desc')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    await openSession(there.of.ctx(there.of.trainer, at('2021-09-16T08:50')), { sessionId: there.sessionIds[0] })
    const actor = { ...(here.learners[0]?.actor ?? here.of.trainer), personId, id: 'user:two' }
    const both = [here, there].map(async (made) =>
      checkIn(made.of.ctx({ ...actor, can: () => true }, nine), {
        sessionId: made.sessionIds[0],
        code: await codeNow(made, nine),
      }),
    )
    const answers = await Promise.allSettled(both)
    expect(answers.map((answer) => answer.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const { refusal } = answers.find((answer) => answer.status === 'rejected')?.reason.fault ?? {}
    expect(refusal).toMatchObject({ clause: 'C08', reason: 'person-elsewhere', facts: { from: '09:00', to: '12:00' } })
    expect(JSON.stringify(refusal)).not.toMatch(new RegExp(`${here.classId}|${there.classId}`))
  })

  test('C15 one device for several people is seen', async () => {
    const made = await openClass(fresh.db, { people: 4 })
    for (const i of [0, 1, 2, 3]) await scan(made, i, nine, { device: i < 3 ? 'shared' : 'own' })
    expect(await sharedDevices(fresh.db, made.sessionIds[0] ?? '', 2)).toMatchObject([{ persons: 3 }])
    expect(await sharedDevices(fresh.db, made.sessionIds[0] ?? '', 3)).toEqual([])
    const { rows } = await fresh.owner.query(
      'select distinct device from training.attendance_marks where device is not null',
    )
    expect(JSON.stringify(rows)).not.toMatch(/shared|own/)
  })
})

describe('R03 witnesses', () => {
  test('R03 teacher, staff, by hand, excused; each only once and only their own', async () => {
    const made = await openClass(fresh.db, { people: 3 })
    const { of, learners } = made
    const sessionId = made.sessionIds[0] ?? ''
    const ids = learners.map((one) => one.enrolmentId)
    const trainer = (enrolmentIds: string[], over = {}, now = nine) =>
      markByTrainer(of.ctx(of.trainer, now), { sessionId, enrolmentIds, ...over })
    expect(await trainer(ids)).toMatchObject({ count: 3, elsewhere: [] })
    expect(await trainer(ids)).toMatchObject({ count: 0 })
    const staff = { sessionId, enrolmentIds: [ids[0]], from: '09:30', to: '11:00' }
    expect(await markByStaff(of.ctx(of.academic, nine), staff)).toMatchObject({ count: 1 })
    expect(
      await faultOf(markByTrainer(of.ctx({ ...of.academic, can: () => true }, nine), { sessionId, enrolmentIds: ids })),
    ).toBe('not-the-trainer')
    expect(
      await faultOf(markByStaff(of.ctx({ ...of.trainer, can: () => true }, nine), { sessionId, enrolmentIds: ids })),
    ).toBe('same-witness')
    expect(await faultOf(trainer([of.id]))).toBe('not-in-class')
    expect(await faultOf(trainer(ids, { from: '08:00' }))).toBe('mark-outside')
    expect(await faultOf(trainer([]))).toBe('invalid')
    expect(await faultOf(trainer(ids, {}, at('2021-09-17T12:01')))).toBe('mark-window')
    expect(await faultOf(markManually(of.ctx(of.academic, nine), { sessionId, enrolmentId: ids[1], reason: '' }))).toBe(
      'invalid',
    )
    await markManually(of.ctx(of.academic, nine), { sessionId, enrolmentId: ids[1], reason: '手机没电' })
    await excuse(of.ctx(of.academic, nine), { sessionId, enrolmentId: ids[2], reason: '病假有证明' })
    const other = await institution(fresh.db)
    expect(await faultOf(markByStaff(other.ctx(other.academic, nine), staff))).toBe('missing')
    expect(await faultOf(markByTrainer(other.ctx(other.trainer, nine), staff))).toBe('missing')
  })

  test('C08 a teacher who marks somebody that is elsewhere is told who', async () => {
    const here = await openClass(fresh.db)
    const there = await openClass(fresh.db)
    const [one, two] = there.learners
    if (!one || !two) throw new Error('no learners')
    // The person is enrolled here as well, and was seen here.
    await fresh.db
      .insertInto('training.enrolments')
      .values({ class_id: here.classId, person_id: one.personId, source: 'form', enrolled_at: nine, enrolled_by: 'x' })
      .execute()
    await checkIn(here.of.ctx(one.actor, nine), { sessionId: here.sessionIds[0], code: await codeNow(here, nine) })
    const mark = (enrolmentIds: string[]) =>
      markByTrainer(there.of.ctx(there.of.trainer, nine), { sessionId: there.sessionIds[0], enrolmentIds })
    expect(await mark([one.enrolmentId, two.enrolmentId])).toMatchObject({ count: 1, elsewhere: [one.enrolmentId] })
    expect(await faultOf(mark([one.enrolmentId]))).toBe('persons-elsewhere')
    // Past the command, the database refuses it.
    const values = {
      class_id: there.classId,
      session_id: there.sessionIds[0] ?? '',
      enrolment_id: one.enrolmentId,
      person_id: one.personId,
      kind: 'trainer',
      during: sql<string>`tstzrange(${nine}, ${at('2021-09-16T10:00')})`,
      at: nine,
      by_user: 'x',
    }
    await expect(fresh.db.insertInto('training.attendance_marks').values(values).execute()).rejects.toMatchObject({
      constraint: 'person_elsewhere',
    })
  })

  test('R03 a void mark stays on record and frees the person', async () => {
    const made = await openClass(fresh.db)
    await scan(made, 0, nine)
    const sessionId = made.sessionIds[0] ?? ''
    const [row] = await witnessList(fresh.db, sessionId)
    const markId = row?.marks[0]?.id
    await voidMark(made.of.ctx(made.of.academic, nine), { markId, reason: '代人签到' })
    expect(await faultOf(voidMark(made.of.ctx(made.of.academic, nine), { markId, reason: '代人签到' }))).toBe(
      'mark-voided',
    )
    expect((await witnessList(fresh.db, sessionId))[0]?.marks).toMatchObject([{ voided: true }])
    expect(await scan(made, 0, at('2021-09-16T09:05'))).toMatchObject({ already: false })
  })
})
