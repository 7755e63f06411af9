import type { MiddlewareHandler } from 'hono'
import { readPreferences } from '../preferences.ts'
import type { Env } from './env.ts'

/** Pages that look the same to everybody who is not signed in. Each also without anything after it. */
const shared = [/^\/$/, /^\/(classes|providers)(\/[^/]+)?$/, /^\/search$/]

type Kept = { until: number; page: Promise<Page | null> }
type Page = { body: Uint8Array<ArrayBuffer>; headers: [string, string][] }

const most = 500
const seconds = 2

/**
 * A page for nobody in particular is made at most once every two seconds, however many ask at once: on the evening a
 * popular class opens, the whole town looks at the same list. Whoever is signed in gets a page of his own, and the
 * places left are counted anew when somebody takes one.
 */
export function sharedPages(now: () => number = () => performance.now()): MiddlewareHandler<Env> {
  const kept = new Map<string, Kept>()
  return async (c, next) => {
    const key = keyOf(c.req.raw)
    if (key === null) return next()
    const found = kept.get(key)
    if (found && found.until > now()) {
      const page = await found.page
      if (page) return new Response(page.body, { headers: page.headers })
      return next()
    }
    let settle: (page: Page | null) => void = () => {}
    kept.delete(key)
    kept.set(key, { until: now() + seconds * 1000, page: new Promise((resolve) => (settle = resolve)) })
    for (const oldest of kept.keys()) {
      if (kept.size <= most) break
      kept.delete(oldest)
    }
    let page: Page | null = null
    try {
      await next()
      page = await pageOf(c.res)
    } finally {
      if (!page) kept.delete(key)
      settle(page)
    }
  }
}

function keyOf(request: Request): string | null {
  if (request.method !== 'GET' || request.headers.has('authorization')) return null
  if (/(?:^|;\s*)(?:__Secure-)?skills\./.test(request.headers.get('cookie') ?? '')) return null
  const { pathname, search } = new URL(request.url)
  if (search.length > 300 || !shared.some((pattern) => pattern.test(pathname))) return null
  const { size, contrast } = readPreferences(request)
  const br = /\bbr\b/.test(request.headers.get('accept-encoding') ?? '')
  return `${size} ${contrast} ${br} ${pathname}${search}`
}

async function pageOf(answer: Response): Promise<Page | null> {
  if (answer.status !== 200 || answer.headers.has('set-cookie')) return null
  const body = new Uint8Array(await answer.clone().arrayBuffer())
  return { body, headers: [...answer.headers] }
}
