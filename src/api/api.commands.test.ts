import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import type { z } from 'zod'
import { classCertificates } from '#modules/assessment/certificate.queries.ts'
import { type Actor, actorOf, anonymous } from '#platform/actor.ts'
import { type Permission, type RoleCode, roles } from '#platform/permissions.ts'
import { apiKeyActor } from '#platform/session.ts'
import { ctxFor, freshDb, type TestDb } from '#platform/testing.ts'
import { concluded, issued, type RunningClass, runningClass } from '../../tests/fixtures/assessed.ts'
import { claimant } from '../../tests/fixtures/claims.ts'
import { taughtClass } from '../../tests/fixtures/taught.ts'
import { createApi } from './api.ts'
import type { Endpoint } from './endpoint.ts'
import { endpoints } from './endpoints.ts'

let t: TestDb
let of: RunningClass
let actor: Actor = anonymous
const reported: unknown[] = []
const api = createApi({
  contextFor: async (_, requestId) => ({ ...ctxFor(t.db, actor), requestId }),
  report: (error) => reported.push(error),
})
const app = new Hono().route('/api/v1', api)

beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  of = await runningClass(t.db, [900, 900])
})
afterAll(() => t.close())
beforeEach(async () => {
  await t.owner.query('delete from platform.rate_limits')
})

const everything = [...new Set(endpoints.flatMap(({ access }) => (access === 'public' ? [] : [access])))]
const keyOf = (organisationId: string, scopes: Permission[] = everything, type = 'enterprise') =>
  apiKeyActor({ id: randomUUID(), name: '对接程序', organisation_id: organisationId, scopes, type })

