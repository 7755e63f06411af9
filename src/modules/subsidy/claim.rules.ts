/** Pure: the life of a claim, from the provider's draft to the money in the account. */
import { allow, type Decision, refuse } from '#policy/decision.ts'
import { addMonths, formatDay } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import type { ClaimState } from './claim.schema.ts'

/**
 * Moves of a claim. The claimant holds it while `draft` or `returned`; from `submitted` on the bureau does.
 * A claim can be called back until a reviewer picks it up. Refusals: `wrong-state`.
 * @clause R33
 */
export const claimCycle = {
  submit: { from: ['draft'], to: 'submitted', clause: 'R05' },
  resubmit: { from: ['returned'], to: 'submitted', clause: 'R33' },
  recall: { from: ['submitted'], to: 'draft', clause: 'R33' },
  withdraw: { from: ['draft', 'returned'], to: 'withdrawn', clause: 'R33' },
  take: { from: ['submitted'], to: 'under-review', clause: 'R33' },
  // also after an upheld objection, and when the leader wants it mended
  return: { from: ['submitted', 'under-review', 'publicised', 'objection-held'], to: 'returned', clause: 'R33' },
  review: { from: ['under-review'], to: 'reviewed', clause: 'R33' },
  publicise: { from: ['reviewed'], to: 'publicised', clause: 'HZ4-M16' },
  hold: { from: ['publicised'], to: 'objection-held', clause: 'C24' },
  release: { from: ['objection-held'], to: 'publicised', clause: 'C24' },
  approve: { from: ['publicised'], to: 'approved', clause: 'R33' },
  order: { from: ['approved', 'bounced'], to: 'ordered', clause: 'R33' },
  bounce: { from: ['ordered'], to: 'bounced', clause: 'R33' },
  pay: { from: ['ordered'], to: 'paid', clause: 'R33' },
  reject: {
    from: ['submitted', 'returned', 'under-review', 'reviewed', 'publicised', 'objection-held', 'approved'],
    to: 'rejected',
    clause: 'R33',
  },
} as const satisfies Record<string, { from: readonly ClaimState[]; to: ClaimState; clause: string }>

export type ClaimMove = keyof typeof claimCycle

/** With the claimant: lines may still change. */
export const withClaimant = (state: ClaimState): boolean => state === 'draft' || state === 'returned'

/** Over without money: hours and caps are free again. */
export const isDead = (state: ClaimState): boolean => state === 'withdrawn' || state === 'rejected'

/**
 * The last day to claim: so many months after the end of the training. Refusals: `figure-undecided`, `late-claim`.
 * @clause R05
 */
export function claimWindow(facts: {
  endedOn: Day
  today: Day
  months: { id: string; label: string; value: number | null; decided: boolean }
}): Decision<{ closesOn: Day }> {
  const { id, label, value, decided } = facts.months
  if (value === null || !decided) return refuse('R05', 'figure-undecided', { figure: id, label })
  const closesOn = addMonths(facts.endedOn, value)
  return facts.today > closesOn ? refuse('R05', 'late-claim', { closedOn: formatDay(closesOn) }) : allow({ closesOn })
}
