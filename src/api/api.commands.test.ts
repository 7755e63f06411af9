import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import type { z } from 'zod'
import { type Actor, actorOf, anonymous } from '#platform/actor.ts'
import { type RoleCode, roles } from '#platform/permissions.ts'
import { freshDb, type TestDb } from '#platform/testing.ts'
import { apiOver, everyScope, keyOf, once } from '../../tests/fixtures/api.ts'
import { type RunningClass, runningClass } from '../../tests/fixtures/assessed.ts'
import type { Endpoint } from './endpoint.ts'
import { endpoints } from './endpoints.ts'

let t: TestDb
let of: RunningClass
const { send, call, reported } = apiOver(() => t.db)

beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  of = await runningClass(t.db, [900, 900])
})
afterAll(() => t.close())
beforeEach(async () => {
  await t.owner.query('delete from platform.rate_limits')
})

describe('the document', () => {
  test('OpenAPI 3.1 with every endpoint, every parameter of a path declared, every id unique', async () => {
    const { json, status } = await call(anonymous, 'GET', '/openapi.json')
    expect(status).toBe(200)
    const document = json as unknown as {
      openapi: string
      paths: Record<string, Record<string, { operationId: string; parameters: { name: string; in: string }[] }>>
    }
    expect(document.openapi).toBe('3.1.0')
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.values(methods).map((one) => ({ path, ...one })),
    )
    expect(operations).toHaveLength(endpoints.length)
    expect(new Set(operations.map((one) => one.operationId)).size).toBe(endpoints.length)
    for (const { path, parameters } of operations) {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      expect(parameters.filter((p) => p.in === 'path').map((p) => p.name)).toEqual(wanted)
    }
  })

  test.each(['', '/'])('the page at /api/v1%s has no script and nothing from elsewhere', async (slash) => {
    const answer = await send(anonymous, slash)
    const html = await answer.text()
    expect(answer.status).toBe(200)
    expect(html).not.toMatch(/<script|src=|@import|url\(/)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    for (const one of endpoints) expect(html).toContain(one.path)
  })

  test('what is not there is a problem too', async () => {
    const answer = await call(anonymous, 'GET', '/nothing')
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.json).toMatchObject({ type: '/api/v1/#no-such-address', status: 404 })
  })
})

describe('C25 every route × every role', () => {
  const pathOf = (one: Endpoint) => one.path.replace(/\{(\w+)\}/g, randomUUID())
  const withFile = { 'content-type': 'text/csv' }
  const ask = (as: Actor, one: Endpoint) =>
    call(as, one.method.toUpperCase(), pathOf(one), one.body ? {} : undefined, {
      ...once(),
      ...(one.file ? withFile : {}),
    })
  const holder = (role: RoleCode) =>
    actorOf({
      kind: 'user',
      id: `user:${role}`,
      name: '某人',
      personId: randomUUID(),
      holdings: [{ role, organisationId: of.organisation.id }],
    })

  test.each(endpoints.map((one) => [`${one.method} ${one.path}`, one] as const))('%s', async (_, one) => {
    const open = one.access === 'public'
    const good = expect.toSatisfy((status: number) => [200, 201, 202, 404, 422, 429].includes(status))
    const users = [anonymous, ...(Object.keys(roles) as RoleCode[]).map(holder)]
    for (const user of users) {
      const { status, headers } = await ask(user, one)
      expect(status).toEqual(open ? good : 401)
      if (!open) expect(headers.get('www-authenticate')).toContain('Bearer')
    }
    const own = of.organisation.id
    const poor = everyScope.filter((scope) => scope !== one.access)
    expect((await ask(keyOf(own, poor.length > 0 ? poor : ['self.enrol']), one)).status).toEqual(open ? good : 403)
    expect((await ask(keyOf(own), one)).status).toEqual(good)
    expect(reported).toEqual([])
  })

  test('somebody else’s records are 404, whatever the scopes', async () => {
    const stranger = keyOf(randomUUID())
    for (const path of ['', '/roster', '/sessions', '/hours', '/assessment', '/results']) {
      expect((await call(stranger, 'GET', `/organisation/classes/${of.id}${path}`)).status).toBe(404)
      if (path !== '/assessment')
        expect((await call(keyOf(of.organisation.id), 'GET', `/organisation/classes/${of.id}${path}`)).status).toBe(200)
    }
    const person = { name: '陈一', documentNumber: '11010519491231002X', phone: '13800138000' }
    expect((await call(stranger, 'POST', `/organisation/classes/${of.id}/roster`, person, once())).status).toBe(404)
  })
})

