import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { system } from '#platform/actor.ts'
import { ctxFor, freshDb, type TestDb, user } from '#platform/testing.ts'
import { day } from '#shared/units.ts'
import { type Claimant, claimant, person } from '../../../tests/fixtures/claims.ts'
import { approvedClass, member, results, setEnrolment, type TestClass } from '../../../tests/fixtures/counts.ts'
import { approveSetting, proposeSetting } from '../settings/setting.commands.ts'
import { indicatorBoard, planBoard } from './board.queries.ts'
import { clauseEvents, clauseTrail, rulePage } from './clause.queries.ts'
import { countEnrolled, countPassed } from './count.commands.ts'
import { indicatorClasses, indicatorEvents, recordedSince } from './event.queries.ts'
import { importStatistic, withdrawStatistic } from './statistic.commands.ts'
import { eventTrail } from './trail.queries.ts'

let t: TestDb
let firm: Claimant
let spring: TestClass
let summer: TestClass
const at = (on: string, hour = '09') => new Date(`${on}T${hour}:00:00+08:00`)
const job = (on: string) => ctxFor(t.db, system('test'), at(on, '22'))
const reader = (on = '2021-09-15') => ctxFor(t.db, user('统计员', [{ role: 'statistician' }]), at(on))
const desk = (on = '2021-09-15') => ctxFor(t.db, user('初审', [{ role: 'hr-first-reviewer' }]), at(on))
const federation = () =>
  ctxFor(t.db, user('残联', [{ role: 'department-officer', body: 'disabledFederation' }]), at('2021-09-15'))

beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  firm = await claimant(t.db)
  const people = await Promise.all(Array.from({ length: 4 }, () => person(t.db)))
  await member(t.db, people[0]?.id as string, 'disabled')
  const ids = people.map((one) => one.id)
  spring = await approvedClass(t.db, firm, { people: ids, enrolledAt: at('2021-03-01'), startsOn: day('2021-03-01') })
  summer = await approvedClass(t.db, firm, { people: ids.slice(0, 2), enrolledAt: at('2021-07-01') })
  await countEnrolled(job('2021-03-01'), { classId: spring.id })
  await results(t.db, spring, [true, true, true, false], at('2021-05-20'))
  await countPassed(job('2021-05-20'), { classId: spring.id })
  await countEnrolled(job('2021-07-10'), { classId: summer.id }) // recorded nine days late
  await results(t.db, summer, [true, true], at('2021-08-20'))
  await countPassed(job('2021-08-20'), { classId: summer.id })
  await setEnrolment(t.db, spring.people[1]?.enrolmentId as string, 'withdrawn')
  await countEnrolled(job('2021-09-01'), { classId: spring.id })
  await countPassed(job('2021-09-01'), { classId: spring.id })
})
afterAll(() => t.close())

const values = async (...asked: Parameters<typeof planBoard>) =>
  Object.fromEntries((await planBoard(...asked)).rows.map((row) => [row.indicator.id, row.value]))

