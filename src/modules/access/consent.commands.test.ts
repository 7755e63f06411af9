import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { deliver } from '#modules/access/access.jobs.ts'
import { createApiKey, revokeApiKey } from '#modules/access/api-key.commands.ts'
import { apiKeysOf } from '#modules/access/api-key.queries.ts'
import { askConsent, endAssist, startAssist } from '#modules/access/consent.commands.ts'
import { consentsAt, consentsOfPerson, openConsentOf } from '#modules/access/consent.queries.ts'
import { reasonText } from '#modules/access/consent.schema.ts'
import { sweep } from '#modules/access/upkeep.commands.ts'
import type { Actor } from '#platform/actor.ts'
import { clockAt } from '#platform/clock.ts'
import { command } from '#platform/command.ts'
import { openDb } from '#platform/db.ts'
import { AppError } from '#platform/errors.ts'
import { newestTexts, sendText } from '#platform/messages.ts'
import { actorFromRequest } from '#platform/session.ts'
import { smsGatewayFrom } from '#platform/sms.ts'
import { ctxFor, freshDb, systemActor, type TestDb, testCrypto, testNow } from '#platform/testing.ts'
import { signInAs, someDocument, somePhone } from '../../../tests/setup/accounts.ts'

let t: TestDb
let pool: pg.Pool
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  pool = openDb(t.url, 4).pool
})
afterAll(async () => {
  await pool.end()
  await t.close()
})

const as = (actor: Actor, now = testNow) => ctxFor(t.db, actor, now)
const who = async (headers: Record<string, string>, now = testNow) =>
  (
    await actorFromRequest(
      { pool, crypto: testCrypto, clock: clockAt(now.getTime() - Date.now()), secure: false },
      new Request('http://x/', { headers }),
    )
  ).actor
async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'done'
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.fault.kind !== 'refused') return error.fault.kind
    return error.fault.refusal.reason
  }
}
const minutesLater = (n: number) => new Date(testNow.getTime() + n * 60_000)
const clerk = (subdistrict = '440105001') =>
  signInAs(t.db, t.url, { roles: [{ role: 'subdistrict-clerk', subdistrict }] })
const visitor = (more: object = {}) => ({
  name: '谭婆婆',
  documentKind: 'resident-id',
  documentNumber: someDocument('19480101'),
  phone: somePhone(),
  purpose: 'records',
  evidence: 'sms-code',
  ...more,
})
const lastCode = async () => / (\d{6})/.exec((await newestTexts(t.db, testCrypto, 1))[0]?.text ?? '')?.[1] ?? ''
const paper = { name: '同意书.pdf', bytes: new TextEncoder().encode('%PDF-1.7 signed') }

const readOwn = command({
  name: 'test.readOwn',
  permission: 'self.records',
  input: z.object({}),
  run: async (tx) => ({ personId: tx.actor.personId }),
})

