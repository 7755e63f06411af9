import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ctxFor, freshDb, systemActor, type TestDb } from '#platform/testing.ts'
import { faultOf, member } from '../../../tests/fixtures/training.ts'
import { organisationIn } from '../../../tests/fixtures/xapi.ts'
import { createClient, revokeClient } from './client.commands.ts'
import { clientByKey, clientsOf } from './client.queries.ts'
import { startForward, stopForward } from './forward.commands.ts'
import { forward } from './forward.jobs.ts'
import { deadLettersOf, dueForwards, forwardsOf } from './forward.queries.ts'
import { storeStatements } from './statement.commands.ts'
import { checkStatement } from './statement.rules.ts'

let t: TestDb
let organisationId: string
const home = 'https://peixun.example.gov.cn'
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  organisationId = await organisationIn(t.db)
})
afterAll(() => t.close())

const at = (seconds: number) => new Date(Date.parse('2021-09-15T02:00:00Z') + seconds * 1000)
const boss = (of = organisationId) => member('陈管理', 'provider-admin', of)
const wish = () => ({ organisationId, name: '学习平台', scopes: ['statements/write'], homePage: home })
const ctx = (now = at(0)) => ctxFor(t.db, boss(), now)

describe('HZ4-M13 clients', () => {
  test('HZ4-M13 made by the organisation’s own administrator; the secret is nowhere but in the answer', async () => {
    const made = await createClient(ctx(), wish())
    expect(made.secret.length).toBeGreaterThan(30)
    const { rows } = await t.owner.query(
      "select c::text as all from records.clients c union all select a::text from audit.entries a where command = 'records.createClient'",
    )
    expect(rows.length).toBe(2)
    for (const row of rows) expect(row.all).not.toContain(made.secret)
    expect(await clientByKey(t.db, made.key)).toMatchObject({ organisationId, scopes: ['statements/write'] })
  })
  test('C25 nobody makes or stops one of another organisation, none without scopes, at most ten', async () => {
    const other = await organisationIn(t.db)
    expect(await faultOf(createClient(ctx(), { ...wish(), organisationId: other }))).toBe('missing')
    expect(await faultOf(createClient(ctxFor(t.db, member('教务', 'provider-academic', organisationId)), wish()))).toBe(
      'forbidden',
    )
    expect(await faultOf(createClient(ctx(), { ...wish(), scopes: [] }))).toBe('invalid')
    const { clientId, key } = await createClient(ctx(), wish())
    expect(await faultOf(revokeClient(ctxFor(t.db, boss(other)), { clientId, reason: '恶意停用' }))).toBe('missing')
    await revokeClient(ctx(), { clientId, reason: '系统更换' })
    expect(await faultOf(revokeClient(ctx(), { clientId, reason: '系统更换' }))).toBe('client-revoked')
    expect(await clientByKey(t.db, key)).toBeUndefined()
    for (let n = (await clientsOf(t.db, organisationId)).filter(({ revokedAt }) => !revokedAt).length; n < 10; n++)
      await createClient(ctx(), wish())
    expect(await faultOf(createClient(ctx(), wish()))).toBe('client-many')
  })
  test('C25 a revoked client writes nothing, even where it is still remembered', async () => {
    const of = await organisationIn(t.db)
    const as = ctxFor(t.db, boss(of))
    const { clientId } = await createClient(as, { ...wish(), organisationId: of })
    await revokeClient(as, { clientId, reason: '系统更换' })
    const store = storeStatements(as, {
      client: { id: clientId, organisationId: of, authority: '{}' },
      version: '1.0.3',
      statements: [plain()],
      files: [],
    })
    expect(await faultOf(store)).toBe('unauthenticated')
  })
})

const plain = (name = 'x', word = 'experienced') =>
  checkStatement(
    {
      actor: { mbox: 'mailto:a@example.org' },
      verb: { id: `http://adlnet.gov/expapi/verbs/${word}` },
      object: { id: `https://e.example/${name}` },
    },
    '1.0.3',
  )

