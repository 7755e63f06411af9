import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { AppError, type Fault } from '#platform/errors.ts'
import { ctxFor, freshDb, type TestDb } from '#platform/testing.ts'
import { cellsOf, partForms, runningClass, scored, staffOf } from '../../../tests/fixtures/assessed.ts'
import { setEnrolment } from '../../../tests/fixtures/counts.ts'
import { scheduleAssessment } from './assessment.commands.ts'
import { assessmentOf, partsOf } from './assessment.queries.ts'
import { confirmScores, enterScores } from './score.commands.ts'
import { entriesOf, scoreSheet } from './score.queries.ts'

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

describe('R02 arranging', () => {
  test('R02 weights of the programme are kept, and the arrangement may change until something is scored', async () => {
    const of = await runningClass(t.db)
    const assessment = await assessmentOf(t.db, of.id)
    expect(assessment).toMatchObject({ state: 'planned', weights: { theory: 40, practice: 60 } })
    await scheduleAssessment(ctxFor(t.db, of.staff.academic), {
      classId: of.id,
      ...partForms,
      theory: { ...partForms.theory, place: '二楼教室' },
    })
    const parts = await partsOf(t.db, assessment as NonNullable<typeof assessment>)
    expect(parts.map((p) => [p.part, p.weight, p.place, p.conflict])).toEqual([
      ['theory', 40, '二楼教室', false],
      ['practice', 60, '实训室', false],
    ])
    await enterScores(ctxFor(t.db, of.staff.academic), { assessmentId: of.assessmentId, cells: cellsOf(of, full) })
    const again = scheduleAssessment(ctxFor(t.db, of.staff.academic), { classId: of.id, ...partForms })
    expect(await reasonOf(again)).toBe('scores-entered')
  })

  test('C18 an examiner who is the only trainer is flagged, a trainer of somebody else refused', async () => {
    const of = await runningClass(t.db)
    const other = await runningClass(t.db)
    const trainer = async (organisationId: string, personId: string) =>
      (
        await t.db
          .insertInto('training.trainers')
          .values({
            organisation_id: organisationId,
            person_id: personId,
            name: '刘师傅',
            qualification: '高级技师',
            valid_from: '2020-01-01',
          })
          .returning('id')
          .executeTakeFirstOrThrow()
      ).id
    const own = await trainer(of.organisation.id, of.people[0]?.id as string)
    const foreign = await trainer(other.organisation.id, other.people[0]?.id as string)
    await t.db.insertInto('training.class_trainers').values({ class_id: of.id, trainer_id: own }).execute()
    const arrange = (trainerId: string) =>
      scheduleAssessment(ctxFor(t.db, of.staff.academic), {
        classId: of.id,
        ...partForms,
        practice: { ...partForms.practice, examinerTrainerId: trainerId, examinerName: '刘师傅' },
      })
    expect(await arrange(own)).toMatchObject({ conflict: true })
    expect(await faultOf(arrange(foreign))).toMatchObject({
      kind: 'invalid',
      fields: { 'practice.examinerTrainerId': [expect.stringContaining('本单位')] },
    })
  })

  test('R02 not theirs, not allowed, not running', async () => {
    const of = await runningClass(t.db)
    const form = { classId: of.id, ...partForms }
    expect(await reasonOf(scheduleAssessment(ctxFor(t.db, stranger().academic), form))).toBe('missing')
    expect(await reasonOf(scheduleAssessment(ctxFor(t.db, of.staff.trainer), form))).toBe('forbidden')
    await t.db.updateTable('training.classes').set({ state: 'assessed' }).where('id', '=', of.id).execute()
    expect(await reasonOf(scheduleAssessment(ctxFor(t.db, of.staff.academic), form))).toBe('class-not-running')
  })
})

