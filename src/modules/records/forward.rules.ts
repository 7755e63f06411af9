import { allow, type Decision, refuse } from '#policy/decision.ts'

/**
 * Seconds until the next try after so many failures in a row: one minute, doubled each time, at most six hours.
 * @clause HZ4-M13
 */
export const backOffSeconds = (failures: number): number => Math.min(60 * 2 ** Math.max(failures - 1, 0), 6 * 3600)

/** What an answer of the other store means. */
export type Meaning = 'taken' | 'refused' | 'later'
export function meaningOf(status: number): Meaning {
  if (status === 200 || status === 204) return 'taken'
  // Keys, limits and faults of theirs pass or are mended; only what they say of the statement itself is final.
  return status === 400 || status === 409 || status === 413 || status === 422 ? 'refused' : 'later'
}

/** Only over TLS and by name, unless the installation says otherwise. @clause HZ4-M13 */
export function forwardAddress(text: string, allowPrivate: boolean): Decision<string> {
  const no = refuse('HZ4-M13', 'forward-address')
  if (!URL.canParse(text)) return no
  const url = new URL(text)
  const secure = url.protocol === 'https:' || (allowPrivate && url.protocol === 'http:')
  if (!secure || url.username || url.password || url.search || url.hash) return no
  if (!allowPrivate && (/^[\d.]+$/.test(url.hostname) || url.hostname.startsWith('[') || !url.hostname.includes('.')))
    return no
  return allow(url.href.replace(/\/+$/, '').replace(/\/statements$/, ''))
}
