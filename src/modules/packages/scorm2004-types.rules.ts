import type { Check } from './runtime.schema.ts'

/** Data types of the SCORM 2004 Run-Time Environment, section 4.1. 406 is the wrong type, 407 out of range. */
const wrong = 406

const matching =
  (pattern: RegExp): Check =>
  (value) =>
    pattern.test(value) ? 0 : wrong
export const oneOf =
  (...words: string[]): Check =>
  (value) =>
    words.includes(value) ? 0 : wrong

const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)$/
export const real =
  (least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY): Check =>
  (value) => {
    if (!decimal.test(value)) return wrong
    return +value >= least && +value <= most ? 0 : 407
  }

/**
 * The smallest permitted maximum is what every system must hold; ours holds ten times as much before it refuses, and
 * never cuts anything off.
 */
export const characters =
  (smallestMaximum: number): Check =>
  (value) =>
    value.length <= smallestMaximum * 10 ? 0 : 351

const language = /^([a-z]{2,3}|[ix])(-[a-z0-9]{1,8})*$/i
export const languageType: Check = (value) =>
  value === '' || (value.length <= 250 && language.test(value)) ? 0 : wrong

/** `{lang=zh-CN}text`: the tag is optional, but one that is there must be right. */
export const localized =
  (smallestMaximum: number): Check =>
  (value) => {
    const tag = /^\{lang=([^}]*)\}/.exec(value)
    if (tag && !(tag[1] && language.test(tag[1]))) return wrong
    return characters(smallestMaximum)(value)
  }

/** A URI or a token without white space. A URN must name its namespace and something in it. */
const identifierText = /^[^\s]+$/
export const identifier =
  (smallestMaximum: number): Check =>
  (value) => {
    if (!identifierText.test(value)) return wrong
    if (/^urn:/i.test(value) && !/^urn:[a-z0-9][-a-z0-9]{1,31}:\S+$/i.test(value)) return wrong
    return characters(smallestMaximum)(value)
  }
export const longIdentifier = identifier(4000)
export const shortIdentifier = identifier(250)

const instant =
  /^(19[7-9]\d|20[0-2]\d|203[0-8])(-(\d{2})(-(\d{2})(T(\d{2})(:(\d{2})(:(\d{2})(\.\d{1,2}(Z|[+-]\d{2}(:\d{2})?)?)?)?)?)?)?)?$/
export const time: Check = (value) => {
  const found = instant.exec(value)
  if (!found) return wrong
  const [, year, , month = '01', , day = '01', , hour = '00', , minute = '00', , second = '00'] = found
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()
  const within = +month >= 1 && +month <= 12 && +day >= 1 && +day <= days && +hour < 24 && +minute < 60 && +second < 60
  return within ? 0 : wrong
}

const duration = /^P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,2})?)S)?)?$/
export const timeinterval: Check = matching(duration)

/** Hundredths of a second. A year is 365 days and a month 30, because the type leaves both open. */
export function centisecondsOf2004(text: string | undefined): number | undefined {
  const found = duration.exec(text ?? '')
  if (!found) return undefined
  const [years = 0, months = 0, days = 0, hours = 0, minutes = 0] = found.slice(1, 6).map((part) => Number(part ?? 0))
  const whole = ((years * 365 + months * 30 + days) * 24 + hours) * 60 + minutes
  return Math.round(whole * 6000 + Number(found[6] ?? 0) * 100)
}

/** `PT1H2M3.45S`. */
export function intervalOf(centiseconds: number): string {
  const all = Math.max(0, Math.round(centiseconds))
  const seconds = (all % 6000) / 100
  return `PT${Math.floor(all / 360_000)}H${Math.floor(all / 6000) % 60}M${seconds}S`
}

type Kind = string | undefined

const distinct = (parts: readonly string[]) => new Set(parts).size === parts.length
const all = (parts: readonly string[], check: Check) => parts.every((part) => check(part) === 0)

/** Text with its leading `{case_matters=…}` and `{order_matters=…}` taken off; none when one of them is malformed. */
function stripped(value: string, names: readonly string[]): string | undefined {
  let rest = value
  for (let tag = /^\{(\w+)=([^}]*)\}/.exec(rest); tag; tag = /^\{(\w+)=([^}]*)\}/.exec(rest)) {
    if (!names.includes(tag[1] ?? '')) break
    if (!/^(true|false)$/.test(tag[2] ?? '')) return undefined
    rest = rest.slice(tag[0].length)
  }
  return rest
}

const pairs = (value: string, check: (left: string, right: string) => boolean) =>
  value.split('[,]').every((pair) => {
    const parts = pair.split('[.]')
    return parts.length === 2 && check(parts[0] ?? '', parts[1] ?? '')
  })

const short = (part: string) => shortIdentifier(part) === 0

function performance(value: string, pattern: boolean): boolean {
  return value.split('[,]').every((step) => {
    const parts = step.split('[.]')
    if (parts.length !== 2) return false
    const [name = '', answer = ''] = parts
    if (name !== '' && !short(name)) return false
    if (name === '' && answer === '') return false
    if (pattern && answer.includes('[:]')) return range(answer)
    return answer.length <= 2500
  })
}

function range(value: string): boolean {
  const parts = value.split('[:]')
  if (parts.length !== 2) return false
  const [low = '', high = ''] = parts
  return [low, high].every((part) => part === '' || decimal.test(part)) && !(low && high && +low > +high)
}

/** Whether a learner's response fits the type of its interaction. */
export function responseFits(kind: Kind, value: string): number {
  const fits = (() => {
    switch (kind) {
      case 'true-false':
        return value === 'true' || value === 'false'
      case 'choice':
        return value === '' || (distinct(value.split('[,]')) && all(value.split('[,]'), shortIdentifier))
      case 'fill-in':
        return all(value.split('[,]'), localized(250))
      case 'long-fill-in':
      case 'other':
        return localized(4000)(value) === 0
      case 'matching':
        return value === '' || pairs(value, (left, right) => short(left) && short(right))
      case 'performance':
        return performance(value, false)
      case 'sequencing':
        return all(value.split('[,]'), shortIdentifier)
      case 'likert':
        return short(value)
      case 'numeric':
        return decimal.test(value)
      default:
        return false
    }
  })()
  return fits ? 0 : wrong
}

/** Whether a correct response fits the type of its interaction; a pattern may carry its own rules of comparison. */
export function patternFits(kind: Kind, value: string): number {
  const fits = (() => {
    switch (kind) {
      case 'fill-in': {
        const text = stripped(value, ['case_matters', 'order_matters'])
        return text !== undefined && all(text.split('[,]'), localized(250))
      }
      case 'long-fill-in': {
        const text = stripped(value, ['case_matters'])
        return text !== undefined && localized(4000)(text) === 0
      }
      case 'performance': {
        const text = stripped(value, ['order_matters'])
        return text !== undefined && performance(text, true)
      }
      case 'numeric':
        return range(value)
      default:
        return responseFits(kind, value) === 0
    }
  })()
  return fits ? 0 : wrong
}
