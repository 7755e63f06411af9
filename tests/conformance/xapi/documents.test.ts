/** Documents, activities, agents, about: sections of xAPI 1.0.3 part three (`C…`) and IEEE 9274.1.1 (`I…`). Our own tests. */
import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
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

const agent = () => JSON.stringify({ mbox: `mailto:${randomUUID()}@example.org` })
type Resource = { name: string; path: string; id: string; place(): Record<string, string> }
const resources: Resource[] = [
  {
    name: 'C2.3 state',
    path: '/activities/state',
    id: 'stateId',
    place: () => ({ activityId: activityId('s'), agent: agent() }),
  },
  { name: 'C2.6 agent profile', path: '/agents/profile', id: 'profileId', place: () => ({ agent: agent() }) },
  {
    name: 'C2.7 activity profile',
    path: '/activities/profile',
    id: 'profileId',
    place: () => ({ activityId: activityId(randomUUID()) }),
  },
]
const json = { 'content-type': 'application/json' }

describe.each(resources)('$name documents', ({ name, path, id, place }) => {
  const ask = (
    method: string,
    query: Record<string, string>,
    body?: string,
    headers: Record<string, string> = {},
    by = one,
  ) => by.call(method, path, { query, headers, ...(body === undefined ? {} : { raw: body }) })

  test('C2.2 PUT, GET and DELETE give 204, the document as it was, 204, 404', async () => {
    const where = { ...place(), [id]: 'doc 1/ü' }
    const bytes = 'a\u0000b\r\n😀'
    expect(
      (await ask('PUT', where, bytes, { 'content-type': 'text/plain; charset=utf-8', 'if-none-match': '*' })).status,
    ).toBe(204)
    const got = await ask('GET', where)
    expect([got.status, got.text, got.headers.get('content-type')]).toEqual([200, bytes, 'text/plain; charset=utf-8'])
    expect(got.headers.get('etag')).toBe(`"${createHash('sha1').update(bytes).digest('hex')}"`)
    expect(Date.parse(got.headers.get('last-modified') ?? '')).toBeGreaterThan(0)
    const head = await ask('HEAD', where)
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', got.headers.get('etag')])
    expect((await ask('DELETE', where)).status).toBe(204)
    expect((await ask('GET', where)).status).toBe(404)
  })
  test('C2.2 parameters that are missing, wrong or unknown are 400', async () => {
    const where = { ...place(), [id]: 'x' }
    for (const key of Object.keys(place())) {
      const { [key]: _, ...rest } = where as Record<string, string>
      for (const method of ['PUT', 'GET', 'DELETE'])
        expect([key, (await ask(method, rest, method === 'PUT' ? '{}' : undefined, json)).status]).toEqual([key, 400])
      expect((await ask('GET', { ...where, [key]: 'wrong' })).status).toBe(400)
    }
    expect((await ask('PUT', place(), '{}', json)).status).toBe(400)
    expect((await ask('POST', place(), '{}', json)).status).toBe(400)
    expect((await ask('GET', { ...where, foo: 'x' })).status).toBe(400)
    expect((await ask('GET', { ...where, since: '2021-01-01T00:00:00Z' })).status).toBe(400)
    expect((await ask('GET', { ...place(), since: 'x' })).status).toBe(400)
  })
  test('C2.2.s7 POST merges JSON at the top level and makes what is not there', async () => {
    const where = { ...place(), [id]: 'x' }
    expect((await ask('POST', where, '{"x":"foo","y":{"a":1}}', json)).status).toBe(204)
    expect((await ask('POST', where, '{"y":{"b":2},"z":[1]}', json)).status).toBe(204)
    const got = await ask('GET', where)
    expect(got.json).toEqual({ x: 'foo', y: { b: 2 }, z: [1] })
    expect(got.headers.get('content-type')).toBe('application/json')
  })
  test('C2.2.s8.b1 what cannot be merged is 400 and changes nothing', async () => {
    const where = { ...place(), [id]: 'x' }
    await ask('POST', where, '{"x":1}', json)
    for (const body of ['[1]', '1', '{', '"x"', ''])
      expect([body, (await ask('POST', where, body, json)).status]).toEqual([body, 400])
    expect((await ask('POST', where, '{"x":2}', { 'content-type': 'text/plain' })).status).toBe(400)
    expect((await ask('GET', where)).json).toEqual({ x: 1 })
    const other = { ...place(), [id]: 'y' }
    await ask('PUT', other, 'text', { 'content-type': 'text/plain', 'if-none-match': '*' })
    expect((await ask('POST', other, '{"x":2}', json)).status).toBe(400)
    expect((await ask('GET', other)).text).toBe('text')
  })
  test('C2.2 without an id GET lists ids, those changed after since, exclusive', async () => {
    const where = place()
    await ask('PUT', { ...where, [id]: 'a' }, '1', json)
    const first = (await ask('GET', { ...where, [id]: 'a' })).headers
    await new Promise((resolve) => setTimeout(resolve, 5))
    const between = store.clock.now().toISOString()
    await new Promise((resolve) => setTimeout(resolve, 5))
    await ask('PUT', { ...where, [id]: 'b' }, '2', json)
    const all = await ask('GET', where)
    expect((all.json as string[]).toSorted()).toEqual(['a', 'b'])
    expect(Date.parse(all.headers.get('last-modified') ?? '')).toBeGreaterThanOrEqual(
      Date.parse(first.get('last-modified') ?? ''),
    )
    expect((await ask('GET', { ...where, since: between })).json).toEqual(['b'])
    expect((await ask('GET', place())).json).toEqual([])
  })
  test('C3.1 If-Match and If-None-Match: 412 when they fail, and nothing changes', async () => {
    const where = { ...place(), [id]: 'x' }
    await ask('PUT', where, '{"a":1}', json)
    const etag = (await ask('GET', where)).headers.get('etag') ?? ''
    for (const method of ['PUT', 'POST', 'DELETE']) {
      const body = method === 'DELETE' ? undefined : '{"a":2}'
      expect((await ask(method, where, body, { ...json, 'if-match': '"0000"' })).status).toBe(412)
      expect((await ask(method, where, body, { ...json, 'if-none-match': '*' })).status).toBe(412)
      expect((await ask(method, where, body, { ...json, 'if-none-match': etag })).status).toBe(412)
    }
    expect((await ask('GET', where)).json).toEqual({ a: 1 })
    expect((await ask('PUT', { ...where, [id]: 'none' }, '1', { 'if-match': '*' })).status).toBe(412)
    expect((await ask('PUT', where, '{"a":3}', { ...json, 'if-match': `"0000", ${etag}` })).status).toBe(204)
    expect((await ask('PUT', where, '{"a":4}', { ...json, 'if-match': etag })).status).toBe(412)
    expect((await ask('POST', where, '{"b":1}', { ...json, 'if-match': '*' })).status).toBe(204)
    const now = (await ask('GET', where)).headers.get('etag') ?? ''
    expect((await ask('DELETE', where, undefined, { 'if-match': now })).status).toBe(204)
  })
  test('C3.1 a PUT over something there must say what it saw: 409; for state only in version 2', async () => {
    for (const [version, by] of [
      ['1.0.3', one],
      ['2.0.0', two],
    ] as const) {
      const where = { ...place(), [id]: 'x' }
      expect((await ask('PUT', where, '1', json, by)).status).toBe(204)
      const free = name.includes('state') && version === '1.0.3'
      expect([version, (await ask('PUT', where, '2', json, by)).status]).toEqual([version, free ? 204 : 409])
      expect((await ask('GET', where, undefined, {}, by)).text).toBe(free ? '2' : '1')
    }
  })
  test('C3.1 of many at once with one ETag one comes through', async () => {
    const where = { ...place(), [id]: 'x' }
    await ask('PUT', where, '{"n":0}', json)
    const etag = (await ask('GET', where)).headers.get('etag') ?? ''
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => ask('PUT', where, `{"n":${i + 1}}`, { ...json, 'if-match': etag })),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, ...Array(7).fill(412)])
  })
  test('C3.1 merges at once lose nothing', async () => {
    const where = { ...place(), [id]: 'x' }
    await Promise.all(Array.from({ length: 10 }, (_, i) => ask('POST', where, `{"k${i}":${i}}`, json)))
    expect(Object.keys((await ask('GET', where)).json as object)).toHaveLength(10)
  })
  test('C4 another organisation sees none of it, and scopes hold', async () => {
    const where = { ...place(), [id]: 'x' }
    await ask('PUT', where, '1', json)
    expect((await ask('GET', where, undefined, {}, await store.client())).status).toBe(404)
    const organisationId = one.organisationId
    const writer = await store.client({ organisationId, scopes: ['statements/write'] })
    expect((await ask('GET', where, undefined, {}, writer)).status).toBe(403)
    expect((await ask('PUT', where, '1', { 'if-match': '*' }, writer)).status).toBe(403)
    const reader = await store.client({ organisationId, scopes: ['all/read'] })
    expect((await ask('GET', where, undefined, {}, reader)).status).toBe(200)
    expect((await ask('DELETE', where, undefined, {}, reader)).status).toBe(403)
  })
})

