/** Format characters (zero-width, direction marks, byte-order mark, soft hyphen) and variation selectors. */
const INVISIBLE = /\p{Cf}|\p{Variation_Selector}/gu
/** Control characters other than the white space that becomes one space. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
const CONTROL = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g
/** Nothing to do: most cells of a large file. */
const PLAIN = /^[!-~\u4e00-\u9fff]*$/
const FULL_WIDTH = /[\uff01-\uff5e]/g

/**
 * What a person meant to type: full-width letters, digits and signs become half-width, invisible and control
 * characters go, white space collapses to one space, the ends are trimmed. Chinese characters stay as they are.
 */
export function normalise(text: string): string {
  if (PLAIN.test(text)) return text
  return text
    .replace(INVISIBLE, '')
    .replace(/[\s\u0085\u3000]+/g, ' ')
    .replace(CONTROL, '')
    .replace(FULL_WIDTH, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/ +/g, ' ')
    .trim()
}

const stars = (n: number) => '*'.repeat(Math.max(n, 0))

function keepEnds(text: string, head: number, tail: number): string {
  const letters = Array.from(text)
  return (
    letters.slice(0, head).join('') +
    stars(letters.length - head - tail) +
    letters.slice(letters.length - tail).join('')
  )
}

/** `张明` → `张*`, `张小明` → `张*明`, `阿卜杜拉·买买提` → `阿***·**提`; a name without Han characters stays. */
export function maskName(name: string): string {
  if (!/\p{Script=Han}/u.test(name)) return name
  const letters = Array.from(name)
  if (letters.length < 2) return stars(letters.length)
  const last = letters.length > 2 ? letters.length - 1 : letters.length
  return letters.map((c, i) => (i === 0 || i === last || c === '·' ? c : '*')).join('')
}

/** `440105199001010017` → `440105********0017`; shorter documents show two characters at each end, or one. */
export function maskDocument(number: string): string {
  const { length } = Array.from(number)
  if (length >= 15) return keepEnds(number, 6, 4)
  if (length >= 8) return keepEnds(number, 2, 2)
  if (length >= 5) return keepEnds(number, 1, 1)
  return stars(length)
}

/** `13800138000` → `138****8000`; other numbers show only their last two digits. */
export function maskPhone(phone: string): string {
  const { length } = Array.from(phone)
  if (length === 11) return keepEnds(phone, 3, 4)
  return length > 4 ? keepEnds(phone, 0, 2) : stars(length)
}

/** Only the last four digits of an account; short numbers show nothing. */
export function maskAccount(account: string): string {
  const { length } = Array.from(account)
  return length >= 8 ? keepEnds(account, 0, 4) : stars(length)
}

/** For the pattern of a `like`: what somebody typed stands for itself, `%` and `_` too. */
export const literally = (text: string): string => text.replace(/[\\%_]/g, '\\$&')

/** A field left empty, in an address or a form, as one that is not there. */
export const emptyAsNone = (value: unknown): unknown => (value === '' ? undefined : value)
