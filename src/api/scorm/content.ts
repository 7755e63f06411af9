import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { launchAddress } from '#modules/packages/cmi5-launch.rules.ts'
import { launchAu } from '#modules/packages/cmi5-session.commands.ts'
import { auSession, trialSession } from '#modules/packages/cmi5-session.queries.ts'
import { type Frame, frameOf, isDisplaced, isOfPackage, previewFrame } from '#modules/packages/content.queries.ts'
import { commit, openUnit } from '#modules/packages/launch.commands.ts'
import { Commit, reasonText } from '#modules/packages/launch.schema.ts'
import type { Next } from '#modules/packages/store.commands.ts'
import { readToken, tokenFor } from '#modules/packages/token.queries.ts'
import type { TokenFacts } from '#modules/packages/token.rules.ts'
import { actorOf } from '#platform/actor.ts'
import type { Ctx } from '#platform/command.ts'
import { AppError, status } from '#platform/errors.ts'
import type { Storage } from '#platform/storage.ts'
import { cmi5Mount } from './cmi5.ts'
import { createTrial, trialMount } from './cmi5-trial.ts'
import { framePage, messagePage } from './frame-page.ts'
import { lessonFile } from './lesson-file.ts'
import { framePolicy, lessonPolicy, messagePolicy } from './policy.ts'
import { script } from './scripts.ts'