type Answer = { status: number; headers: Headers; json: Record<string, never> & { items?: never[] } }
async function call(
  as: Actor,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  actor = as
  const answer = await app.request(`/api/v1${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, json: text.startsWith('{') ? JSON.parse(text) : {} }
}
const once = () => ({ 'idempotency-key': randomUUID() })

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
    const answer = await app.request(`/api/v1${slash}`)
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
    const poor = everything.filter((scope) => scope !== one.access)
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
    actor = key
    const broken = await app.request(`/api/v1${path}`, {
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

describe('the whole flow over the API', () => {
  test('R02 roster from a file: uploaded, read, errors as a file', async () => {
    const key = keyOf(of.organisation.id)
    actor = key
    const csv = '姓名,证件号码,手机号\n张三,440105199001010017,13800138000\n李四,440105200002290010,13900139000\n'
    const send = (header: Record<string, string>) =>
      app.request(`/api/v1/organisation/classes/${of.id}/roster-imports`, {
        method: 'POST',
        headers: { ...header, 'content-type': 'text/csv' },
        body: csv,
      })
    const header = once()
    const [first, second] = [await send(header), await send(header)]
    expect([first.status, second.status]).toEqual([202, 202])
    const { importId } = (await first.json()) as { importId: string }
    expect(await second.json()).toEqual({ importId })
    const { checkImport } = await import('#modules/training/import.commands.ts')
    const { systemActor } = await import('#platform/testing.ts')
    await checkImport(ctxFor(t.db, systemActor), { importId })
    const checked = await call(key, 'GET', `/organisation/roster-imports/${importId}`)
    expect(checked.json).toMatchObject({
      state: 'checked',
      accepted: 1,
      rejected: 1,
      faults: [{ row: 3, rule: 'C01' }],
    })
    const file = await app.request(`/api/v1/organisation/roster-imports/${importId}/errors`)
    expect(file.headers.get('content-disposition')).toContain('attachment')
    expect((await call(keyOf(randomUUID()), 'GET', `/organisation/roster-imports/${importId}`)).status).toBe(404)
    expect(
      (await call(key, 'POST', `/organisation/roster-imports/${importId}/discarding`, undefined, once())).status,
    ).toBe(200)
  })

  test('C23 scores entered by a program still need a person to confirm', async () => {
    const of = await runningClass(t.db, [900])
    const key = keyOf(of.organisation.id)
    const cells = { [`${of.people[0]?.enrolmentId}.theory`]: '80', [`${of.people[0]?.enrolmentId}.practice`]: '缺考' }
    const entered = await call(key, 'POST', `/organisation/assessments/${of.assessmentId}/scores`, { cells }, once())
    expect(entered.json).toMatchObject({ state: 'scoring', version: 1, changedCount: 2 })
    const sheet = await call(key, 'GET', `/organisation/classes/${of.id}/assessment`)
    expect(sheet.json).toMatchObject({ sheet: [{ marks: { theory: { tenths: 800 }, practice: { absent: true } } }] })
    expect(JSON.stringify(sheet.json)).not.toMatch(/enteredBy|scoreId/)
  })

  test('R37 anybody verifies a certificate, masked; a number alone tells nothing', async () => {
    const of = await runningClass(t.db, [900])
    await concluded(t.db, of, [['80', '90']])
    await issued(t.db, of)
    const [one] = await classCertificates(t.db, of.id)
    const good = await call(anonymous, 'GET', `/certificates/verification?code=${one?.code}`)
    expect(good.json).toMatchObject({ state: 'issued', holder: '张*明', intact: true })
    const bare = await call(anonymous, 'GET', `/certificates/verification?number=${one?.number}`)
    expect(bare.json).toEqual({ state: 'unknown' })
    const results = await call(keyOf(of.organisation.id), 'GET', `/organisation/classes/${of.id}/results`)
    expect(results.json).toMatchObject({ items: [{ passed: true, certificateNumber: one?.number }] })
  })
})

describe('claims over the API', () => {
  test('R04 drawn up from the records, once whatever the retries; read with every sum explained; recomputed; given up', async () => {
    const organisation = await claimant(t.db)
    const cls = await taughtClass(t.db, organisation, { size: 2 })
    const key = keyOf(organisation.id)
    const ready = await call(key, 'GET', '/organisation/claimable-classes')
    expect(ready.json).toMatchObject({ items: [{ id: cls.id, persons: 2 }] })
    const header = once()
    const [one, two] = await Promise.all(
      [1, 2].map(() => call(key, 'POST', '/organisation/claims', { classId: cls.id }, header)),
    )
    expect([one?.status, two?.status]).toEqual([201, 201])
    expect(two?.json).toEqual(one?.json)
    const { claimId, amountFen } = (one?.json ?? {}) as unknown as { claimId: string; amountFen: number }
    expect(amountFen).toBeGreaterThan(0)
    const page = await call(key, 'GET', `/organisation/claims/${claimId}`)
    expect(page.json).toMatchObject({ claim: { state: 'draft', persons: 2 }, nowFen: amountFen })
    const lines = (page.json as unknown as { lines: { id: string; explanation: { basis: string }[] }[] }).lines
    expect(lines).toHaveLength(2)
    expect(
      lines.every((line) => line.explanation.length > 0 && line.explanation.every((step) => step.basis !== '')),
    ).toBe(true)
    expect(JSON.stringify(page.json)).not.toMatch(/\d{17}[\dX]|张小明/)
    const again = await call(key, 'POST', '/organisation/claims', { classId: cls.id }, once())
    expect(again.json).toMatchObject({ status: 409, reason: 'claim-exists', remedy: expect.stringMatching(/。$/) })
    expect(
      (await call(key, 'POST', `/organisation/claims/${claimId}/refreshing`, undefined, once())).json,
    ).toMatchObject({ changed: false })
    const dropped = await call(
      key,
      'POST',
      `/organisation/claim-lines/${lines[0]?.id}/dropping`,
      { reason: '未到岗' },
      once(),
    )
    expect(dropped.json).toMatchObject({ claimId })
    for (const path of [`/organisation/claims/${claimId}`]) {
      expect((await call(keyOf(randomUUID()), 'GET', path)).status).toBe(404)
    }
    expect(
      (
        await call(
          keyOf(randomUUID()),
          'POST',
          `/organisation/claims/${claimId}/withdrawal`,
          { reason: '不申领' },
          once(),
        )
      ).status,
    ).toBe(404)
    const gone = await call(key, 'POST', `/organisation/claims/${claimId}/withdrawal`, { reason: '暂不申领' }, once())
    expect(gone.json).toMatchObject({ state: 'withdrawn' })
    expect((await call(key, 'GET', '/organisation/claims?state=withdrawn')).json).toMatchObject({
      items: [{ id: claimId }],
      next: null,
    })
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