describe('requests', () => {
  test('limits are told on every answer, and the one too many is refused', async () => {
    const key = keyOf(of.organisation.id)
    const first = await call(key, 'GET', '/organisation')
    expect(first.headers.get('ratelimit')).toMatch(/^"default";r=599;t=\d+$/)
    expect(first.headers.get('ratelimit-policy')).toBe('"default";q=600;w=60')
    await t.owner.query('update platform.rate_limits set tries = 600 where key = $1', [`api:${key.id}`])
    const last = await call(key, 'GET', '/organisation')
    expect(last.status).toBe(429)
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  test('a write wants an idempotency key, JSON, and every field right; each fault is named', async () => {
    const key = keyOf(of.organisation.id)
    const path = `/organisation/classes/${of.id}/roster`
    expect((await call(key, 'POST', path, {})).json).toMatchObject({
      status: 400,
      type: '/api/v1/#needs-idempotency-key',
    })
    const broken = await send(key, path, {
      method: 'POST',
      headers: { ...once(), 'content-type': 'application/json' },
      body: '{',
    })
    expect(broken.status).toBe(400)
    const wrong = await call(
      key,
      'POST',
      path,
      { name: '陈一', documentNumber: '440105200002290010', phone: '1' },
      once(),
    )
    expect(wrong.status).toBe(422)
    expect(Object.keys((wrong.json as unknown as { fields: object }).fields).toSorted()).toEqual([
      'documentNumber',
      'phone',
    ])
  })

  test('HZ4-M16 the same key gets the same answer once; another request under it is refused', async () => {
    const key = keyOf(of.organisation.id)
    const path = `/organisation/classes/${of.id}/roster`
    const person = { name: '陈一', documentNumber: '11010519491231002X', phone: '13800138000' }
    const header = once()
    const answers = await Promise.all([1, 2, 3].map(() => call(key, 'POST', path, person, header)))
    expect(answers.map((one) => one.status)).toEqual([201, 201, 201])
    expect(new Set(answers.map((one) => JSON.stringify(one.json))).size).toBe(1)
    const { rows } = await t.owner.query(`select count(*)::int as n from training.enrolments where class_id = $1`, [
      of.id,
    ])
    expect(rows[0].n).toBe(3)
    const other = await call(key, 'POST', path, { ...person, name: '陈二' }, header)
    expect(other.json).toMatchObject({ status: 409, reason: 'idempotency-key' })
    const again = await call(key, 'POST', path, person, once())
    expect(again.json).toMatchObject({
      status: 409,
      reason: 'already-enrolled',
      clause: { id: expect.any(String) },
      remedy: expect.stringMatching(/。$/),
    })
    const trail = await t.owner.query(
      `select actor_kind, actor_id from audit.entries where command = 'training.enrolPerson'`,
    )
    expect(trail.rows).toEqual([{ actor_kind: 'api-key', actor_id: key.id }])
  })

  test('a bug is a problem with the number it is reported under, and tells nothing', async () => {
    const odd = { ...keyOf(of.organisation.id), holdings: [] }
    const answer = await call(odd, 'GET', '/organisation')
    expect(answer.status).toBe(500)
    expect(JSON.stringify(answer.json)).not.toContain('without an organisation')
    expect(reported.splice(0)).toHaveLength(1)
  })
})

test('every answer shape accepts what its endpoint really gives, for public reads', async () => {
  for (const path of [
    '/plan',
    '/clauses',
    '/clauses/HZ4-M08',
    '/figures',
    '/figures?on=2021-09-15',
    '/indicators',
    '/classes',
    '/publicity',
  ]) {
    const { status, json } = await call(anonymous, 'GET', path)
    expect([path, status]).toEqual([path, 200])
    const one = endpoints.find((e) => e.path === path.split('?')[0])
    if (one?.answer) expect((one.answer as z.ZodType).safeParse(json).success).toBe(true)
  }
  expect((await call(anonymous, 'GET', '/figures?on=tomorrow')).status).toBe(422)
  expect((await call(anonymous, 'GET', '/clauses/HZ4-X99')).status).toBe(404)
})
