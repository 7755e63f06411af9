import { hash } from 'node:crypto'
import { serialize } from 'node:v8'
import { recent } from './recent.ts'

/** A page as it was drawn, and as it travels. */
export type Drawn = { html: string; packed?: Uint8Array<ArrayBuffer> }

/** What a page is drawn from: everything but the number of the request, which only the page of a fault shows. */
export function drawnFrom(loaderData: Record<string, unknown>): Record<string, unknown> {
  const { root } = loaderData
  return typeof root === 'object' && root !== null && 'requestId' in root
    ? { ...loaderData, root: { ...root, requestId: '' } }
    : loaderData
}

const remembered = recent<Drawn>(300)

/**
 * The same data at the same address draws the same page, so it is drawn once. The data is still read for every request:
 * what is skipped is only the drawing, and a page can never be older than its records. For visitors who are not signed
 * in; nothing that is somebody's own stays in memory.
 *
 * The key holds every byte of the data, dates and all; data that cannot be written down exactly is drawn each time.
 */
export function drawnOnce(url: string, data: unknown, draw: () => string): Drawn {
  let key: string
  try {
    key = `${hash('sha256', serialize(data), 'base64url')} ${url}`
  } catch {
    return { html: draw() }
  }
  return remembered(key, () => ({ html: draw() }))
}
