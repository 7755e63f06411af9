import { allow, type Decision, refuse } from '#policy/decision.ts'
import type { Day } from '#shared/units.ts'
import { takeBack, total } from './ledger.rules.ts'
import type { Fund, Share } from './ledger.schema.ts'
import type { RecoveryState } from './recovery.schema.ts'

/**
 * The life of a recovery. The party is heard before anything is decided; nobody has to pay before the letter.
 * @clause HZ4-M16
 */
export const recoveryCycle = {
  hear: { from: ['opened'], to: 'heard', clause: 'HZ4-M16' },
  drop: { from: ['opened', 'heard'], to: 'dropped', clause: 'HZ4-M16' },
  decide: { from: ['heard'], to: 'decided', clause: 'HZ4-M16' },
  demand: { from: ['decided'], to: 'demanded', clause: 'HZ4-M16' },
  settle: { from: ['demanded'], to: 'recovered', clause: 'HZ4-M16' },
  'write-off': { from: ['demanded'], to: 'written-off', clause: 'HZ4-M16' },
  transfer: { from: ['demanded'], to: 'transferred', clause: 'HZ4-M16' },
} as const satisfies Record<string, { from: readonly RecoveryState[]; to: RecoveryState; clause: string }>

export type RecoveryMove = keyof typeof recoveryCycle
export type LineAmount = { lineId: string; amountFen: number }

/**
 * Whether so much may be asked back: of no line more than was paid for it and not asked back before.
 * @clause HZ4-M16
 */
export function mayAsk(asked: readonly LineAmount[], left: ReadonlyMap<string, number>): Decision<true> {
  for (const { lineId, amountFen } of asked) {
    const leftFen = left.get(lineId)
    if (leftFen === undefined) return refuse('HZ4-M16', 'line-not-of-claim', { line: lineId })
    if (amountFen > leftFen) return refuse('HZ4-M16', 'over-paid-amount', { line: lineId, leftFen })
  }
  return allow(true)
}

/**
 * The decision on what was asked: it may lower a line or leave it, never raise it above what the party was heard about.
 * @clause HZ4-M16
 */
export function decided(asked: readonly LineAmount[], lowered: readonly LineAmount[]): Decision<LineAmount[]> {
  const wanted = new Map(lowered.map((line) => [line.lineId, line.amountFen]))
  if (lowered.some((line) => !asked.some((one) => one.lineId === line.lineId)))
    return refuse('HZ4-M16', 'line-not-of-claim')
  const lines = asked.map((line) => ({ lineId: line.lineId, amountFen: wanted.get(line.lineId) ?? line.amountFen }))
  if (lines.some((line, i) => line.amountFen > (asked[i]?.amountFen ?? 0))) return refuse('HZ4-M16', 'decision-raises')
  return total(lines) > 0 ? allow(lines) : refuse('HZ4-M16', 'decision-empty')
}

/**
 * Out of which fund's payment each line's amount comes back: what was drawn last first, never twice out of the same share.
 * @clause HZ4-M16
 */
export function fundsOf(lines: readonly LineAmount[], paid: readonly Share[], before: readonly Share[]): Share[] {
  return lines.flatMap(({ lineId, amountFen }) => {
    const open = paid
      .filter((share) => share.lineId === lineId)
      .map((share) => ({
        ...share,
        amountFen: share.amountFen - total(before.filter((b) => b.lineId === lineId && same(b, share))),
      }))
    return takeBack(open, amountFen)
  })
}

const same = (a: Fund, b: Fund) => a.fundSource === b.fundSource && a.year === b.year

/**
 * Whether an award may be held back for an older debt: the term has passed, notice was given on an earlier day, and it is
 * the same claimant's.
 * @clause HZ4-M16
 */
export function mayOffset(facts: {
  dueOn: Day
  noticeOn: Day | null
  today: Day
  sameOrganisation: boolean
  amountFen: number
  debtFen: number
  awardFen: number
}): Decision<true> {
  if (!facts.sameOrganisation) return refuse('HZ4-M16', 'not-theirs')
  if (facts.today <= facts.dueOn) return refuse('HZ4-M16', 'not-yet-due', { dueOn: facts.dueOn })
  if (facts.noticeOn === null || facts.noticeOn >= facts.today) return refuse('HZ4-M16', 'no-notice')
  if (facts.amountFen > facts.debtFen) return refuse('HZ4-M16', 'over-remaining', { leftFen: facts.debtFen })
  if (facts.amountFen > facts.awardFen) return refuse('HZ4-M16', 'over-award', { leftFen: facts.awardFen })
  return allow(true)
}
