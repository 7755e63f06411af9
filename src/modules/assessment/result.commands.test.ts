import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { AppError } from '#platform/errors.ts'
import { ctxFor, freshDb, type TestDb, testNow } from '#platform/testing.ts'
import {
  concluded,
  issued,
  type RunningClass,
  runningClass,
  scored,
  staffOf,
} from '../../../tests/fixtures/assessed.ts'
import { person } from '../../../tests/fixtures/claims.ts'
import { enrol, setEnrolment } from '../../../tests/fixtures/counts.ts'
import { assessmentOf } from './assessment.queries.ts'
import { classCertificates } from './certificate.queries.ts'
import { confirmResults, redecideForHours } from './result.commands.ts'
import { changedHours, resultsOf } from './result.queries.ts'
import { decideScoreChange, proposeScoreChange } from './score.commands.ts'
import { scoreSheet } from './score.queries.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => t.close())

const reasonOf = async (work: Promise<unknown>) => {
  try {
    await work
    return 'done'
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return error.fault.kind === 'refused' ? error.fault.refusal.reason : error.fault.kind
  }
}
const confirm = (of: RunningClass, actor = of.staff.head) =>
  confirmResults(ctxFor(t.db, actor), { assessmentId: of.assessmentId })
const jobsOf = async (name: string) =>
  (
    await t.owner.query(
      'select payload from graphile_worker._private_jobs j join graphile_worker._private_tasks k on k.id = j.task_id where k.identifier = $1',
      [name],
    )
  ).rows.map((row) => row.payload)

describe('R35 results', () => {
  test('R35 attendance from the ledger and the weighted total decide, each person with every reason', async () => {
    const of = await runningClass(t.db, [900, 719, 900, 900, 0])
    await scored(t.db, of, [
      ['80', '90'],
      ['100', '100'],
      ['59.9', '60'],
      ['缺考', '100'],
      ['60', '60'],
    ])
    expect(await confirm(of)).toMatchObject({ state: 'concluded', assessedCount: 5, passedCount: 1 })
    const results = await resultsOf(t.db, of.id)
    expect(results.map((r) => [r.passed, r.totalMillipoints, r.classHours])).toEqual([
      [true, 86_000, 20],
      [false, 100_000, 15],
      [false, 59_960, 20],
      [false, null, 20],
      [false, 60_000, 0],
    ])
    expect(results.map((r) => r.checks.filter((c) => !c.ok).map((c) => c.check))).toEqual([
      [],
      ['attendance'],
      ['total'],
      ['part', 'total'],
      ['attendance'],
    ])
    const { rows } = await t.owner.query(
      'select c.state, (select array_agg(e.state order by e.id) from training.enrolments e where e.class_id = c.id) as people from training.classes c where c.id = $1',
      [of.id],
    )
    expect(rows[0]).toEqual({ state: 'assessed', people: ['passed', 'failed', 'failed', 'failed', 'failed'] })
    expect(await jobsOf('reports.countPassed')).toContainEqual({ classId: of.id })
  })

  test("R03 minutes beyond a day's limit do not make attendance", async () => {
    const of = await runningClass(t.db, [0])
    const one = of.people[0] as { id: string; enrolmentId: string }
    const who = { person_id: one.id, enrolment_id: one.enrolmentId, class_id: of.id, at: testNow, by_user: 'test' }
    const entry = { ...who, on_day: '2021-08-10', minutes: 900, source: 'class', grade: 'A', evidence: '{}' }
    await t.db.insertInto('training.hour_entries').values(entry).execute()
    await scored(t.db, of, [['100', '100']])
    expect(await confirm(of)).toMatchObject({ passedCount: 0 })
    expect((await resultsOf(t.db, of.id))[0]).toMatchObject({ attendedMinutes: 360, classHours: 8 })
  })

  test('R35 not before the scores are confirmed, the lessons over and the changes decided; not twice', async () => {
    const of = await runningClass(t.db)
    expect(await reasonOf(confirm(of))).toBe('wrong-state')
    await scored(t.db, of, [
      ['80', '90'],
      ['60', '60'],
    ])
    const person = of.people[0]?.id as string
    const { rows: trainers } = await t.owner.query(
      `insert into training.trainers (organisation_id, person_id, name, qualification, valid_from) values ($1, $2, '刘师傅', '技师', '2020-01-01') returning id`,
      [of.organisation.id, person],
    )
    await t.owner.query(
      `insert into training.sessions (class_id, trainer_id, trainer_person_id, title, during) values ($1, $2, $3, '课', '[2021-08-11 01:00Z,2021-08-11 03:00Z)')`,
      [of.id, trainers[0].id, person],
    )
    expect(await reasonOf(confirm(of))).toBe('sessions-open')
    await t.owner.query(`update training.sessions set state = 'cancelled' where class_id = $1`, [of.id])
    const [row] = await scoreSheet(t.db, { id: of.assessmentId, classId: of.id })
    const { changeId } = await proposeScoreChange(ctxFor(t.db, of.staff.academic), {
      scoreId: row?.marks.theory?.scoreId,
      to: '81',
      reason: '复核后更正',
    })
    expect(await reasonOf(confirm(of))).toBe('changes-open')
    await decideScoreChange(ctxFor(t.db, of.staff.head), { changeId, decision: 'approve' })
    expect(await reasonOf(confirm(of, staffOf('00000000-0000-4000-8000-00000000dead').head))).toBe('missing')
    expect(await reasonOf(confirm(of, of.staff.academic))).toBe('forbidden')
    const both = await Promise.all([reasonOf(confirm(of)), reasonOf(confirm(of, of.staff.deputy))])
    expect(both.toSorted()).toEqual(['done', 'wrong-state'])
    expect((await resultsOf(t.db, of.id))[0]?.totalMillipoints).toBe(86_400)
  })

  test('R35 who left is not assessed; who joined after the sheet was confirmed has no mark and fails', async () => {
    const of = await runningClass(t.db, [900, 900])
    await scored(t.db, of, [
      ['80', '90'],
      ['70', '70'],
    ])
    await setEnrolment(t.db, of.people[0]?.enrolmentId as string, 'withdrawn')
    const late = await enrol(t.db, of.id, (await person(t.db)).id, of.organisation.id)
    expect(await confirm(of)).toMatchObject({ assessedCount: 2, passedCount: 1 })
    const results = await resultsOf(t.db, of.id)
    expect(results.find((row) => row.enrolmentId === late)).toMatchObject({ passed: false, totalMillipoints: null })
  })

  test('R35 a figure the bureau has withdrawn stops the decision, and its own figure is taken', async () => {
    const figure = (key: string, value: number | null) =>
      t.owner.query(
        `insert into platform.settings (kind, key, value, from_on, source, state, proposed_by, proposed_by_name, proposed_at, approved_by, approved_by_name, approved_at)
         values ('figure', $1, $2::jsonb, '2021-01-01', '测试', 'in-force', 'a', 'a', now(), 'b', 'b', clock_timestamp())`,
        [key, JSON.stringify(value)],
      )
    const of = await runningClass(t.db, [900])
    await scored(t.db, of, [['64', '64']])
    await figure('OP.passMark', null)
    expect(await reasonOf(confirm(of))).toBe('figure-undecided')
    await figure('OP.passMark', 62.5)
    expect(await reasonOf(confirm(of))).toBe('figure-not-whole')
    await figure('OP.passMark', 65)
    expect(await confirm(of)).toMatchObject({ passedCount: 0 })
    await figure('OP.passMark', 60)
  })

  test('R35 the database refuses a pass that is not arithmetic, and any edit of a result', async () => {
    const of = await runningClass(t.db, [900])
    await concluded(t.db, of, [['80', '90']])
    const app = (run: () => Promise<unknown>) =>
      run().then(
        () => 'done',
        (error: Error) => error.message,
      )
    expect(await app(() => t.db.updateTable('assessment.results').set({ passed: false }).execute())).toMatch(
      /permission denied/,
    )
    expect(
      await app(() => t.owner.query('update assessment.results set pass_mark = 90 where class_id = $1', [of.id])),
    ).toMatch(/passed_is_arithmetic/)
  })
})

