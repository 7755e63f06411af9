import { allow, type Decision, refuse } from '#policy/decision.ts'
import { ageOn } from '#shared/dates.ts'
import { normalise } from '#shared/text.ts'
import { type Day, isDay } from '#shared/units.ts'
import { type DocumentKind, documentKinds, type IdentityDocument } from './identity.schema.ts'

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'
/** Province prefixes of GB/T 2260, past and present; counties are not checked because abolished ones stay valid. */
const PROVINCES = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71'.split(' '),
)
const RESIDENCE_PERMIT = /^8[123]0000/
const OLDEST_YEARS = 130

/**
 * The check character of a GB 11643 number: `digits` is its first 17 digits.
 * @clause C01
 */
export function checkDigit(digits: string): string {
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(digits[i]), 0)
  return CHECKS.charAt(sum % 11)
}

/**
 * Reads a document number as typed. The number comes back normalised; birth, sex and area only where the
 * standard encodes them. Refuses with one precise reason (see `reasonText`); facts never hold the number.
 * @clause C01
 */
export function parseDocument(kind: DocumentKind, raw: string, today: Day): Decision<IdentityDocument> {
  const typed = normalise(raw)
  const document = documentKinds[kind]
  if (/^\d(\.\d+)?e\+?\d+$/i.test(typed)) return refuse('C01', 'document-scientific')
  const number = typed.replace(/[\s\-‐-―−]/g, '').toUpperCase()
  if (number === '') return refuse('C01', 'document-empty', { document })
  switch (kind) {
    case 'resident-id':
      return parseResidentId(number, today)
    case 'hmt-residence-permit':
      return parseResidencePermit(number, today)
    case 'foreign-residence-permit':
      return parseForeignPermanent(number, today)
    case 'hm-travel-permit':
      // The last two digits of the old eleven-character form count re-issues; the person's number is the first nine.
      return byPattern(kind, number, /^([HM]\d{8})(?:\d{2})?$/, '字母H或M加8位数字，如 H12345678')
    case 'tw-travel-permit':
      return byPattern(kind, number, /^(\d{8}|\d{10}[A-Z]?)$/, '8位数字；旧证为10位数字，可带1位字母')
    case 'passport':
      return byPattern(kind, number, /^((?=.*\d)[A-Z0-9]{5,15})$/, '5至15位字母和数字')
  }
}

function byPattern(kind: DocumentKind, number: string, pattern: RegExp, format: string): Decision<IdentityDocument> {
  const kept = pattern.exec(number)?.[1]
  if (kept === undefined) return refuse('C01', 'document-format', { document: documentKinds[kind], format })
  return allow({ kind, number: kept, birthOn: null, sex: null, areaCode: null })
}

function parseResidentId(number: string, today: Day): Decision<IdentityDocument> {
  if (/^\d{15}$/.test(number)) return refuse('C01', 'document-first-generation')
  if (RESIDENCE_PERMIT.test(number)) return refuse('C01', 'area-residence-permit')
  const shape = eighteen('resident-id', number)
  if (!shape.ok) return shape
  const province = number.slice(0, 2)
  if (!PROVINCES.has(province)) return refuse('C01', 'area-unknown', { area: province })
  return readEighteen('resident-id', number, today)
}

function parseResidencePermit(number: string, today: Day): Decision<IdentityDocument> {
  const shape = eighteen('hmt-residence-permit', number)
  if (!shape.ok) return shape
  if (!RESIDENCE_PERMIT.test(number)) return refuse('C01', 'area-not-residence-permit')
  return readEighteen('hmt-residence-permit', number, today)
}

/** New card: 18 characters beginning with 9, checked like GB 11643. Old card: 3 letters and 12 digits. */
function parseForeignPermanent(number: string, today: Day): Decision<IdentityDocument> {
  const kind = 'foreign-residence-permit'
  if (!number.startsWith('9')) {
    return byPattern(kind, number, /^([A-Z]{3}\d{12})$/, '新证为9开头的18位号码，旧证为3位字母加12位数字')
  }
  const shape = eighteen(kind, number)
  return shape.ok ? readEighteen(kind, number, today) : shape
}

