import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { authFor } from '#modules/access/wiring.commands.ts'
import type { Auth } from '#platform/auth.ts'
import { clockAt } from '#platform/clock.ts'
import { openDb } from '#platform/db.ts'
import { actorFromRequest } from '#platform/session.ts'
import { freshDb, type TestDb, testCrypto, testNow, testPlan } from '#platform/testing.ts'
import { accountFor, someDocument, somePhone } from '../../../tests/setup/accounts.ts'

/** Who the identity provider says is signing in; each test sets it. */
type Person = { sub: string; name: string; document_number: string; document_kind?: string; phone_number?: string }
let person: Person
let t: TestDb
let auth: Auth
let pool: pg.Pool
let provider: Server
const clock = clockAt(testNow.getTime() - Date.now())
const site = 'http://localhost:3000'
const logged: string[] = []

beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  pool = openDb(t.url, 4).pool
  let handler: ReturnType<Provider['callback']> | undefined
  const { createServer } = await import('node:http')
  provider = createServer((req, res) => handler?.(req, res))
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', () => resolve()))
  const issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: 'skills',
        client_secret: 'a-secret-of-the-test',
        redirect_uris: [`${site}/api/auth/callback/unified-identity`],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    conformIdTokenClaims: false,
    claims: { identity: ['document_number', 'document_kind'], profile: ['name'], phone: ['phone_number'] },
    scopes: ['openid', 'profile', 'phone', 'identity'],
    findAccount: (_ctx: unknown, sub: string) => ({ accountId: sub, claims: async () => ({ ...person, sub }) }),
    cookies: { keys: ['test'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
  })
  const callback = oidc.callback()
  handler = async (req, res) => {
    // The provider's own sign-in page, agreed to by a robot.
    if (!req.url?.startsWith('/interaction/')) return callback(req, res)
    const { prompt, params } = await oidc.interactionDetails(req, res)
    if (prompt.name === 'login') return oidc.interactionFinished(req, res, { login: { accountId: person.sub } })
    const grant = new oidc.Grant({ accountId: person.sub, clientId: String(params.client_id) })
    grant.addOIDCScope('openid profile phone identity')
    return oidc.interactionFinished(
      req,
      res,
      { consent: { grantId: await grant.save() } },
      { mergeWithLastSubmission: true },
    )
  }
  auth = authFor({
    db: t.db,
    crypto: testCrypto,
    plan: testPlan(),
    clock,
    baseUrl: site,
    oidc: { issuer, clientId: 'skills', clientSecret: 'a-secret-of-the-test' },
    log: { warn: (...args: unknown[]) => void logged.push(JSON.stringify(args)) } as never,
  })
})
afterAll(async () => {
  provider.close()
  await pool.end()
  await t.close()
})

class Jar {
  readonly cookies = new Map<string, string>()
  take(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split(/=(.*)/s)
      if (value === '' || /max-age=0/i.test(line)) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
  }
  get header(): string {
    return [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; ')
  }
}

/** A browser's way: our button, the provider's pages, back to our call-back. */
async function roundTrip(change: (callback: URL) => URL = (u) => u): Promise<{ location: string; jar: Jar }> {
  const jar = new Jar()
  const theirs = new Jar()
  const start = await auth.api.signInSocial({
    body: { provider: 'unified-identity', callbackURL: '/my', errorCallbackURL: '/sign-in' },
    headers: new Headers(),
    returnHeaders: true,
  })
  jar.take(start.headers)
  let url = new URL(start.response.url ?? '')
  for (let hop = 0; hop < 12 && url.origin !== site; hop++) {
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie: theirs.header } })
    theirs.take(answer.headers)
    url = new URL(answer.headers.get('location') ?? '', url)
  }
  const answer = await auth.handle(new Request(change(url), { headers: { cookie: jar.header } }))
  jar.take(answer.headers)
  return { location: answer.headers.get('location') ?? `status ${answer.status}`, jar }
}
const who = async (jar: Jar) =>
  (
    await actorFromRequest(
      { pool, crypto: testCrypto, clock, secure: false },
      new Request(site, { headers: { cookie: jar.header } }),
    )
  ).actor

