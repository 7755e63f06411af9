import { type Json, type LanguageMap, type Version, wrong } from './statement.schema.ts'

/** A plain object without nulls, and nothing in it that the standard does not name. */
export function objectOf(value: unknown, path: string, known: ReadonlySet<string>): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) wrong(path, 'must be an object')
  const object = value as Json
  for (const key in object) {
    if (!known.has(key)) wrong(path ? `${path}.${key}` : key, 'is not a property of the standard')
    if (object[key] === null) wrong(path ? `${path}.${key}` : key, 'must not be null')
  }
  return object
}

export function textOf(value: unknown, path: string): string {
  if (typeof value !== 'string') wrong(path, 'must be a string')
  return value as string
}

export function arrayOf(value: unknown, path: string): unknown[] {
  if (!Array.isArray(value)) wrong(path, 'must be an array')
  return value as unknown[]
}

export function booleanOf(value: unknown, path: string): void {
  if (typeof value !== 'boolean') wrong(path, 'must be true or false')
}

export function numberOf(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) wrong(path, 'must be a number')
  return value as number
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
export const isUuid = (value: unknown): value is string => typeof value === 'string' && uuid.test(value)
export function uuidOf(value: unknown, path: string): string {
  if (!isUuid(value)) wrong(path, 'must be a UUID')
  return value as string
}

/** A scheme, and no character that an IRI cannot hold. Relative references are refused. */
const iri = /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i
const control = /\p{Cc}/u
export const isIri = (value: unknown): value is string =>
  typeof value === 'string' && iri.test(value) && !control.test(value)
export function iriOf(value: unknown, path: string): string {
  if (!isIri(value)) wrong(path, 'must be an absolute IRI')
  return value as string
}

const language =
  /^(?:(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*(?:-[a-wyz\d](?:-[a-z\d]{2,8})+)*(?:-x(?:-[a-z\d]{1,8})+)?|x(?:-[a-z\d]{1,8})+|i-[a-z]{2,8})$/i
export function languageOf(value: unknown, path: string): void {
  if (typeof value !== 'string' || !language.test(value)) wrong(path, 'must be an RFC 5646 language tag')
}

export function languageMapOf(value: unknown, path: string): LanguageMap {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) wrong(path, 'must be a language map')
  for (const [tag, text] of Object.entries(value as Json)) {
    languageOf(tag, `${path}.${tag}`)
    if (typeof text !== 'string') wrong(`${path}.${tag}`, 'must be a string')
  }
  return value as LanguageMap
}

/** Keys are IRIs; what stands under them is the provider's own, nulls included. */
export function extensionsOf(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) wrong(path, 'must be an object')
  for (const key in value) if (!isIri(key)) wrong(`${path}.${key}`, 'must be an absolute IRI')
}

const extended = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)([.,]\d+)?(?:([Zz])|([+-])(\d\d)(?::?(\d\d))?)$/
const basic = /^(\d{4})(\d\d)(\d\d)[Tt](\d\d)(\d\d)(\d\d)([.,]\d+)?(?:([Zz])|([+-])(\d\d)(?::?(\d\d))?)$/
const strict = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/

/**
 * The instant, in milliseconds, or null: an ISO 8601 date and time with a zone that exists. `-00:00` says that the zone is
 * not known, so it is no zone. Version 2 takes RFC 3339 only.
 */
export function instantOf(text: string, version: Version): number | null {
  if (version === '2.0.0' && !strict.test(text)) return null
  const found = extended.exec(text) ?? basic.exec(text)
  if (!found) return null
  const [, year, month, day, hour, minute, second, fraction, zulu, sign, zoneHour, zoneMinute] = found
  const n = (digits: string | undefined) => Number(digits ?? 0)
  if (n(month) < 1 || n(month) > 12 || n(hour) > 23 || n(minute) > 59 || n(second) > 60) return null
  if (n(day) < 1 || n(day) > new Date(Date.UTC(n(year), n(month), 0)).getUTCDate()) return null
  if (n(zoneHour) > 23 || n(zoneMinute) > 59) return null
  if (!zulu && sign === '-' && n(zoneHour) === 0 && n(zoneMinute) === 0) return null
  const offset = (n(zoneHour) * 60 + n(zoneMinute)) * 60_000 * (sign === '-' ? -1 : 1)
  const milliseconds = Math.floor(Number(`0.${(fraction ?? '.0').slice(1)}`) * 1000)
  return Date.UTC(n(year), n(month) - 1, n(day), n(hour), n(minute), n(second), milliseconds) - (zulu ? 0 : offset)
}

export function timestampOf(value: unknown, path: string, version: Version): number {
  const at = typeof value === 'string' ? instantOf(value, version) : null
  if (at === null) wrong(path, 'must be a timestamp with its time zone')
  return at as number
}

const duration =
  /^P(?:\d+(?:[.,]\d+)?W|(?=\d|T\d)(?:\d+(?:[.,]\d+)?Y)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?D)?(?:T(?=\d)(?:\d+(?:[.,]\d+)?H)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?S)?)?)$/
/** ISO 8601; only the last unit may have a fraction. */
export function durationOf(value: unknown, path: string): void {
  if (typeof value !== 'string' || !duration.test(value) || /[.,]\d+[A-Z].*\d/.test(value))
    wrong(path, 'must be an ISO 8601 duration')
}

export const mediaType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*(;.*)?$/
const sha2 = /^(?:[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i
export const isSha2 = (value: unknown): value is string => typeof value === 'string' && sha2.test(value)