describe('C23 entering scores', () => {
  test('C23 the sheet fills up, changes before confirmation stay in the history, unchanged cells write nothing', async () => {
    const of = await runningClass(t.db)
    const enter = (cells: Record<string, string>, actor = of.staff.academic) =>
      enterScores(ctxFor(t.db, actor), { assessmentId: of.assessmentId, cells })
    const first = { enrolmentId: of.people[0]?.enrolmentId ?? '' }
    expect(await enter({ [`${first.enrolmentId}.theory`]: '80' })).toMatchObject({
      state: 'scoring',
      version: 1,
      changedCount: 1,
    })
    expect(await enter({ [`${first.enrolmentId}.theory`]: '80.0' })).toMatchObject({ version: 1, changedCount: 0 })
    await enter({ [`${first.enrolmentId}.theory`]: '缺考' }, of.staff.trainer)
    const entries = await entriesOf(t.db, of.assessmentId, first.enrolmentId)
    expect(entries.map((e) => [e.tenths, e.absent, e.enteredByName])).toEqual([
      [800, false, '教务甲'],
      [null, true, '教师乙'],
    ])
    const sheet = await scoreSheet(t.db, { id: of.assessmentId, classId: of.id })
    expect(sheet.map((row) => row.marks.theory?.absent)).toEqual([true, undefined])
  })

  test('C23 every wrong cell is named, and then nothing is written', async () => {
    const of = await runningClass(t.db)
    const other = await runningClass(t.db)
    const a = { enrolmentId: of.people[0]?.enrolmentId ?? '' }
    const b = { enrolmentId: of.people[1]?.enrolmentId ?? '' }
    const stray = other.people[0]?.enrolmentId as string
    const fault = await faultOf(
      enterScores(ctxFor(t.db, of.staff.academic), {
        assessmentId: of.assessmentId,
        cells: {
          [`${a.enrolmentId}.theory`]: '80.55',
          [`${a.enrolmentId}.practice`]: '70',
          [`${b.enrolmentId}.practice`]: '101',
          [`${stray}.theory`]: '60',
        },
      }),
    )
    expect(fault).toMatchObject({ kind: 'invalid' })
    if (fault.kind === 'invalid') {
      expect(Object.keys(fault.fields).toSorted()).toEqual(
        [`cells.${a.enrolmentId}.theory`, `cells.${b.enrolmentId}.practice`, `cells.${stray}.theory`].toSorted(),
      )
    }
    expect(await entriesOf(t.db, of.assessmentId, a.enrolmentId)).toEqual([])
  })

  test('C23 not before the day, not for who left, not on a sheet that changed meanwhile', async () => {
    const of = await runningClass(t.db)
    const early = ctxFor(t.db, of.staff.academic, new Date('2021-09-10T08:00:00+08:00'))
    const cells = cellsOf(of, full)
    expect(await faultOf(enterScores(early, { assessmentId: of.assessmentId, cells }))).toMatchObject({
      kind: 'invalid',
    })
    const theoryOnly = Object.fromEntries(Object.entries(cells).filter(([cell]) => cell.endsWith('theory')))
    expect(await reasonOf(enterScores(early, { assessmentId: of.assessmentId, cells: theoryOnly }))).toBe('done')
    const stale = enterScores(ctxFor(t.db, of.staff.academic), { assessmentId: of.assessmentId, version: 0, cells })
    expect(await reasonOf(stale)).toBe('sheet-changed')
    await setEnrolment(t.db, of.people[1]?.enrolmentId as string, 'withdrawn')
    expect(await reasonOf(enterScores(ctxFor(t.db, of.staff.academic), { assessmentId: of.assessmentId, cells }))).toBe(
      'invalid',
    )
    expect(
      await reasonOf(enterScores(ctxFor(t.db, stranger().academic), { assessmentId: of.assessmentId, cells })),
    ).toBe('missing')
    expect(
      await reasonOf(enterScores(ctxFor(t.db, of.staff.academic), { assessmentId: of.assessmentId, cells: {} })),
    ).toBe('sheet-empty')
  })
})

