import { type Context, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { type Ctx, fieldFaults } from '#platform/command.ts'
import { AppError, invalid } from '#platform/errors.ts'
import { takeTurn } from '#platform/limits.ts'
import { callerKey, countRequest } from './caller.ts'
import { type Download, type Endpoint, type Given, ownOrganisation } from './endpoint.ts'
import { endpoints } from './endpoints.ts'
import { openapi } from './openapi.ts'
import { page, pageStyle } from './page.ts'
import { type Problem, problem, problemOf } from './problem.ts'

export type ApiDeps = {
  /** Who asks, and with what; a session cookie may come along and counts for nothing here. */
  contextFor(request: Request, requestId: string): Promise<Ctx>
  report(error: unknown, requestId: string): void
}

type Env = { Variables: { requestId?: string; address?: string } }
const idOf = (c: Context<Env>) => c.get('requestId') ?? crypto.randomUUID()

/** The open API: every endpoint of `endpoints.ts`, its OpenAPI document, and a page to read. */
export function createApi(deps: ApiDeps): Hono<Env> {
  const app = new Hono<Env>()
  const document = openapi(endpoints)
  app.get('/openapi.json', (c) => c.json(document))
  const read = (c: Context<Env>) => {
    const policy = `default-src 'none'; style-src '${pageStyle.hash}'; frame-ancestors 'none'; base-uri 'none'`
    return c.html(page(endpoints), 200, { 'content-security-policy': policy })
  }
  app.get('/', read)
  for (const one of endpoints) {
    app.on(one.method.toUpperCase(), one.path.replace(/\{(\w+)\}/g, ':$1'), (c) => answer(c, deps, one))
  }
  app.all('*', (c) => {
    // Mounted, `/` is the address without its last slash; people type it with one.
    if (c.req.method === 'GET' && c.req.path.endsWith('/v1/')) return read(c)
    return refuse(c, problem('no-such-address', idOf(c)))
  })
  app.onError((error, c) => {
    const requestId = idOf(c)
    deps.report(error, requestId)
    return refuse(c, problem('broken', requestId))
  })
  return app
}

async function answer(c: Context<Env>, deps: ApiDeps, one: Endpoint): Promise<Response> {
  const requestId = idOf(c)
  const ctx = await deps.contextFor(c.req.raw, requestId)
  try {
    await countRequest(c, ctx, ctx.actor)
    if (one.access !== 'public') {
      if (ctx.actor.kind !== 'api-key') return needsKey(c, requestId)
      if (!ctx.actor.can(one.access)) throw new AppError({ kind: 'forbidden', permission: one.access })
    }
    if (one.strict) await takeTurn(ctx.db, `api:${one.path}:${callerKey(c, ctx, ctx.actor)}`, one.strict)
    const key = c.req.header('idempotency-key')
    if (one.method !== 'get' && !/^[\x21-\x7e]{1,200}$/.test(key ?? '')) {
      return refuse(c, problem('needs-idempotency-key', requestId))
    }
    const given = await read(c, one)
    if (given === 'not-json') return refuse(c, problem('not-json', requestId))
    const scoped =
      key && one.method !== 'get' ? { ...ctx, idempotency: { scope: `api:${ownOrganisation(ctx)}`, key } } : ctx
    return give(c, one, await one.handle(scoped, given))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.fault.kind === 'limited') c.header('retry-after', String(error.fault.retryAfterSeconds))
    if (error.fault.kind === 'unauthenticated') return needsKey(c, requestId)
    return refuse(c, problemOf(error, requestId, ctx.plan, one.words))
  }
}

function needsKey(c: Context<Env>, requestId: string): Response {
  c.header('www-authenticate', 'Bearer realm="api"')
  return refuse(c, problem('needs-key', requestId))
}

function refuse(c: Context<Env>, body: Problem): Response {
  c.header('content-type', 'application/problem+json; charset=utf-8')
  return c.body(JSON.stringify(body), body.status as ContentfulStatusCode)
}

async function read(c: Context<Env>, one: Endpoint): Promise<Given | 'not-json'> {
  const params = parse(one.params, c.req.param(), 'missing') as Given['params']
  const query = parse(one.query, c.req.query(), 'invalid') as Given['query']
  if (one.file) return { params, query, body: undefined, file: await readFile(c, one.file) }
  if (!one.body) return { params, query, body: undefined, file: null }
  let json: unknown
  try {
    json = await c.req.json()
  } catch {
    return 'not-json'
  }
  return { params, query, body: parse(one.body, json, 'invalid'), file: null }
}

/** A wrong id in the address is an unknown record; anything else wrong is told by field. */
function parse(shape: Endpoint['body'], raw: unknown, otherwise: 'missing' | 'invalid'): unknown {
  if (!shape) return {}
  const parsed = shape.safeParse(raw)
  if (parsed.success) return parsed.data
  throw otherwise === 'missing' ? new AppError({ kind: 'missing', what: 'record' }) : invalid(fieldFaults(parsed.error))
}

async function readFile(c: Context<Env>, wanted: NonNullable<Endpoint['file']>): Promise<NonNullable<Given['file']>> {
  const type = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === 'multipart/form-data') {
    const { file } = await c.req.parseBody()
    if (!(file instanceof File)) throw invalid({ file: ['请把文件放在名为 file 的部分'] })
    return { name: file.name || 'file', bytes: new Uint8Array(await file.arrayBuffer()) }
  }
  if (!wanted.mediaTypes.includes(type)) {
    throw invalid({ file: [`Content-Type 应为 ${wanted.mediaTypes.join('、')} 或 multipart/form-data`] })
  }
  const bytes = new Uint8Array(await c.req.arrayBuffer())
  if (bytes.length === 0) throw invalid({ file: ['文件是空的'] })
  return { name: `roster.${type === 'text/csv' ? 'csv' : 'xlsx'}`, bytes }
}

const isDownload = (result: unknown): result is Download =>
  typeof result === 'object' && result !== null && 'bytes' in result && result.bytes instanceof Uint8Array

/** What the shape of the answer does not name is not sent. */
function give(c: Context<Env>, one: Endpoint, result: unknown): Response {
  if (isDownload(result)) {
    c.header('content-type', result.mediaType)
    c.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(result.name)}`)
    return c.body(result.bytes)
  }
  const plain: unknown = JSON.parse(JSON.stringify(result ?? null))
  return c.json(one.answer ? one.answer.parse(plain) : plain, one.status ?? 200)
}
