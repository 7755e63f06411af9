/** Headers, versions, methods, form requests: sections of xAPI 1.0.3 part three (`C…`) and IEEE 9274.1.1 (`I…`). Our own tests. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { revokeClient } from '#modules/records/client.commands.ts'
import { ctxFor } from '#platform/testing.ts'
import { member } from '../../fixtures/training.ts'
import { activityId, type Caller, type Store, startStore, statement } from '../../fixtures/xapi.ts'

let store: Store
let one: Caller
let two: Caller
beforeAll(async () => {
  store = await startStore({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  const organisationId = await store.organisation()
  one = await store.client({ organisationId })
  two = await store.client({ organisationId, version: '2.0.0' })
})
afterAll(async () => {
  expect(store.reported).toEqual([])
  await store.close()
})
const v = 'x-experience-api-version'
const paths = ['/statements', '/activities', '/agents', '/activities/state', '/activities/profile', '/agents/profile']

describe('C3.3 versions', () => {
  test('C3.3.s4 a request without a version, or with one that is not spoken, is 400', async () => {
    for (const version of [undefined, '', '0.9', '0.95', '1.1', '1.1.0', '1', '2', '2.1.0', '3.0.0', 'x', '1.0.0-beta'])
      for (const path of paths)
        expect([version, path, (await one.call('GET', path, { headers: { [v]: version } })).status]).toEqual([
          version,
          path,
          400,
        ])
  })
  test('C3.3.s4.b2 1.0 and every 1.0.x are 1.0.3; I4.1.5 2.0.x is 2.0.0; every answer says which', async () => {
    for (const [asked, told] of [
      ['1.0', '1.0.3'],
      ['1.0.0', '1.0.3'],
      ['1.0.9', '1.0.3'],
      ['2.0.0', '2.0.0'],
      ['2.0', '2.0.0'],
    ] as const) {
      const good = await one.call('GET', '/statements', { query: { limit: '1' }, headers: { [v]: asked } })
      expect([asked, good.status, good.headers.get(v)]).toEqual([asked, 200, told])
      const bad = await one.call('GET', '/statements', { query: { foo: 'x' }, headers: { [v]: asked } })
      expect([asked, bad.status, bad.headers.get(v)]).toEqual([asked, 400, told])
    }
    expect((await one.call('GET', '/nowhere')).headers.get(v)).toBe('1.0.3')
    expect((await store.call('GET', '/statements', { headers: { [v]: '1.0.3' } })).headers.get(v)).toBe('1.0.3')
  })
  test('C3.3.s4.b5 what one version stored the other reads', async () => {
    const s = statement()
    await two.call('POST', '/statements', { body: s })
    expect((await one.call('GET', '/statements', { query: { statementId: s.id } })).status).toBe(200)
  })
})

describe('C2.8 about', () => {
  test('C2.8.s1 lists the versions, asks for neither credentials nor version', async () => {
    const answer = await store.call('GET', '/about')
    expect([answer.status, answer.headers.get(v)]).toEqual([200, '2.0.0'])
    expect((answer.json as { version: string[] }).version).toEqual(expect.arrayContaining(['1.0.3', '2.0.0']))
  })
  test('HZ4-M13 the profile of the platform’s own statements is public JSON-LD', async () => {
    const answer = await store.call('GET', '/profile')
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/ld+json'])
    const profile = JSON.parse(answer.text) as {
      type: string
      id: string
      concepts: { id: string; type: string }[]
      templates: { verb: string }[]
    }
    expect(profile).toMatchObject({
      type: 'Profile',
      id: 'https://peixun.example.gov.cn/xapi/profile',
      '@context': 'https://w3id.org/xapi/profiles/context',
    })
    const verbs = profile.concepts.filter(({ type }) => type === 'Verb').map(({ id }) => id)
    expect(profile.templates.map(({ verb }) => verb).toSorted()).toEqual(verbs.toSorted())
  })
})

describe('C4 credentials', () => {
  test('C4.1.s2 none, wrong or malformed credentials are 401 and say how to come in', async () => {
    const wrong = [
      '',
      'Basic',
      'Basic !!!',
      `Basic ${btoa('no-colon')}`,
      `Basic ${btoa(`${one.key}:wrong`)}`,
      `Basic ${btoa('nobody:x')}`,
      'Bearer x',
      one.authorization.replace('Basic', 'Digest'),
    ]
    for (const authorization of [undefined, ...wrong]) {
      const answer = await one.call('GET', '/statements', { headers: { authorization } })
      expect([authorization, answer.status]).toEqual([authorization, 401])
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/)
    }
    expect((await one.call('PUT', '/agents/profile', { headers: { authorization: undefined } })).status).toBe(401)
  })
  test('C25 a revoked client can write nothing from that moment, and soon sees nothing', async () => {
    const gone = await store.client()
    const s = statement()
    expect((await gone.call('POST', '/statements', { body: s })).status).toBe(200)
    await revokeClient(ctxFor(store.db, member('陈管理', 'provider-admin', gone.organisationId)), {
      clientId: gone.clientId,
      reason: '系统更换',
    })
    expect((await gone.call('POST', '/statements', { body: statement() })).status).toBe(401)
    await new Promise((resolve) => setTimeout(resolve, 2_100))
    expect((await gone.call('GET', '/statements')).status).toBe(401)
  })
  test('C4 use is noted', async () => {
    await one.call('GET', '/statements', { query: { limit: '1' } })
    const { rows } = await store.owner.query('select last_used_at from records.clients where id = $1', [one.clientId])
    expect(rows[0].last_used_at).toBeInstanceOf(Date)
  })
})

describe('C1.1 C1.2 C1.4 methods, HEAD, errors', () => {
  test('C1.1 HEAD answers as GET without the body', async () => {
    const s = statement()
    await one.call('POST', '/statements', { body: s })
    for (const query of [{ statementId: s.id }, { limit: '5' }] as Record<string, string>[]) {
      const [head, get] = [
        await one.call('HEAD', '/statements', { query }),
        await one.call('GET', '/statements', { query }),
      ]
      expect([head.status, head.text]).toEqual([200, ''])
      for (const name of ['content-type', 'last-modified', v])
        expect([name, head.headers.get(name)]).toEqual([name, get.headers.get(name)])
      expect(head.headers.get('x-experience-api-consistent-through')).toBeTruthy()
    }
    expect((await one.call('HEAD', '/statements', { query: { statementId: randomUUID() } })).status).toBe(404)
    expect((await store.call('HEAD', '/about')).status).toBe(200)
  })
  test('C3.2 what is not there is 404, a method that a resource has not is 405, and all say why', async () => {
    expect((await one.call('GET', '/nowhere')).status).toBe(404)
    for (const [method, path] of [
      ['DELETE', '/statements'],
      ['POST', '/activities'],
      ['PUT', '/agents'],
    ] as const)
      expect((await one.call(method, path)).status).toBe(405)
    const answer = await one.call('POST', '/statements', { body: statement({ actor: { mbox: 'x' } }) })
    expect(answer.json).toMatchObject({ error: expect.stringContaining('actor.mbox'), requestId: expect.any(String) })
  })
  test('C3.2 a parameter twice, or in another case, is 400', async () => {
    expect((await one.call('GET', '/statements?limit=1&limit=2')).status).toBe(400)
    expect((await one.call('GET', '/statements', { query: { Limit: '1' } })).status).toBe(400)
  })
  test('C3.2 more than 20 MB are 413', async () => {
    const answer = await one.call('POST', '/statements', {
      raw: `["${'x'.repeat(21_000_000)}"]`,
      headers: { 'content-type': 'application/json', 'content-length': '21000004' },
    })
    expect(answer.status).toBe(413)
  })
})

describe('C3.5 other origins', () => {
  test('C3.5 a browser elsewhere may ask, with all headers that it needs', async () => {
    const preflight = await store.call('OPTIONS', '/statements', {
      headers: { origin: 'https://course.example', 'access-control-request-method': 'PUT' },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
    for (const name of ['PUT', 'POST', 'DELETE', 'GET', 'HEAD'])
      expect(preflight.headers.get('access-control-allow-methods')).toContain(name)
    for (const name of ['Authorization', 'Content-Type', 'If-Match', 'If-None-Match', 'X-Experience-API-Version'])
      expect(preflight.headers.get('access-control-allow-headers')).toContain(name)
    const answer = await one.call('GET', '/statements', {
      headers: { origin: 'https://course.example' },
      query: { limit: '1' },
    })
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    for (const name of ['ETag', 'Last-Modified', 'X-Experience-API-Version', 'X-Experience-API-Consistent-Through'])
      expect(answer.headers.get('access-control-expose-headers')).toContain(name)
  })
  test('C25 what a client keeps cannot act in a browser', async () => {
    const query = { activityId: activityId('page'), profileId: randomUUID() }
    await one.call('PUT', '/activities/profile', {
      query,
      raw: '<script>alert(1)</script>',
      headers: { 'content-type': 'text/html' },
    })
    const { headers } = await one.call('GET', '/activities/profile', { query })
    expect(headers.get('content-security-policy')).toContain('sandbox')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('C1.3 requests written as forms', () => {
  const form = (
    method: string,
    path: string,
    fields: Record<string, string>,
    {
      query = {},
      by = one,
      type = 'application/x-www-form-urlencoded',
    }: { query?: Record<string, string>; by?: Caller; type?: string } = {},
  ) =>
    store.call('POST', path, {
      query: { method, ...query },
      raw: new URLSearchParams({
        Authorization: by.authorization,
        'X-Experience-API-Version': by === two ? '2.0.0' : '1.0.3',
        ...fields,
      }).toString(),
      headers: { 'content-type': type },
    })
  test('C1.3.s3 PUT, POST, GET of statements', async () => {
    const [a, b] = [statement(), statement()]
    expect(
      (
        await form('PUT', '/statements', {
          statementId: a.id,
          content: JSON.stringify(a),
          'Content-Type': 'application/json',
        })
      ).status,
    ).toBe(204)
    expect(
      (await form('POST', '/statements', { content: JSON.stringify(b), 'Content-Type': 'application/json' })).json,
    ).toEqual([b.id])
    expect((await form('GET', '/statements', { statementId: a.id })).json).toMatchObject({ id: a.id })
    expect((await form('GET', '/statements', { agent: JSON.stringify(b.actor) })).json).toMatchObject({
      statements: [{ id: b.id }],
    })
  })
  test('C1.3.s3 documents with conditions', async () => {
    const fields = {
      activityId: activityId('form'),
      agent: '{"mbox":"mailto:form@example.org"}',
      stateId: randomUUID(),
    }
    expect(
      (
        await form('PUT', '/activities/state', {
          ...fields,
          content: '{"a":"+&=%"}',
          'Content-Type': 'application/json',
          'If-None-Match': '*',
        })
      ).status,
    ).toBe(204)
    expect(
      (
        await form('PUT', '/activities/state', {
          ...fields,
          content: '{}',
          'Content-Type': 'application/json',
          'If-None-Match': '*',
        })
      ).status,
    ).toBe(412)
    expect((await form('GET', '/activities/state', fields)).json).toEqual({ a: '+&=%' })
    expect((await form('DELETE', '/activities/state', fields)).status).toBe(204)
    expect((await form('GET', '/activities/state', fields)).status).toBe(404)
  })
  test('C1.3.s3.b4 only method stands in the address, the body is a form, attachments cannot come so', async () => {
    const s = statement()
    const fields = { content: JSON.stringify(s), 'Content-Type': 'application/json' }
    expect((await form('PUT', '/statements', fields, { query: { statementId: s.id } })).status).toBe(400)
    expect((await form('PUT', '/statements', { ...fields, statementId: s.id }, { type: 'text/plain' })).status).toBe(
      400,
    )
    expect((await form('PATCH', '/statements', fields)).status).toBe(400)
    expect(
      (await form('POST', '/statements', { content: 'x', 'Content-Type': 'multipart/mixed; boundary=x' })).status,
    ).toBe(400)
    expect((await form('GET', '/statements', { Authorization: 'Basic eDp5' })).status).toBe(401)
  })
  test('I4.1.4 version 2 has no such requests', async () => {
    expect((await form('GET', '/statements', {}, { by: two })).status).toBe(400)
    expect(
      (
        await two.call('POST', '/statements', {
          query: { method: 'GET' },
          raw: '',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        })
      ).status,
    ).toBe(400)
  })
})

describe('C25 the trail', () => {
  test('C25 one request that stores is one row with count and ids, and nothing of what people did', async () => {
    const client = await store.client()
    const many = [statement({ actor: { name: '王小明', mbox: 'mailto:wang@example.org' } }), statement()]
    await client.call('POST', '/statements', { body: many })
    const { rows } = await store.owner.query(
      "select * from audit.entries where command = 'records.store' and actor_id = $1",
      [`xapi:${client.clientId}`],
    )
    expect(rows).toMatchObject([
      {
        actor_kind: 'api-key',
        subjects: [
          `xapi-client:${client.clientId}`,
          `organisation:${client.organisationId}`,
          `statement:${many[0]?.id}`,
        ],
        input: { count: 2, client: client.clientId },
        outcome: { count: 2, ids: many.map(({ id }) => id) },
      },
    ])
    expect(JSON.stringify(rows)).not.toMatch(/王小明|wang@/)
  })
})
