import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { createApp, type ServerDeps } from './server.ts'

const reported: unknown[] = []
const deps: ServerDeps = {
  build: async () => {
    throw new Error('no pages in this test')
  },
  contextFor: async () => {
    throw new Error('no context in this test')
  },
  xapi: new Hono<{ Variables: { requestId?: string } }>().get('/about', (c) => c.json({ version: [] })),
  api: new Hono<{ Variables: { requestId?: string } }>().post('/things', (c) => c.json({ made: true })),
  lti: new Hono<{ Variables: { requestId?: string } }>(),
  auth: async () => new Response('auth'),
  ready: async () => ({ ok: false, checks: { database: 'down' } }),
  report: (error) => reported.push(error),
  origins: ['https://hzpx.invalid'],
}
const app = createApp(deps)
const post = (path: string, headers: Record<string, string>, body = '') =>
  app.request(path, { method: 'POST', headers: { 'content-length': String(body.length), ...headers }, body })

test('every answer carries the security headers and a request id', async () => {
  const answer = await app.request('/healthz')
  expect(answer.status).toBe(200)
  const policy = answer.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toContain('unsafe-inline')
  expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  expect(answer.headers.get('strict-transport-security')).toContain('max-age')
  expect(answer.headers.get('permissions-policy')).toContain('camera=(self)')
})

test('not ready is 503', async () => {
  expect((await app.request('/readyz')).status).toBe(503)
})

describe('a write from elsewhere', () => {
  test('is refused when the origin is another, or missing', async () => {
    expect((await post('/anything', { origin: 'https://evil.invalid' })).status).toBe(403)
    expect((await post('/anything', { origin: 'null' })).status).toBe(403)
    expect((await post('/anything', {})).status).toBe(403)
    expect((await post('/anything', { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  })
  test('is refused on the API too when it brings cookies', async () => {
    expect((await post('/api/v1/things', { cookie: 'session=1', origin: 'https://evil.invalid' })).status).toBe(403)
    expect((await post('/api/v1/things', { cookie: 'session=1', origin: 'https://hzpx.invalid' })).status).toBe(200)
    expect((await post('/api/v1/things', {})).status).toBe(200)
  })
})

test('a body beyond the limit is refused before it is read', async () => {
  const headers = { origin: 'https://hzpx.invalid', 'content-length': String(2 * 1024 * 1024) }
  const answer = await app.request('/anything', { method: 'POST', headers, body: 'x'.repeat(2 * 1024 * 1024) })
  expect(answer.status).toBe(413)
})

test('a bug is reported and answered with its request id, never with its message', async () => {
  const answer = await app.request('/anything')
  expect(answer.status).toBe(500)
  const text = await answer.text()
  expect(text).toContain(answer.headers.get('x-request-id'))
  expect(text).not.toContain('no context in this test')
  expect(reported).toHaveLength(1)
})

test('an unknown API address is JSON', async () => {
  const answer = await app.request('/api/nothing')
  expect(answer.status).toBe(404)
  expect(answer.headers.get('content-type')).toContain('json')
})
