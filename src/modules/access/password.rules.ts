import { allow, type Decision, refuse } from '#policy/decision.ts'
import { commonPasswords } from './password.schema.ts'

/**
 * Whether a new password of at least 12 characters may be used. Refused: common words, also with digits and signs around
 * them; digits alone; runs and repeats; the account name inside.
 * @clause HZ4-M15
 */
export function judgePassword(password: string, username: string): Decision<null> {
  const plain = password.toLowerCase().normalize('NFKC')
  if (username.length >= 3 && plain.includes(username.toLowerCase())) return refuse('C01', 'password-has-name')
  const core = plain.replace(/^[\d\W_]+|[\d\W_]+$/gu, '')
  const han = /\p{Script=Han}{4}/u.test(plain)
  const common = commonPasswords.has(plain) || commonPasswords.has(core) || (core.length < 3 && !han) || isRun(plain)
  return common ? refuse('C01', 'password-common') : allow(null)
}

/** Few different characters, or each the neighbour of the one before: `aaaaaaaaaaaa`, `abababababab`, `abcdefghijkl`. */
function isRun(text: string): boolean {
  if (new Set(text).size <= 4) return true
  const codes = Array.from(text, (c) => c.codePointAt(0) ?? 0)
  const steps = codes.slice(1).map((code, i) => code - (codes[i] ?? 0))
  return steps.filter((step) => Math.abs(step) <= 1).length >= steps.length - 1
}