describe('C2.3 state', () => {
  const put = (query: Record<string, string>) =>
    one.call('PUT', '/activities/state', { query, raw: '1', headers: json })
  test('C2.3.s3 the registration is part of where a document is', async () => {
    const where = { activityId: activityId('s'), agent: agent(), stateId: 'x' }
    const registration = randomUUID()
    await put({ ...where, registration })
    const get = (query: Record<string, string>) => one.call('GET', '/activities/state', { query })
    expect((await get(where)).status).toBe(404)
    expect((await get({ ...where, registration: registration.toUpperCase() })).status).toBe(200)
    expect((await get({ ...where, registration: 'x' })).status).toBe(400)
    const { stateId: _, ...shelf } = where
    expect((await get(shelf)).json).toEqual(['x'])
    expect((await get({ ...shelf, registration: randomUUID() })).json).toEqual([])
  })
  test('C2.3.s5 DELETE without an id removes all of the context, of one registration if it is named', async () => {
    const where = { activityId: activityId('s'), agent: agent() }
    const [a, b] = [randomUUID(), randomUUID()]
    for (const registration of [a, b]) for (const stateId of ['x', 'y']) await put({ ...where, registration, stateId })
    expect((await one.call('DELETE', '/activities/state', { query: { ...where, registration: a } })).status).toBe(204)
    expect((await one.call('GET', '/activities/state', { query: { ...where, registration: a } })).json).toEqual([])
    expect((await one.call('GET', '/activities/state', { query: { ...where, registration: b } })).json).toHaveLength(2)
    expect((await one.call('DELETE', '/activities/state', { query: where })).status).toBe(204)
    expect((await one.call('GET', '/activities/state', { query: where })).json).toEqual([])
    expect((await one.call('DELETE', '/agents/profile', { query: { agent: agent() } })).status).toBe(400)
  })
})

