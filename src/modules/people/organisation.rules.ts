import { allow, type Decision, refuse } from '#policy/decision.ts'
import { normalise } from '#shared/text.ts'
import { registrations, type Uscc } from './organisation.schema.ts'

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

/** The check character of a GB 32100 code: `body` is its first 17 characters. */
export function usccCheck(body: string): string {
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * ALPHABET.indexOf(body.charAt(i)), 0)
  return ALPHABET.charAt((31 - (sum % 31)) % 31)
}

/**
 * A unified social credit code (GB 32100-2015) as typed; comes back in upper case without spaces. Any registration
 * authority is accepted: a training school may be a company (91…) or a private non-enterprise unit (52…).
 * @clause C01
 */
export function parseUscc(raw: string): Decision<Uscc> {
  const code = normalise(raw).replace(/[\s-]/g, '').toUpperCase()
  if (code === '') return refuse('C01', 'uscc-empty')
  if (/^(\d{13}|\d{15}|[0-9A-Z]{8}[0-9X])$/.test(code)) return refuse('C01', 'uscc-old-number')
  const letters = Array.from(code)
  if (letters.length !== 18) return refuse('C01', 'uscc-length', { actual: letters.length })
  const wrong = letters.findIndex((c, i) => !(i >= 2 && i < 8 ? /\d/.test(c) : ALPHABET.includes(c)))
  if (wrong !== -1) return refuse('C01', 'uscc-characters', { position: wrong + 1, character: letters[wrong] ?? '' })
  const expected = usccCheck(code)
  const actual = code.charAt(17)
  if (actual !== expected) return refuse('C01', 'uscc-check', { expected, actual })
  return allow({ code, registration: registrations[code.slice(0, 2)] ?? null, division: code.slice(2, 8) })
}

/**
 * A bank account of an organisation or a person: 8 to 30 digits. No Luhn check: company accounts do not carry one.
 * @clause C19
 */
export function parseAccount(raw: string): Decision<string> {
  const typed = normalise(raw)
  if (/^\d(\.\d+)?e\+?\d+$/i.test(typed)) return refuse('C19', 'account-scientific')
  const account = typed.replace(/[\s-]/g, '')
  if (account === '') return refuse('C19', 'account-empty')
  if (!/^\d+$/.test(account)) return refuse('C19', 'account-characters')
  if (account.length < 8 || account.length > 30) return refuse('C19', 'account-length', { actual: account.length })
  return allow(account)
}
