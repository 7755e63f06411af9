import { normalise } from '#shared/text.ts'

/**
 * Check character of a certificate number over its sixteen digits: ISO 7064 MOD 11-2, as in GB 11643. It catches every
 * wrong digit and every swap of neighbours.
 * @clause R02
 */
export function checkCharacter(digits: string): string {
  let product = 0
  for (const digit of digits) product = ((product + Number(digit)) * 2) % 11
  return '0123456789X'.charAt((12 - product) % 11)
}

/**
 * `440105`, 2021 and 7 → `440105-2021-000007-6`: district (GB/T 2260), year of issue, serial within both, check
 * character. Serials run from 1 to 999999 without holes.
 * @clause R02
 */
export function certificateNumber(district: string, year: number, serial: number): string {
  if (
    !/^\d{6}$/.test(district) ||
    !/^\d{4}$/.test(String(year)) ||
    !Number.isInteger(serial) ||
    serial < 1 ||
    serial > 999_999
  ) {
    throw new RangeError(`no certificate number for ${district}, ${year}, ${serial}`)
  }
  const digits = `${district}${year}${String(serial).padStart(6, '0')}`
  return `${digits.slice(0, 6)}-${digits.slice(6, 10)}-${digits.slice(10)}-${checkCharacter(digits)}`
}

/** A number as people type it – with or without dashes – in its one form; undefined when it cannot be one. */
export function parseCertificateNumber(typed: string): string | undefined {
  const bare = normalise(typed)
    .toUpperCase()
    .replace(/[\s\-‐-―−]/g, '')
  const match = /^(\d{6})(\d{4})(\d{6})([\dX])$/.exec(bare)
  if (!match) return undefined
  const [, district, year, serial, check] = match
  return checkCharacter(`${district}${year}${serial}`) === check ? `${district}-${year}-${serial}-${check}` : undefined
}

/** Digits and capitals that cannot be mixed up (Crockford's base 32). */
export const codeAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Twenty letters of the alphabet from twenty random bytes: 100 bits, five to a letter. */
export const verificationCode = (random: Uint8Array): string => {
  if (random.length !== 20) throw new RangeError('a verification code takes 20 random bytes')
  return Array.from(random, (byte) => codeAlphabet.charAt(byte & 31)).join('')
}

/** `ABCDEFGHJK0123456789` → `ABCDE-FGHJK-01234-56789`. */
export const codeText = (code: string): string => (code.match(/.{1,5}/g) ?? []).join('-')

/** A code as people type it; I and L are read as 1, O as 0. Undefined when it cannot be one. */
export function parseCode(typed: string): string | undefined {
  const bare = normalise(typed)
    .toUpperCase()
    .replace(/[\s\-‐-―−]/g, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0')
  return /^[0-9A-HJKMNP-TV-Z]{20}$/.test(bare) ? bare : undefined
}

/**
 * JSON in one way only: keys in order, no spaces. Two equal records always give the same text, whatever stored them.
 */
export function canonical(value: unknown): string {
  // what stands in many places of one record, such as the rate of a class in each of its lines, is written once
  const written = new Map<object, string>()
  const write = (part: unknown): string => {
    if (typeof part !== 'object' || part === null) return JSON.stringify(part)
    const known = written.get(part)
    if (known !== undefined) return known
    const text = Array.isArray(part) ? `[${part.map(write).join(',')}]` : `{${fields(part).join(',')}}`
    written.set(part, text)
    return text
  }
  const fields = (part: object) =>
    Object.entries(part)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => `${JSON.stringify(key)}:${write(inner)}`)
  return write(value)
}
