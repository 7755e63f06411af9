/** An organisation's own OpenID Connect sign-in (`O`): the counterpart is oidc-provider from npm, its pages agreed to by a robot. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { removeMember } from '#modules/access/member.commands.ts'
import {
  approvePartner,
  endPartner,
  proposePartner,
  resumePartner,
  suspendPartner,
} from '#modules/access/partner.commands.ts'
import { endPartnerLink } from '#modules/access/partner-trip.commands.ts'
import { clockAt } from '#platform/clock.ts'
import { openDb } from '#platform/db.ts'
import { actorFromRequest } from '#platform/session.ts'
import { testCrypto, user } from '#platform/testing.ts'
import { browserAt, guard, type World, world } from '../../fixtures/connect.ts'
import { faultOf } from '../../fixtures/training.ts'
import { organisationIn } from '../../fixtures/xapi.ts'
import { signInAs } from '../../setup/accounts.ts'
import { startSite, type TestSite } from '../../setup/site.ts'

process.env.FORWARD_PRIVATE = 'yes'
let site: TestSite
let server: Server
let issuer: string
let w: World
let id: string
/** Who signs in there; each test sets it. */
let there = { sub: 'e-1', email: 'a@corp.example.com', email_verified: true }
const pools: { end(): Promise<void> }[] = []

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  let handler: ReturnType<Provider['callback']> | undefined
  server = createServer((request, response) => handler?.(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: 'skills',
        client_secret: 'a-secret-of-the-employer',
        redirect_uris: [`${site.address}/sign-in/organisation/callback`],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    conformIdTokenClaims: false,
    claims: { email: ['email', 'email_verified'] },
    findAccount: (_: unknown, sub: string) => ({ accountId: sub, claims: async () => ({ ...there, sub }) }),
    cookies: { keys: ['test'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
  })
  const callback = oidc.callback()
  handler = async (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return callback(request, response)
    const { prompt, params } = await oidc.interactionDetails(request, response)
    if (prompt.name === 'login') return oidc.interactionFinished(request, response, { login: { accountId: there.sub } })
    const grant = new oidc.Grant({ accountId: there.sub, clientId: String(params.client_id) })
    grant.addOIDCScope('openid email')
    return oidc.interactionFinished(
      request,
      response,
      { consent: { grantId: await grant.save() } },
      { mergeWithLastSubmission: true },
    )
  }
  w = await world(site)
  id = (await proposePartner(site.ctx(w.admin.actor), wish())).id
  await approvePartner(site.ctx(guard), { id })
})
afterAll(async () => {
  server?.close()
  for (const pool of pools) await pool.end()
  await site?.close()
})

const wish = (more: Record<string, unknown> = {}) => ({
  organisationId: w.organisationId,
  name: '集团统一认证',
  purpose: '职工用单位账号登录',
  issuer,
  clientId: 'skills',
  clientSecret: 'a-secret-of-the-employer',
  domains: 'corp.example.com',
  ...more,
})
type Browser = ReturnType<typeof browserAt>

