import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays } from '#shared/dates.ts'
import { day } from '#shared/units.ts'
import { total } from './ledger.rules.ts'
import { decided, fundsOf, mayAsk, mayOffset } from './recovery.rules.ts'

describe('HZ4-M16 what may be asked back', () => {
  const left = new Map([
    ['a', 100],
    ['b', 0],
  ])
  test.each([
    ['as much as is left', [{ lineId: 'a', amountFen: 100 }], null],
    ['a fen more', [{ lineId: 'a', amountFen: 101 }], 'over-paid-amount'],
    ['of a line already taken back', [{ lineId: 'b', amountFen: 1 }], 'over-paid-amount'],
    ['of somebody else’s line', [{ lineId: 'c', amountFen: 1 }], 'line-not-of-claim'],
  ])('HZ4-M16 %s', (_, asked, reason) => {
    const decision = mayAsk(asked, left)
    expect(decision.ok ? null : decision.refusal.reason).toBe(reason)
  })

  test('HZ4-M16 the decision may lower, not raise, and not end at nothing', () => {
    const asked = [
      { lineId: 'a', amountFen: 100 },
      { lineId: 'b', amountFen: 50 },
    ]
    expect(decided(asked, [{ lineId: 'b', amountFen: 0 }])).toEqual({
      ok: true,
      value: [
        { lineId: 'a', amountFen: 100 },
        { lineId: 'b', amountFen: 0 },
      ],
    })
    expect(decided(asked, [{ lineId: 'a', amountFen: 101 }])).toMatchObject({ refusal: { reason: 'decision-raises' } })
    expect(decided(asked, [{ lineId: 'z', amountFen: 1 }])).toMatchObject({ refusal: { reason: 'line-not-of-claim' } })
    expect(
      decided(
        asked,
        asked.map((l) => ({ ...l, amountFen: 0 })),
      ),
    ).toMatchObject({ refusal: { reason: 'decision-empty' } })
  })
})

describe('HZ4-M16 out of which fund', () => {
  test('HZ4-M16 recovery after recovery takes back exactly what was paid, out of each share once', () => {
    const shares = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(shares, fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 8 }), (amounts, asks) => {
        const paid = amounts.map((amountFen, i) => ({ lineId: 'a', fundSource: `f${i}`, year: 2021, amountFen }))
        const before: typeof paid = []
        for (const ask of asks) {
          const amountFen = Math.min(ask, total(paid) - total(before))
          const taken = fundsOf([{ lineId: 'a', amountFen }], paid, before)
          expect(total(taken)).toBe(amountFen)
          before.push(...taken)
        }
        for (const share of paid) {
          expect(total(before.filter((b) => b.fundSource === share.fundSource))).toBeLessThanOrEqual(share.amountFen)
        }
      }),
    )
  })
})

describe('HZ4-M16 offset', () => {
  const today = day('2021-11-02')
  const facts = {
    dueOn: day('2021-11-01'),
    noticeOn: day('2021-11-01'),
    today,
    sameOrganisation: true,
    amountFen: 10,
    debtFen: 10,
    awardFen: 10,
  }
  test.each([
    ['in order', {}, null],
    ['somebody else’s award', { sameOrganisation: false }, 'not-theirs'],
    ['on the last day of the term', { dueOn: today }, 'not-yet-due'],
    ['without notice', { noticeOn: null }, 'no-notice'],
    ['on the day of the notice', { noticeOn: today }, 'no-notice'],
    ['more than the debt', { amountFen: 11, awardFen: 20 }, 'over-remaining'],
    ['more than the award', { amountFen: 11, debtFen: 20 }, 'over-award'],
  ])('HZ4-M16 %s', (_, change, reason) => {
    const decision = mayOffset({ ...facts, ...change })
    expect(decision.ok ? null : decision.refusal.reason).toBe(reason)
  })
  test('HZ4-M16 never before the day after the notice', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 5 }), (n) => {
        const ok = mayOffset({ ...facts, noticeOn: addDays(today, n) }).ok
        expect(ok).toBe(n < 0)
      }),
    )
  })
})
