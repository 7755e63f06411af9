import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import encodeQR from 'qr'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { revokeCertificate } from '#modules/assessment/certificate.commands.ts'
import { type Certificate, classCertificates } from '#modules/assessment/certificate.queries.ts'
import { jobs } from '#modules/credentials/credential.jobs.ts'
import { compactJwt, credentialOfCertificate } from '#modules/credentials/credential.queries.ts'
import { offlineUrl } from '#modules/credentials/credential.rules.ts'
import { signerOf } from '#modules/credentials/key.queries.ts'
import { verifyGiven } from '#modules/credentials/verify.rules.ts'
import { user } from '#platform/testing.ts'
import { concluded, issued, type RunningClass, runningClass } from '../fixtures/assessed.ts'
import { signInAs } from '../setup/accounts.ts'
import { desk, launchBrowser, phone } from '../setup/browser.ts'
import { cookieFor, looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'

/** A certificate as a file that anybody verifies, with and without a network, and what its holder lets others see. */
let site: TestSite
let browser: Browser
let of: RunningClass
let certificate: Certificate
let learner: Page
const contexts: BrowserContext[] = []
const folder = mkdtempSync(join(tmpdir(), 'credentials-'))

async function somebody(viewport: { width: number; height: number }, cookie?: string): Promise<Page> {
  const context = await browser.newContext({ viewport, bypassCSP: true, locale: 'zh-CN' })
  if (cookie) await context.addCookies([cookieFor(site.address, cookie)])
  contexts.push(context)
  return context.newPage()
}
const mainText = (page: Page) => page.locator('main').textContent()
const picture = (page: Page, name: string) =>
  process.env.PICTURES
    ? page.screenshot({ path: join(process.env.PICTURES, `${name}.png`), fullPage: true })
    : undefined
const signedText = async () => {
  const found = await credentialOfCertificate(site.db, certificate.id)
  if (!found) throw new Error('no credential')
  const issuer = { origin: site.address, name: '' }
  return offlineUrl(site.address, compactJwt(await signerOf(site.ctx()), issuer, found, '苏学员'))
}
const paste = async (page: Page, text: string) => {
  await page.getByLabel('粘贴数字证书').fill(text)
  await page.getByRole('button', { name: '查验', exact: true }).click()
}
const reads = (page: Page, text: string) => expect.poll(() => mainText(page), { timeout: 15_000 }).toContain(text)

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
  const { cookie, personId } = await signInAs(site.db, site.url, { name: '苏学员', identity: 'verified' })
  of = await runningClass(site.db, [900], { people: [personId] })
  await concluded(site.db, of, [['80', '90']])
  await issued(site.db, of)
  await jobs['credentials.issueMissing']?.(site.ctx(), {})
  ;[certificate] = (await classCertificates(site.db, of.id)) as [Certificate]
  learner = await somebody(phone, cookie)
})
afterAll(async () => {
  for (const context of contexts) await context.close()
  await browser?.close()
  await site?.close()
})

test('HZ4-M13 keys, lists, context and copies are public: right media types, any origin, no cookie', async () => {
  const get = async (path: string, accept = '*/*') => {
    const answer = await fetch(site.address + path, { headers: { accept, origin: 'https://else.example' } })
    const { headers } = answer
    expect([path, answer.status, headers.get('access-control-allow-origin')]).toEqual([path, 200, '*'])
    expect(headers.get('set-cookie')).toBeNull()
    return { type: headers.get('content-type'), text: await answer.text() }
  }
  const did = await get('/.well-known/did.json')
  expect(did.type).toBe('application/did+ld+json')
  const document = JSON.parse(did.text)
  expect(document.id).toBe(`did:web:${encodeURIComponent(new URL(site.address).host)}`)
  const list = `${site.address}/credentials/status/1`
  const jwt = await get('/credentials/status/1', 'application/vc+jwt')
  expect(jwt.type).toBe('application/vc+jwt')
  const known = { did: document.id, document, lists: { [list]: jwt.text } }
  const json = await get('/credentials/status/1')
  expect(json.type).toBe('application/vc')
  expect((await verifyGiven(json.text, known, site.ctx().now)).outcome).toBe('no-status') // a list has no list
  for (const accept of ['application/vc', 'application/vc+jwt']) {
    const copy = await get(`/credentials/certificates/${certificate.code}`, accept)
    expect(copy.type).toBe(accept)
    expect((await verifyGiven(copy.text, known, site.ctx().now)).outcome).toBe('valid')
    expect(copy.text).not.toContain('苏学员')
  }
  const [context] = [await get('/credentials/context/v1'), await get('/credentials/issuer')]
  expect([context.type, JSON.parse(context.text)['@context'].course]).toEqual([
    'application/ld+json',
    expect.any(String),
  ])
  expect((await get(`/credentials/achievements/training/${of.id}`)).text).toContain('Achievement')
  const asked = await fetch(`${site.address}/credentials/status/1`, {
    method: 'OPTIONS',
    headers: { origin: 'https://else.example', 'access-control-request-method': 'GET' },
  })
  expect([asked.status, asked.headers.get('access-control-allow-methods')]).toEqual([204, 'GET,HEAD'])
  for (const path of [
    '/credentials/status/0',
    '/credentials/status/9',
    '/credentials/certificates/none',
    '/credentials/achievements/else/x',
  ])
    expect((await fetch(site.address + path)).status).toBe(404)
})

