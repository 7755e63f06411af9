import { allow, type Decision, refuse } from '#policy/decision.ts'
import type { AccountKind, Fund, JournalKind, Posting, Share } from './ledger.schema.ts'

/** From which pot to which each kind of journal carries money. `offset` is two such flows and is built on its own. */
const flows: Record<Exclude<JournalKind, 'offset'>, readonly [from: AccountKind, to: AccountKind]> = {
  budget: ['appropriation', 'available'],
  approve: ['available', 'payable'],
  revoke: ['payable', 'available'],
  send: ['payable', 'in-transit'],
  paid: ['in-transit', 'paid'],
  bounced: ['in-transit', 'payable'],
  demand: ['paid', 'receivable'],
  received: ['receivable', 'returned'],
  'written-off': ['receivable', 'written-off'],
  transferred: ['receivable', 'transferred'],
  reuse: ['returned', 'available'],
}

type FundAmount = Fund & { amountFen: number }

/**
 * The postings of a journal: out of one pot, into another, in each fund. They sum to zero by construction. A negative
 * amount is the same flow backwards (a budget that is cut).
 * @clause HZ4-M16
 */
export function postings(kind: Exclude<JournalKind, 'offset'>, amounts: readonly FundAmount[]): Posting[] {
  const [from, to] = flows[kind]
  return perFund(amounts).flatMap((one) => flow(one, from, to))
}

/**
 * A later award pays an earlier debt: what was payable counts as paid, and the debt counts as returned. The funds may
 * differ; then the bank carries the money between them.
 * @clause HZ4-M16
 */
export function offsetPostings(award: readonly FundAmount[], debt: readonly FundAmount[]): Posting[] {
  if (total(award) !== total(debt)) throw new RangeError('an offset takes as much from the award as from the debt')
  return [
    ...perFund(award).flatMap((one) => flow(one, 'payable', 'paid')),
    ...perFund(debt).flatMap((one) => flow(one, 'receivable', 'returned')),
  ]
}

function flow({ fundSource, year, amountFen }: FundAmount, from: AccountKind, to: AccountKind): Posting[] {
  return [
    { fundSource, year, account: from, amountFen: -amountFen },
    { fundSource, year, account: to, amountFen },
  ]
}

export const total = (amounts: readonly { amountFen: number }[]): number =>
  amounts.reduce((sum, a) => sum + a.amountFen, 0)

const fundKey = (fund: Fund) => `${fund.fundSource}\n${fund.year}`

/** Amounts of the same fund and year added up; nothing left of zero amounts. The order of first appearance stays. */
export function perFund(amounts: readonly FundAmount[]): FundAmount[] {
  const sums = new Map<string, FundAmount>()
  for (const { fundSource, year, amountFen } of amounts) {
    const sum = sums.get(fundKey({ fundSource, year }))
    sums.set(fundKey({ fundSource, year }), { fundSource, year, amountFen: (sum?.amountFen ?? 0) + amountFen })
  }
  return [...sums.values()].filter((sum) => sum.amountFen !== 0)
}

/**
 * Which fund carries which line: the programme's funds in their order, each until it is empty, the lines in theirs.
 * A line may be carried by two funds. Refuses when all funds together do not reach: nothing is approved in part.
 * @clause HZ4-M16
 */
export function allocate(
  lines: readonly { lineId: string; amountFen: number }[],
  funds: readonly (Fund & { availableFen: number })[],
): Decision<Share[]> {
  const need = total(lines)
  const available = funds.reduce((sum, fund) => sum + Math.max(fund.availableFen, 0), 0)
  if (need > available) return refuse('HZ4-M16', 'budget-insufficient', { needFen: need, availableFen: available })
  const left = funds.map((fund) => ({ ...fund, availableFen: Math.max(fund.availableFen, 0) }))
  const shares: Share[] = []
  for (const line of lines) {
    let open = line.amountFen
    for (const fund of left) {
      const amountFen = Math.min(open, fund.availableFen)
      if (amountFen <= 0) continue
      shares.push({ lineId: line.lineId, fundSource: fund.fundSource, year: fund.year, amountFen })
      fund.availableFen -= amountFen
      open -= amountFen
    }
  }
  return allow(shares)
}

/**
 * Takes an amount out of parts, the last part first: what was drawn last goes back first. The parts' order is the order
 * in which they were drawn. Throws when there is not so much in them: callers check before.
 * @clause HZ4-M16
 */
export function takeBack<T extends { amountFen: number }>(parts: readonly T[], amountFen: number): T[] {
  if (!Number.isSafeInteger(amountFen) || amountFen < 0 || amountFen > total(parts)) {
    throw new RangeError(`cannot take ${amountFen} out of ${total(parts)}`)
  }
  let open = amountFen
  const taken: T[] = []
  for (const part of [...parts].reverse()) {
    const take = Math.min(open, part.amountFen)
    if (take > 0) taken.push({ ...part, amountFen: take })
    open -= take
  }
  return taken
}