/** From our page to theirs and back; `change` meddles with the way back. */
async function trip(browser: Browser, link = false, change: (url: URL) => void = () => {}) {
  const begun = await browser.post('/sign-in/organisation', { providerId: id, intent: link ? 'link' : 'start' })
  if (!begun.location) return { location: `status ${begun.status}` }
  const to = new URL(begun.location, site.address).searchParams.get('to')
  if (!to) return { location: begun.location }
  let url = new URL(to)
  const theirs = new Map<string, string>()
  for (let hop = 0; hop < 12 && url.origin !== site.address; hop++) {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...theirs].map(([k, v]) => `${k}=${v}`).join('; ') },
    })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';', 1)
      theirs.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    url = new URL(answer.headers.get('location') ?? '', url)
  }
  change(url)
  const answer = await browser.get(url.href)
  return { location: answer.location ?? `status ${answer.status}`, url }
}
const errorOf = ({ location }: { location: string }) => new URL(location, site.address).searchParams.get('error')
async function member(
  name = '职工',
  roles: { role: 'provider-academic' | 'provider-admin'; organisationId: string }[] = [],
) {
  return signInAs(site.db, site.url, {
    name,
    roles: [{ role: 'provider-academic', organisationId: w.organisationId }, ...roles],
  })
}
const actorAt = async (browser: Browser) => {
  const { pool } = openDb(site.url, 1)
  pools.push(pool)
  const cookie = [...browser.jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const clock = clockAt(site.ctx().now.getTime() - Date.now())
  return actorFromRequest(
    { pool, crypto: testCrypto, clock, secure: false },
    new Request(site.address, { headers: { cookie } }),
  )
}

describe('O registration', () => {
  test('O C25 two people; the secret is sealed and told to nobody; one open registration an organisation', async () => {
    expect(await faultOf(proposePartner(site.ctx(w.admin.actor), wish()))).toBe('partner-open')
    const organisationId = await organisationIn(site.db)
    const both = user('一人', [{ role: 'provider-admin', organisationId }, { role: 'security-admin' }])
    const own = await proposePartner(site.ctx(both), wish({ organisationId }))
    expect(await faultOf(approvePartner(site.ctx(both), { id: own.id }))).toBe('same-person')
    expect(await faultOf(proposePartner(site.ctx(w.admin.actor), wish({ organisationId })))).toBe('missing')
    expect(await faultOf(endPartner(site.ctx(w.admin.actor), { id: own.id, note: '恶意停用' }))).toBe('missing')
    const { rows } = await site.owner.query(
      `select p::text as row from auth.partner_providers p union all select a::text from audit.entries a`,
    )
    for (const { row } of rows) expect(row).not.toContain('a-secret-of-the-employer')
  })
})

describe('O sign-in', () => {
  test('O C01 HZ4-M13 an account there that nobody here has connected opens nothing', async () => {
    there = { sub: 'e-unknown', email: 'u@corp.example.com', email_verified: true }
    const browser = browserAt(site)
    expect(errorOf(await trip(browser))).toBe('partner-unlinked')
    expect((await actorAt(browser)).actor.kind).toBe('anonymous')
  })
  test('O C01 HZ4-M13 connected once by a signed-in member; later it signs in, for this organisation and nothing of his own', async () => {
    there = { sub: 'e-1', email: 'a@corp.example.com', email_verified: true }
    const elsewhere = await organisationIn(site.db)
    const who = await member('两处职工', [{ role: 'provider-admin', organisationId: elsewhere }])
    const own = browserAt(site, who.cookie)
    expect((await trip(own, true)).location).toContain('/account/links?done=partner-linked')
    const browser = browserAt(site)
    expect((await trip(browser)).location).toBe('/welcome')
    const { actor, session } = await actorAt(browser)
    expect(actor).toMatchObject({ kind: 'user', id: who.accountId, personId: null })
    expect(session?.organisationIds).toEqual([w.organisationId])
    expect(actor.can('library.contribute', { organisationId: w.organisationId })).toBe(true)
    expect(actor.can('library.submit', { organisationId: elsewhere })).toBe(false)
    expect([actor.can('self.records'), actor.can('self.check-in')]).toEqual([false, false])
    expect((await browser.get('/my')).status).not.toBe(200)
    expect((await browser.get('/provider/library')).status).toBe(200)
  })
  test('O C01 a member who was removed, a link that was ended, a provider that was suspended: nobody comes in, who is in goes out', async () => {
    there = { sub: 'e-2', email: 'b@corp.example.com', email_verified: true }
    const who = await member('将离开')
    await trip(browserAt(site, who.cookie), true)
    const browser = browserAt(site)
    expect((await trip(browser)).location).toBe('/welcome')
    await suspendPartner(site.ctx(guard), { id, note: '对方通报失密' })
    expect((await actorAt(browser)).actor.kind).toBe('anonymous')
    expect((await trip(browserAt(site))).location).toBe('status 404')
    await resumePartner(site.ctx(guard), { id, note: '已经处理好' })
    const { rows } = await site.owner.query('select id from auth.role_grants where user_id = $1', [who.accountId])
    await removeMember(site.ctx(w.admin.actor), { grantId: rows[0].id, reason: '已经离职' })
    expect(errorOf(await trip(browserAt(site)))).toBe('partner-not-member')
    there = { sub: 'e-3', email: 'c@corp.example.com', email_verified: true }
    const other = await member('解除连接')
    await trip(browserAt(site, other.cookie), true)
    const link = await site.owner.query('select id from auth.partner_links where account_id = $1', [other.accountId])
    expect(await faultOf(endPartnerLink(site.ctx(who.actor), { id: link.rows[0].id }))).toBe('missing')
    await endPartnerLink(site.ctx(other.actor), { id: link.rows[0].id })
    expect(errorOf(await trip(browserAt(site)))).toBe('partner-unlinked')
  })
  test('O C25 never an official, not by the program and not by the database; never somebody who is no member', async () => {
    there = { sub: 'e-4', email: 'd@corp.example.com', email_verified: true }
    const official = await signInAs(site.db, site.url, { name: '受理', roles: [{ role: 'hr-intake' }] })
    expect(errorOf(await trip(browserAt(site, official.cookie), true))).toBe('partner-official')
    const direct = site.owner.query(
      `insert into auth.partner_links (provider_id, subject_index, account_id, linked_at) values ($1, 'x', $2, now())`,
      [id, official.accountId],
    )
    await expect(direct).rejects.toThrow(/official/)
    const worker = await signInAs(site.db, site.url, { name: '路人', identity: 'verified' })
    expect(errorOf(await trip(browserAt(site, worker.cookie), true))).toBe('partner-not-member')
    expect((await trip(browserAt(site), true)).location).not.toContain('partner-linked')
  })
  test('O C01 one account there, one here: it cannot be taken over, and a partner session connects nothing', async () => {
    there = { sub: 'e-5', email: 'e@corp.example.com', email_verified: true }
    const first = await member('先连接')
    await trip(browserAt(site, first.cookie), true)
    const second = await member('后连接')
    expect(errorOf(await trip(browserAt(site, second.cookie), true))).toBe('partner-taken')
    const browser = browserAt(site)
    await trip(browser)
    there = { sub: 'e-6', email: 'f@corp.example.com', email_verified: true }
    expect((await trip(browser, true)).location).toBe('status 409')
    const direct = site.owner.query('update auth.sessions set second_factor_at = now() where partner_id is not null')
    await expect(direct).rejects.toThrow(/partner session/)
  })
  test.each([
    ['another domain', { email: 'x@else.example.com' }],
    ['a longer domain', { email: 'x@evilcorp.example.com' }],
    ['an unverified address', { email_verified: false }],
    ['an address in the name part', { email: 'corp.example.com' }],
  ])('O C01 outside what was approved: %s', async (_, more) => {
    there = { sub: 'e-1', email: 'a@corp.example.com', email_verified: true, ...more }
    expect(errorOf(await trip(browserAt(site)))).toBe('partner-outside')
  })
  test('O C01 refused: forged or used state, another browser, another code, another issuer', async () => {
    there = { sub: 'e-1', email: 'a@corp.example.com', email_verified: true }
    expect(errorOf(await trip(browserAt(site), false, (url) => url.searchParams.set('state', 'x'.repeat(43))))).toBe(
      'partner-failed',
    )
    expect(errorOf(await trip(browserAt(site), false, (url) => url.searchParams.set('code', 'made-up')))).toBe(
      'partner-failed',
    )
    expect(
      errorOf(await trip(browserAt(site), false, (url) => url.searchParams.set('iss', 'https://else.example'))),
    ).toBe('partner-failed')
    const browser = browserAt(site)
    const done = await trip(browser)
    expect(done.location).toBe('/welcome')
    expect(errorOf({ location: (await browser.get(done.url?.href ?? '')).location ?? '' })).toBe('partner-failed')
    const victim = browserAt(site)
    const theirs = await trip(browserAt(site), false, (url) => void victim.jar.set('keep', url.href))
    expect(theirs.location).toBe('/welcome')
    expect(errorOf({ location: (await victim.get(victim.jar.get('keep') ?? '')).location ?? '' })).toBe(
      'partner-failed',
    )
  })
  test('O C01 a page of ours leads only where we signed that it should', async () => {
    const evil = await browserAt(site).get(
      `/sign-in/organisation?${new URLSearchParams({ to: 'https://evil.example/', sign: 'x' })}`,
    )
    expect([evil.status, evil.text.includes('href="https://evil.example')]).toEqual([200, false])
  })
})
