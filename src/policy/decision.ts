/**
 * A rule answers with a decision, never with an exception: either a value, or a
 * refusal that names the clause it rests on, a stable reason code, and the facts.
 */
export type Refusal = {
  /** Clause id from the plan folder, e.g. `HZ4-M16`, or a parameter id, e.g. `R04`. */
  clause: string
  /** Stable code, translated for people by `reasonText`. */
  reason: string
  facts: Record<string, string | number | boolean | null>
}

export type Decision<T> = { ok: true; value: T } | { ok: false; refusal: Refusal }

export const allow = <T>(value: T): Decision<T> => ({ ok: true, value })

export const refuse = (clause: string, reason: string, facts: Refusal['facts'] = {}): Decision<never> => ({
  ok: false,
  refusal: { clause, reason, facts },
})
