/**
 * What a token of the content origin lets its bearer do: open one unit in a frame; show one unit of a package and keep
 * nothing of it, for a unit of cmi5 with a store that keeps nothing; read the files of one package and report to one launch; in cmi5 fetch the token of a launch once, and with
 * that one speak to the record store about this launch.
 */
export type TokenUse = 'frame' | 'preview' | 'content' | 'fetch' | 'store' | 'trial'
export type TokenFacts = {
  use: TokenUse
  personId: string
  accountId: string
  /** Of the frame: what may be opened. Empty in a token for content. */
  registrationId: string
  itemId: string
  unitId: string
  /** Of the content: what runs. Empty in a token for a frame. */
  launchId: string
  packageId: string
}

/** The frame must be opened at once; what runs in it may go on for a working day. */
export const tokenSeconds: Record<TokenUse, number> = {
  frame: 120,
  preview: 120,
  content: 12 * 3600,
  fetch: 600,
  store: 12 * 3600,
  trial: 2 * 3600,
}

const names = ['use', 'personId', 'accountId', 'registrationId', 'itemId', 'unitId', 'launchId', 'packageId'] as const

/** The part of a token that is signed. */
export function tokenBody(facts: TokenFacts, now: Date): string {
  const expires = Math.floor(now.getTime() / 1000) + tokenSeconds[facts.use]
  return JSON.stringify([...names.map((name) => facts[name]), expires])
}

/** What a signed part says; nothing when it has run out or was made for another use. */
export function readTokenBody(body: string, use: TokenUse, now: Date): TokenFacts | undefined {
  const parts = JSON.parse(body) as (string | number)[]
  const expires = parts[names.length]
  if (parts[0] !== use || typeof expires !== 'number' || expires * 1000 <= now.getTime()) return undefined
  return Object.fromEntries(names.map((name, i) => [name, String(parts[i])])) as TokenFacts
}