describe('C23 a change after the results', () => {
  const change = async (of: RunningClass, at: number, to: string) => {
    const sheet = await scoreSheet(t.db, { id: of.assessmentId, classId: of.id })
    const { changeId } = await proposeScoreChange(ctxFor(t.db, of.staff.academic), {
      scoreId: sheet[at]?.marks.practice?.scoreId,
      to,
      reason: '复核后更正',
    })
    return decideScoreChange(ctxFor(t.db, of.staff.head), { changeId, decision: 'approve' })
  }

  test('C23 the person is decided anew as a new revision, the old one stays, the class hears of it', async () => {
    const of = await runningClass(t.db, [900, 900])
    await concluded(t.db, of, [
      ['60', '59'],
      ['60', '60'],
    ])
    expect((await resultsOf(t.db, of.id)).map((r) => r.passed)).toEqual([false, true])
    expect(await change(of, 0, '60')).toMatchObject({ passedNow: true })
    expect((await resultsOf(t.db, of.id)).map((r) => [r.passed, r.revision])).toEqual([
      [true, 2],
      [true, 1],
    ])
    const { rows } = await t.owner.query(
      'select revision, passed from assessment.results where enrolment_id = $1 order by revision',
      [of.people[0]?.enrolmentId],
    )
    expect(rows).toEqual([
      { revision: 1, passed: false },
      { revision: 2, passed: true },
    ])
    const kept = () => t.owner.query('select assessed, passed from assessment.class_rates where class_id = $1', [of.id])
    expect((await kept()).rows).toEqual([{ assessed: 2, passed: 2 }])
    expect(await change(of, 0, '10')).toMatchObject({ passedNow: false })
    expect((await kept()).rows).toEqual([{ assessed: 2, passed: 1 }])
    const states = await t.owner.query('select state from training.enrolments where id = $1', [
      of.people[0]?.enrolmentId,
    ])
    expect(states.rows[0].state).toBe('failed')
  })

  test('C23 nobody with a standing certificate can be failed, and the refused approval leaves nothing behind', async () => {
    const of = await runningClass(t.db, [900])
    await concluded(t.db, of, [['60', '60']])
    await issued(t.db, of)
    expect(await reasonOf(change(of, 0, '10'))).toBe('certificate-issued')
    expect((await resultsOf(t.db, of.id))[0]).toMatchObject({ passed: true, revision: 1 })
    expect((await assessmentOf(t.db, of.id))?.state).toBe('concluded')
    expect(await classCertificates(t.db, of.id)).toHaveLength(1)
  })
})