test('HZ4-M13 the learner downloads paper, JSON and JWT; nobody else does', async () => {
  await learner.goto(`${site.address}/my/record`)
  await looksRight(learner)
  await picture(learner, 'record-phone')
  const at = `${site.address}/my/certificates/${certificate.id}`
  const types = { '': 'application/pdf', '/credential.json': 'application/vc', '/credential.jwt': 'application/vc+jwt' }
  const stranger = await signInAs(site.db, site.url, { name: '别学员', identity: 'verified' })
  for (const [path, type] of Object.entries(types)) {
    const file = await learner.request.get(at + path)
    expect([file.status(), file.headers()['content-type']]).toEqual([200, type])
    const refused = await fetch(at + path, { headers: { cookie: stranger.cookie }, redirect: 'manual' })
    expect(refused.status).toBe(404)
    expect((await fetch(at + path, { redirect: 'manual' })).status).toBe(302)
  }
  expect(await (await learner.request.get(`${at}/credential.json`)).text()).toContain('苏学员')
})

test('HZ4-M13 offline: after one visit the network may go; scanned, chosen or pasted, the answer is there', async () => {
  const page = await somebody(phone)
  const url = await signedText()
  await page.goto(`${site.address}/verify/offline`)
  await reads(page, '离线资料已更新')
  await looksRight(page)
  await picture(page, 'offline-phone')
  await expect
    .poll(() =>
      page.evaluate(`caches.open('offline-verify-1').then((shelf) => shelf.match('/verify/offline')).then(Boolean)`),
    )
    .toBe(true)
  await page.context().setOffline(true)
  await page.goto('about:blank')
  await page.goto(url) // as a phone's camera opens it
  await reads(page, '证书有效')
  await reads(page, '现在没有网络')
  expect(await mainText(page)).toContain('苏学员')
  await looksRight(page)
  await picture(page, 'offline-valid-phone')
  const token = url.slice(url.indexOf('#') + 1)
  const at = token.indexOf('.') + 40
  await paste(page, `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`)
  await reads(page, '内容被改动过')
  await looksRight(page)
  await paste(page, `${site.address}/verify/${certificate.code}`)
  await reads(page, '这是证书第一页的二维码')
  await paste(page, '您好')
  await reads(page, '读不出证书')
  const file = join(folder, 'code.gif')
  writeFileSync(file, encodeQR(url, 'gif', { ecc: 'medium', scale: 4, border: 4 }))
  await page.setInputFiles('input[type=file]', file)
  await reads(page, '证书有效')
  const badge = join(folder, 'badge.json')
  writeFileSync(
    badge,
    await (await learner.request.get(`${site.address}/my/certificates/${certificate.id}/credential.json`)).body(),
  )
  await page.setInputFiles('input[type=file]', badge)
  await reads(page, '证书有效')
  await page.clock.install({ time: Date.now() + 8 * 86_400_000 })
  await paste(page, url)
  await reads(page, '撤销名单已超过 7 天')
  await looksRight(page)
  expect(await page.evaluate(`JSON.stringify(localStorage)`)).not.toContain('苏学员')
})

test('C23 offline: a revocation is known after the next update, and a forged one of another issuer is named', async () => {
  const page = await somebody(desk)
  const url = await signedText()
  await page.goto(url)
  await reads(page, '证书有效')
  await picture(page, 'offline-valid-desk')
  await looksRight(page)
  const strange = { origin: 'https://else.example', name: '' }
  const found = await credentialOfCertificate(site.db, certificate.id)
  if (found) await paste(page, compactJwt(await signerOf(site.ctx()), strange, found, '苏学员'))
  await reads(page, '不是本平台签发的')
  await revokeCertificate(site.ctx(user('局领导', [{ role: 'hr-leader' }])), {
    certificateId: certificate.id,
    code: 'misprint',
    note: '更正后换发',
  })
  await page.getByRole('button', { name: '更新离线资料' }).click()
  await reads(page, '离线资料已更新')
  await paste(page, url)
  await reads(page, '证书已撤销')
  await picture(page, 'offline-revoked-desk')
  await looksRight(page)
})

