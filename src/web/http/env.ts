import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { plainPage } from './plain-page.ts'

/** What the Hono side keeps about a request before React Router takes over. */
export type Env = { Variables: { requestId: string; nonce: string; address: string }; Bindings: Partial<HttpBindings> }

/** Where a request comes from: the connection's other end, or what our own proxies say of it. Empty when unknown. */
export function addressOf(c: Context<Env>, trustedProxies: number): string {
  const direct = c.env?.incoming?.socket?.remoteAddress ?? ''
  if (trustedProxies === 0) return direct
  const told = (c.req.header('x-forwarded-for') ?? '').split(',').map((part) => part.trim())
  return told.filter(Boolean).at(-trustedProxies) ?? direct
}

/** An answer given before any page could be made: JSON for programs, a page without dependencies for people. */
export function refuseWith(c: Context<Env>, status: 403 | 404 | 413 | 429 | 500 | 503, message: string) {
  const requestId = c.get('requestId')
  if (c.req.path.startsWith('/api/')) return c.json({ error: { message, requestId } }, status)
  return c.html(plainPage({ status, message, requestId }), status)
}
