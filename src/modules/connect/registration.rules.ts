import { allow, type Decision, refuse } from '#policy/decision.ts'
import type { RegistrationState } from './registration.schema.ts'

const clause = 'HZ4-M13'

/** proposed → active | rejected; active ⇄ suspended; active, suspended → ended. Nothing goes back. */
export const registrationCycle: Record<
  string,
  { from: readonly RegistrationState[]; to: RegistrationState; clause: string }
> = {
  approve: { from: ['proposed'], to: 'active', clause },
  reject: { from: ['proposed'], to: 'rejected', clause },
  suspend: { from: ['active'], to: 'suspended', clause },
  resume: { from: ['suspended'], to: 'active', clause },
  end: { from: ['active', 'suspended'], to: 'ended', clause },
}

/** Two people: who proposed a registration cannot decide on it, whichever of his accounts he uses. @clause C25 */
export const mayDecide = (proposedBy: string, by: string): Decision<true> =>
  proposedBy === by ? refuse('C25', 'same-person') : allow(true)

export type Custom = Record<string, string>

/** `name=value` lines as parameters; undefined when a line is none. */
export function readCustom(text: string): Custom | undefined {
  const custom: Custom = {}
  for (const line of text
    .split('\n')
    .map((one) => one.trim())
    .filter((one) => one !== '')) {
    const at = line.indexOf('=')
    const name = line.slice(0, at).trim()
    if (at < 1 || !/^[a-z0-9_]{1,60}$/i.test(name) || name in custom) return undefined
    custom[name] = line.slice(at + 1).trim()
  }
  return custom
}

export const writeCustom = (custom: Custom): string =>
  Object.entries(custom)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')

type Key = { kty?: unknown; d?: unknown; k?: unknown; n?: unknown; x?: unknown }

/** A key set with public halves only; undefined when it is none, or holds anything that should have stayed at home. */
export function publicKeysOf(text: string): { keys: Record<string, unknown>[] } | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return undefined
  }
  const one = parsed as { keys?: unknown } & Key
  const keys = (Array.isArray(one?.keys) ? one.keys : [one]) as Key[]
  const good = keys.every(
    (key) =>
      typeof key === 'object' &&
      key !== null &&
      ['RSA', 'EC', 'OKP'].includes(String(key.kty)) &&
      key.d === undefined &&
      key.k === undefined &&
      (typeof key.n === 'string' || typeof key.x === 'string'),
  )
  return good && keys.length > 0 && keys.length <= 20 ? { keys: keys as Record<string, unknown>[] } : undefined
}