test('HZ4-M13 a browser without Ed25519 says so and offers the online check', async () => {
  const page = await somebody(phone)
  await page.addInitScript(
    `crypto.subtle.importKey = () => Promise.reject(new DOMException('no', 'NotSupportedError'))`,
  )
  await page.goto(await signedText())
  await reads(page, '这个浏览器不能核对数字签名')
  await looksRight(page)
  expect(await page.getByRole('link', { name: '联网查验' }).getAttribute('href')).toBe('/verify')
})

test('R37 passport: nothing by default, exactly what was chosen, each opening counted, closed at once', async () => {
  await learner.goto(`${site.address}/my/passport`)
  await looksRight(learner)
  await picture(learner, 'my-passport-phone')
  expect(await learner.locator('main input:checked').count()).toBe(0)
  await learner.getByLabel('7 天').check()
  await learner.getByRole('button', { name: '生成链接' }).click()
  expect(await learner.locator('.error-summary').textContent()).toContain('请至少选一张证书')
  await looksRight(learner)
  await learner.locator('input[name=credentials]').check()
  await learner.getByRole('button', { name: '生成链接' }).click()
  await reads(learner, '链接已生成')
  await looksRight(learner)
  await picture(learner, 'passport-made-phone')
  const link = (await learner.locator('.notice .copyable').textContent()) ?? ''
  for (const screen of [desk, phone]) {
    const employer = await somebody(screen)
    const answer = await employer.goto(link)
    expect(answer?.headers()['x-robots-tag']).toContain('noindex')
    await looksRight(employer)
    await picture(employer, `passport-${screen.width}`)
    const text = await mainText(employer)
    expect(text).toContain(certificate.number)
    expect(text).toContain('已撤销')
    expect(text).not.toMatch(/苏学员|15小时/)
    expect(await employer.locator('script').count()).toBe(0)
  }
  const vp = await fetch(`${link}/presentation`)
  expect([vp.status, vp.headers.get('content-type')]).toEqual([200, 'application/vp'])
  expect(((await vp.json()) as { type: string[] }).type).toEqual(['VerifiablePresentation'])
  await learner.goto(link) // the holder's own look is not counted
  await learner.goto(`${site.address}/my/passport`)
  await reads(learner, '3 次')
  await looksRight(learner)
  await learner.getByRole('button', { name: /^收回/ }).click()
  await reads(learner, '链接已收回')
  expect((await fetch(link)).status).toBe(404)
  expect((await fetch(`${link}/presentation`)).status).toBe(404)
})

test('C23 the office: one proposes a key, another approves it; whoever audits sees numbers only', async () => {
  const as = async (name: string, role: 'system-admin' | 'security-admin' | 'audit-reader') =>
    somebody(desk, (await signInAs(site.db, site.url, { name, roles: [{ role }] })).cookie)
  const operator = await as('钱运维', 'system-admin')
  await operator.goto(`${site.address}/office/credentials`)
  await looksRight(operator)
  await operator.getByLabel('定期更换').check()
  await operator.getByLabel('依据').fill('年度更换计划')
  await operator.getByRole('button', { name: '提出新密钥' }).click()
  await reads(operator, '提出人不能批准自己的密钥')
  await looksRight(operator)
  const guard = await as('孙安全', 'security-admin')
  await guard.goto(`${site.address}/office/credentials`)
  await looksRight(guard)
  await picture(guard, 'office-credentials')
  await guard.getByRole('button', { name: '批准启用' }).click()
  await reads(guard, '新密钥已启用')
  const auditor = await as('李审计', 'audit-reader')
  await auditor.goto(`${site.address}/office/credentials`)
  await looksRight(auditor)
  expect(await mainText(auditor)).toMatch(/2021-09[\s\S]*1/)
  expect(await mainText(auditor)).not.toContain('苏学员')
  const { verificationMethod } = (await (await fetch(`${site.address}/.well-known/did.json`)).json()) as {
    verificationMethod: unknown[]
  }
  expect(verificationMethod).toHaveLength(4)
})
