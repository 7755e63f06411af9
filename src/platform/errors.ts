import type { Refusal } from '#policy/decision.ts'

/** One thing wrong with one field, in words a clerk can act on. */
export type FieldFaults = Record<string, string[]>

/** The ways a request fails on purpose. Anything else is a bug and becomes a 500 with the request id. */
export type Fault =
  | { kind: 'invalid'; fields: FieldFaults } // 422: the form is wrong
  | { kind: 'unauthenticated' } // 401: sign in first
  | { kind: 'forbidden'; permission: string } // 403: this person may never do this
  | { kind: 'missing'; what: string } // 404: not there, or not theirs to see
  | { kind: 'conflict'; what: string } // 409: somebody was first; reload and try again
  | { kind: 'refused'; refusal: Refusal } // 409: the policy says no, and which clause
  | { kind: 'limited'; retryAfterSeconds: number } // 429: too many tries

export class AppError extends Error {
  readonly fault: Fault
  constructor(fault: Fault) {
    super(fault.kind === 'refused' ? `refused: ${fault.refusal.reason} (${fault.refusal.clause})` : fault.kind)
    this.fault = fault
  }
}

export const status: Record<Fault['kind'], number> = {
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  missing: 404,
  conflict: 409,
  refused: 409,
  limited: 429,
}

export const missing = (what: string) => new AppError({ kind: 'missing', what })
export const conflict = (what: string) => new AppError({ kind: 'conflict', what })
export const invalid = (fields: FieldFaults) => new AppError({ kind: 'invalid', fields })
export const refused = (refusal: Refusal) => new AppError({ kind: 'refused', refusal })
