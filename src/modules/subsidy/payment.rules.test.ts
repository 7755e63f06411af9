import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchHeaders } from '#shared/table.ts'
import { yuan } from '#shared/units.ts'
import { bankFileRows, dueOf, fenFrom, judgeReturn, type KnownOrder } from './payment.rules.ts'
import { bankReturn } from './payment.schema.ts'

const order = (n: number, state: KnownOrder['state'] = 'sent', reference: string | null = null): KnownOrder => ({
  id: `id-${n}`,
  number: `ZF-2021-0001-00${n}`,
  amountFen: n * 10_000,
  state,
  reference,
})
const headers = matchHeaders(
  bankReturn.map((c) => c.header),
  bankReturn,
).found
const line = (row: number, ...cells: string[]) => ({
  row,
  cells: Object.fromEntries(bankReturn.map((c, i) => [c.header, cells[i] ?? ''])),
})
const judge = (lines: ReturnType<typeof line>[], orders: KnownOrder[], used: [string, string][] = []) =>
  judgeReturn(lines, headers, new Map(orders.map((o) => [o.number, o])), new Map(used))

describe('HZ4-M16 the bank’s answer', () => {
  test('HZ4-M16 a payment and a bounce are booked as they are', () => {
    const judged = judge(
      [
        line(2, 'ZF-2021-0001-001', '100.00', '成功', 'B1'),
        line(3, 'ZF-2021-0001-002', '￥200', '退票', '', '账号不存在', '无此户'),
      ],
      [order(1), order(2)],
    )
    expect(judged.faults).toEqual([])
    expect(judged.good).toEqual([
      {
        row: 2,
        orderId: 'id-1',
        orderNumber: 'ZF-2021-0001-001',
        amountFen: 10_000,
        result: 'paid',
        reference: 'B1',
        reasonCode: '',
        reason: '',
      },
      {
        row: 3,
        orderId: 'id-2',
        orderNumber: 'ZF-2021-0001-002',
        amountFen: 20_000,
        result: 'bounced',
        reference: '',
        reasonCode: 'account-number',
        reason: '无此户',
      },
    ])
  })

  test.each([
    ['order-unknown', line(2, 'ZF-X', '100', '成功', 'B1'), [order(1)]],
    ['amount-wrong', line(2, 'ZF-2021-0001-001', '一百', '成功', 'B1'), [order(1)]],
    ['amount-differs', line(2, 'ZF-2021-0001-001', '100.01', '成功', 'B1'), [order(1)]],
    ['result-wrong', line(2, 'ZF-2021-0001-001', '100', '处理中', 'B1'), [order(1)]],
    ['reference-missing', line(2, 'ZF-2021-0001-001', '100', '成功', ''), [order(1)]],
    ['reason-missing', line(2, 'ZF-2021-0001-001', '100', '失败', ''), [order(1)]],
    ['order-not-sent', line(2, 'ZF-2021-0001-001', '100', '成功', 'B1'), [order(1, 'drafted')]],
    ['order-not-sent', line(2, 'ZF-2021-0001-001', '100', '成功', 'B1'), [order(1, 'cancelled')]],
    ['order-settled', line(2, 'ZF-2021-0001-001', '100', '成功', 'B2'), [order(1, 'paid', 'B1')]],
    ['order-settled', line(2, 'ZF-2021-0001-001', '100', '失败', '', '账号不存在'), [order(1, 'paid', 'B1')]],
    ['order-settled', line(2, 'ZF-2021-0001-001', '100', '成功', 'B1'), [order(1, 'bounced')]],
  ])('HZ4-M16 %s is refused by row, with words', (rule, row, orders) => {
    const judged = judge([row], orders)
    expect(judged.good).toEqual([])
    expect(judged.faults.map((f) => f.rule)).toEqual([rule])
    expect(judged.faults[0]?.message).not.toBe(rule)
    expect(judged.faults[0]?.remedy.length).toBeGreaterThan(4)
  })

  test('HZ4-M16 one order twice, one reference for two orders', () => {
    const twice = judge(
      [line(2, 'ZF-2021-0001-001', '100', '成功', 'B1'), line(3, 'ZF-2021-0001-001', '100', '成功', 'B2')],
      [order(1)],
    )
    expect([twice.good.length, twice.faults.map((f) => f.rule)]).toEqual([1, ['row-twice']])
    const shared = judge(
      [line(2, 'ZF-2021-0001-001', '100', '成功', 'B1'), line(3, 'ZF-2021-0001-002', '200', '成功', 'B1')],
      [order(1), order(2)],
    )
    expect([shared.good.length, shared.faults.map((f) => f.rule)]).toEqual([1, ['reference-used']])
    expect(
      judge([line(2, 'ZF-2021-0001-001', '100', '成功', 'B9')], [order(1)], [['B9', 'ZF-0']]).faults[0]?.rule,
    ).toBe('reference-used')
  })

  test('HZ4-M16 what was booked exactly so before has no effect', () => {
    const judged = judge(
      [line(2, 'ZF-2021-0001-001', '100', '成功', 'B1'), line(3, 'ZF-2021-0001-002', '200', '失败', '', '账号不存在')],
      [order(1, 'paid', 'B1'), order(2, 'bounced')],
      [['B1', 'ZF-2021-0001-001']],
    )
    expect(judged).toEqual({
      good: [],
      already: [
        { row: 2, orderNumber: 'ZF-2021-0001-001' },
        { row: 3, orderNumber: 'ZF-2021-0001-002' },
      ],
      faults: [],
    })
  })

  test('HZ4-M16 any file: every row is booked, known or refused; no order is booked twice or with another amount', () => {
    const cells = fc.tuple(
      fc.constantFrom('ZF-2021-0001-001', 'ZF-2021-0001-002', 'ZF-2021-0001-003', 'x', ''),
      fc.constantFrom('100', '200.00', '300', '-1', ''),
      fc.constantFrom('成功', '失败', '?', ''),
      fc.constantFrom('B1', 'B2', ''),
      fc.constantFrom('账号不存在', '', '不知道'),
    )
    const orders = [order(1), order(2), order(3, 'paid', 'B1')]
    fc.assert(
      fc.property(fc.array(cells, { maxLength: 12 }), (all) => {
        const judged = judge(
          all.map((c, i) => line(i + 2, ...c)),
          orders,
          [['B1', 'ZF-2021-0001-003']],
        )
        expect(judged.good.length + judged.already.length + judged.faults.length).toBe(all.length)
        expect(new Set(judged.good.map((g) => g.orderId)).size).toBe(judged.good.length)
        for (const g of judged.good) {
          const known = orders.find((o) => o.id === g.orderId)
          expect([known?.state, known?.amountFen]).toEqual(['sent', g.amountFen])
        }
        const references = judged.good.filter((g) => g.result === 'paid').map((g) => g.reference)
        expect(new Set(references).size).toBe(references.length)
        expect(references).not.toContain('B1')
      }),
    )
  })
})

