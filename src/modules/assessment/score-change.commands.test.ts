import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { AppError, type Fault } from '#platform/errors.ts'
import { ctxFor, freshDb, type TestDb } from '#platform/testing.ts'
import { runningClass, scored, staffOf } from '../../../tests/fixtures/assessed.ts'
import { decideScoreChange, proposeScoreChange } from './score.commands.ts'
import { scoreChanges, scoreSheet } from './score.queries.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => t.close())

async function faultOf(work: Promise<unknown>): Promise<Fault | { kind: 'done' }> {
  try {
    await work
    return { kind: 'done' }
  } catch (error) {
    if (error instanceof AppError) return error.fault
    throw error
  }
}
const reasonOf = async (work: Promise<unknown>) => {
  const fault = await faultOf(work)
  return fault.kind === 'refused' ? fault.refusal.reason : fault.kind
}
const full = [
  ['80', '90'],
  ['60', '60'],
] as const
const stranger = () => staffOf('00000000-0000-4000-8000-00000000dead')

describe('C23 changing a confirmed score', () => {
  async function confirmedClass() {
    const of = await runningClass(t.db)
    await scored(t.db, of, full)
    const sheet = await scoreSheet(t.db, { id: of.assessmentId, classId: of.id })
    return { of, scoreId: sheet[0]?.marks.theory?.scoreId as string }
  }

  test('C23 a reason, another approver, and the first score stays on record', async () => {
    const { of, scoreId } = await confirmedClass()
    const propose = (to: string, reason = '试卷第3题漏登') =>
      proposeScoreChange(ctxFor(t.db, of.staff.head), { scoreId, to, reason })
    expect(await reasonOf(propose('90', '短'))).toBe('invalid')
    expect(await reasonOf(propose('90.55'))).toBe('invalid')
    expect(await reasonOf(propose('80'))).toBe('change-same')
    const { changeId } = await propose('85')
    expect(await reasonOf(propose('86'))).toBe('change-open')
    const decide = (actor: typeof of.staff.head, more: object = { decision: 'approve' }) =>
      decideScoreChange(ctxFor(t.db, actor), { changeId, ...more })
    expect(await reasonOf(decide(of.staff.head))).toBe('change-four-eyes')
    expect(await reasonOf(decide(of.staff.academic))).toBe('forbidden')
    expect(await reasonOf(decide(stranger().head))).toBe('missing')
    expect(await reasonOf(decide(of.staff.deputy, { decision: 'reject' }))).toBe('invalid')
    expect(await decide(of.staff.deputy)).toMatchObject({ state: 'approved', passedNow: null })
    expect(await reasonOf(decide(of.staff.deputy))).toBe('change-decided')
    const [row] = await scoreSheet(t.db, { id: of.assessmentId, classId: of.id })
    expect(row?.marks.theory).toMatchObject({ tenths: 850, changed: true })
    const stored = await t.owner.query('select tenths from assessment.scores where id = $1', [scoreId])
    expect(stored.rows[0].tenths).toBe(800)
    expect((await scoreChanges(t.db, of.assessmentId))[0]).toMatchObject({
      state: 'approved',
      reason: '试卷第3题漏登',
      proposedByName: '负责人丙',
      decidedByName: '副职丁',
    })
  })

  test('C23 a refused change leaves the score, and the next one may be proposed', async () => {
    const { of, scoreId } = await confirmedClass()
    const { changeId } = await proposeScoreChange(ctxFor(t.db, of.staff.academic), {
      scoreId,
      to: '缺考',
      reason: '发现代考',
    })
    await decideScoreChange(ctxFor(t.db, of.staff.head), { changeId, decision: 'reject', note: '录像显示本人参加' })
    const [row] = await scoreSheet(t.db, { id: of.assessmentId, classId: of.id })
    expect(row?.marks.theory).toMatchObject({ tenths: 800, changed: false })
    expect(
      await reasonOf(proposeScoreChange(ctxFor(t.db, of.staff.academic), { scoreId, to: '81', reason: '复核后更正' })),
    ).toBe('done')
  })

  test('C23 two people at once: one proposal, one decision; a closed class is history', async () => {
    const { of, scoreId } = await confirmedClass()
    const propose = (to: string) =>
      reasonOf(proposeScoreChange(ctxFor(t.db, of.staff.academic), { scoreId, to, reason: '复核后更正' }))
    expect((await Promise.all([propose('81'), propose('82')])).toSorted()).toEqual(['change-open', 'done'])
    const [change] = await scoreChanges(t.db, of.assessmentId)
    const decide = (actor: typeof of.staff.head) =>
      reasonOf(decideScoreChange(ctxFor(t.db, actor), { changeId: change?.id, decision: 'approve' }))
    expect((await Promise.all([decide(of.staff.head), decide(of.staff.deputy)])).toSorted()).toEqual([
      'change-decided',
      'done',
    ])
    await t.db.updateTable('training.classes').set({ state: 'closed' }).where('id', '=', of.id).execute()
    expect(await propose('70')).toBe('class-closed')
  })

  test('C23 the database refuses a change decided by its proposer, and a second decision', async () => {
    const { of, scoreId } = await confirmedClass()
    const { changeId } = await proposeScoreChange(ctxFor(t.db, of.staff.academic), {
      scoreId,
      to: '81',
      reason: '复核后更正',
    })
    const set = (by: string) =>
      t.db
        .updateTable('assessment.score_changes')
        .set({ state: 'approved', decided_by: by, decided_by_name: 'x', decided_at: new Date() })
        .where('id', '=', changeId)
        .execute()
        .then(
          () => 'done',
          (error: Error) => error.message,
        )
    expect(await set(of.staff.academic.id)).toMatch(/score_change_needs_two_persons/)
    expect(await set('other')).toBe('done')
    expect(await set('third')).toMatch(/decided/)
  })
})
