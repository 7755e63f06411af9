import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ctxFor, freshDb, type TestDb, testNow, user } from '#platform/testing.ts'
import { runningClass } from '../../../tests/fixtures/assessed.ts'
import {
  type Assessor,
  assessor,
  cleared,
  decidedFigure,
  examOver,
  people,
  planned,
  scored,
} from '../../../tests/fixtures/certification.ts'
import { intake, intake2, leader } from '../../../tests/fixtures/recognition.ts'
import { fileBatch } from './batch.commands.ts'
import { candidatesOf } from './batch.queries.ts'
import { issueBatch } from './certificate.commands.ts'
import { decideLift, proposeLift } from './stop.commands.ts'

let t: TestDb
let b: Assessor
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') }, 30)
  b = await assessor(t.db, 3121)
})
afterAll(() => t.close())

const at = (actor: Parameters<typeof ctxFor>[1], now = testNow) => ctxFor(t.db, actor, now)
const refusal = (reason: string) =>
  expect.objectContaining({ fault: expect.objectContaining({ refusal: expect.objectContaining({ reason }) }) })

describe('V05 C18 what stands out stops the next batch', () => {
  let c: Assessor
  const stopped = async () =>
    await t.db
      .selectFrom('certification.stops')
      .select(['id', 'cause', 'state'])
      .where('organisation_id', '=', c.organisationId)
      .orderBy('cause')
      .execute()

  test('V05 C18 everybody passed, and the examiner taught two of them: this batch goes on, the next is not filed', async () => {
    c = await assessor(t.db, 3103)
    await decidedFigure(t.db, 'V04.passMark', 60)
    await decidedFigure(t.db, 'OP.passRateMinPersons', 5)
    const batchId = await planned(t.db, c, 6)
    const next = await planned(t.db, c, 1, { on: '2021-11-01' })
    const listed = await candidatesOf(t.db, batchId)
    await taught(
      c,
      listed.slice(0, 2).map((one) => one.personId),
    )
    await scored(
      t.db,
      c,
      batchId,
      people.slice(0, 6).map(() => ['80', '80'] as const),
    )
    expect((await stopped()).map((one) => one.cause)).toEqual(['examiner-trainer', 'pass-rate'])
    await expect(fileBatch(at(c.planner, examOver), { batchId: next })).rejects.toEqual(refusal('organisation-stopped'))
    const past = await cleared(t.db, c, batchId)
    expect((await issueBatch(at(c.head, past), { batchId })).issuedCount).toBe(6)
    // other organisations go on
    const free = await planned(t.db, b, 1, { on: '2021-11-01' })
    await fileBatch(at(b.planner, examOver), { batchId: free })
  })

  test('V05 lifted by two people with a reason; until the last one is, nothing is filed', async () => {
    const [one, two] = await stopped()
    const next = await planned(t.db, c, 1, { on: '2021-11-03' })
    await expect(decideLift(at(leader), { stopId: one?.id, outcome: 'lift', note: '没有人提出' })).rejects.toEqual(
      refusal('no-lift'),
    )
    for (const stop of [one, two])
      await proposeLift(at(intake), { stopId: stop?.id, reason: '调阅全程录像并复核试卷，没有发现问题。' })
    await expect(proposeLift(at(intake2), { stopId: one?.id, reason: '再提一次，应当被拒绝。' })).rejects.toEqual(
      refusal('stop-not-standing'),
    )
    const both = user('李受理', [{ role: 'hr-leader' }])
    await expect(decideLift(at(both), { stopId: one?.id, outcome: 'lift', note: '自己批准自己' })).rejects.toEqual(
      refusal('own-lift'),
    )
    await decideLift(at(leader), { stopId: one?.id, outcome: 'lift', note: '情况属实，同意解除' })
    await decideLift(at(leader), { stopId: two?.id, outcome: 'keep', note: '再查一次考评员安排' })
    expect((await stopped()).map((row) => row.state)).toEqual(['lifted', 'standing'])
    await expect(fileBatch(at(c.planner), { batchId: next })).rejects.toEqual(refusal('organisation-stopped'))
    await expect(
      t.db.updateTable('certification.batches').set({ state: 'filed' }).where('id', '=', next).execute(),
    ).rejects.toThrow('a stop stands')
    await proposeLift(at(intake2), { stopId: two?.id, reason: '该考评员已退出，今后不再安排。' })
    await decideLift(at(leader), { stopId: two?.id, outcome: 'lift', note: '同意解除' })
    expect((await fileBatch(at(c.planner), { batchId: next })).state).toBe('filed')
  })

  test('V05 many certificates in a short time', async () => {
    await decidedFigure(t.db, 'V05.windowCertificates', 6)
    const batchId = await planned(t.db, c, 3, { on: '2021-10-18' })
    const after = new Date('2021-10-19T10:00:00+08:00')
    await scored(
      t.db,
      c,
      batchId,
      [
        ['80', '80'],
        ['50', '80'],
        ['80', '80'],
      ],
      { before: testNow, after },
    )
    expect((await stopped()).filter((one) => one.state !== 'lifted')).toEqual([])
    await issueBatch(at(c.head, await cleared(t.db, c, batchId, after)), { batchId })
    expect((await stopped()).filter((one) => one.state === 'standing').map((one) => one.cause)).toEqual(['burst'])
  })
})

test('V02 filed in time, once that is laid down', async () => {
  const batchId = await planned(t.db, b, 1, { on: '2021-09-17' })
  await decidedFigure(t.db, 'V02.filingDays', 5)
  await expect(fileBatch(at(b.planner), { batchId })).rejects.toEqual(refusal('filed-late'))
  const early = await planned(t.db, b, 1, { on: '2021-12-01' })
  expect((await fileBatch(at(b.planner), { batchId: early })).state).toBe('filed')
})

/** A class of the organisation, taught by its examiner, with these people in it. */
async function taught(of: Assessor, personIds: string[]): Promise<void> {
  const claimant = { id: of.organisationId, uscc: '', name: '', accountId: '', actor: of.head }
  const cls = await runningClass(
    t.db,
    personIds.map(() => 900),
    { organisation: claimant, people: personIds },
  )
  const examiner = await t.db
    .selectFrom('certification.examiners')
    .select(['person_id', 'name'])
    .where('id', '=', of.examinerId)
    .executeTakeFirstOrThrow()
  const trainer = await t.db
    .insertInto('training.trainers')
    .values({
      organisation_id: of.organisationId,
      person_id: examiner.person_id,
      name: examiner.name,
      qualification: '技师',
      valid_from: '2020-01-01',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await t.db
    .insertInto('training.sessions')
    .values({
      ...{
        class_id: cls.id,
        trainer_id: trainer.id,
        trainer_person_id: examiner.person_id,
        title: '实训',
        state: 'closed',
      },
      during: '[2021-08-10T09:00:00+08:00,2021-08-10T11:00:00+08:00)',
    })
    .execute()
}