describe('R35 hours that come after the decision', () => {
  const more = async (of: RunningClass, at: number, minutes: number) => {
    const one = of.people[at] as { id: string; enrolmentId: string }
    const who = { person_id: one.id, enrolment_id: one.enrolmentId, class_id: of.id, at: testNow, by_user: 'test' }
    const entry = { ...who, on_day: '2021-08-20', minutes, source: 'class', grade: 'A', evidence: '{}' }
    await t.db.insertInto('training.hour_entries').values(entry).execute()
    return one.enrolmentId
  }
  const again = (of: RunningClass, enrolmentId: string, actor = of.staff.head) =>
    redecideForHours(ctxFor(t.db, actor), { assessmentId: of.assessmentId, enrolmentId })

  test('R35 C17 they wait in a list until somebody decides anew; the first decision stays', async () => {
    const of = await runningClass(t.db, [719, 900])
    await scored(t.db, of, [
      ['100', '100'],
      ['80', '80'],
    ])
    expect(await confirm(of)).toMatchObject({ passedCount: 1 })
    expect(await changedHours(ctxFor(t.db, of.staff.head), of.id)).toEqual([])
    const untouched = of.people[1]?.enrolmentId as string
    expect(await reasonOf(again(of, untouched))).toBe('hours-unchanged')

    const enrolmentId = await more(of, 0, 30)
    expect((await resultsOf(t.db, of.id))[0]).toMatchObject({ passed: false, revision: 1 })
    expect(await changedHours(ctxFor(t.db, of.staff.head), of.id)).toEqual([
      expect.objectContaining({ enrolmentId, decidedMinutes: 719, minutes: 749, passed: false }),
    ])
    expect(await reasonOf(again(of, enrolmentId, of.staff.trainer))).toBe('forbidden')
    expect(await reasonOf(again(of, enrolmentId, staffOf(of.people[0]?.id ?? '').head))).toBe('missing')
    expect(await again(of, enrolmentId)).toEqual({ enrolmentId, passed: true })
    expect((await resultsOf(t.db, of.id))[0]).toMatchObject({ passed: true, revision: 2, attendedMinutes: 749 })
    const { rows } = await t.owner.query(
      `select (select array_agg(passed order by revision) from assessment.results where enrolment_id = $1) as passed,
        (select state from training.enrolments where id = $1) as state,
        (select count(*)::int from audit.entries where command = 'assessment.redecideForHours' and subjects @> array['enrolment:' || $1::text]) as audited`,
      [enrolmentId],
    )
    expect(rows[0]).toEqual({ passed: [false, true], state: 'passed', audited: 1 })
    expect(await reasonOf(again(of, enrolmentId))).toBe('hours-unchanged')
  })

  test('R35 two who decide at once decide once', async () => {
    const of = await runningClass(t.db, [719])
    await scored(t.db, of, [['100', '100']])
    await confirm(of)
    const enrolmentId = await more(of, 0, 30)
    const answers = await Promise.all([again(of, enrolmentId), again(of, enrolmentId, of.staff.deputy)].map(reasonOf))
    expect(answers.toSorted()).toEqual(['done', 'hours-unchanged'])
  })

  test('C23 who holds a certificate is not failed by hours that went away', async () => {
    const of = await runningClass(t.db, [900])
    await concluded(t.db, of, [['80', '90']])
    await issued(t.db, of)
    const one = of.people[0] as { id: string; enrolmentId: string }
    await t.owner.query(
      `insert into training.hour_entries (person_id, enrolment_id, class_id, source, on_day, minutes, grade, evidence, reverses, reason, at, by_user)
       select person_id, enrolment_id, class_id, source, on_day, -minutes, grade, evidence, id, '更正', now(), 'test'
       from training.hour_entries where enrolment_id = $1 and minutes > 0`,
      [one.enrolmentId],
    )
    expect(await reasonOf(again(of, one.enrolmentId))).toBe('certificate-issued')
  })
})