export type ContentDeps = {
  contextFor(requestId: string): Omit<Ctx, 'actor'>
  storage: Storage
  /** Origins of the site itself: only they may show a frame of ours. */
  sites(request: Request): string[]
  /** Whether this host is the one of that package, where packages have hosts of their own. */
  runsHere(request: Request, packageId: string): boolean
  /** Packages have hosts of their own. */
  apart: boolean
  /** The origin that a browser came to for this package, as it knows it: not always what a proxy sends on. */
  originOf(request: Request, packageId: string): string
  /** The public address of the installation, no slash: the home of its accounts in statements. */
  home: string
  /** The record store that units of cmi5 speak to. */
  cmi5: Hono
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
    if (onItsOwn(c.req.raw))
      return c.html(messagePage(...notHere), 403, { 'content-security-policy': messagePolicy([]) })
    const alone = c.req.query('alone') !== undefined
    const given = c.req.param('token')
    const facts = readToken(ctx, given, 'frame') ?? readToken(ctx, given, 'preview')
    const here = facts !== undefined && deps.runsHere(c.req.raw, facts.packageId)
    const frame = here && (await shown({ ...ctx, actor: learner(facts) }, facts, { apart: deps.apart, alone }))
    const sites = deps.sites(c.req.raw)
    if (frame === 'elsewhere') {
      const { message, remedy } = elsewhere
      return c.html(messagePage(message, remedy), 409, { 'content-security-policy': messagePolicy(sites) })
    }
    if (!facts || !frame) {
      return c.html(messagePage('这次打开已经过期', '请回到课程页面重新打开课件，进度和时间都在。'), 410, {
        'content-security-policy': messagePolicy(sites),
      })
    }
    const token = tokenFor(ctx, { ...facts, use: 'content', launchId: frame.launchId, packageId: frame.packageId })
    const place = { host: hostOf(deps, c.req.raw, frame.packageId), token, sites }
    const source = await sourceOf(deps, ctx, c.req.raw, frame, { ...facts, ...frame }, token)
    const abroad = /^https:\/\/[^/]+/i.exec(frame.unit.href)?.[0] ?? null
    const sealKey = ctx.crypto.blindIndex(`${facts.personId} ${frame.packageId}`, 'packages.outbox')
    return c.html(framePage(frame, { token, source, sealKey }), 200, {
      'cache-control': 'no-store',
      'content-security-policy': framePolicy(place, abroad),
    })
  })

  app.route('/', createTrial(deps))
  app.route('/', deps.cmi5)

  app.get('/left', (c) =>
    c.html(messagePage('已经退出课件', '进度已经保存，可以回到课程页面。'), 200, {
      'content-security-policy': messagePolicy(deps.sites(c.req.raw)),
    }),
  )

  app.get('/style.css', (c) =>
    c.body(
      'html,body{height:100%;margin:0;font:16px/1.7 system-ui,sans-serif}body{display:flex;flex-direction:column}' +
        'iframe,video{flex:1;width:100%;border:0;min-height:0;background:#fff}#status{margin:0;padding:4px 12px;font-size:14px;background:#f2f5f5;color:#1d2b2b}' +
        'main{padding:24px}',
      200,
      { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=300' },
    ),
  )

  app.get('/p/:token/*', async (c) => {
    const ctx = deps.contextFor(randomUUID())
    const token = c.req.param('token')
    const facts = readToken(ctx, token, 'content')
    if (!facts || !deps.runsHere(c.req.raw, facts.packageId)) return new Response('expired', { status: 410 })
    if (onItsOwn(c.req.raw))
      return c.html(messagePage(...notHere), 403, { 'content-security-policy': messagePolicy([]) })
    if (facts.launchId && (await isDisplaced(ctx.db, facts.launchId))) return new Response('displaced', { status: 410 })
    const { pathname } = new URL(c.req.url)
    const answer = await lessonFile(
      { db: ctx.db, storage: deps.storage },
      {
        packageId: facts.packageId,
        path: pathname.slice(pathname.indexOf(token) + token.length + 1),
        range: c.req.header('range'),
        policy: lessonPolicy({ host: hostOf(deps, c.req.raw, facts.packageId), token, sites: deps.sites(c.req.raw) }),
      },
    )
    return answer ?? new Response('not in this package', { status: 404 })
  })

  app.post('/report/:token', bodyLimit({ maxSize: mostBytes }), async (c) => {
    const requestId = randomUUID()
    const ctx = deps.contextFor(requestId)
    const facts = readToken(ctx, c.req.param('token'), 'content')
    if (!facts?.launchId || !deps.runsHere(c.req.raw, facts.packageId)) return c.json({ reason: 'launch-ended' }, 410)
    if (await isDisplaced(ctx.db, facts.launchId)) return c.json({ reason: 'launch-ended' }, 410)
    const sent = Report.safeParse(await c.req.json().catch(() => null))
    if (!sent.success) return c.json({ reason: 'malformed' }, 422)
    const { launchId = facts.launchId, entries } = sent.data
    // What an earlier launch could not send comes with the next one of the same package, and of no other.
    if (launchId !== facts.launchId && !(await isOfPackage(ctx.db, { ...facts, launchId }))) {
      return c.json({ reason: 'missing' }, 404)
    }
    try {
      const { next, ...taken } = await commit({ ...ctx, actor: learner(facts) }, { launchId, entries })
      return c.json({ ...taken, ...(next && { next: wayOf(ctx, facts, next) }) })
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

/** Where the frame goes after content asked for it: the next unit by a token of its own, out, or nowhere. */
function wayOf(ctx: Omit<Ctx, 'actor'>, facts: TokenFacts, next: Next): { address: string } | { exception: string } {
  if ('exception' in next) return next
  if ('left' in next) return { address: '/left' }
  const token = tokenFor(ctx, { ...facts, use: 'frame', unitId: next.unitId, launchId: '' })
  return { address: `/launch/${token}` }
}

/**
 * Lessons run in the frame of a page of ours, which takes them away when another begins. A browser that shows one in a
 * window by itself says so, and gets nothing.
 */
const onItsOwn = (request: Request) => request.headers.get('sec-fetch-dest') === 'document'
const notHere = ['请从课程页面打开', '课件不能单独在一个窗口里打开。'] as const

const Report = Commit.partial({ launchId: true })

const hostOf = (deps: ContentDeps, request: Request, packageId: string) =>
  new URL(deps.originOf(request, packageId)).host

const elsewhere = reasonText['package-elsewhere']?.({}) ?? { message: '', remedy: '' }

/** Each time the frame is loaded is a session of its own: content that begins again counts its time from nought. */
async function shown(
  ctx: Ctx,
  facts: TokenFacts,
  room: { apart: boolean; alone: boolean },
): Promise<Frame | 'elsewhere' | undefined> {
  const { registrationId, itemId, unitId, packageId } = facts
  if (facts.use === 'preview') return previewFrame(ctx.db, packageId, unitId)
  try {
    const { launchId } = await openUnit(ctx, { registrationId, itemId, unitId, ...room })
    return await frameOf(ctx.db, launchId)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { fault } = error
    return fault.kind === 'refused' && fault.refusal.reason === 'package-elsewhere' ? 'elsewhere' : undefined
  }
}

/** Where the lesson is; for a unit of cmi5 with what it needs to speak to us, after saying that it is launched. */
async function sourceOf(
  deps: ContentDeps,
  ctx: Omit<Ctx, 'actor'>,
  request: Request,
  { unit, launchId }: Frame,
  facts: TokenFacts,
  token: string,
): Promise<string> {
  const inPackage = `/p/${token}/${unit.href.split('/').map(encodeURIComponent).join('/')}${unit.parameters}`
  if (unit.kind !== 'au') return inPackage
  const origin = deps.originOf(request, facts.packageId)
  const abroad = /^https:/i.test(unit.href)
  if (facts.use === 'preview')
    return trialOf(ctx, { ...facts, unitId: unit.id }, deps, origin, abroad ? unit.href : inPackage)
  const as: Ctx = { ...ctx, actor: learner(facts) }
  // The token of the files is nobody's business but the browser's: the statement names the file as the package does.
  const named = abroad ? unit.href : `${deps.home}/packages/${facts.packageId}/${unit.href}${unit.parameters}`
  await launchAu(as, { launchId, home: deps.home, address: named, returnAddress: `${origin}/left` })
  const at = await auSession(ctx.db, { launchId, personId: facts.personId })
  if (!at) throw new Error(`launch ${launchId} has no session`)
  const fetchAt = `${origin}/cmi5/fetch/${tokenFor(ctx, { ...facts, use: 'fetch', launchId })}`
  return launchAddress(abroad ? unit.href : inPackage, at.session, `${origin}${cmi5Mount}/`, fetchAt)
}

/** A unit of cmi5 that is only looked at: the same launch, with a store that keeps nothing. */
async function trialOf(
  ctx: Omit<Ctx, 'actor'>,
  facts: TokenFacts,
  deps: ContentDeps,
  origin: string,
  address: string,
): Promise<string> {
  const launchId = randomUUID()
  const session = await trialSession(ctx.db, { ...facts, launchId }, deps.home)
  if (!session) throw new Error(`package ${facts.packageId} has no unit to try`)
  const token = tokenFor(ctx, { ...facts, use: 'trial', launchId })
  return launchAddress(address, session, `${origin}${trialMount}/store/`, `${origin}${trialMount}/fetch/${token}`)
}

const learner = ({ accountId, personId }: TokenFacts) =>
  actorOf({ kind: 'user', id: accountId, name: '学员', personId: personId || null, holdings: [] })