describe('HZ4-M13 forwarding', () => {
  let server: Server
  let endpoint: string
  let status: (statements: { verb: { id: string } }[]) => number
  const got: { id: string; object: { id: string } }[] = []
  beforeAll(async () => {
    process.env.FORWARD_PRIVATE = 'yes'
    server = createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part) => parts.push(part))
      request.on('end', () => {
        const statements = JSON.parse(Buffer.concat(parts).toString())
        const code = status(statements)
        if (code === 200) got.push(...statements)
        response.writeHead(code).end('[]')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/xapi`
  })
  afterAll(() => {
    delete process.env.FORWARD_PRIVATE
    server.close()
  })

  test('HZ4-M13 sends all in order, resumes after a fault, leaves only what is refused for good, and says so', async () => {
    const of = await organisationIn(t.db)
    const as = (now: Date) => ctxFor(t.db, boss(of), now)
    const { clientId } = await createClient(as(at(0)), { ...wish(), organisationId: of })
    const client = {
      id: clientId,
      organisationId: of,
      authority: '{"objectType":"Agent","mbox":"mailto:x@example.org"}',
    }
    const names = Array.from({ length: 120 }, (_, i) => `s${i}`)
    for (let i = 0; i < 120; i += 40)
      await storeStatements(as(at(i)), {
        client,
        version: '1.0.3',
        files: [],
        statements: names.slice(i, i + 40).map((name) => plain(name, name === 's70' ? 'unwanted' : 'experienced')),
      })
    await startForward(as(at(200)), {
      organisationId: of,
      name: '省平台',
      endpoint,
      key: 'k',
      secret: 's3cret',
      from: 'beginning',
    })
    const job = (now: Date) => ctxFor(t.db, systemActor, now)
    const due = async (now: Date) => (await dueForwards(t.db, now)).filter((one) => one.organisationId === of)

    status = () => 503
    for (const each of await due(at(200))) await forward(job(at(200)), each)
    expect(await forwardsOf(t.db, of)).toMatchObject([{ sent: 0, failures: 1, lastFailure: '503 []', nextAt: at(260) }])
    expect(await due(at(230))).toEqual([])

    status = (statements) => (statements.some(({ verb }) => verb.id.endsWith('unwanted')) ? 400 : 200)
    for (const each of await due(at(300))) await forward(job(at(300)), each)
    expect(got.map(({ object }) => object.id)).toEqual(
      names.filter((name) => name !== 's70').map((name) => `https://e.example/${name}`),
    )
    expect(await forwardsOf(t.db, of)).toMatchObject([{ sent: 119, failures: 0, letters: 1, lastFailure: null }])
    expect(await deadLettersOf(t.db, of)).toMatchObject([{ forwardName: '省平台', status: 400 }])

    for (const each of await due(at(400))) expect(await forward(job(at(400)), each)).toBe(0)
    const { rows } = await t.owner.query('select secret_sealed from records.forwards')
    expect(rows[0].secret_sealed).not.toContain('s3cret')
  })

  test('C25 an address near us is refused where the installation does not allow it; another organisation’s cannot be stopped', async () => {
    delete process.env.FORWARD_PRIVATE
    const go = (address: string) =>
      startForward(ctx(), { organisationId, name: '目标', endpoint: address, key: 'k', secret: 's', from: 'now' })
    expect(await faultOf(go(endpoint))).toBe('forward-address')
    const { forwardId } = await go('https://lrs.example.com/xapi')
    const stranger = ctxFor(t.db, boss(await organisationIn(t.db)))
    expect(await faultOf(stopForward(stranger, { forwardId, reason: '恶意停止' }))).toBe('missing')
    await stopForward(ctx(), { forwardId, reason: '不再需要' })
    expect(await faultOf(stopForward(ctx(), { forwardId, reason: '不再需要' }))).toBe('forward-stopped')
  })

  test('C25 a name that leads to a near machine is not connected to', async () => {
    const { post } = await import('./send.queries.ts')
    const { port } = server.address() as AddressInfo
    const sent = post(
      { endpoint: `http://localhost:${port}`, key: 'k', secret: 's', allowPrivate: false },
      { type: 'application/json', bytes: Buffer.from('[]') },
    )
    await expect(sent).rejects.toThrow('not a public one')
  })
})
