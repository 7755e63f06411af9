import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { day } from '#shared/units.ts'
import { explainDifference, payable } from './line.rules.ts'
import { type FigureFact, type LineFacts, reasonText } from './line.schema.ts'

const figure = (id: string, value: number | null, more: Partial<FigureFact> = {}): FigureFact => ({
  id,
  label: id,
  value,
  decided: value !== null,
  source: '省人社厅2020年通知',
  from: day('2020-05-27'),
  setAt: null,
  ...more,
})

const facts = (more: Partial<LineFacts> = {}): LineFacts => ({
  programme: 'job-adaptation',
  passed: true,
  passedAt: '2021-08-01T02:00:00.000Z',
  endedOn: day('2021-07-30'),
  minutes: 900,
  minutesAt: '2021-07-30T10:00:00.000Z',
  hour: figure('R03.minutes', 45),
  rate: figure('R04.rate', 3000),
  cap: figure('R04.cap', 100_000),
  capPer: 'person-calendar-year',
  capUsedBefore: 0,
  capUsedAt: null,
  otherBenefit: null,
  fundSource: 'specialAccount',
  ...more,
})

const amount = (more: Partial<LineFacts>) => {
  const decision = payable(facts(more))
  if (!decision.ok) throw new Error(decision.refusal.reason)
  return decision.value.amountFen
}

describe('R03 R04 vectors', () => {
  it.each([
    [0, 0, 0],
    [44, 0, 0],
    [45, 0, 3000],
    [89, 0, 3000],
    [90, 0, 6000],
    [900, 0, 60_000],
    [1499, 0, 99_000], // 33 hours
    [1530, 0, 100_000], // 34 hours would be 102,000: the cap
    [900, 50_000, 50_000],
    [900, 41_000, 59_000],
    [900, 100_000, 0],
    [900, 120_000, 0], // a cap lowered after use never turns into a debt
  ])('R04 %i minutes, %i fen used before → %i fen', (minutes, capUsedBefore, expected) =>
    expect(amount({ minutes, capUsedBefore })).toBe(expected),
  )

  it('R04 without a cap the full sum is due', () => {
    expect(amount({ cap: null, minutes: 45 * 100, capUsedBefore: 999_999 })).toBe(300_000)
  })
})

const minutes = fc.integer({ min: 0, max: 100_000 })
const cap = fc.integer({ min: 0, max: 1_000_000 })
const used = fc.integer({ min: 0, max: 2_000_000 })
const rate = fc.integer({ min: 0, max: 20_000 })

describe('R04 C10 properties', () => {
  it('C10 the amount is a whole number, never negative, never above what is left of the cap', () => {
    fc.assert(
      fc.property(minutes, cap, used, rate, (m, c, u, r) => {
        const fen = amount({
          minutes: m,
          cap: figure('R04.cap', c),
          rate: figure('R04.rate', r),
          capUsedBefore: u,
        })
        expect(Number.isSafeInteger(fen)).toBe(true)
        expect(fen).toBeGreaterThanOrEqual(0)
        expect(fen).toBeLessThanOrEqual(Math.max(c - u, 0))
        expect(fen).toBeLessThanOrEqual(r * Math.floor(m / 45))
      }),
    )
  })

  it('R03 more minutes never earn less', () => {
    fc.assert(
      fc.property(minutes, minutes, used, (m, more, u) => {
        expect(amount({ minutes: m + more, capUsedBefore: u })).toBeGreaterThanOrEqual(
          amount({ minutes: m, capUsedBefore: u }),
        )
      }),
    )
  })

  it('C10 whatever the order of claims, a person gets the same in a year: the smaller of sum and cap', () => {
    const total = (list: number[]) => list.reduce((u, m) => u + amount({ minutes: m, capUsedBefore: u }), 0)
    fc.assert(
      fc.property(
        fc
          .array(minutes, { maxLength: 8 })
          .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          const sum = list.reduce((s, m) => s + 3000 * Math.floor(m / 45), 0)
          expect(total(list)).toBe(Math.min(sum, 100_000))
          expect(total(shuffled)).toBe(total(list))
        },
      ),
    )
  })

  it('C17 the steps show the arithmetic that made the amount', () => {
    fc.assert(
      fc.property(minutes, fc.integer({ min: 0, max: 100_000 }), (m, u) => {
        const decision = payable(facts({ minutes: m, capUsedBefore: u }))
        if (!decision.ok) throw new Error('refused')
        const { classHours, amountFen, explanation, unitFen, capFen } = decision.value
        expect(classHours).toBe(Math.floor(m / 45))
        expect(amountFen).toBe(Math.min(classHours * unitFen, Math.max((capFen ?? 0) - u, 0)))
        expect(explanation.map((step) => step.rule)).toEqual(['R03', 'R04', 'C10'])
        expect(explanation[0]?.result).toBe(`${classHours} 课时`)
        for (const step of explanation) expect(step.basis).toContain('省人社厅2020年通知，自2020年5月27日起')
      }),
    )
  })
})

