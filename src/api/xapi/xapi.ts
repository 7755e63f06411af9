import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Client } from '#modules/records/client.schema.ts'
import { oldestWriterMs } from '#modules/records/statement.queries.ts'
import { type Version, Wrong, wrong } from '#modules/records/statement.schema.ts'
import type { Actor } from '#platform/actor.ts'
import type { Clock } from '#platform/clock.ts'
import type { Ctx } from '#platform/command.ts'
import { AppError } from '#platform/errors.ts'
import { takeTurn } from '#platform/limits.ts'
import type { Refusal } from '#policy/decision.ts'
import { unwrapped } from './alternate.ts'
import type { Ask, Known } from './ask.ts'
import { clientDoor } from './auth.ts'
import { documentResources, documents } from './documents.ts'
import { profile } from './profile.ts'
import { readAnswer, storeAnswer } from './statements.ts'
import { activity, person } from './things.ts'

export type XapiDeps = Pick<Ctx, 'db' | 'plan' | 'crypto'> & {
  clock: Clock
  /** The public address of this installation, no slash. */
  home: string
  report(error: unknown, requestId: string): void
}
/** A store behind another door: under another address, for other credentials, and with rules of its own. */
export type Behind = {
  mount: string
  door(authorization: string | undefined): Promise<{ client: Client; actor: Actor } | null>
  /** May refuse what is asked, or have statements kept in its own way. */
  guard(asked: Known): Promise<Known>
}
type Env = { Variables: { requestId?: string; address?: string } }

const latest = '2.0.0'
const mostBytes = 20 * 1024 * 1024
const failures = { tries: 60, seconds: 60 }
const methods: Record<string, readonly string[]> = {
  '/statements': ['GET', 'PUT', 'POST'],
  '/activities': ['GET'],
  '/agents': ['GET'],
  '/about': ['GET'],
  '/profile': ['GET'],
  ...Object.fromEntries(Object.keys(documentResources).map((path) => [path, ['GET', 'PUT', 'POST', 'DELETE']])),
}
const common: Record<string, string> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'ETag, Last-Modified, X-Experience-API-Version, X-Experience-API-Consistent-Through, WWW-Authenticate',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // A document is whatever a client keeps there: opened in a browser it may do nothing.
  'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
}
const preflight: Record<string, string> = {
  ...common,
  'access-control-allow-methods': 'GET, HEAD, PUT, POST, DELETE, OPTIONS',
  'access-control-allow-headers':
    'Authorization, Content-Type, Accept, Accept-Language, If-Match, If-None-Match, X-Experience-API-Version',
  'access-control-max-age': '86400',
}

/** The Learning Record Store: xAPI 1.0.3 and 2.0 (IEEE 9274.1.1). */
export function createXapi(deps: XapiDeps, behind?: Behind): Hono<Env> {
  const mount = behind?.mount ?? '/xapi'
  const app = new Hono<Env>()
  const door = behind?.door ?? clientDoor(deps)
  const through = consistentThrough(deps)
  app.use(bodyLimit({ maxSize: mostBytes, onError: (c) => c.json({ error: 'at most 20 MB' }, 413, common) }))
  app.all('*', async (c) => {
    if (c.req.method === 'OPTIONS') return new Response(null, { status: 204, headers: preflight })
    const requestId = c.get('requestId') ?? crypto.randomUUID()
    let version: Version = latest
    let answer: Response
    let consistent: string | undefined
    try {
      const asked = askOf(c, mount)
      const alternate = asked.method === 'POST' && asked.params.has('method')
      const open = publicAnswer(asked, deps.home)
      if (open) answer = open
      else {
        const ask = alternate ? await unwrapped(asked) : asked
        version = versionOf(ask.header('x-experience-api-version'))
        if (alternate && version === '2.0.0') wrong('method', 'is not a parameter of this version')
        if (ask.resource === '/statements') consistent = await through()
        answer = await dispatch(ask, version, requestId, c)
      }
    } catch (error) {
      answer = faultAnswer(error, requestId, deps.report)
    }
    for (const name in common) answer.headers.set(name, common[name] as string)
    answer.headers.set('x-experience-api-version', version)
    answer.headers.set('x-request-id', requestId)
    if (consistent) answer.headers.set('x-experience-api-consistent-through', consistent)
    if (c.req.method !== 'HEAD') return answer
    await answer.body?.cancel()
    return new Response(null, { status: answer.status, headers: answer.headers })
  })
  return app

  async function dispatch(ask: Ask, version: Version, requestId: string, c: Context<Env>): Promise<Response> {
    const allowed = methods[ask.resource]
    if (!allowed) throw new AppError({ kind: 'missing', what: 'resource' })
    const known = await door(ask.header('authorization'))
    if (!known) {
      await takeTurn(deps.db, `xapi:${deps.crypto.blindIndex(c.get('address') ?? 'local', 'api.address')}`, failures)
      throw new AppError({ kind: 'unauthenticated' })
    }
    if (!allowed.includes(ask.method))
      return refusal(405, `${ask.method} is not a method of ${ask.resource}`, requestId)
    const { db, plan, crypto, clock } = deps
    const ctx: Ctx = { db, plan, crypto, actor: known.actor, now: clock.now(), requestId }
    const asked: Known = { ...ask, ctx, client: known.client, version }
    const whole = behind ? await behind.guard(asked) : asked
    const resource = documentResources[ask.resource]
    if (resource) return documents(whole, resource)
    if (ask.resource === '/activities') return activity(whole)
    if (ask.resource === '/agents') return person(whole)
    return ask.method === 'GET' ? readAnswer(whole, mount) : storeAnswer(whole)
  }
}

