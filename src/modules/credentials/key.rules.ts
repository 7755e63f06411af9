import { allow, type Decision, refuse } from '#policy/decision.ts'
import type { KeyReason, KeyState } from './key.schema.ts'

const clause = 'C23'

/** proposed → active | rejected; active → retired, or → withdrawn when it may have leaked. Nothing goes back. */
export const keyCycle: Record<string, { from: readonly KeyState[]; to: KeyState; clause: string }> = {
  approve: { from: ['proposed'], to: 'active', clause },
  reject: { from: ['proposed'], to: 'rejected', clause },
}

/** Two people: who proposed a key cannot decide on it. */
export function mayDecide(key: { proposedBy: string; state: KeyState }, by: string): Decision<true> {
  if (key.state !== 'proposed') return refuse(clause, 'wrong-state', { state: key.state })
  return key.proposedBy === by ? refuse(clause, 'same-person', {}) : allow(true)
}

/** What becomes of the key before: retired keys still verify, withdrawn ones do not. */
export const endOf = (reason: KeyReason): 'retired' | 'withdrawn' =>
  reason === 'compromised' ? 'withdrawn' : 'retired'