describe('HZ4-M13 provincial unified identity (OpenID Connect)', () => {
  test('HZ4-M13 somebody new is registered and verified; the same person comes back to the same account', async () => {
    person = { sub: 'gd-1', name: '霍统一', document_number: someDocument(), phone_number: somePhone() }
    const first = await roundTrip()
    expect([first.location, logged]).toEqual(['/my', []])
    const actor = await who(first.jar)
    expect(actor).toMatchObject({ kind: 'user', name: '霍*一', personId: expect.any(String) })
    expect((await who((await roundTrip()).jar)).id).toBe(actor.id)
    const { rows } = await t.owner.query('select identity, email_verified from auth.users where id = $1', [actor.id])
    expect(rows).toEqual([{ identity: 'verified', email_verified: true }])
    const kept = await t.owner.query('select * from auth.accounts')
    expect(kept.rows.every((row) => !row.id_token && !row.access_token && !row.refresh_token)).toBe(true)
    expect(JSON.stringify([kept.rows, (await t.owner.query('select * from auth.users')).rows])).not.toContain(
      person.document_number,
    )
  })

  test('HZ4-M13 an account with the same phone that had declared itself is verified and joined', async () => {
    const phone = somePhone()
    const documentNumber = someDocument()
    const own = await accountFor(t.db, { name: '汤自报', phone, documentNumber, identity: 'declared' })
    person = { sub: 'gd-2', name: '汤自报', document_number: documentNumber, phone_number: phone }
    const { jar } = await roundTrip()
    expect((await who(jar)).id).toBe(own.accountId)
  })

  test('HZ4-M13 an account that had declared itself from another phone loses the person to who proved it', async () => {
    const documentNumber = someDocument()
    const imposter = await accountFor(t.db, {
      name: '真本人',
      phone: somePhone(),
      documentNumber,
      identity: 'declared',
    })
    person = { sub: 'gd-3', name: '真本人', document_number: documentNumber, phone_number: somePhone() }
    const actor = await who((await roundTrip()).jar)
    expect(actor.personId).toBe(imposter.personId)
    expect(actor.id).not.toBe(imposter.accountId)
    const { rows } = await t.owner.query('select person_id, identity from auth.users where id = $1', [
      imposter.accountId,
    ])
    expect(rows).toEqual([{ person_id: null, identity: 'none' }])
  })

  test('HZ4-M13 an account verified at the desk is joined', async () => {
    const documentNumber = someDocument()
    const own = await accountFor(t.db, { name: '窗口验', documentNumber, identity: 'verified' })
    person = { sub: 'gd-4', name: '窗口验', document_number: documentNumber }
    expect((await who((await roundTrip()).jar)).id).toBe(own.accountId)
  })

  test('HZ4-M13 refused: another name, a wrong document, a forged state, a used code', async () => {
    const documentNumber = someDocument()
    await accountFor(t.db, { name: '登记名', documentNumber })
    person = { sub: 'gd-5', name: '别的名', document_number: documentNumber }
    const other = await roundTrip()
    expect(other.location).toBe('/sign-in?error=identity-name-differs')
    expect((await who(other.jar)).kind).toBe('anonymous')
    person = { sub: 'gd-6', name: '号码错', document_number: '440105200002290010' }
    expect((await roundTrip()).location).toBe('/sign-in?error=unified-incomplete')
    person = { sub: 'gd-7', name: '好好的', document_number: someDocument() }
    const forged = await roundTrip((url) => {
      url.searchParams.set('state', 'forged')
      return url
    })
    expect(forged.location).toBe('/sign-in?error=unified-failed')
    expect((await who(forged.jar)).kind).toBe('anonymous')
    const stolen = await roundTrip((url) => {
      url.searchParams.set('code', 'not-the-code')
      return url
    })
    expect(stolen.location).toBe('/sign-in?error=unified-failed')
  })

  test('HZ4-M15 nothing else of the library is reachable from outside', async () => {
    for (const path of [
      'sign-up/email',
      'sign-in/username',
      'phone-number/verify',
      'get-session',
      'two-factor/disable',
      'callback/google',
    ]) {
      const answer = await auth.handle(new Request(`${site}/api/auth/${path}`, { method: 'POST', body: '{}' }))
      expect([path, answer.status]).toEqual([path, 404])
    }
  })
})