function askOf(c: Context<Env>, mount: string): Ask {
  const { req } = c
  const url = req.url
  const query = url.indexOf('?')
  const params = new Map<string, string>()
  if (query >= 0) {
    for (const [name, value] of new URLSearchParams(url.slice(query + 1))) {
      if (params.has(name)) wrong(name, 'stands twice')
      params.set(name, value)
    }
  }
  return {
    method: req.method === 'HEAD' ? 'GET' : req.method,
    resource: req.path.slice(req.path.indexOf(mount) + mount.length).replace(/\/$/, ''),
    params,
    header: (name) => req.header(name),
    body: async () => new Uint8Array(await req.arrayBuffer()),
    text: () => req.text(),
  }
}

/** What everybody may know: which versions are spoken, and what our own statements mean. */
function publicAnswer(ask: Ask, home: string): Response | null {
  if (ask.method !== 'GET') return null
  if (ask.resource === '/about') return Response.json({ version: ['1.0.0', '1.0.1', '1.0.2', '1.0.3', '2.0.0'] })
  if (ask.resource === '/profile')
    return new Response(JSON.stringify(profile(home)), { headers: { 'content-type': 'application/ld+json' } })
  return null
}

function versionOf(header: string | undefined): Version {
  if (header === undefined) return wrong('X-Experience-API-Version', 'is missing')
  if (/^1\.0(\.\d+)?$/.test(header)) return '1.0.3'
  if (/^2\.0(\.\d+)?$/.test(header)) return '2.0.0'
  return wrong('X-Experience-API-Version', 'is not a version that is spoken here: 1.0.3 or 2.0.0')
}

const refusal = (status: number, error: string, requestId: string, headers: Record<string, string> = {}) =>
  Response.json({ error, requestId }, { status, headers })

function faultAnswer(error: unknown, requestId: string, report: XapiDeps['report']): Response {
  if (error instanceof Wrong) return refusal(400, error.message, requestId)
  if (!(error instanceof AppError)) {
    report(error, requestId)
    return refusal(500, 'something went wrong here; we have noted it', requestId)
  }
  const { fault } = error
  if (fault.kind === 'unauthenticated')
    return refusal(401, 'needs a key and its secret', requestId, {
      'www-authenticate': 'Basic realm="xapi", charset="UTF-8"',
    })
  if (fault.kind === 'forbidden') return refusal(403, `needs the scope ${fault.permission}`, requestId)
  if (fault.kind === 'refused') return refusal(403, said(fault.refusal), requestId)
  if (fault.kind === 'missing') return refusal(404, `there is no such ${fault.what}`, requestId)
  if (fault.kind === 'limited')
    return refusal(429, 'too many tries', requestId, { 'retry-after': String(fault.retryAfterSeconds) })
  if (fault.kind === 'conflict' && fault.what === 'precondition')
    return refusal(412, 'the document changed since you saw it', requestId)
  if (fault.kind === 'conflict' && fault.what === 'document')
    return refusal(409, 'there is a document already: send If-Match with its ETag, or If-None-Match', requestId)
  if (fault.kind === 'conflict')
    return refusal(409, `${fault.what} is there already and says something else`, requestId)
  return refusal(400, 'the request cannot be used', requestId)
}

const said = ({ reason, facts }: Refusal) => (facts.section ? `cmi5 ${facts.section}: ${facts.message}` : reason)

const lookAgainMs = 500
const marginMs = 1_000

/**
 * Until when everything stored is there to be read: before the oldest transaction still open, less a second for requests
 * that have their time but not yet their transaction. What was true half a second ago is still true.
 */
function consistentThrough({ db, clock }: XapiDeps): () => Promise<string> {
  let known = { value: '', until: 0 }
  return async () => {
    if (performance.now() < known.until) return known.value
    const now = clock.now().getTime()
    const value = new Date(now - (await oldestWriterMs(db)) - marginMs).toISOString()
    known = { value, until: performance.now() + lookAgainMs }
    return value
  }
}