describe('HZ4-M16 amounts', () => {
  test.each([
    ['100', 10_000],
    ['1,234.5', 123_450],
    ['￥1，234.50', 123_450],
    ['0.07', 7],
    ['12.300', 1230],
    ['12.345', null],
    ['-1', null],
    ['1e3', null],
    ['', null],
  ])('HZ4-M16 %s is %s fen', (text, expected) => expect(fenFrom(text)).toBe(expected))

  test('HZ4-M16 what is written to the bank reads back as the same fen', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999_999 }), (amountFen) => {
        const [cells] = bankFileRows([
          {
            orderNumber: 'a',
            fund: 'f',
            year: 2021,
            holder: 'h',
            account: '6',
            bank: 'b',
            branch: 'c',
            amountFen,
            purpose: 'p',
            claimNumber: 'n',
          },
        ])
        expect(fenFrom(cells?.[8] ?? '')).toBe(amountFen)
        expect(fenFrom(yuan(amountFen))).toBe(amountFen)
      }),
    )
  })

  test('HZ4-M16 what is due is the award less what is ordered, fund by fund', () => {
    const award = [
      { fundSource: 'a', year: 2021, amountFen: 100 },
      { fundSource: 'b', year: 2021, amountFen: 50 },
    ]
    expect(dueOf(award, [{ fundSource: 'a', year: 2021, amountFen: 100 }])).toEqual([award[1]])
    expect(dueOf(award, [])).toEqual(award)
    expect(dueOf(award, award)).toEqual([])
  })
})
