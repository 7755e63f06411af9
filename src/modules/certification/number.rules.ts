import { allow, type Decision, refuse } from '#policy/decision.ts'
import { normalise } from '#shared/text.ts'
import type { AssessorKind } from './assessor.schema.ts'

const form = /^[YS]\d{14}[1-5]\d{6}$/

export type AssessorCode = { kind: AssessorKind; filingCode: string; province: string; serial: string }

/** Digits of the five-level coding by level code of each scheme; what is not here has no digit in the notice. */
const digits: Record<string, Record<string, string>> = {
  SKILL_5: { '5': '5', '4': '4', '3': '3', '2': '2', '1': '1' },
  SKILL_4: { '5': '5', '4': '4', '3': '3', '2': '2' },
  SKILL_8: { junior: '5', intermediate: '4', senior: '3', technician: '2', seniorTechnician: '1' },
}

/** The figure that gives the digit of a level of the three-level scheme for engineers: nobody has laid it down. */
export const digitFigure = (scheme: string, level: string): string | null =>
  scheme === 'PROF_TECH_3' && ['junior', 'intermediate', 'senior'].includes(level) ? `R34.digit.${level}` : null

/**
 * The digit at place 16. `laidDown` is the figure's value where the level has one.
 * @clause R34
 */
export function levelDigit(scheme: string, level: string, laidDown: number | null): Decision<string> {
  const fixed = digits[scheme]?.[level]
  if (fixed !== undefined) return allow(fixed)
  if (digitFigure(scheme, level) === null) return refuse('R34', 'level-not-coded', { level })
  if (laidDown === null) return refuse('R34', 'digit-undecided', { level })
  return Number.isInteger(laidDown) && laidDown >= 1 && laidDown <= 5
    ? allow(String(laidDown))
    : refuse('R34', 'digit-undecided', { level })
}

/**
 * The national number: kind, assessor's code (4), province (2), assessor's serial (6), year (2), level (1), serial (6).
 * @clause R34
 */
export function nationalNumber(assessor: AssessorCode, year: number, digit: string, serial: number): string {
  const { kind, filingCode, province, serial: own } = assessor
  const number = `${kind}${filingCode}${province}${own}${String(year).slice(-2)}${digit}${String(serial).padStart(6, '0')}`
  if (!/^\d{4}$/.test(String(year)) || !Number.isInteger(serial) || serial < 1 || !form.test(number)) {
    throw new RangeError(
      `no certificate number for ${kind}${filingCode}${province}${own}, ${year}, ${digit}, ${serial}`,
    )
  }
  return number
}

/** A number as people type it, in its one form; undefined when it cannot be one. Full-width and small letters are read. */
export function parseNationalNumber(typed: string): string | undefined {
  const bare = normalise(typed)
    .toUpperCase()
    .replace(/[\s\-‐-―−]/g, '')
  return form.test(bare) ? bare : undefined
}

/**
 * What a number says of itself, and whether that agrees with level and year.
 * @clause R34
 */
export function checkNumber(number: string, told: { digit: string; year: number }): Decision<null> {
  const parsed = parseNationalNumber(number)
  if (!parsed) return refuse('R34', 'number-format')
  if (parsed[15] !== told.digit) return refuse('R34', 'number-level', { digit: parsed[15] ?? '' })
  if (parsed.slice(13, 15) !== String(told.year).slice(-2))
    return refuse('R34', 'number-year', { year: parsed.slice(13, 15) })
  return allow(null)
}
