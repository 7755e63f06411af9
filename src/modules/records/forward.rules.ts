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

const number = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
const ranges: [string, number][] = [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
  ] as [string, number][]),
  ...([
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['224.0.0.0', 3],
  ] as [string, number][]),
]

/** Addresses of machines near us, which an organisation must not reach through us. */
export function isNear(address: string): boolean {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (v4)
    return ranges.some(
      ([base, bits]) => Math.floor(number(v4) / 2 ** (32 - bits)) === Math.floor(number(base) / 2 ** (32 - bits)),
    )
  return !/^[23][0-9a-f]{3}:/i.test(address) || /^2002:|^2001:0?:|^64:ff9b:/i.test(address)
}
