import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ctxFor, freshDb, type TestDb, testNow } from '#platform/testing.ts'
import { cellsOf, concluded, runningClass } from '../../../tests/fixtures/assessed.ts'
import {
  type Assessor,
  assessor,
  cleared,
  decidedFigure,
  examOver,
  planned,
} from '../../../tests/fixtures/certification.ts'
import { intake } from '../../../tests/fixtures/recognition.ts'
import { acceptBatch, fileBatch } from './batch.commands.ts'
import { addClass } from './candidate.commands.ts'
import { issueBatch } from './certificate.commands.ts'
import { batchCertificates } from './certificate.queries.ts'
import { confirmMarks, takeClassMarks } from './mark.commands.ts'

let t: TestDb
let b: Assessor
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') }, 30)
  b = await assessor(t.db, 3102)
  await decidedFigure(t.db, 'V04.passMark', 60)
})
afterAll(() => t.close())

const at = (actor: Parameters<typeof ctxFor>[1], now = testNow) => ctxFor(t.db, actor, now)
const refusal = (reason: string) =>
  expect.objectContaining({ fault: expect.objectContaining({ refusal: expect.objectContaining({ reason }) }) })

describe('R35 C23 a class behind the batch', () => {
  test('R35 its learners are listed, its confirmed marks taken over once it is concluded, and nothing is counted twice', async () => {
    const claimant = { id: b.organisationId, uscc: '', name: '', accountId: '', actor: b.head }
    const cls = await runningClass(t.db, [900, 900], {
      organisation: claimant,
      occupation: { edition: '2015', code: '4-04-05-05' },
    })
    const batchId = await planned(t.db, b, 0, { classId: cls.id })
    const declared = { batchId, condition: '2', years: '0', evidence: '班级花名册和毕业证' }
    expect(await addClass(at(b.planner), declared)).toMatchObject({ count: 2 })
    await expect(addClass(at(b.planner), declared)).rejects.toEqual(refusal('nobody-new'))
    await fileBatch(at(b.planner), { batchId })
    await acceptBatch(at(intake), { batchId })
    await expect(takeClassMarks(at(b.scorer, examOver), { batchId })).rejects.toEqual(refusal('class-not-concluded'))
    await concluded(t.db, cls, [
      ['82', '91'],
      ['40', '95'],
    ])
    const before = await t.owner.query('select count(*)::int as n from reports.count_events')
    const taken = await takeClassMarks(at(b.scorer, examOver), { batchId })
    expect(taken.changedCount).toBe(4)
    expect((await takeClassMarks(at(b.scorer, examOver), { batchId })).changedCount).toBe(0)
    const done = await confirmMarks(at(b.head, examOver), { batchId, version: taken.version })
    expect(done.passedCount).toBe(1)
    const past = await cleared(t.db, b, batchId)
    await issueBatch(at(b.head, past), { batchId })
    expect(await batchCertificates(t.db, batchId)).toHaveLength(1)
    expect(await t.owner.query('select count(*)::int as n from reports.count_events')).toMatchObject({
      rows: before.rows,
    })
    expect(Object.keys(cellsOf(cls, []))).toHaveLength(4)
  })
})
