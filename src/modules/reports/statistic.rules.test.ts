import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadPlan } from '#policy/plan.ts'
import { day } from '#shared/units.ts'
import { importedIndicators, mayImport, statisticValue } from './statistic.rules.ts'
import { ImportStatistic, reasonText } from './statistic.schema.ts'

const plan = loadPlan('plan/haizhu-2020')
const today = day('2021-09-15')
const share = { indicator: 'K02', numerator: 180_000, denominator: 560_000, asOf: day('2021-06-30') }
const register = { indicator: 'K04', numerator: 8, denominator: null, asOf: day('2021-09-01') }

test('HZ4-G2 a share needs both terms, a register only its number', () => {
  expect(mayImport(plan, share, today)).toMatchObject({ ok: true, value: { id: 'K02' } })
  expect(mayImport(plan, register, today)).toMatchObject({ ok: true, value: { id: 'K04' } })
})

test.each([
  ['counted by the platform', { ...register, indicator: 'K01' }, 'not-imported'],
  ['unknown', { ...register, indicator: 'K99' }, 'not-imported'],
  ['from tomorrow', { ...register, asOf: day('2021-09-16') }, 'in-future'],
  ['a share without its whole', { ...share, denominator: null }, 'needs-denominator'],
  ['a share of nothing', { ...share, denominator: 0 }, 'needs-denominator'],
  ['a register with a whole', { ...register, denominator: 10 }, 'no-denominator'],
  ['a part above the whole', { ...share, numerator: 560_001 }, 'part-exceeds-whole'],
])('HZ4-G2 refused: %s', (_, given, reason) => {
  expect(mayImport(plan, given, today)).toMatchObject({ ok: false, refusal: { reason } })
  expect(reasonText[reason]?.({ indicator: 'x' }).remedy).toBeTruthy()
})

test('HZ4-G2 every indicator that the platform does not count can be given from outside', () => {
  const ids = importedIndicators(plan).map((k) => k.id)
  expect(ids).toEqual(['K02', 'K03', 'K04', 'K05', 'K06', 'K07', 'K08', 'K10', 'K12a', 'K12b', 'K13a', 'K13c', 'K14'])
})

test('HZ4-G2 a share is cut off, never rounded up to its target', () => {
  expect(statisticValue(299_999, 1_000_000)).toBe(29.9)
  expect(statisticValue(300_000, 1_000_000)).toBe(30)
  fc.assert(
    fc.property(fc.nat(10_000_000), fc.integer({ min: 1, max: 10_000_000 }), (a, b) => {
      const value = statisticValue(Math.min(a, b), b)
      expect(value).toBeLessThanOrEqual((Math.min(a, b) / b) * 100 + 1e-9)
      expect(value).toBeGreaterThanOrEqual(0)
    }),
  )
})

test('HZ4-M15 a form and the interface are read alike', () => {
  const words = { method: '按年末口径', sourceBody: '区统计局', source: '统计公报2021' }
  const form = { indicator: 'K02', numerator: '180,000', denominator: '560000', asOf: '2021-06-30', ...words }
  expect(ImportStatistic.parse(form)).toMatchObject({ numerator: 180_000, denominator: 560_000 })
  expect(ImportStatistic.parse({ ...form, denominator: '' }).denominator).toBeNull()
  const bad = ImportStatistic.safeParse({ ...form, numerator: '-1', asOf: '去年', source: '' })
  expect(bad.error?.issues.map((issue) => issue.path.join('.')).sort()).toEqual(['asOf', 'numerator', 'source'])
})