describe('HZ4-M13 assisted mode', () => {
  test('HZ4-M13 with a code to the person’s own phone the clerk acts as the person, only that, until it ends', async () => {
    const c = await clerk()
    const asked = await askConsent(as(c.actor), visitor())
    expect(asked.needsCode).toBe(true)
    expect(await outcome(startAssist(as(c.actor), { consentId: asked.consentId }))).toBe('assist-code')
    const code = await lastCode()
    const wrong = code === '111111' ? '222222' : '111111'
    expect(await outcome(startAssist(as(c.actor), { consentId: asked.consentId, code: wrong }))).toBe('code-wrong')
    await startAssist(as(c.actor), { consentId: asked.consentId, code })
    const acting = await who({ cookie: c.cookie })
    expect(acting.onBehalfOf).toEqual({ personId: asked.personId, consentId: asked.consentId })
    expect(acting.can('self.records', { personId: asked.personId })).toBe(true)
    expect(acting.can('self.records', { personId: c.personId })).toBe(false)
    expect(acting.can('claim.submit')).toBe(false)
    expect(await readOwn(as(acting), {})).toEqual({ personId: asked.personId })
    const { rows } = await t.owner.query(
      "select actor_id, on_behalf_of from audit.entries where command = 'test.readOwn'",
    )
    expect(rows).toEqual([{ actor_id: c.accountId, on_behalf_of: asked.personId }])
    expect(await outcome(startAssist(as(c.actor), { consentId: asked.consentId, code }))).toBe('code-expired')
    expect(await outcome(startAssist(as(c.actor), { consentId: asked.consentId }))).toBe('assist-decided')
    await endAssist(as(acting), { consentId: asked.consentId })
    expect((await who({ cookie: c.cookie })).onBehalfOf).toBeUndefined()
    expect(await consentsOfPerson(t.db, asked.personId)).toMatchObject([{ state: 'ended', endReason: 'done' }])
  })

  test('HZ4-M13 half an hour and no longer; then the sweep closes it', async () => {
    const c = await clerk()
    const { consentId } = await askConsent(as(c.actor), visitor({ evidence: 'paper', paper }))
    await startAssist(as(c.actor), { consentId })
    expect((await who({ cookie: c.cookie }, minutesLater(29))).onBehalfOf).toBeDefined()
    expect((await who({ cookie: c.cookie }, minutesLater(30))).onBehalfOf).toBeUndefined()
    expect(await openConsentOf(t.db, c.accountId, minutesLater(31))).toBeUndefined()
    await sweep(as(systemActor, minutesLater(31)), {})
    const { rows } = await t.owner.query('select state, end_reason from auth.consents where id = $1', [consentId])
    expect(rows).toEqual([{ state: 'ended', end_reason: 'expired' }])
    await expect(
      t.owner.query("update auth.consents set expires_at = started_at + interval '31 minutes' where id = $1", [
        consentId,
      ]),
    ).rejects.toMatchObject({ code: '23514' })
  })

  test('HZ4-M13 a consent is one clerk’s, answered soon, and one at a time', async () => {
    const [a, b] = [await clerk(), await clerk('440105002')]
    const first = await askConsent(as(a.actor), visitor({ evidence: 'paper', paper }))
    expect(await outcome(startAssist(as(b.actor), { consentId: first.consentId }))).toBe('missing')
    expect(await outcome(startAssist(as(a.actor, minutesLater(11)), { consentId: first.consentId }))).toBe(
      'assist-late',
    )
    const second = await askConsent(as(a.actor), visitor({ evidence: 'paper', paper }))
    expect(await outcome(startAssist(as(a.actor), { consentId: first.consentId }))).toBe('assist-decided')
    expect((await openConsentOf(t.db, a.accountId, testNow))?.id).toBe(second.consentId)
    expect((await consentsAt(t.db, '440105002')).rows).toEqual([])
    const raced = await Promise.all(
      [1, 2, 3].map(() => outcome(startAssist(as(a.actor), { consentId: second.consentId }))),
    )
    expect(raced.toSorted()).toEqual(['assist-decided', 'assist-decided', 'done'])
  })

  test('HZ4-M13 refused: no phone, another phone, another name, no paper, a program instead of a paper, oneself, not a clerk', async () => {
    const c = await clerk()
    const ask = (more: object, actor = c.actor) => outcome(askConsent(as(actor), visitor(more)))
    expect(await ask({ phone: '' })).toBe('assist-no-phone')
    const known = visitor()
    expect(await outcome(askConsent(as(c.actor), known))).toBe('done')
    expect(await ask({ ...known, phone: somePhone() })).toBe('assist-phone-differs')
    expect(await ask({ ...known, name: '谭公公' })).toBe('assist-name-differs')
    expect(await ask({ evidence: 'paper' })).toBe('invalid')
    expect(
      await ask({ evidence: 'paper', paper: { name: 'x.pdf', bytes: new TextEncoder().encode('MZ\u0000\u0000') } }),
    ).toBe('invalid')
    expect(await ask({}, (await signInAs(t.db, t.url)).actor)).toBe('forbidden')
    const own = someDocument()
    const self = await signInAs(t.db, t.url, {
      name: '何海珠',
      documentNumber: own,
      roles: [{ role: 'subdistrict-clerk', subdistrict: '440105003' }],
    })
    expect(await ask({ name: '何海珠', documentNumber: own, evidence: 'paper', paper }, self.actor)).toBe('assist-self')
    for (const words of Object.values(reasonText)) expect(words({ left: 3 }).remedy).toMatch(/。$/)
    const { rows } = await t.owner.query("select content from platform.files where purpose = 'consent' limit 1")
    expect(rows[0].content.toString()).not.toContain('signed')
  })
})

