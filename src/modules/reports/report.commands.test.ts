import { sql } from 'kysely'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { system } from '#platform/actor.ts'
import { ctxFor, freshDb, type TestDb, user } from '#platform/testing.ts'
import { day } from '#shared/units.ts'
import { type Claimant, claimant } from '../../../tests/fixtures/claims.ts'
import { approvedClass, results, setEnrolment, type TestClass } from '../../../tests/fixtures/counts.ts'
import { countPassed } from './count.commands.ts'
import { freezeReport } from './report.commands.ts'
import { frozenReports, liveReport, snapshotById, snapshotsOf, verifySnapshot } from './report.queries.ts'
import { type Period, periodOf } from './report.rules.ts'
import { importStatistic } from './statistic.commands.ts'

let t: TestDb
let firm: Claimant
let klass: TestClass
const at = (on: string) => new Date(`${on}T09:00:00+08:00`)
const job = (on: string) => ctxFor(t.db, system('test'), at(on))
const clerk = (on: string) => ctxFor(t.db, user('统计员', [{ role: 'statistician' }]), at(on))
const second = { kind: 'quarter', from: '2021-04-01', problems: '部分机构报送偏晚', nextSteps: '' }
const third = { ...second, from: '2021-07-01' }

beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  firm = await claimant(t.db)
  klass = await approvedClass(t.db, firm, { size: 5, enrolledAt: at('2021-03-01') })
  await results(t.db, klass, [true, true, true, true, true], at('2021-05-20'))
  await countPassed(job('2021-05-21'), { classId: klass.id })
  await importStatistic(clerk('2021-06-01'), {
    ...{ indicator: 'K04', numerator: 7, denominator: '', asOf: '2021-05-31' },
    ...{ method: '认定名单逐家核对', sourceBody: '区人社局', source: '培训基地名单（5月）' },
  })
})
afterAll(() => t.close())

const frozen = async (from: string) => (await snapshotsOf(t.db, 'quarter', day(from)))[0]

test('HZ4-M15 frozen after its end, with the records and the trail it rests on; never changed', async () => {
  await expect(freezeReport(clerk('2021-06-30'), second)).rejects.toMatchObject({
    fault: { refusal: { reason: 'period-open' } },
  })
  await expect(freezeReport(ctxFor(t.db, user('受理', [{ role: 'hr-intake' }])), second)).rejects.toMatchObject({
    fault: { kind: 'forbidden' },
  })
  await expect(freezeReport(clerk('2021-07-05'), { ...second, from: '2021-05-01' })).rejects.toMatchObject({
    fault: { refusal: { reason: 'unknown-period' } },
  })
  const { id } = await freezeReport(clerk('2021-07-05'), second)
  const snapshot = await snapshotById(t.db, id)
  expect(snapshot).toMatchObject({ revision: 1, problems: '部分机构报送偏晚', throughEvent: 5 })
  const row = (indicator: string) => snapshot.cells.rows.find((one) => one.indicator === indicator)
  expect(row('K01')?.counts?.completedAndPassed).toEqual({ before: 0, within: 5, total: 5 })
  expect(row('K04')?.statistic).toMatchObject({ value: 7, source: '培训基地名单（5月）' })
  expect(snapshot.cells.funds.map((fund) => fund.fundSource)).toContain('specialAccount')
  await expect(sql`update reports.snapshots set problems = ''`.execute(t.db)).rejects.toThrow(/permission denied/)
  expect((await frozenReports(t.db)).map((one) => one.id)).toEqual([id])
})

test('HZ4-M15 recorded later, taken back later: the frozen report comes out the same, the next one explains itself', async () => {
  const late = await approvedClass(t.db, firm, { size: 2 })
  await results(t.db, late, [true, true], at('2021-06-20')) // of the second quarter, recorded in the third
  await countPassed(job('2021-07-20'), { classId: late.id })
  await setEnrolment(t.db, klass.people[0]?.enrolmentId as string, 'withdrawn')
  await countPassed(job('2021-08-10'), { classId: klass.id })
  const snapshot = await frozen('2021-04-01')
  if (!snapshot) throw new Error('nothing was frozen')
  expect(await verifySnapshot(clerk('2021-09-15'), snapshot)).toEqual({
    hashHolds: true,
    comesOut: true,
    differences: [],
  })
  const { cells, checks } = await liveReport(clerk('2021-10-08'), periodOf('quarter', day('2021-07-01')) as Period)
  const row = cells.rows.find((one) => one.indicator === 'K01')
  expect(row?.counts?.completedAndPassed).toEqual({ before: 7, within: -1, total: 6 })
  expect(checks.filter((check) => !check.ok)).toEqual([])
  expect(checks.find((check) => check.code === 'previous-report' && check.indicator === 'K01')?.text).toBe(
    '上期归档累计 5，按当时所知重算 5',
  )
})

test('HZ4-M15 a correction is a second revision with its reason, the first stays', async () => {
  await expect(freezeReport(clerk('2021-10-08'), second)).rejects.toMatchObject({
    fault: { kind: 'invalid', fields: { reason: [expect.stringContaining('更正')] } },
  })
  const { id } = await freezeReport(clerk('2021-10-08'), { ...second, reason: '补记两人次' })
  const corrected = await snapshotById(t.db, id)
  expect([corrected.revision, corrected.cells.rows[0]?.counts?.completedAndPassed.total]).toEqual([2, 7])
  expect((await snapshotsOf(t.db, 'quarter', day('2021-04-01'))).map((one) => one.revision)).toEqual([2, 1])
})

test('HZ4-M15 raced: the same period frozen twice at once is frozen once', async () => {
  const done = await Promise.allSettled([
    freezeReport(clerk('2021-10-09'), third),
    freezeReport(clerk('2021-10-09'), third),
  ])
  expect(done.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
  expect(done.find((one) => one.status === 'rejected')).toMatchObject({ reason: { fault: { kind: 'invalid' } } })
})

test('HZ4-M16 a report changed behind our back no longer hashes to what it says', async () => {
  const before = await frozen('2021-07-01')
  await t.owner.query(
    "update reports.snapshots set cells = jsonb_set(cells, '{rows,0,counts,completedAndPassed,total}', '60000') where id = $1",
    [before?.id],
  )
  const after = await frozen('2021-07-01')
  if (!after) throw new Error('nothing was frozen')
  expect(await verifySnapshot(clerk('2021-10-10'), after)).toMatchObject({
    hashHolds: false,
    comesOut: false,
    differences: ['rows.0.counts.completedAndPassed.total：60000 → 6'],
  })
})
