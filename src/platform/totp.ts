import { createHmac } from 'node:crypto'

/** Time-based one-time passwords (RFC 6238, SHA-1, 30 seconds, six digits), as validator apps show them. */
export const totpSeconds = 30

export const stepAt = (at: Date): number => Math.floor(at.getTime() / 1000 / totpSeconds)

export function totp(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 15
  return String((mac.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0')
}

/** The step whose password this is, at most one before or after `now`. */
export function stepOf(secret: string, code: string, now: Date): number | undefined {
  const here = stepAt(now)
  return [here, here - 1, here + 1].find((step) => totp(secret, step) === code)
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** What is typed into a validator app when the picture cannot be scanned. */
export function base32Of(secret: string): string {
  const bits = [...Buffer.from(secret)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((five) => base32.charAt(Number.parseInt(five.padEnd(5, '0'), 2))).join('')
}

export function totpUri(issuer: string, account: string, secret: string): string {
  const query = new URLSearchParams({ secret: base32Of(secret), issuer, digits: '6', period: String(totpSeconds) })
  return `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(account)}?${query}`
}
