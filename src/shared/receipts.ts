/** Letters of a receipt code: none that is mistaken for another when read out over the phone. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 12

/** A receipt code out of random bytes, in three groups of four. Every byte is below the largest multiple of the alphabet. */
export function receiptFrom(bytes: Iterable<number>): string | null {
  const most = Math.floor(256 / ALPHABET.length) * ALPHABET.length
  let code = ''
  for (const byte of bytes) {
    if (byte < most) code += ALPHABET[byte % ALPHABET.length]
    if (code.length === LENGTH) return code.replace(/(.{4})(?=.)/g, '$1-')
  }
  return null
}

/** As typed back: lower case, spaces and dashes do not matter. `null` when it cannot be one. */
export function readReceipt(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[^0-9A-Z]/g, '')
  const valid = code.length === LENGTH && [...code].every((letter) => ALPHABET.includes(letter))
  return valid ? code.replace(/(.{4})(?=.)/g, '$1-') : null
}
