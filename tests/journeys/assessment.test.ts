import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { jobs } from '#modules/assessment/certificate.jobs.ts'
import { classCertificates, issueRuns } from '#modules/assessment/certificate.queries.ts'
import { seatCode } from '#modules/assessment/score.rules.ts'
import { type RunningClass, runningClass } from '../fixtures/assessed.ts'
import { signInAs } from '../setup/accounts.ts'
import { desk, launchBrowser, phone } from '../setup/browser.ts'
import { cookieFor, looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'

/** From the score sheet to a certificate that anybody can verify, and back when it turns out to be false. */
let site: TestSite
let browser: Browser
let of: RunningClass
const contexts: BrowserContext[] = []
const at = (tab = '') => `${site.address}/enterprise/classes/${of.id}/assessment${tab}`

/** Somebody with a session of his own, or a stranger, at a screen of this size, without script. */
async function somebody(viewport: { width: number; height: number }, cookie?: string): Promise<Page> {
  const context = await browser.newContext({ viewport, bypassCSP: true, locale: 'zh-CN' })
  if (cookie) await context.addCookies([cookieFor(site.address, cookie)])
  contexts.push(context)
  return context.newPage()
}
const staff = async (name: string) =>
  (await signInAs(site.db, site.url, { name, roles: [{ role: 'enterprise-hr', organisationId: of.organisation.id }] }))
    .cookie
const mainText = (page: Page) => page.locator('main').textContent()

let academic: Page
let head: Page

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  of = await runningClass(site.db, [900, 720, 300])
  browser = await launchBrowser()
  academic = await somebody(desk, await staff('陈教务'))
  head = await somebody(phone, await staff('林负责'))
})
afterAll(async () => {
  for (const context of contexts) await context.close()
  await browser?.close()
  await site?.close()
})

test('C23 a wrong mark is named at its cell, what was typed stays, and mended it is saved', async () => {
  await academic.goto(at('/scores'))
  await looksRight(academic)
  const box = (row: number, part: string) =>
    academic.locator(`input[name="cells.${of.people[row]?.enrolmentId}.${part}"]`)
  await box(0, 'theory').fill('80.55')
  await box(0, 'practice').fill('90')
  await academic.getByRole('button', { name: '保存成绩' }).click()
  await looksRight(academic)
  expect(await academic.locator('.error-summary').textContent()).toContain('最多一位小数')
  expect(await box(0, 'theory').inputValue()).toBe('80.55')
  expect(await box(0, 'practice').inputValue()).toBe('90')
  await box(0, 'theory').fill('80.5')
  await academic.getByRole('button', { name: '保存成绩' }).click()
  await expect.poll(() => mainText(academic)).toContain('已保存')
  expect(await box(0, 'theory').inputValue()).toBe('80.5')
})

