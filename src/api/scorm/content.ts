import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { type Frame, frameOf, packageFile } from '#modules/packages/content.queries.ts'
import { commit, openUnit } from '#modules/packages/launch.commands.ts'
import { Commit } from '#modules/packages/launch.schema.ts'
import { readToken, tokenFor } from '#modules/packages/token.queries.ts'
import type { TokenFacts } from '#modules/packages/token.rules.ts'
import { actorOf } from '#platform/actor.ts'
import type { Ctx } from '#platform/command.ts'
import { AppError, status } from '#platform/errors.ts'
import type { Storage } from '#platform/storage.ts'
import { framePage, messagePage } from './frame-page.ts'
import { mediaTypeOf } from './media-types.ts'
import { script } from './scripts.ts'

export type ContentDeps = {
  contextFor(requestId: string): Omit<Ctx, 'actor'>
  storage: Storage
  /** Origins of the site itself: only they may show a frame of ours. */
  sites(request: Request): string[]
  report(error: unknown, requestId: string): void
}

const mostBytes = 4 * 1024 * 1024

/**
 * Everything that strangers have written runs here, on an origin of its own: no cookie is set or read, no page and no
 * API of the site is here, and every address carries a token that opens one launch and nothing else.
 * @clause HZ4-M13
 */
export function createContent(deps: ContentDeps) {
  const app = new Hono()
  app.use(async (c, next) => {
    // A lesson that could put a worker between us and the next lesson would own that one too.
    if (c.req.header('service-worker') !== undefined) return c.text('no workers here', 403)
    await next()
    const headers = c.res.headers
    headers.set('x-content-type-options', 'nosniff')
    headers.set('referrer-policy', 'no-referrer')
    headers.set('cross-origin-resource-policy', 'same-origin')
    headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()')
    headers.delete('set-cookie')
  })

  app.get('/frame/*', (c) => {
    const text = script(c.req.path.slice('/frame/'.length))
    if (text === undefined) return c.notFound()
    return c.body(text, 200, {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=300',
    })
  })

  app.get('/launch/:token', async (c) => {
    const ctx = deps.contextFor(randomUUID())
    const facts = readToken(ctx, c.req.param('token'), 'frame')
    const ancestors = deps.sites(c.req.raw).join(' ')
    const frame = facts && (await opened({ ...ctx, actor: learner(facts) }, facts))
    if (!facts || !frame) {
      return c.html(messagePage('这次打开已经过期', '请回到课程页面重新打开课件，进度和时间都在。'), 410, {
        'content-security-policy': `default-src 'none'; style-src 'self'; frame-ancestors ${ancestors}`,
      })
    }
    const token = tokenFor(ctx, { ...facts, use: 'content', launchId: frame.launchId, packageId: frame.packageId })
    return c.html(framePage(frame, token), 200, {
      'cache-control': 'no-store',
      'content-security-policy': [
        ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-src 'self'"],
        ...["media-src 'self'", "base-uri 'none'", "form-action 'none'", `frame-ancestors ${ancestors}`],
      ].join('; '),
    })
  })

  app.get('/style.css', (c) =>
    c.body(
      'html,body{height:100%;margin:0;font:16px/1.7 system-ui,sans-serif}body{display:flex;flex-direction:column}' +
        'iframe,video{flex:1;width:100%;border:0;min-height:0;background:#fff}#status{margin:0;padding:4px 12px;font-size:14px;background:#f2f5f5;color:#1d2b2b}' +
        'main{padding:24px}',
      200,
      { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=300' },
    ),
  )

  app.get('/p/:token/*', (c) => file(deps, c.req.raw, c.req.param('token')))

  app.post('/report/:token', bodyLimit({ maxSize: mostBytes }), async (c) => {
    const requestId = randomUUID()
    const ctx = deps.contextFor(requestId)
    const facts = readToken(ctx, c.req.param('token'), 'content')
    if (!facts) return c.json({ reason: 'launch-ended' }, 410)
    const sent = Commit.omit({ launchId: true }).safeParse(await c.req.json().catch(() => null))
    if (!sent.success) return c.json({ reason: 'malformed' }, 422)
    try {
      return c.json(await commit({ ...ctx, actor: learner(facts) }, { launchId: facts.launchId, ...sent.data }))
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const refusal = error.fault.kind === 'refused' ? error.fault.refusal : undefined
      return c.json({ reason: refusal?.reason ?? error.fault.kind, ...refusal?.facts }, status[error.fault.kind] as 409)
    }
  })

  app.onError((error, c) => {
    const requestId = randomUUID()
    deps.report(error, requestId)
    return c.json({ reason: 'error', requestId }, 500)
  })
  return app
}

/** Each time the frame is loaded is a session of its own: content that begins again counts its time from nought. */
async function opened(ctx: Ctx, { registrationId, itemId, unitId }: TokenFacts): Promise<Frame | undefined> {
  try {
    const { launchId } = await openUnit(ctx, { registrationId, itemId, unitId })
    return await frameOf(ctx.db, launchId)
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

const learner = ({ accountId, personId }: TokenFacts) =>
  actorOf({ kind: 'user', id: accountId, name: '学员', personId, holdings: [] })

/** A lesson may run its own scripts, and ask nobody but this origin. */
const lessonPolicy = (sites: readonly string[]) =>
  [
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'",
    ...["connect-src 'self' data: blob:", "frame-src 'self' data: blob:", "object-src 'self'", "base-uri 'self'"],
    ...["form-action 'self'", "worker-src 'self' blob:", `frame-ancestors 'self' ${sites.join(' ')}`],
  ].join('; ')

async function file(deps: ContentDeps, request: Request, token: string): Promise<Response> {
  const ctx = deps.contextFor(randomUUID())
  const facts = readToken(ctx, token, 'content')
  if (!facts) return new Response('expired', { status: 410 })
  const { pathname } = new URL(request.url)
  const path = decoded(pathname.slice(pathname.indexOf(token) + token.length + 1))
  const found = path === undefined ? undefined : await packageFile(ctx.db, facts.packageId, path)
  if (!found) return new Response('not in this package', { status: 404 })
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get('range') ?? '')
  const wanted = range ? { from: Number(range[1]), ...(range[2] && { to: Number(range[2]) }) } : undefined
  const opened = await deps.storage.open(found.storageKey, wanted).catch((error: unknown) => {
    if (error instanceof RangeError) return 'outside' as const
    throw error
  })
  if (opened === 'outside') return new Response(null, { status: 416 })
  if (!opened) return new Response('gone', { status: 404 })
  const to = Math.min(wanted?.to ?? opened.size - 1, opened.size - 1)
  const length = wanted ? to - wanted.from + 1 : opened.size
  return new Response(Readable.toWeb(opened.stream) as ReadableStream, {
    status: wanted ? 206 : 200,
    headers: {
      'content-type': mediaTypeOf(found.path),
      'content-length': String(length),
      'accept-ranges': 'bytes',
      'cache-control': 'private, max-age=3600',
      'content-security-policy': lessonPolicy(deps.sites(request)),
      ...(wanted && { 'content-range': `bytes ${wanted.from}-${to}/${opened.size}` }),
    },
  })
}

function decoded(path: string): string | undefined {
  try {
    const plain = decodeURIComponent(path)
    return plain.includes('\0') ? undefined : plain // no path of an archive has one, and no text of the database
  } catch {
    return undefined
  }
}
