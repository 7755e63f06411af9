import { randomBytes, randomUUID } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { RouterContextProvider, type ServerBuild } from 'react-router'
import { type Current, current } from '#web/ctx.ts'
import { assets } from '#web/http/assets.ts'
import { addressOf, type Env, refuseWith } from '#web/http/env.ts'
import { pagesOf } from '#web/http/pages.ts'
import { sameOriginWrites, securityHeaders } from '#web/http/security.ts'
import { crowdKey, together } from '#web/http/together.ts'

/** What the door knows of a request before anybody asked who it is. */
export type Incoming = { requestId: string; nonce: string; address: string }

export type ServerDeps = {
  /** The built pages; in development a function that gives the newest. */
  build: ServerBuild | (() => Promise<ServerBuild>)
  /** Session, actor, clock and database of one request. Called for pages only. */
  contextFor(request: Request, incoming: Incoming): Promise<Current>
  /** Answers under `/api/v1`; brings its own authentication. */
  api: Hono<{ Variables: { requestId?: string; address?: string } }>
  /** The record store under `/xapi`; brings its own authentication, headers and limits. */
  xapi: Hono<{ Variables: { requestId?: string; address?: string } }>
  /** LTI in both directions under `/lti`; judged by signatures, since its messages come from other sites. */
  lti: Hono<{ Variables: { requestId?: string; address?: string } }>
  /** Takes uploads in pieces, under `/library/uploads`; brings its own size limit. */
  uploads?: (request: Request, incoming: Incoming) => Promise<Response>
  /** Answers under `/api/auth/*`. */
  auth(request: Request): Promise<Response>
  /** Is the database there, are the migrations run, does the worker live. */
  ready(): Promise<{ ok: boolean; checks: Record<string, string> }>
  /** Unplanned errors outside a page. */
  report(error: unknown, incoming: Incoming): void
  /** Where browsers find us, such as `https://hzpx.example`. Empty means: whatever host they asked for. */
  origins: readonly string[]
  /** The origin of uploaded lessons, as this request's browser reaches it. */
  frames?: (request: Request) => string
  /** How many proxies of our own stand before us. */
  trustedProxies?: number
  /** Folder of the built client; left out in development, where Vite serves it. */
  assetsFolder?: string
  dev?: boolean
}

const broken = (c: Parameters<typeof refuseWith>[0]) =>
  refuseWith(c, 500, '系统出了问题，我们已经记下。请稍后再试；急事请打电话，并报问题编号。')

const formBytes = 1024 * 1024
const uploadBytes = 20 * 1024 * 1024

/** The whole site as one fetch handler. It does not listen; `bin/serve.ts` does. */
export function createApp(deps: ServerDeps) {
  const app = new Hono<Env>()
  const dev = deps.dev ?? false

  const incomingOf = (c: Context<Env>): Incoming => ({
    requestId: c.get('requestId'),
    nonce: c.get('nonce'),
    address: c.get('address'),
  })

  app.use(async (c, next) => {
    c.set('requestId', randomUUID())
    c.set('nonce', randomBytes(16).toString('base64url'))
    c.set('address', addressOf(c, deps.trustedProxies ?? 0))
    await next()
  })
  // Before everything that is for browsers: no cookie counts there, and other origins may call.
  app.route('/xapi', deps.xapi)
  const https = deps.origins.some((origin) => origin.startsWith('https:'))
  app.use(securityHeaders({ dev, https, frames: deps.frames }))
  // No address of ours has a NUL in it, and no text of the database.
  app.use((c, next) => (/%00/.test(c.req.url) ? Promise.resolve(refuseWith(c, 404, '没有这个页面。')) : next()))
  if (deps.assetsFolder) app.use(assets(deps.assetsFolder))

  // Signed data for programs of anywhere; no cookie is looked at and none is sent.
  for (const path of ['/.well-known/did.json', '/credentials/*']) {
    app.use(path, cors({ origin: '*', allowMethods: ['GET', 'HEAD'], maxAge: 86_400 }))
  }

  app.get('/healthz', (c) => c.json({ ok: true }))
  app.get('/readyz', async (c) => {
    const state = await deps.ready()
    return c.json(state, state.ok ? 200 : 503)
  })

  const { uploads } = deps
  if (uploads) {
    for (const path of ['/library/uploads', '/library/uploads/*']) {
      app.all(path, sameOriginWrites(deps.origins), (c) => uploads(c.req.raw, incomingOf(c)))
    }
  }

  app.route('/lti', deps.lti)

  const tooLarge = (c: Parameters<typeof refuseWith>[0]) => refuseWith(c, 413, '文件太大。单次提交不能超过 20 MB。')
  const limits = {
    form: bodyLimit({ maxSize: formBytes, onError: tooLarge }),
    upload: bodyLimit({ maxSize: uploadBytes, onError: tooLarge }),
  }
  app.use((c, next) => {
    const upload = c.req.path.startsWith('/api/v1/') || c.req.header('content-type')?.startsWith('multipart/form-data')
    return upload ? limits.upload(c, next) : limits.form(c, next)
  })
  app.use(sameOriginWrites(deps.origins))

  app.all('/api/auth/*', (c) => deps.auth(c.req.raw))
  app.route('/api/v1', deps.api)
  app.all('/api/*', (c) => refuseWith(c, 404, '没有这个接口。'))

  const pages = pagesOf(deps.build, dev)
  const page = async (request: Request, incoming: Incoming) => {
    const context = new RouterContextProvider()
    context.set(current, await deps.contextFor(request, incoming))
    return pages(request, context)
  }
  const crowd = together()
  app.all('*', async (c) => {
    const request = c.req.raw
    const incoming = incomingOf(c)
    const key = dev ? null : crowdKey(request)
    const answer = key
      ? // without the signal of whoever asked first: when that one leaves, the others still want the page
        await crowd(key, () => page(new Request(request.url, { headers: request.headers }), incoming))
      : await page(request, incoming)
    // React Router answers a page that fails twice with an empty body; nobody should see that.
    return answer.status === 500 && !answer.body ? broken(c) : answer
  })

  app.onError((error, c) => {
    if (!c.req.raw.signal.aborted) deps.report(error, incomingOf(c))
    return broken(c)
  })
  return app
}
