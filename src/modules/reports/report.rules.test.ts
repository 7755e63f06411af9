import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadPlan } from '#policy/plan.ts'
import { day } from '#shared/units.ts'
import { fold, monthsBetween, seriesStart } from './board.rules.ts'
import {
  canonical,
  checksOf,
  differences,
  dueOn,
  mayFreeze,
  type Period,
  periodOf,
  periodsUpTo,
  previousPeriod,
} from './report.rules.ts'
import type { ReportCells, ReportRow } from './report.schema.ts'

const plan = loadPlan('plan/haizhu-2020')
const second = periodOf('quarter', day('2021-04-01')) as Period

const cell = { before: 10, within: 5, total: 15 }
const row = (changes: Partial<ReportRow> = {}): ReportRow => ({
  ...{ indicator: 'K01', title: '补贴类职业技能培训', clause: 'HZ4-G2', owner: 'hrssBureau', unit: '人次' },
  ...{ target: 60_000, deadline: day('2021-12-31'), kind: 'events', basis: 'completedAndPassed', percent: 0 },
  counts: { enrolled: cell, completedAndPassed: cell, subsidyPaid: cell },
  ofWhich: [{ dimension: 'group', key: 'veterans', label: '退役军人', within: 1, total: 15 }],
  statistic: null,
  questions: [],
  ...changes,
})
const cells = (rows: ReportRow[]): ReportCells => ({
  version: 1,
  plan: { id: plan.id, docNo: plan.docNo, title: plan.title },
  ...{ kind: 'quarter', from: second.from, to: second.to, seriesFrom: plan.startsOn, rows, funds: [] },
})

describe('HZ4-M15 report periods', () => {
  test('quarters and years begin where they begin', () => {
    expect(second).toMatchObject({ to: '2021-06-30', label: '2021年第二季度季报' })
    expect(periodOf('quarter', day('2021-05-01'))).toBeUndefined()
    expect(periodOf('year', day('2021-01-01'))).toMatchObject({ to: '2021-12-31', label: '2021年年报' })
    expect(previousPeriod(second).from).toBe('2021-01-01')
    expect(dueOn(second, 10)).toBe('2021-07-10')
  })

  test('from the plan’s first quarter to the running one, newest first', () => {
    expect(periodsUpTo(plan, day('2021-09-15')).map((one) => one.label)).toEqual([
      '2021年第三季度季报',
      '2021年第二季度季报',
      '2021年第一季度季报',
      '2020年年报',
      '2020年第四季度季报',
    ])
  })

  test('a period is frozen after it has ended, not before, and none before the plan', () => {
    expect(mayFreeze(plan, second, day('2021-07-01')).ok).toBe(true)
    expect(mayFreeze(plan, second, day('2021-06-30'))).toMatchObject({ refusal: { reason: 'period-open' } })
    expect(mayFreeze(plan, periodOf('quarter', day('2020-07-01')), day('2021-07-01'))).toMatchObject({
      refusal: { reason: 'unknown-period' },
    })
  })
})

describe('R35 the sums of a report', () => {
  const faults = (rows: ReportRow[], previous?: Parameters<typeof checksOf>[1]) =>
    checksOf(cells(rows), previous)
      .filter((check) => !check.ok)
      .map((check) => check.code)

  test('before, within and total fit; parts may overlap but none exceeds the whole', () => {
    const part = (key: string) => ({ dimension: 'group' as const, key, label: key, within: 1, total: 15 })
    expect(faults([row({ ofWhich: [part('veterans'), part('disabled')] })])).toEqual([])
  })

  test('one that does not add up, one part above the whole, are named', () => {
    const wrong = { before: 10, within: 5, total: 16 }
    expect(faults([row({ counts: { enrolled: wrong, completedAndPassed: cell, subsidyPaid: cell } })])).toEqual([
      'adds-up',
    ])
    const part = { dimension: 'venue' as const, key: 'x', label: 'x', within: 0, total: 16 }
    expect(faults([row({ ofWhich: [part] })])).toEqual(['part-within-whole'])
  })

  test('the last frozen report must come out again as it was known then', () => {
    const frozen = cells([row()])
    expect(faults([row()], { frozen, again: cells([row()]) })).toEqual([])
    const other = { before: 10, within: 6, total: 16 }
    const again = cells([row({ counts: { enrolled: cell, completedAndPassed: other, subsidyPaid: cell } })])
    expect(faults([row()], { frozen, again })).toEqual(['previous-report'])
  })

  test('the hashed text does not depend on the order of keys, and every change shows', () => {
    const a = cells([row()])
    const shuffled = JSON.parse(JSON.stringify(a, [...keysIn(a), '0'].sort().reverse())) as ReportCells
    expect(canonical(shuffled)).toBe(canonical(a))
    expect(differences(a, shuffled)).toEqual([])
    const b = cells([row({ target: 60_001 })])
    expect(differences(a, b)).toEqual(['rows.0.target：60000 → 60001'])
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonical(value)).toBe(canonical(JSON.parse(JSON.stringify(value))))
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})

/** Every key that occurs, for a replacer that changes their order. */
const keysIn = (value: unknown) => [
  ...new Set([...JSON.stringify(value).matchAll(/"([^"]+)":/g)].map(([, key = '']) => key)),
]

describe('HZ4-M15 series of the board', () => {
  test('D-01: from the issue day, from 2019, or this year', () => {
    const on = day('2021-09-15')
    expect(['plan', 'action', 'year'].map((s) => seriesStart(plan, s as 'plan', on))).toEqual([
      '2020-12-07',
      '2019-01-01',
      '2021-01-01',
    ])
  })

  test('every month is there, and the cumulative column ends at the value', () => {
    const from = day('2020-12-07')
    const asOf = day('2021-09-15')
    const months = monthsBetween(from, asOf)
    expect([months[0], months.at(-1), months.length]).toEqual(['2020-12', '2021-09', 10])
    const sums = fc.array(
      fc.record({
        basis: fc.constantFrom('enrolled' as const, 'completedAndPassed' as const),
        month: fc.constantFrom(...months),
        n: fc.integer({ min: -5, max: 50 }),
        amountFen: fc.constant(0),
        recent: fc.constant(0),
      }),
    )
    fc.assert(
      fc.property(sums, (rows) => {
        const counts = fold(rows, from, asOf)
        for (const basis of ['enrolled', 'completedAndPassed', 'subsidyPaid'] as const) {
          const value = rows.filter((one) => one.basis === basis).reduce((all, one) => all + one.n, 0)
          expect(counts[basis].value).toBe(value)
          expect(counts[basis].months.map((one) => one.month)).toEqual(months)
          expect(counts[basis].months.at(-1)?.cumulative).toBe(value)
        }
      }),
    )
  })
})