describe('HZ4-M15 the board', () => {
  test('R35 every indicator, three bases side by side, persons once, nothing invented', async () => {
    const { rows, from, series, period } = await planBoard(reader())
    expect([from, series, period.decided]).toEqual(['2020-12-07', 'plan', false])
    expect(rows).toHaveLength(18)
    const row = (id: string) => rows.find((one) => one.indicator.id === id)
    expect(row('K01')).toMatchObject({
      value: 4,
      basis: 'completedAndPassed',
      percent: 0,
      counts: { enrolled: { value: 5 }, completedAndPassed: { value: 4 }, subsidyPaid: { value: 0, amountFen: 0 } },
      forecast: { recent: 1, daysLeft: 107, reachable: false },
    })
    expect(row('K11')).toMatchObject({ value: 1, counts: { enrolled: { value: 1 } } })
    expect(row('K02')).toMatchObject({ value: null, percent: null, counts: null, forecast: null })
    expect(row('K01')?.questions.map((one) => one.id)).toContain('D-02')
    const months = row('K01')?.counts?.completedAndPassed.months.filter((one) => one.n !== 0)
    expect(months).toEqual([
      { month: '2021-05', n: 3, cumulative: 3 },
      { month: '2021-08', n: 2, cumulative: 5 },
      { month: '2021-09', n: -1, cumulative: 4 },
    ])
  })

  test('R35 as of an earlier day: later counts and reversals are not yet there', async () => {
    expect(await values(reader(), { asOf: day('2021-08-31') })).toMatchObject({ K01: 5, K11: 1 })
    expect(await values(reader(), { asOf: day('2021-05-19') })).toMatchObject({ K01: 0, K11: 0 })
    expect(await values(reader(), { asOf: day('2021-07-05'), basis: 'enrolled' })).toMatchObject({ K01: 6 })
  })

  test('HZ4-M15 as known then: what was recorded late is left out, and the difference is named', async () => {
    const known = { asOf: day('2021-07-05'), basis: 'enrolled' as const }
    expect(await values(reader(), { ...known, known: day('2021-07-09') })).toMatchObject({ K01: 4, K11: 1 })
    expect(await values(reader(), { ...known, known: day('2021-07-10') })).toMatchObject({ K01: 6, K11: 1 })
    expect(await recordedSince(reader(), day('2021-07-09'), day('2021-07-05'))).toEqual([
      { indicator: 'K01', basis: 'enrolled', added: 2, reversed: 0, amountFen: 0 },
      { indicator: 'K11', basis: 'enrolled', added: 1, reversed: 0, amountFen: 0 },
    ])
    const late = await indicatorEvents(desk(), 'K01', { since: day('2021-07-09'), asOf: day('2021-07-05') })
    expect(late.rows.map((row) => [row.countedOn, row.n])).toEqual([
      ['2021-07-01', 1],
      ['2021-07-01', 1],
    ])
  })

  test('HZ4-M15 what a board showed on a day, it shows for ever for that day', async () => {
    for (const on of ['2021-03-02', '2021-05-21', '2021-07-10', '2021-08-25', '2021-09-02']) {
      const then = await reproduced(day(on))
      await countEnrolled(job('2021-09-15'), { classId: spring.id })
      expect(await reproduced(day(on))).toEqual(then)
    }
    async function reproduced(known: ReturnType<typeof day>) {
      const { rows } = await planBoard(reader('2021-09-20'), { known })
      return rows.map((row) => [row.indicator.id, row.counts])
    }
  })

  test('R35 of-which rows overlap and each stays within the whole', async () => {
    const { row, ofWhich } = await indicatorBoard(reader(), 'K01')
    const whole = row.counts?.completedAndPassed.value ?? 0
    for (const part of ofWhich) expect(part.counts.completedAndPassed.value).toBeLessThanOrEqual(whole)
    expect(ofWhich.find((part) => part.key === 'disabled')).toMatchObject({
      dimension: 'group',
      label: '残疾人员',
      counts: { completedAndPassed: { value: 2 } },
    })
    expect(ofWhich.find((part) => part.dimension === 'residence')?.label).toBe('未登记')
    expect((await indicatorBoard(reader(), 'K11')).ofWhich).toEqual([])
    await expect(indicatorBoard(reader(), 'K99')).rejects.toMatchObject({ fault: { kind: 'missing' } })
  })

  test('D-01, D-04: the bureau’s answers change from where and how persons are counted', async () => {
    for (const [key, value] of [
      ['D-01', 'year'],
      ['D-04', 'period'],
    ]) {
      const admin = ctxFor(t.db, user('规则', [{ role: 'rule-admin' }]), at('2021-09-15'))
      const leader = ctxFor(t.db, user('领导', [{ role: 'hr-leader' }]), at('2021-09-15'))
      const asked = { kind: 'decision', key, value, from: '2021-09-15', to: '', source: '局长办公会纪要' }
      await approveSetting(leader, await proposeSetting(admin, asked))
    }
    const { from, series, period, rows } = await planBoard(reader())
    expect([from, series, period.decided]).toEqual(['2021-01-01', 'year', true])
    expect(rows.find((row) => row.indicator.id === 'K11')?.value).toBe(1)
    expect((await planBoard(reader(), { known: day('2021-09-14') })).series).toBe('plan')
  })
})

describe('HZ4-G2 numbers from outside', () => {
  const words = { method: '按年末常住口径', sourceBody: '区统计局', source: '统计公报（2021年6月）' }

  test('HZ4-G2 shown with both terms and source; the latest stands; withdrawn ones do not', async () => {
    const first = { indicator: 'K02', numerator: 150_000, denominator: 560_000, asOf: '2021-03-31', ...words }
    await importStatistic(reader(), first)
    const wrong = await importStatistic(reader(), { ...first, numerator: 500_000, asOf: '2021-06-30' })
    const share = async () => (await planBoard(reader())).rows.find((row) => row.indicator.id === 'K02')
    expect(await share()).toMatchObject({ value: 89.2, reached: true })
    await withdrawStatistic(reader('2021-09-16'), { id: wrong.id, reason: '分子抄错' })
    expect(await share()).toMatchObject({
      value: 26.7,
      percent: 89,
      reached: false,
      statistic: { sourceBody: '区统计局' },
    })
    await expect(withdrawStatistic(reader(), { id: wrong.id, reason: '再撤一次' })).rejects.toMatchObject({
      fault: { refusal: { reason: 'already-withdrawn' } },
    })
    const then = await planBoard(reader('2021-09-20'), { known: day('2021-09-15') })
    expect(then.rows.find((row) => row.indicator.id === 'K02')?.value).toBe(89.2)
  })

  test('HZ4-G2 refused: a number the platform counts itself; forbidden: to those who do not keep statistics', async () => {
    const given = { indicator: 'K01', numerator: 1, denominator: '', asOf: '2021-06-30', ...words }
    await expect(importStatistic(reader(), given)).rejects.toMatchObject({
      fault: { refusal: { reason: 'not-imported' } },
    })
    await expect(importStatistic(desk(), given)).rejects.toMatchObject({ fault: { kind: 'forbidden' } })
    await expect(sql`update reports.statistics set numerator = 1`.execute(t.db)).rejects.toThrow(/permission denied/)
  })
})

