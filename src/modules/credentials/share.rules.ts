import { allow, type Decision, refuse } from '#policy/decision.ts'
import { openShares, type ShareState } from './share.schema.ts'

/** A share is open until it is revoked or its time is up; the moment of its end is no longer within it. */
export function stateOf(share: { expiresAt: Date; revokedAt: Date | null }, now: Date): ShareState {
  if (share.revokedAt) return 'revoked'
  return share.expiresAt.getTime() <= now.getTime() ? 'expired' : 'open'
}

/** One person keeps no more links open than can be looked after. */
export const mayShare = (open: number): Decision<true> =>
  open < openShares ? allow(true) : refuse('R37', 'too-many', { limit: openShares })
