/** What a token of the content origin lets its bearer do: open one launch's frame, or read its files and report to it. */
export type TokenUse = 'frame' | 'content'
export type TokenFacts = { launchId: string; packageId: string; personId: string; accountId: string; use: TokenUse }

/** The frame must be opened at once; what runs in it may go on for a working day. */
export const tokenSeconds: Record<TokenUse, number> = { frame: 120, content: 12 * 3600 }

const ids = /^[0-9a-f-]{36}$/

/** The part of a token that is signed. */
export function tokenBody(facts: TokenFacts, now: Date): string {
  const expires = Math.floor(now.getTime() / 1000) + tokenSeconds[facts.use]
  return [facts.use, facts.launchId, facts.packageId, facts.personId, facts.accountId, expires.toString(36)].join('~')
}

/** What a signed part says; nothing when it has run out or was made for another use. */
export function readTokenBody(body: string, use: TokenUse, now: Date): TokenFacts | undefined {
  const [said, launchId = '', packageId = '', personId = '', accountId = '', expires = ''] = body.split('~')
  if (said !== use || ![launchId, packageId, personId].every((id) => ids.test(id))) return undefined
  if (!/^[0-9a-z]+$/.test(expires)) return undefined
  return Number.parseInt(expires, 36) * 1000 > now.getTime()
    ? { use, launchId, packageId, personId, accountId }
    : undefined
}