describe('R04 refusals', () => {
  it.each([
    ['not-passed', 'R04', { passed: false }],
    ['double-benefit', 'R21', { otherBenefit: '2021-00007' }],
    ['figure-undecided', 'R04', { rate: figure('R04.rate', null) }],
    ['figure-undecided', 'R03', { hour: figure('R03.minutes', 45, { decided: false }) }],
    ['figure-undecided', 'R-PB', { cap: figure('R-PB.cap', null) }],
  ])('R04 %s (%s)', (reason, clause, more) => {
    const decision = payable(facts(more))
    expect(decision).toMatchObject({ ok: false, refusal: { reason, clause } })
    if (!decision.ok) {
      const text = reasonText[reason]?.(decision.refusal.facts)
      expect(text?.message).toBeTruthy()
      expect(text?.remedy).toBeTruthy()
    }
  })

  it('R04 a figure that is no whole number of fen is a fault of the plan, never rounded', () => {
    expect(() => payable(facts({ rate: figure('R04.rate', 12.5) }))).toThrow(RangeError)
  })
})

describe('R04 quote and payment', () => {
  it('R04 the same facts give the same amount and no difference', () => {
    fc.assert(
      fc.property(minutes, used, (m, u) => {
        const quoted = facts({ minutes: m, capUsedBefore: u })
        const now = structuredClone(quoted)
        expect(explainDifference(quoted, now)).toEqual([])
        expect(payable(now)).toEqual(payable(quoted))
      }),
    )
  })

  it('R04 when amounts differ, at least one changed fact is named', () => {
    fc.assert(
      fc.property(minutes, minutes, used, used, fc.boolean(), (m1, m2, u1, u2, passed) => {
        const quoted = facts({ minutes: m1, capUsedBefore: u1 })
        const now = facts({ minutes: m2, capUsedBefore: u2, passed })
        const [before, after] = [payable(quoted), payable(now)]
        const same = before.ok && after.ok && before.value.amountFen === after.value.amountFen
        if (!same) expect(explainDifference(quoted, now).length).toBeGreaterThan(0)
      }),
    )
  })

  it('R04 a change says old, new and since when', () => {
    const changes = explainDifference(
      facts(),
      facts({
        minutes: 855,
        minutesAt: '2021-08-03T01:00:00.000Z',
        rate: figure('R04.rate', 2500, { setAt: '2021-08-02T03:00:00.000Z' }),
        capUsedBefore: 30_000,
        capUsedAt: '2021-08-05T09:00:00.000Z',
      }),
    )
    expect(changes).toEqual([
      { fact: 'minutes', label: '有效分钟', was: '900 分钟', is: '855 分钟', since: '2021-08-03T01:00:00.000Z' },
      { fact: 'rate', label: '每课时补贴', was: '30.00 元', is: '25.00 元', since: '2021-08-02T03:00:00.000Z' },
      {
        fact: 'capUsedBefore',
        label: '已占用额度',
        was: '0.00 元',
        is: '300.00 元',
        since: '2021-08-05T09:00:00.000Z',
      },
    ])
  })
})
