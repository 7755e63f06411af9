/** Letters of a receipt code: none that is mistaken for another when read out over the phone. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 12
const MOST = Math.floor(256 / ALPHABET.length) * ALPHABET.length

/** A code of twelve letters out of random bytes, in fours; null when there were too few usable bytes. */
export function receiptFrom(bytes: Iterable<number>): string | null {
  const usable = [...bytes].filter((byte) => byte < MOST).slice(0, LENGTH)
  return usable.length === LENGTH ? inFours(usable.map((byte) => ALPHABET[byte % ALPHABET.length]).join('')) : null
}

/** As typed back: lower case, spaces and dashes do not matter. */
export function readReceipt(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[^0-9A-Z]/g, '')
  return code.length === LENGTH && [...code].every((letter) => ALPHABET.includes(letter)) ? inFours(code) : null
}

const inFours = (code: string) => code.replace(/(.{4})(?=.)/g, '$1-')
