import type { ClassBasis } from '#modules/subsidy/line.queries.ts'
import type { CryptoProvider } from '#platform/crypto.ts'
import type { Plan } from '#policy/plan.types.ts'
import type { Gatherer } from './insert.ts'
import { idFor } from './layout.ts'
import type { Region } from './people.ts'

export type Somebody = { id: string; name: string }

/** What every part of the load needs. */
export type LoadBase = Region & {
  plan: Plan
  crypto: CryptoProvider
  /** The bureau's people, by the name of the cast. */
  official(name: string): Somebody
  /** Figures an amount rests on, by programme; none: nobody has decided them, so nothing is claimed. */
  basis: Map<string, Pick<ClassBasis, 'hour' | 'rate' | 'cap' | 'ruleVersion' | 'programme'>>
  /** People registered so far: the register knows everybody once. */
  registered: Map<number, { id: string }>
  /** What somebody's year has used of its cap, and since when, by person and year. */
  used: Map<string, { fen: number; at: Date }>
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
