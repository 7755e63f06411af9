/** The sort key of the last row shown. A list asks for what comes after it, so pages never skip or repeat. */
export type Cursor = readonly (string | number | boolean | null)[]

export type Page<T> = { rows: T[]; next: string | null }

/** Opaque to callers: they hand it back as it came. Not secret and not signed; never put personal data in it. */
export function encodeCursor(key: Cursor): string {
  const bytes = new TextEncoder().encode(JSON.stringify(key))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** The key, or `null` when the text is not a cursor of `length` parts: a stale or edited link starts at page one. */
export function decodeCursor(text: string | null | undefined, length: number): Cursor | null {
  if (!text || text.length > 2_000) return null
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (c) => c.charCodeAt(0))
    const key: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return isCursor(key) && key.length === length ? key : null
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
  return (
    Array.isArray(value) &&
    value.every((part) => part === null || ['string', 'number', 'boolean'].includes(typeof part))
  )
}
