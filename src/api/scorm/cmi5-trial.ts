import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Session } from '#modules/packages/cmi5.schema.ts'
import { launchData, launchDataId, preferencesId } from '#modules/packages/cmi5-launch.rules.ts'
import { trialSession } from '#modules/packages/cmi5-session.queries.ts'
import { readToken } from '#modules/packages/token.queries.ts'
import type { Ctx } from '#platform/command.ts'

export const trialMount = '/cmi5/trial'

type Deps = { contextFor(requestId: string): Omit<Ctx, 'actor'>; home: string }

const headers: Record<string, string> = {
  'access-control-allow-origin': '*',
  'cache-control': 'no-store',
  'x-experience-api-version': '1.0.3',
}
const preflight = {
  ...headers,
  'access-control-allow-methods': 'GET, PUT, POST, DELETE, OPTIONS',
  'access-control-allow-headers': 'Authorization, Content-Type, If-Match, If-None-Match, X-Experience-API-Version',
}

/**
 * What an AU speaks to when somebody looks at it before anybody may learn by it: it gets its launch data, in Browse mode,
 * and every answer it needs; nothing that it says is written anywhere. There is no session behind it but the token.
 * @clause HZ4-M13 L01
 */
export function createTrial({ contextFor, home }: Deps) {
  const app = new Hono()
  app.post(`${trialMount}/fetch/:token`, (c) => {
    const token = c.req.param('token')
    const facts = readToken(contextFor(randomUUID()), token, 'trial')
    return facts
      ? c.json({ 'auth-token': token }, 200, headers)
      : c.json({ 'error-code': '2', 'error-text': 'this address is not one that was given out' }, 200, headers)
  })
  app.use(`${trialMount}/store/*`, bodyLimit({ maxSize: 4 * 1024 * 1024 }))
  app.options(`${trialMount}/store/*`, () => new Response(null, { status: 204, headers: preflight }))
  app.all(`${trialMount}/store/*`, async (c) => {
    const ctx = contextFor(randomUUID())
    const given = /^Basic ([\w.~+/=-]{1,2000})$/i.exec(c.req.header('authorization') ?? '')?.[1]
    const facts = given === undefined ? undefined : readToken(ctx, given, 'trial')
    const session = facts && (await trialSession(ctx.db, facts, home))
    if (!session) return c.json({ error: 'no trial by this token' }, 401, headers)
    const { pathname, searchParams, origin } = new URL(c.req.url)
    const resource = pathname.slice(`${trialMount}/store`.length)
    if (resource === '/about') return c.json({ version: ['1.0.3'] }, 200, headers)
    if (resource === '/statements') return statements(c.req.raw, searchParams)
    return document({ method: c.req.method, resource, params: searchParams, session, leave: `${origin}/left` })
  })
  return app
}

/** Taken and forgotten: the ids come back as if it were kept. */
async function statements(request: Request, params: URLSearchParams): Promise<Response> {
  if (request.method === 'GET') return Response.json({ statements: [], more: '' }, { headers })
  if (request.method === 'PUT' && params.has('statementId')) return new Response(null, { status: 204, headers })
  const body: unknown = await request.json().catch(() => null)
  const list = Array.isArray(body) ? body : [body]
  if (request.method !== 'POST' || !list.every((one) => typeof one === 'object' && one !== null)) {
    return Response.json({ error: 'statements are expected' }, { status: 400, headers })
  }
  return Response.json(
    list.map((one) => (typeof one.id === 'string' ? one.id : randomUUID())),
    { headers },
  )
}

type Asked = { method: string; resource: string; params: URLSearchParams; session: Session; leave: string }

function document({ method, resource, params, session, leave }: Asked): Response {
  const answer = (content: object) => Response.json(content, { headers })
  const nothing = (status: number) => new Response(null, { status, headers })
  if (resource === '/activities/state') {
    const id = params.get('stateId')
    if (method !== 'GET') return nothing(id === launchDataId ? 403 : 204)
    if (id === null) return answer([launchDataId])
    return id === launchDataId ? answer(launchData(session, leave)) : nothing(404)
  }
  if (resource === '/agents/profile') {
    const id = params.get('profileId')
    if (method !== 'GET') return nothing(id === preferencesId ? 204 : 403)
    if (id === null) return answer([preferencesId])
    return id === preferencesId ? answer({ languagePreference: 'zh-CN', audioPreference: 'on' }) : nothing(404)
  }
  if (resource === '/activities/profile') return nothing(method === 'GET' ? 404 : 403)
  return nothing(404)
}