test('C23 a file is checked before anything is written, then entered as it was shown', async () => {
  await academic.goto(at('/import'))
  await looksRight(academic)
  const [, second, third] = of.people.map((one) => seatCode(one.enrolmentId))
  const csv = `学员编号,理论成绩,实操成绩\n${second},60,60\n${third},75,120\n`
  const upload = (text: string) =>
    academic.setInputFiles('input[type=file]', { name: '成绩.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await upload(csv)
  await academic.getByRole('button', { name: '上传并核对' }).click()
  await looksRight(academic)
  const shown = await mainText(academic)
  expect(shown).toContain('1 人，2 个成绩')
  expect(shown).toMatch(/第 3 行[\s\S]*实操成绩[\s\S]*0 至 100/)
  await upload(csv.replace('120', '70'))
  await academic.getByRole('button', { name: '上传并核对' }).click()
  await academic.getByRole('button', { name: '录入这 4 个成绩' }).click()
  await expect.poll(() => mainText(academic)).toContain('已保存')
})

test('C23 who entered marks is told why he cannot confirm; a second person does, on a phone', async () => {
  expect(await mainText(academic)).toContain('录入成绩的人不能自己确认')
  await head.goto(at('/scores'))
  await looksRight(head)
  await head.getByRole('button', { name: '确认全部成绩' }).click()
  await head.waitForURL(/assessment\/results/)
  await looksRight(head)
})

test('R35 results are decided with a reason for everybody', async () => {
  await head.getByRole('button', { name: '确认结果' }).click()
  await expect.poll(() => mainText(head)).toContain('结果已确认')
  await looksRight(head)
  const text = await mainText(head)
  expect(text).toContain('出勤没有达到要求')
  expect(text).toContain('86.2')
})

test('C23 a change is proposed with a reason and approved by the other', async () => {
  await academic.goto(at('/changes'))
  await looksRight(academic)
  await academic.getByLabel('哪一个成绩').selectOption({ index: 1 })
  await academic.getByLabel('改为').fill('81')
  await academic.getByLabel('理由').fill('复核')
  await academic.getByRole('button', { name: '提出更改' }).click()
  expect(await academic.locator('.error-summary').textContent()).toContain('至少4个字')
  await academic.getByLabel('理由').fill('第三题漏登半分')
  await academic.getByRole('button', { name: '提出更改' }).click()
  await expect.poll(() => mainText(academic)).toContain('您提出的更改，要由另一位负责人审批')
  await head.goto(at('/changes'))
  await looksRight(head)
  await head.getByRole('button', { name: '批准更改' }).click()
  await expect.poll(() => mainText(head)).toContain('已批准')
})

test('R02 certificates are made with exact counts, and each downloads as a file', async () => {
  await head.goto(`${site.address}/enterprise/classes/${of.id}/certificates`)
  await looksRight(head)
  await head.getByRole('button', { name: '为 2 人制作证书' }).click()
  await expect.poll(() => mainText(head)).toContain('已开始制证')
  const [run] = await issueRuns(site.db, of.id)
  await jobs['assessment.issueCertificates']?.(site.ctx(), { runId: run?.id })
  await head.reload()
  await looksRight(head)
  expect(await mainText(head)).toMatch(/2 \/ 2 张/)
  const file = await head.request.get(`${site.address}/enterprise/classes/${of.id}/certificates.pdf`)
  expect([file.status(), file.headers()['content-type']]).toEqual([200, 'application/pdf'])
  const template = await academic.request.get(at('/template.xlsx'))
  expect(template.status()).toBe(200)
})

test('R37 anybody verifies by number and name or by the code; the address never holds a name', async () => {
  const [one] = await classCertificates(site.db, of.id)
  const stranger = await somebody(phone)
  await stranger.goto(`${site.address}/verify`)
  await looksRight(stranger)
  await stranger.getByLabel('证书编号').fill(one?.number ?? '')
  await stranger.getByRole('button', { name: '按编号查验' }).click()
  expect(await stranger.locator('.error-summary').textContent()).toContain('姓名')
  await stranger.getByLabel('持证人姓名').fill('王小二')
  await stranger.getByRole('button', { name: '按编号查验' }).click()
  await expect.poll(() => mainText(stranger)).toContain('查不到这张证书')
  await stranger.getByLabel('证书编号').fill(one?.number ?? '')
  await stranger.getByLabel('持证人姓名').fill('张小明')
  await stranger.getByRole('button', { name: '按编号查验' }).click()
  await expect.poll(() => mainText(stranger)).toContain('证书有效')
  await looksRight(stranger)
  expect(await mainText(stranger)).not.toContain('张小明')
  expect(decodeURIComponent(stranger.url())).not.toContain('张小明')
  await stranger.goto(`${site.address}/verify/${one?.code}`)
  expect(await mainText(stranger)).toContain('证书有效')
  expect(await stranger.locator('script').count()).toBe(0)
})

test('C18 C23 the bureau watches pass rates and revokes; the public page says so at once', async () => {
  const { cookie } = await signInAs(site.db, site.url, { name: '何局长', roles: [{ role: 'hr-leader' }] })
  const leader = await somebody(desk, cookie)
  await leader.goto(`${site.address}/office/pass-rates`)
  await looksRight(leader)
  await leader.locator('main tbody a').first().click()
  await looksRight(leader)
  await leader.goto(`${site.address}/office/certificates`)
  await looksRight(leader)
  await leader.locator('main tbody a').last().click()
  await looksRight(leader)
  await leader.getByRole('button', { name: '撤销证书' }).click()
  await leader.getByLabel('课时不实').check()
  await leader.getByLabel('说明').fill('现场检查发现未到课')
  await leader.getByRole('button', { name: '撤销证书' }).click()
  await expect.poll(() => mainText(leader)).toContain('证书已撤销')
  await looksRight(leader)
  const revoked = (await classCertificates(site.db, of.id)).find((one) => one.state === 'revoked')
  const stranger = await somebody(desk)
  await stranger.goto(`${site.address}/verify/${revoked?.code}`)
  expect(await mainText(stranger)).toContain('撤销原因：课时不实')
  await looksRight(stranger)
})

test('R03 a trainee sees the own record by class and month, and keeps it as a file', async () => {
  const { cookie, personId } = await signInAs(site.db, site.url, { name: '苏学员', identity: 'verified' })
  const mine = await runningClass(site.db, [900], { people: [personId] })
  const page = await somebody(phone, cookie)
  await page.goto(`${site.address}/my/record`)
  await looksRight(page)
  const text = await mainText(page)
  expect(text).toContain('15小时')
  expect(text).toContain('2021年8月')
  const file = await page.request.get(`${site.address}/my/record.pdf`)
  expect([file.status(), file.headers()['content-type']]).toEqual([200, 'application/pdf'])
  expect((await page.goto(`${site.address}/enterprise/classes/${mine.id}/assessment`))?.status()).toBe(404)
})

test('HZ4-M16 somebody else’s class is not there', async () => {
  const other = await runningClass(site.db, [900])
  const answer = await academic.goto(`${site.address}/enterprise/classes/${other.id}/assessment/scores`)
  expect(answer?.status()).toBe(404)
})
