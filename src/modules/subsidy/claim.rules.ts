/** Pure: the life of a claim, from the provider's draft to the money in the account. */
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
  return: { from: ['submitted', 'under-review'], to: 'returned', clause: 'R33' },
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
