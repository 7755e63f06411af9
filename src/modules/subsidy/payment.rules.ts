import { type Column, codeOf, type Table, type TableFault } from '#shared/table.ts'
import { yuan } from '#shared/units.ts'
import {
  type BankReturnKey,
  type BounceCode,
  bankReturn,
  type OrderState,
  orderStates,
  type ReturnRow,
  returnRowText,
} from './payment.schema.ts'

/** Yuan in a bank's file → fen; `null` when it is not an amount. Thousands separators are allowed, rounding is not. */
export function fenFrom(text: string): number | null {
  const match = /^(\d{1,12})(?:\.(\d{1,2})0*)?$/.exec(text.replace(/[,，\s￥¥元]/g, ''))
  return match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : null
}

/** An order as the bank's answer is held against. */
export type KnownOrder = { id: string; number: string; amountFen: number; state: OrderState; reference: string | null }

export type JudgedReturn = {
  /** To be booked. */
  good: ReturnRow[]
  /** Booked before, exactly so: nothing happens. */
  already: { row: number; orderNumber: string }[]
  faults: TableFault[]
}

/**
 * Holds each row of the bank's answer against the orders. A row is booked only when order, amount and result fit; what was
 * booked before is left alone when it says the same, and is a fault when it says something else. Nothing is guessed.
 * @clause HZ4-M16
 */
export function judgeReturn(
  rows: Table['rows'],
  headers: Partial<Record<BankReturnKey, string>>,
  orders: ReadonlyMap<string, KnownOrder>,
  referencesUsed: ReadonlyMap<string, string>,
): JudgedReturn {
  const judged: JudgedReturn = { good: [], already: [], faults: [] }
  const seen = new Map<string, number>()
  const references = new Map(referencesUsed)
  for (const { row, cells } of rows) {
    const cell = (key: BankReturnKey) => (headers[key] === undefined ? '' : (cells[headers[key]] ?? '').trim())
    const fault = (key: BankReturnKey, reason: string, facts: Record<string, string | number> = {}) =>
      judged.faults.push(rowFault(row, key, reason, cell(key), facts))
    const order = orders.get(cell('order'))
    const amountFen = fenFrom(cell('amount'))
    const result = codeOf(column('result'), cell('result')) as ReturnRow['result'] | undefined
    if (!order) fault('order', 'order-unknown')
    else if (seen.has(order.id)) fault('order', 'row-twice', { row: seen.get(order.id) ?? 0 })
    else if (amountFen === null) fault('amount', 'amount-wrong')
    else if (amountFen !== order.amountFen) fault('amount', 'amount-differs', { expected: yuan(order.amountFen) })
    else if (result === undefined) fault('result', 'result-wrong')
    else {
      seen.set(order.id, row)
      const code = (codeOf(column('reasonCode'), cell('reasonCode')) ?? '') as BounceCode | ''
      const said = { row, orderId: order.id, orderNumber: order.number, amountFen, result, reason: cell('note') }
      const reference = cell('reference')
      const user = references.get(reference)
      if (order.state === result && (result === 'bounced' || order.reference === reference))
        judged.already.push({ row, orderNumber: order.number })
      else if (order.state === 'paid' || order.state === 'bounced')
        fault('order', 'order-settled', { state: orderStates[order.state] })
      else if (order.state !== 'sent') fault('order', 'order-not-sent', { state: orderStates[order.state] })
      else if (result === 'bounced' && code === '') fault('reasonCode', 'reason-missing')
      else if (result === 'paid' && reference === '') fault('reference', 'reference-missing')
      else if (result === 'paid' && user !== undefined && user !== order.number)
        fault('reference', 'reference-used', { order: user })
      else {
        if (result === 'paid') references.set(reference, order.number)
        judged.good.push({
          ...said,
          reference: result === 'paid' ? reference : '',
          reasonCode: result === 'paid' ? '' : code,
        })
      }
    }
  }
  return judged
}

const column = (key: BankReturnKey) => bankReturn.find((one) => one.key === key) as Column<BankReturnKey>

function rowFault(
  row: number,
  key: BankReturnKey,
  reason: string,
  value: string,
  facts: Record<string, string | number>,
): TableFault {
  const text = returnRowText[reason]?.(facts) ?? { message: reason, remedy: '' }
  return { row, column: column(key).header, rule: reason, value: value.slice(0, 60), ...text }
}

/** One line of the bank's file. */
export type BankLine = {
  orderNumber: string
  fund: string
  year: number
  holder: string
  account: string
  bank: string
  branch: string
  amountFen: number
  purpose: string
  claimNumber: string
}

/** Cells of the bank's file, in the order of `bankFileHeader`. */
export const bankFileRows = (lines: readonly BankLine[]): string[][] =>
  lines.map((line, i) => [
    String(i + 1),
    line.orderNumber,
    line.fund,
    String(line.year),
    line.holder,
    line.account,
    line.bank,
    line.branch,
    (line.amountFen / 100).toFixed(2),
    line.purpose,
    line.claimNumber,
  ])

/** What a claim still has to be paid out of one fund. */
export type Due = { fundSource: string; year: number; amountFen: number }

/**
 * What is left to order: the award less what an offset took, less what is ordered already.
 * @clause HZ4-M16
 */
export function dueOf(award: readonly Due[], ordered: readonly Due[]): Due[] {
  return award
    .map((one) => ({
      ...one,
      amountFen:
        one.amountFen -
        ordered
          .filter((o) => o.fundSource === one.fundSource && o.year === one.year)
          .reduce((sum, o) => sum + o.amountFen, 0),
    }))
    .filter((one) => one.amountFen > 0)
}
