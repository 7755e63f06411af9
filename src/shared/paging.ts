import { isDay } from './units.ts'

/** The sort key of the last row shown. A list asks for what comes after it, so pages never skip or repeat. */
export type Cursor = readonly (string | number)[]

export type Page<T> = { rows: T[]; next: string | null }

/** Opaque to callers: they hand it back as it came. Not secret and not signed; never put personal data in it. */
export function encodeCursor(key: Cursor): string {
  const bytes = new TextEncoder().encode(JSON.stringify(key))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** What a part of a key may be: a day (or `infinity`, of what has none), a moment, a uuid, a whole number, any text. */
export type CursorPart = keyof typeof fits

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i
const moment = /^(\d{4}-\d\d-\d\d)[T ]([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,6})?(Z|[+-]\d\d(:?[0-5]\d)?)$/
const fits = {
  day: (part: string) => part === 'infinity' || isDay(part),
  time: (part: string) => isDay(moment.exec(part)?.[1] ?? ''),
  id: (part: string) => uuid.test(part),
  number: (part: string) => /^\d{1,15}$/.test(part),
  text: (part: string) => !part.includes('\0'),
}

/** The key, or `null` when the text is not a cursor of these parts: a stale or edited link starts at page one. */
export function decodeCursor(text: string | null | undefined, parts: readonly CursorPart[]): Cursor | null {
  if (!text || text.length > 2_000) return null
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (c) => c.charCodeAt(0))
    const key: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (!isCursor(key) || key.length !== parts.length) return null
    return key.every((part, i) => fits[parts[i] as CursorPart](String(part))) ? key : null
  } catch {
    return null
  }
}

/** Cuts a page of `size` from a query that asked for `size + 1` rows. */
export function pageOf<T>(rows: readonly T[], size: number, key: (row: T) => Cursor): Page<T> {
  const shown = rows.slice(0, size)
  const last = shown.at(-1)
  return { rows: shown, next: rows.length > size && last !== undefined ? encodeCursor(key(last)) : null }
}

function isCursor(value: unknown): value is Cursor {
  return Array.isArray(value) && value.every((part) => ['string', 'number'].includes(typeof part))
}
