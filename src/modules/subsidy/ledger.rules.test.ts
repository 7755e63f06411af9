import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allocate, offsetPostings, perFund, postings, takeBack, total } from './ledger.rules.ts'
import { journalKinds } from './ledger.schema.ts'

const amount = fc.integer({ min: 1, max: 10_000_000 })
const fund = fc.record({ fundSource: fc.constantFrom('a', 'b', 'c'), year: fc.constantFrom(2020, 2021) })
const fundAmount = fc.record({
  fundSource: fc.constantFrom('a', 'b'),
  year: fc.constantFrom(2020, 2021),
  amountFen: amount,
})

describe('HZ4-M16 postings', () => {
  test('HZ4-M16 every kind of journal sums to zero in each fund', () => {
    const kinds = Object.keys(journalKinds).filter((kind) => kind !== 'offset') as Exclude<
      keyof typeof journalKinds,
      'offset'
    >[]
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.array(fundAmount, { maxLength: 20 }), (kind, amounts) => {
        const made = postings(kind, amounts)
        expect(perFund(made)).toEqual([])
        expect(made.filter((p) => p.amountFen > 0).reduce((sum, p) => sum + p.amountFen, 0)).toBe(total(amounts))
      }),
    )
  })

  test('HZ4-M16 an approval carries money from available to payable', () => {
    expect(postings('approve', [{ fundSource: 'a', year: 2021, amountFen: 300 }])).toEqual([
      { fundSource: 'a', year: 2021, account: 'available', amountFen: -300 },
      { fundSource: 'a', year: 2021, account: 'payable', amountFen: 300 },
    ])
  })

  test('HZ4-M16 an offset closes the debt by what the award loses', () => {
    const made = offsetPostings(
      [{ fundSource: 'a', year: 2021, amountFen: 70 }],
      [{ fundSource: 'b', year: 2020, amountFen: 70 }],
    )
    expect(perFund(made)).toEqual([])
    expect(made.map((p) => [p.fundSource, p.account, p.amountFen])).toEqual([
      ['a', 'payable', -70],
      ['a', 'paid', 70],
      ['b', 'receivable', -70],
      ['b', 'returned', 70],
    ])
    expect(() => offsetPostings([{ fundSource: 'a', year: 2021, amountFen: 70 }], [])).toThrow(RangeError)
  })
})

describe('HZ4-M16 allocation to funds', () => {
  test('HZ4-M16 the first fund pays until it is empty, a line may be carried by two', () => {
    const decision = allocate(
      [
        { lineId: '1', amountFen: 100 },
        { lineId: '2', amountFen: 100 },
      ],
      [
        { fundSource: 'a', year: 2021, availableFen: 150 },
        { fundSource: 'b', year: 2021, availableFen: 500 },
      ],
    )
    expect(decision).toEqual({
      ok: true,
      value: [
        { lineId: '1', fundSource: 'a', year: 2021, amountFen: 100 },
        { lineId: '2', fundSource: 'a', year: 2021, amountFen: 50 },
        { lineId: '2', fundSource: 'b', year: 2021, amountFen: 50 },
      ],
    })
  })

  test('HZ4-M16 refuses when all funds together do not reach', () => {
    expect(allocate([{ lineId: '1', amountFen: 101 }], [{ fundSource: 'a', year: 2021, availableFen: 100 }])).toEqual({
      ok: false,
      refusal: { clause: 'HZ4-M16', reason: 'budget-insufficient', facts: { needFen: 101, availableFen: 100 } },
    })
  })

  test('HZ4-M16 each line gets all of its amount, no fund gives more than it has, an earlier fund is emptied first', () => {
    const lines = fc
      .array(amount, { maxLength: 30 })
      .map((all) => all.map((amountFen, i) => ({ lineId: `l${i}`, amountFen })))
    const funds = fc
      .uniqueArray(fund, { maxLength: 5, selector: (f) => `${f.fundSource}${f.year}` })
      .chain((all) =>
        fc.tuple(
          ...all.map((f) => fc.integer({ min: -5, max: 60_000_000 }).map((availableFen) => ({ ...f, availableFen }))),
        ),
      )
    fc.assert(
      fc.property(lines, funds, (all, from) => {
        const decision = allocate(all, from)
        if (!decision.ok) {
          expect(total(all)).toBeGreaterThan(from.reduce((sum, f) => sum + Math.max(0, f.availableFen), 0))
          return
        }
        for (const line of all) {
          expect(total(decision.value.filter((s) => s.lineId === line.lineId))).toBe(line.amountFen)
        }
        const drawn = from.map((f) =>
          total(decision.value.filter((s) => s.fundSource === f.fundSource && s.year === f.year)),
        )
        from.forEach((f, i) => {
          expect(drawn[i]).toBeLessThanOrEqual(Math.max(0, f.availableFen))
          if (drawn.slice(i + 1).some((d) => d > 0)) expect(drawn[i]).toBe(Math.max(0, f.availableFen))
        })
      }),
    )
  })
})

describe('HZ4-M16 taking back', () => {
  test('HZ4-M16 what was drawn last goes back first', () => {
    const parts = [
      { id: 'a', amountFen: 100 },
      { id: 'b', amountFen: 50 },
    ]
    expect(takeBack(parts, 60)).toEqual([
      { id: 'b', amountFen: 50 },
      { id: 'a', amountFen: 10 },
    ])
    expect(() => takeBack(parts, 151)).toThrow(RangeError)
    expect(() => takeBack(parts, -1)).toThrow(RangeError)
  })

  test('HZ4-M16 takes exactly the amount and from no part more than is in it', () => {
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 12 }), fc.double({ min: 0, max: 1, noNaN: true }), (amounts, part) => {
        const parts = amounts.map((amountFen, id) => ({ id, amountFen }))
        const want = Math.floor(total(parts) * part)
        const taken = takeBack(parts, want)
        expect(total(taken)).toBe(want)
        for (const t of taken) expect(t.amountFen).toBeLessThanOrEqual(parts[t.id]?.amountFen ?? 0)
      }),
    )
  })
})
