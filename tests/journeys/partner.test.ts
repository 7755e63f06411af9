import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { approvePartner, proposePartner } from '#modules/access/partner.commands.ts'
import { guard, type World, world } from '../fixtures/connect.ts'
import { signInAs } from '../setup/accounts.ts'
import { desk, launchBrowser, phone } from '../setup/browser.ts'
import { cookieFor, looksRight } from '../setup/look.ts'
import { type Employer, employer } from '../setup/oidc.ts'
import { startSite, type TestSite } from '../setup/site.ts'

/** Somebody signs in at his employer and comes back, in a real browser, against a provider that runs here. */
process.env.FORWARD_PRIVATE = 'yes'
let site: TestSite
let browser: Browser
let corp: Employer
let w: World

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
  corp = await employer()
  w = await world(site)
  const { id } = await proposePartner(site.ctx(w.admin.actor), {
    ...{ organisationId: w.organisationId, name: '集团统一认证', purpose: '职工用单位账号登录', issuer: corp.address },
    ...{ clientId: corp.clientId, clientSecret: corp.clientSecret },
  })
  await approvePartner(site.ctx(guard), { id })
})
afterAll(async () => {
  corp?.close()
  await browser?.close()
  await site?.close()
})

async function somebody(cookie?: string, viewport = desk): Promise<{ pocket: BrowserContext; page: Page }> {
  const pocket = await browser.newContext({ viewport, bypassCSP: true, locale: 'zh-CN' })
  if (cookie) await pocket.addCookies([cookieFor(site.address, cookie)])
  return { pocket, page: await pocket.newPage() }
}
const reads = (page: Page, text: string) => expect.poll(() => page.locator('main').textContent()).toContain(text)

/** From our sign-in page to the employer's and back; gives the address that the browser came back by. */
async function goThrough(page: Page, sub: string): Promise<string> {
  await page.goto(`${site.address}/sign-in`)
  await page.getByRole('link', { name: '用单位账号登录' }).click()
  await page.getByLabel('单位').selectOption({ index: 1 })
  await page.getByRole('button', { name: '下一步' }).click()
  return enter(page, sub)
}
async function enter(page: Page, sub: string): Promise<string> {
  await looksRight(page)
  await page.getByRole('link', { name: '前往登录' }).click()
  await page.getByLabel('工号').fill(sub)
  const [back] = await Promise.all([
    page.waitForRequest((request) => request.url().startsWith(`${site.address}/sign-in/organisation/callback`)),
    page.getByRole('button', { name: '登录' }).click(),
  ])
  await page.waitForLoadState()
  return back.url()
}

test('O C01 an account at the employer that nobody here has connected opens nothing, and is told what to do', async () => {
  const { pocket, page } = await somebody(undefined, phone)
  await goThrough(page, 'e-nobody')
  await reads(page, '还没有和本平台的账号连接')
  await looksRight(page)
  await page.screenshot({ path: '/tmp/partner-unlinked-phone.png', fullPage: true })
  await page.goto(`${site.address}/provider/library`)
  expect(page.url()).toContain('/sign-in')
  await pocket.close()
})

test('O C01 HZ4-M13 connected once by a signed-in member; then it signs in, with PKCE, state and nonce of each trip', async () => {
  const member = await signInAs(site.db, site.url, {
    name: '职工甲',
    roles: [{ role: 'provider-academic', organisationId: w.organisationId }],
  })
  const own = await somebody(member.cookie)
  await own.page.goto(`${site.address}/account/links`)
  await own.page.getByRole('button', { name: '连接集团统一认证' }).click()
  await enter(own.page, 'e-1')
  await reads(own.page, '集团统一认证')
  expect(own.page.url()).toContain('/account/links?done=partner-linked')
  await looksRight(own.page)
  await own.pocket.close()
  const { pocket, page } = await somebody()
  const back = await goThrough(page, 'e-1')
  await page.goto(`${site.address}/provider/library`)
  expect(page.url()).toBe(`${site.address}/provider/library`)
  await looksRight(page)
  expect((await page.goto(`${site.address}/my/courses`))?.url()).not.toBe(`${site.address}/my/courses`)
  // Each trip has its own state, nonce and challenge; the verifier was shown to the employer alone and fits.
  const [one, two] = corp.asked.slice(-2)
  for (const name of ['state', 'nonce', 'code_challenge']) {
    expect(one?.get(name)?.length).toBeGreaterThanOrEqual(43)
    expect(one?.get(name)).not.toBe(two?.get(name))
  }
  expect(corp.proven.length).toBeGreaterThanOrEqual(2)
  expect(corp.asked.every((asked) => !asked.toString().includes(corp.proven.at(-1) as string))).toBe(true)
  // The way back works once, in the browser that went.
  const again = await somebody()
  for (const one of [page, again.page]) {
    await one.goto(back)
    await reads(one, '单位账号登录没有完成')
  }
  await again.page.goto(`${site.address}/provider/library`)
  expect(again.page.url()).toContain('/sign-in')
  await again.pocket.close()
  await pocket.close()
})

test.each([
  ['a token of another issuer', { claims: { iss: 'https://else.example' } }],
  ['an answer of another issuer', { iss: 'https://else.example' }],
  ['a token for somebody else’s client', { claims: { aud: 'another' } }],
  ['the nonce of another trip', { claims: { nonce: 'x'.repeat(43) } }],
  ['a token that ran out', { claims: { exp: 1 } }],
] as [string, Employer['bend']][])('O C01 %s signs nobody in', async (_, bend) => {
  const { pocket, page } = await somebody()
  corp.bend = bend
  await goThrough(page, 'e-1')
  corp.bend = {}
  await reads(page, '单位账号登录没有完成')
  await page.goto(`${site.address}/provider/library`)
  expect(page.url()).toContain('/sign-in')
  await pocket.close()
})

test('O C01 a state that nobody gave out, and a way back without the browser’s cookie, sign nobody in', async () => {
  const { pocket, page } = await somebody()
  await page.goto(`${site.address}/sign-in/organisation/callback?code=x&state=${'x'.repeat(43)}`)
  await reads(page, '单位账号登录没有完成')
  const asked = corp.asked.length
  await page.goto(`${site.address}/sign-in/organisation?to=${encodeURIComponent('https://evil.example/')}&sign=x`)
  expect(await page.getByRole('link', { name: '前往登录' }).count()).toBe(0)
  expect(corp.asked.length).toBe(asked)
  await pocket.close()
})