describe('C23 confirming', () => {
  test('C23 a second person confirms what he saw; who entered anything may not, even what was overwritten', async () => {
    const of = await runningClass(t.db)
    const confirm = (actor = of.staff.head, version = 1) =>
      confirmScores(ctxFor(t.db, actor), { assessmentId: of.assessmentId, version })
    expect(await reasonOf(confirm(of.staff.head, 0))).toBe('wrong-state')
    await enterScores(ctxFor(t.db, of.staff.head), {
      assessmentId: of.assessmentId,
      cells: { [`${of.people[0]?.enrolmentId}.theory`]: '10' },
    })
    expect(await reasonOf(confirm(of.staff.deputy))).toBe('scores-missing')
    await enterScores(ctxFor(t.db, of.staff.academic), { assessmentId: of.assessmentId, cells: cellsOf(of, full) })
    expect(await reasonOf(confirm(of.staff.deputy))).toBe('sheet-changed')
    expect(await reasonOf(confirm(of.staff.head, 2))).toBe('four-eyes')
    expect(await reasonOf(confirm(of.staff.academic, 2))).toBe('forbidden')
    expect(await confirm(of.staff.deputy, 2)).toMatchObject({ state: 'confirmed', scoreCount: 4 })
    const late = enterScores(ctxFor(t.db, of.staff.academic), {
      assessmentId: of.assessmentId,
      cells: cellsOf(of, full),
    })
    expect(await reasonOf(late)).toBe('wrong-state')
  })

  test('C23 the database itself refuses one person alone, an edit, and an entry on a confirmed sheet', async () => {
    const of = await runningClass(t.db)
    await scored(t.db, of, full)
    const q = (sql: string, ...values: unknown[]) => t.owner.query(sql, values)
    const app = async (run: () => Promise<unknown>) =>
      run().then(
        () => 'done',
        (error: Error) => error.message,
      )
    const score = (await q('select * from assessment.scores where assessment_id = $1 limit 1', of.assessmentId)).rows[0]
    expect(await app(() => t.db.updateTable('assessment.scores').set({ tenths: 1000 }).execute())).toMatch(
      /permission denied/,
    )
    expect(await app(() => t.db.deleteFrom('assessment.score_entries').execute())).toMatch(/permission denied/)
    expect(await app(() => t.db.updateTable('assessment.score_entries').set({ tenths: 1 }).execute())).toMatch(
      /permission denied/,
    )
    expect(
      await app(() => q('update assessment.scores set confirmed_by = entered_by where id = $1', score.id)),
    ).toMatch(/score_needs_two_persons/)
    const entry = {
      assessment_id: of.assessmentId,
      part: 'theory',
      enrolment_id: score.enrolment_id,
      tenths: 1,
      source: 'form',
      entered_by: 'x',
      entered_by_name: 'x',
      entered_at: new Date(),
    }
    expect(await app(() => t.db.insertInto('assessment.score_entries').values(entry).execute())).toMatch(/confirmed/)
  })

  test('C23 two confirmations at once: one wins', async () => {
    const of = await runningClass(t.db)
    await enterScores(ctxFor(t.db, of.staff.academic), { assessmentId: of.assessmentId, cells: cellsOf(of, full) })
    const run = (actor: typeof of.staff.head) =>
      reasonOf(confirmScores(ctxFor(t.db, actor), { assessmentId: of.assessmentId, version: 1 }))
    expect((await Promise.all([run(of.staff.head), run(of.staff.deputy)])).toSorted()).toEqual(['done', 'wrong-state'])
  })

  test('C23 entering and confirming at once never confirms what was not seen', async () => {
    for (let round = 0; round < 5; round++) {
      const of = await runningClass(t.db)
      await enterScores(ctxFor(t.db, of.staff.academic), { assessmentId: of.assessmentId, cells: cellsOf(of, full) })
      const [entered, confirmed] = await Promise.all([
        reasonOf(
          enterScores(ctxFor(t.db, of.staff.trainer), {
            assessmentId: of.assessmentId,
            cells: { [`${of.people[0]?.enrolmentId}.theory`]: '1' },
          }),
        ),
        reasonOf(confirmScores(ctxFor(t.db, of.staff.head), { assessmentId: of.assessmentId, version: 1 })),
      ])
      expect([
        ['done', 'sheet-changed'],
        ['wrong-state', 'done'],
      ]).toContainEqual([entered, confirmed])
    }
  })
})
