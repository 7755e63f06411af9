import type { MiddlewareHandler } from 'hono'
import { type Env, refuseWith } from './env.ts'

const permissions = ['camera=(self)', 'microphone=()', 'geolocation=(self)', 'payment=()', 'usb=(self)'].join(', ')

/** Only this origin, no inline script or style; the few scripts there are carry the nonce of their answer. */
function policy(nonce: string, dev: boolean, frames: string) {
  const style = dev ? "'self' 'unsafe-inline'" : "'self'"
  const connect = dev ? "'self' ws:" : "'self'"
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src ${style}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "media-src 'self' blob:",
    `connect-src ${connect}`,
    ...(frames === '' ? [] : [`frame-src ${frames}`]),
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')
}

/** Puts the security headers on every answer, errors included. */
export function securityHeaders(options: {
  dev: boolean
  https: boolean
  /** The one origin that may stand in a frame on our pages: that of uploaded lessons. */
  frames?: ((request: Request) => string) | undefined
}): MiddlewareHandler<Env> {
  return async (c, next) => {
    await next()
    const headers = c.res.headers
    headers.set('x-request-id', c.get('requestId'))
    headers.set('x-content-type-options', 'nosniff')
    headers.set('referrer-policy', 'same-origin')
    headers.set('permissions-policy', permissions)
    headers.set('cross-origin-opener-policy', 'same-origin')
    headers.set('cross-origin-resource-policy', 'same-origin')
    if (!headers.has('content-security-policy')) {
      headers.set('content-security-policy', policy(c.get('nonce'), options.dev, options.frames?.(c.req.raw) ?? ''))
    }
    if (options.https) headers.set('strict-transport-security', 'max-age=31536000; includeSubDomains')
  }
}

const reads = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * A write must come from our own pages: the browser says so in `Origin` (all current ones do on every POST) or in
 * `Sec-Fetch-Site`. A caller of the API without cookies carries no ambient authority, so it need not say.
 */
export function sameOriginWrites(origins: readonly string[]): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (reads.has(c.req.method)) return next()
    const { pathname, host } = new URL(c.req.url)
    const withoutAmbientAuthority = pathname.startsWith('/api/v1/') && !c.req.header('cookie')
    // Sign-in has its own check, because an identity provider may legitimately post back from elsewhere.
    if (withoutAmbientAuthority || pathname.startsWith('/api/auth/')) return next()
    const origin = c.req.header('origin')
    const ours =
      origin === undefined
        ? c.req.header('sec-fetch-site') === 'same-origin'
        : origins.length > 0
          ? origins.includes(origin)
          : URL.canParse(origin) && new URL(origin).host === host
    return ours
      ? next()
      : refuseWith(c, 403, '这次提交不是从本平台的页面发出的，已被拦下。请回到本平台重新打开页面再提交。')
  }
}
