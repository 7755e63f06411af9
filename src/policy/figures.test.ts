import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Day, day } from '#shared/units.ts'
import { figure, figuresOn, type Override } from './figures.ts'
import { loadPlan } from './plan.ts'

const plan = loadPlan('plan/haizhu-2020')
const at = (id: string, on: string, overrides: Override[] = []) => figure(plan, id, day(on), overrides)
const override = (value: number, from: string, to: string | null, setAt: string): Override => ({
  figureId: 'R04.rate',
  value,
  from: day(from),
  to: to === null ? null : day(to),
  source: '海人社〔2024〕1号',
  setBy: '张三',
  setAt,
})

describe('figures by day', () => {
  it('HZ4-M16 rate and cap stand from the first to the last day of their source', () => {
    expect(at('R04.rate', '2020-05-26')).toMatchObject({ value: null, decided: false, source: 'not-found' })
    expect(at('R04.rate', '2020-05-27')).toMatchObject({ value: 3000, decided: true, source: 'S06', origin: 'plan' })
    expect(at('R04.rate', '2023-08-14').value).toBe(3000)
    expect(at('R04.rate', '2023-08-15')).toMatchObject({ value: null, decided: false })
    expect(at('R04.cap', '2021-06-30').value).toBe(100000)
  })

  it('HZ4-M16 another city’s window is a hint, never our value', () => {
    expect(at('R05.months', '2021-06-30')).toMatchObject({
      value: null,
      decided: false,
      hint: { value: 6, source: 'S07' },
    })
  })

  it('HZ4-M16 a default clock is usable and says it is not decided', () => {
    expect(at('R33.review', '2021-06-30')).toMatchObject({ value: 10, decided: false })
    expect(at('R33.review', '2024-06-30')).toMatchObject({ value: 10, decided: true, source: 'S05d' })
    expect(at('R33.publicity', '2021-06-30')).toMatchObject({ value: 5, decided: false })
  })

  it('HZ4-M16 a setting of the bureau stands within its days, the latest set first', () => {
    const first = override(2500, '2024-01-01', null, '2024-01-02T00:00:00Z')
    const second = override(2800, '2024-03-01', '2024-03-31', '2024-02-20T00:00:00Z')
    expect(at('R04.rate', '2023-12-31', [first, second]).value).toBeNull()
    expect(at('R04.rate', '2024-02-29', [second, first]).value).toBe(2500)
    expect(at('R04.rate', '2024-03-31', [second, first])).toMatchObject({
      value: 2800,
      decided: true,
      origin: 'bureau',
      source: '海人社〔2024〕1号',
      setBy: '张三',
    })
    expect(at('R04.rate', '2024-04-01', [second, first]).value).toBe(2500)
    expect(at('R04.cap', '2024-03-31', [second]).origin).toBe('plan')
  })

  it('HZ4-M16 money that no rule has set is null in every figure', () => {
    for (const value of figuresOn(plan, day('2021-06-30'))) {
      if (value.unit.startsWith('fen') && value.value !== null) expect(value.decided, value.id).toBe(true)
    }
    expect(at('R-PB.rate', '2021-06-30').value).toBeNull()
  })

  it('refuses an unknown figure', () => {
    expect(() => at('R99.rate', '2021-06-30')).toThrow(/R99\.rate/)
  })
})

describe('one value a day', () => {
  const anyDay = fc
    .integer({ min: 0, max: 4000 })
    .map((n) => new Date(Date.UTC(2019, 0, 1) + n * 86_400_000).toISOString().slice(0, 10) as Day)

  it('HZ4-M16 no day is covered twice by a series', () => {
    fc.assert(
      fc.property(anyDay, fc.constantFrom(...plan.figures), (on, { series }) => {
        const covering = series.filter((s) => s.from <= on && (s.to === null || on <= s.to))
        expect(covering.length).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('HZ4-M16 the answer does not depend on the order in which settings are listed', () => {
    const anyOverride = fc.record({ value: fc.nat(5000), a: anyDay, b: anyDay, open: fc.boolean() })
    fc.assert(
      fc.property(anyDay, fc.array(anyOverride, { maxLength: 8 }), (on, drafts) => {
        const list = drafts.map(({ value, a, b, open }, n) => {
          const [from = a, to = b] = [a, b].sort()
          return override(value, from, open ? null : to, new Date(n * 1000).toISOString())
        })
        const forward = figure(plan, 'R04.rate', on, list)
        expect(figure(plan, 'R04.rate', on, list.toReversed())).toEqual(forward)
        const covering = list.filter((o) => o.from <= on && (o.to === null || on <= o.to))
        if (covering.length > 0) expect(forward.value).toBe(covering.at(-1)?.value)
        else expect(forward.origin).toBe('plan')
      }),
    )
  })
})