describe('C2.5 activities', () => {
  test('C2.5.s1 an activity with everything that statements said of it', async () => {
    const id = activityId(randomUUID())
    for (const name of [
      { en: 'Flat', de: 'Flach' },
      { 'zh-CN': '平焊', en: 'Flat weld' },
    ])
      await one.call('POST', '/statements', {
        body: statement({ object: { id, definition: { name, type: 'https://e.example/t' } } }),
      })
    expect((await one.call('GET', '/activities', { query: { activityId: id } })).json).toEqual({
      objectType: 'Activity',
      id,
      definition: { type: 'https://e.example/t', name: { en: 'Flat weld', de: 'Flach', 'zh-CN': '平焊' } },
    })
    expect((await (await store.client()).call('GET', '/activities', { query: { activityId: id } })).json).toEqual({
      objectType: 'Activity',
      id,
    })
  })
  test('C2.5.s2 an activity that nobody spoke of is its id; a wrong id is 400', async () => {
    expect((await one.call('GET', '/activities', { query: { activityId: activityId('never') } })).json).toEqual({
      objectType: 'Activity',
      id: activityId('never'),
    })
    for (const query of [{}, { activityId: 'x' }, { activityId: activityId('a'), b: 'c' }])
      expect((await one.call('GET', '/activities', { query: query as Record<string, string> })).status).toBe(400)
  })
  test('C2.5 characters that the database cannot hold do no harm', async () => {
    const id = activityId(randomUUID())
    const body = statement({ object: { id, definition: { name: { en: 'a\u0000b\ud800c' } } } })
    expect((await one.call('POST', '/statements', { body })).status).toBe(200)
    expect((await one.call('GET', '/statements', { query: { statementId: body.id } })).status).toBe(200)
  })
})

describe('C2.4 agents', () => {
  test('C2.4.s1 a Person with every name, each property a list', async () => {
    const who = { account: { homePage: 'https://s.example', name: randomUUID() } }
    for (const name of ['甲', '甲乙'])
      await one.call('POST', '/statements', { body: statement({ actor: { ...who, name } }) })
    const person = (await one.call('GET', '/agents', { query: { agent: JSON.stringify(who) } })).json as {
      name: string[]
    }
    expect({ ...person, name: person.name.toSorted() }).toEqual({
      objectType: 'Person',
      name: ['甲', '甲乙'],
      account: [who.account],
    })
  })
  test('C2.4.s2 an agent that nobody spoke of is what was asked; a wrong one is 400', async () => {
    expect(
      (await one.call('GET', '/agents', { query: { agent: JSON.stringify({ mbox: 'mailto:never@example.org' }) } }))
        .json,
    ).toEqual({ objectType: 'Person', mbox: ['mailto:never@example.org'] })
    for (const value of ['x', '{}', '[]', '{"name":"x"}'])
      expect((await one.call('GET', '/agents', { query: { agent: value } })).status).toBe(400)
    expect((await one.call('GET', '/agents')).status).toBe(400)
  })
})