describe('HZ4-M15 from the number to the record and back', () => {
  test('the events behind a number add up to it, page by page', async () => {
    const { rows, next } = await indicatorEvents(desk(), 'K01', { basis: 'completedAndPassed' })
    expect(next).toBeNull()
    expect(rows.reduce((sum, row) => sum + row.n, 0)).toBe(4)
    const classes = await indicatorClasses(desk(), 'K01', 'completedAndPassed', day('2021-09-15'))
    expect(classes.reduce((sum, row) => sum + row.n, 0)).toBe(4)
    const may = await indicatorEvents(desk(), 'K01', { basis: 'completedAndPassed', month: '2021-05' })
    expect(may.rows).toHaveLength(3)
    const disabled = await indicatorEvents(desk(), 'K01', { dimension: 'group', key: 'disabled' })
    expect(disabled.rows).toHaveLength(4)
  })

  test('R37 names are masked; a department sees its own groups, a statistician none', async () => {
    const names = async (ctx: typeof desk) =>
      (await indicatorEvents(ctx(), 'K01', { basis: 'enrolled', month: '2021-03' })).rows.map((row) => row.person)
    expect(await names(desk)).toEqual(['张*明', '张*明', '张*明', '张*明'])
    expect((await names(federation)).filter((name) => name !== null)).toEqual(['张*明'])
    expect(await names(reader)).toEqual([null, null, null, null])
    expect((await indicatorEvents(reader(), 'K11', { basis: 'enrolled' })).rows.flatMap((row) => row.groups)).toEqual(
      [],
    )
  })

  test('HZ4-M15 one count leads to class, person, result, rule, clause and who did it', async () => {
    const { rows } = await indicatorEvents(desk(), 'K11', { basis: 'completedAndPassed' })
    const trail = await eventTrail(desk(), rows[0]?.id as number)
    expect(trail).toMatchObject({
      basis: 'completedAndPassed',
      countedOn: '2021-08-20',
      person: { name: '张*明' },
      groups: ['disabled'],
      klass: { id: summer.id, state: 'approved' },
      result: { passed: true },
      programme: { code: 'job-adaptation' },
    })
    expect(trail.indicators.map((one) => one.id)).toEqual(['K01', 'K11'])
    expect(trail.clauses.map((one) => one.clause.id)).toEqual(['HZ4-M08', 'HZ4-G2', 'HZ4-M10'])
    expect(trail.audit.map((entry) => entry.command)).toContain('reports.countPassed')
    const unseen = await eventTrail(reader(), rows[0]?.id as number)
    expect([unseen.person, unseen.groups, unseen.hours, unseen.result]).toEqual([null, [], [], null])
    await expect(eventTrail(desk(), 999_999)).rejects.toMatchObject({ fault: { kind: 'missing' } })
  })

  test('HZ4-M15 and from the clause: its numbers, rules, figures, newest counts', async () => {
    const trail = await clauseTrail(reader(), 'HZ4-M08')
    expect(trail.programmes.map((one) => one.code)).toEqual(['job-adaptation'])
    expect(trail.figures.find((one) => one.id === 'R05.months')).toMatchObject({ value: null, decided: false })
    expect(trail.duties.leads.map((one) => one.body.shortName)).toEqual(['区人社局'])
    const goal = await clauseTrail(reader(), 'HZ4-G2')
    expect(goal.numbers.map((row) => row.indicator.id)).toEqual(['K01', 'K02', 'K03'])
    expect((await clauseEvents(reader(), 'HZ4-M08', 3)).map((row) => row.n)).toEqual([-1, -1, 1])
    expect((await clauseTrail(reader(), 'HZ4-M16')).duties).toMatchObject({ stated: false, leads: [] })
    expect((await rulePage(reader(), 'C10')).programmes.map((one) => one.code)).toEqual(['job-adaptation'])
    await expect(clauseTrail(reader(), 'HZ4-M99')).rejects.toMatchObject({ fault: { kind: 'missing' } })
  })
})