function eighteen(kind: DocumentKind, number: string): Decision<null> {
  const document = documentKinds[kind]
  const bad = Array.from(number).findIndex((c, i) => !(i === 17 ? /[\dX]/ : /\d/).test(c))
  if (number.length !== 18) return refuse('C01', 'document-length', { document, expected: 18, actual: number.length })
  return bad === -1 ? allow(null) : refuse('C01', 'document-characters', { document, position: bad + 1 })
}

function readEighteen(kind: DocumentKind, number: string, today: Day): Decision<IdentityDocument> {
  const date = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
  if (!isDay(date)) return refuse('C01', 'birth-missing-day', { date })
  if (date > today) return refuse('C01', 'birth-future', { date })
  if (ageOn(date, today) > OLDEST_YEARS) return refuse('C01', 'birth-too-early', { date })
  const expected = checkDigit(number)
  const actual = number.charAt(17)
  if (actual !== expected) return refuse('C01', 'check-digit', { expected, actual })
  return allow({
    kind,
    number,
    birthOn: date,
    sex: Number(number.charAt(16)) % 2 === 1 ? 'male' : 'female',
    // On the foreign card these digits are province and country, not a GB/T 2260 area.
    areaCode: kind === 'foreign-residence-permit' ? null : number.slice(0, 6),
  })
}

/**
 * A mainland mobile number, as 11 digits. Accepts a +86 prefix, spaces and dashes.
 * @clause C01
 */
export function parsePhone(raw: string): Decision<string> {
  const typed = normalise(raw).replace(/[\s\-‐-―−()]/g, '')
  if (typed === '') return refuse('C01', 'phone-empty')
  const number = typed.replace(/^(\+|00)86/, '').replace(/^86(?=1\d{10}$)/, '')
  if (!/^\d+$/.test(number)) return refuse('C01', 'phone-characters')
  if (/^0\d{9,11}$/.test(number) || /^[2-8]\d{6,7}$/.test(number)) return refuse('C01', 'phone-landline')
  if (number.length !== 11) return refuse('C01', 'phone-length', { actual: number.length })
  return /^1[3-9]/.test(number) ? allow(number) : refuse('C01', 'phone-prefix')
}

const LONGEST_NAME = 50
const HAN = /[\p{Unified_Ideograph}〇\uf900-\ufaff\u{2f800}-\u{2fa1f}]/u
const LATIN = /\p{Script=Latin}/u

/**
 * A real name as on the document: Han characters of any plane with `·` between the parts of a minority name,
 * or Latin letters with spaces, hyphens, apostrophes and full stops. Never both, never digits.
 * @clause C01
 */
export function parseName(raw: string): Decision<string> {
  const typed = normalise(raw).replace(/[•・‧∙⋅●･]/g, '·')
  const name = HAN.test(typed) ? typed.replace(/ /g, '').replace(/(?<=\P{ASCII})\.(?=\P{ASCII})/gu, '·') : typed
  const letters = Array.from(name)
  if (name === '') return refuse('C01', 'name-empty')
  if (/\p{Nd}/u.test(name)) return refuse('C01', 'name-digits')
  if (/\p{Co}/u.test(name)) return refuse('C01', 'name-private-character')
  const stranger = letters.find((c) => !HAN.test(c) && !LATIN.test(c) && !/[· '’.,\-\p{M}]/u.test(c))
  if (stranger !== undefined) return refuse('C01', 'name-characters', { character: stranger })
  if (HAN.test(name) && LATIN.test(name)) return refuse('C01', 'name-mixed')
  if (/^·|·$|··/.test(name)) return refuse('C01', 'name-dot')
  const sign = HAN.test(name) ? letters.find((c) => !HAN.test(c) && c !== '·') : undefined
  if (sign !== undefined) return refuse('C01', 'name-characters', { character: sign })
  if (letters.filter((c) => HAN.test(c) || LATIN.test(c)).length < 2) return refuse('C01', 'name-short')
  return letters.length > LONGEST_NAME ? refuse('C01', 'name-long', { limit: LONGEST_NAME }) : allow(name)
}
