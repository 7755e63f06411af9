import { base58, base64urlnopad } from '@scure/base'

const utf8 = new TextEncoder()
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const toBase64url = (bytes: Uint8Array): string => base64urlnopad.encode(bytes)
/** Throws on anything that is not base64url, or that would not spell back the same. */
export const fromBase64url = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(base64urlnopad.decode(text))
export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => utf8.encode(text)
/** Throws on bytes that are no UTF-8. */
export const textOf = (bytes: Uint8Array): string => strict.decode(bytes)
export const jsonToBase64url = (value: unknown): string => toBase64url(bytesOf(JSON.stringify(value)))

/** Multibase: `z` is base58 of Bitcoin, the only one that signatures and keys use here. */
export const toMultibase58 = (bytes: Uint8Array): string => `z${base58.encode(bytes)}`
export function fromMultibase58(text: string): Uint8Array<ArrayBuffer> {
  if (!text.startsWith('z')) throw new RangeError('not multibase base58btc')
  return new Uint8Array(base58.decode(text.slice(1)))
}

const ed25519Prefix = [0xed, 0x01]

/** Multikey of 32 bytes of Ed25519 (Controlled Identifiers 1.0, 2.2.2): `z6Mk…`. */
export const toMultikey = (publicBytes: Uint8Array): string =>
  toMultibase58(new Uint8Array([...ed25519Prefix, ...publicBytes]))

export function fromMultikey(text: string): Uint8Array<ArrayBuffer> {
  const bytes = fromMultibase58(text)
  if (bytes.length !== 34 || bytes[0] !== ed25519Prefix[0] || bytes[1] !== ed25519Prefix[1]) {
    throw new RangeError('not a Multikey of Ed25519')
  }
  return bytes.slice(2)
}