describe('HZ4-M13 keys for an organisation’s programs', () => {
  const organisation = async () => {
    const { rows } = await t.owner.query(
      `insert into people.organisations (uscc, name, type, address, subdistrict, registered_on, created_at)
       values ($1, '测试单位', 'provider', '海珠区', '440105001', '2015-01-01', now()) returning id`,
      [`91440105${String(Math.floor(Math.random() * 1e9)).padStart(9, '0')}A`],
    )
    return rows[0].id as string
  }
  test('HZ4-M13 shown once, limited to organisation, scopes and days, stopped at once', async () => {
    const [own, other] = [await organisation(), await organisation()]
    const boss = await signInAs(t.db, t.url, { roles: [{ role: 'provider-admin', organisationId: own }] })
    const wish = {
      organisationId: own,
      name: '教务系统',
      scopes: ['roster.edit', 'organisation.read'],
      expiresOn: '2022-03-01',
    }
    expect(await outcome(createApiKey(as(boss.actor), { ...wish, organisationId: other }))).toBe('missing')
    expect(await outcome(createApiKey(as(boss.actor), { ...wish, expiresOn: '2023-03-01' }))).toBe('key-expiry')
    expect(await outcome(createApiKey(as(boss.actor), { ...wish, scopes: ['claim.submit'] }))).toBe('invalid')
    const { key, keyId } = await createApiKey(as(boss.actor), wish)
    const authorization = `Bearer ${key}`
    const actor = await who({ authorization })
    expect(actor).toMatchObject({ kind: 'api-key', name: '教务系统', personId: null })
    expect(actor.can('roster.edit', { organisationId: own })).toBe(true)
    expect(actor.can('roster.edit', { organisationId: other })).toBe(false)
    expect(actor.can('class.edit', { organisationId: own })).toBe(false)
    expect(actor.can('apikey.manage')).toBe(false)
    expect((await who({ authorization: `${authorization}x` })).kind).toBe('anonymous')
    expect((await who({ authorization }, new Date('2022-03-02T10:00:00+08:00'))).kind).toBe('anonymous')
    const stored = await t.owner.query('select * from auth.api_keys')
    expect(JSON.stringify(stored.rows)).not.toContain(key)
    expect(await apiKeysOf(t.db, own)).toMatchObject([{ id: keyId, prefix: key.slice(0, 8), revokedAt: null }])
    const stranger = await signInAs(t.db, t.url, { roles: [{ role: 'provider-admin', organisationId: other }] })
    expect(await outcome(revokeApiKey(as(stranger.actor), { keyId, reason: '恶意停用' }))).toBe('missing')
    await revokeApiKey(as(boss.actor), { keyId, reason: '系统更换' })
    expect((await who({ authorization })).kind).toBe('anonymous')
    const { rows } = await t.owner.query(
      "select outcome, input from audit.entries where command = 'access.createApiKey'",
    )
    expect(JSON.stringify(rows)).not.toContain(key)
  })
})

describe('HZ4-M13 texts to people', () => {
  test('HZ4-M13 a gateway gets each text once; without one the outbox says so', async () => {
    const received: { to: string; text: string }[] = []
    let status = 500
    const server = createServer((req, res) => {
      let body = ''
      req.on('data', (chunk) => {
        body += chunk
      })
      req.on('end', () => {
        if (status === 200) received.push(JSON.parse(body))
        res.writeHead(status).end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    const gateway = smsGatewayFrom({
      SMS_GATEWAY_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`,
    })
    const ctx = as(systemActor)
    await sendText(t.db, testCrypto, {
      purpose: 'sign-in',
      phone: '13912345678',
      phoneMasked: '139****5678',
      text: '验证码',
    })
    const [text] = await newestTexts(t.db, testCrypto, 1)
    const id = text?.id ?? ''
    await deliver(ctx, id, undefined)
    await expect(deliver(ctx, id, gateway)).rejects.toThrow('500')
    status = 200
    await deliver(ctx, id, gateway)
    await deliver(ctx, id, gateway)
    server.close()
    expect(received).toEqual([{ id, to: '13912345678', text: '验证码' }])
    expect((await newestTexts(t.db, testCrypto, 1))[0]?.sentAt).not.toBeNull()
    const stored = await t.owner.query('select * from auth.outbox where id = $1', [id])
    expect(JSON.stringify(stored.rows)).not.toContain('13912345678')
  })
})
