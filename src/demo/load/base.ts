import type { CryptoProvider } from '#platform/crypto.ts'
import type { Plan } from '#policy/plan.types.ts'
import type { Gatherer } from './insert.ts'
import { idFor } from './layout.ts'
import type { Desk } from './undertakers.ts'

type Somebody = { id: string; name: string }

/** What every part of the load needs. */
export type LoadBase = {
  seed: number
  plan: Plan
  crypto: CryptoProvider
  desk: Desk
  /** People registered so far: the register knows everybody once. */
  registered: Map<number, { id: string }>
  /** Bytes that nobody without the installation's key can guess, the same each time. */
  random(bytes: number, ...name: string[]): Uint8Array
  /** Writes a row of a record's history. */
  move(
    out: Gatherer,
    kind: string,
    id: string,
    name: string,
    states: readonly [from: string, to: string],
    at: Date,
    by: Somebody,
    note?: string,
  ): void
}

export const keyedBytes =
  (crypto: CryptoProvider): LoadBase['random'] =>
  (bytes, ...name) =>
    Buffer.from(crypto.blindIndex(name.join('/'), 'demo.load'), 'base64url').subarray(0, bytes)

export const writeMove: LoadBase['move'] = (out, kind, id, name, [from, to], at, by, note = '') =>
  out.add('platform.moves', {
    id: idFor(at, id, name),
    subject_kind: kind,
    subject_id: id,
    move: name,
    from_state: from,
    to_state: to,
    at,
    actor_id: by.id,
    actor_name: by.name,
    reason_codes: [],
    note,
  })
