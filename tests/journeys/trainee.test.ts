import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { roomCode } from '#modules/training/attendance.queries.ts'
import { closeSession } from '#modules/training/hours.commands.ts'
import { openSession } from '#modules/training/session.commands.ts'
import { markByTrainer } from '#modules/training/witness.commands.ts'
import { newestTexts } from '#platform/messages.ts'
import { testCrypto } from '#platform/testing.ts'
import { approvedClass, at, type Prepared } from '../fixtures/training.ts'
import { signInAs, someDocument, somePhone } from '../setup/accounts.ts'
import { desk, launchBrowser, phone } from '../setup/browser.ts'
import { cookieFor, looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'

/** A worker finds a class, enrols, checks in with the room's code, and sees what the hour is worth and why. */
let site: TestSite
let browser: Browser
let made: Prepared
let pocket: BrowserContext
let page: Page
let personId: string

const urls = () => ({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
const go = (path: string) => page.goto(site.address + path)

beforeAll(async () => {
  process.env.SMS_GATEWAY_URL = 'http://127.0.0.1:9/texts' // texts stay in the outbox: nothing delivers them here
  site = await startSite(urls())
  made = await approvedClass(site.db, { cls: { accessibility: '一楼教室，有无障碍卫生间', title: '粤菜师傅一班' } })
  browser = await launchBrowser()
  pocket = await browser.newContext({ viewport: phone, bypassCSP: true, locale: 'zh-CN', javaScriptEnabled: true })
  page = await pocket.newPage()
})

afterAll(async () => {
  delete process.env.SMS_GATEWAY_URL
  await browser?.close()
  await site?.close()
})

test('HZ4-M13 a class is found by a part of its name, with what one must know to choose', async () => {
  await go('/')
  await looksRight(page)
  await page.getByRole('searchbox').fill('粤菜')
  await page.getByRole('button', { name: '搜索' }).click()
  await looksRight(page)
  await page.getByRole('link', { name: '全部有关的班' }).click()
  await looksRight(page)
  await expect.poll(() => page.locator('.class-list').textContent()).toMatch(/免费[\s\S]*8 课时/)
  await page.getByRole('link', { name: '粤菜师傅一班' }).click()
  await looksRight(page)
  const text = await page.locator('main').textContent()
  expect(text).toContain('有无障碍卫生间')
  expect(text).toContain('免费，不收任何费用')
  expect(text).toContain('陈师傅（高级技师）')
})

test('HZ4-M13 whoever is not signed in signs in by phone, says who they are, and comes back to the class', async () => {
  await page.getByRole('link', { name: '登录后报名' }).click()
  await page.getByLabel('手机号').fill(somePhone())
  await page.getByRole('button', { name: '获取验证码' }).click()
  await page.getByLabel('短信验证码').waitFor()
  const [text] = await newestTexts(site.db, testCrypto, 1)
  await page.getByLabel('短信验证码').fill(/\d{6}/.exec(text?.text ?? '')?.[0] ?? '')
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByLabel('姓名').fill('何海珠')
  await page.getByLabel('证件号码').fill(someDocument())
  await page.getByRole('button', { name: '登记' }).click()
  await page.waitForURL(new RegExp(`/classes/${made.classId}`))
  await looksRight(page)
})

test('HZ4-M13 R02 enrolling needs the commitment, and lands on the own class', async () => {
  await page.getByRole('button', { name: '报名' }).click()
  await expect.poll(() => page.locator('.error-summary').textContent()).toContain('请阅读并勾选承诺')
  await looksRight(page)
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: '报名' }).click()
  await page.waitForURL(/\/my\/classes\//)
  await expect.poll(() => page.locator('main').textContent()).toContain('报名成功')
  await looksRight(page)
  const mine = await site.db
    .selectFrom('training.enrolments')
    .select('person_id')
    .where('source', '=', 'self')
    .executeTakeFirstOrThrow()
  personId = mine.person_id
  await go('/my')
  expect(await page.locator('main').textContent()).toMatch(/下一次课[\s\S]*2021年9月16日 09:00/)
  await looksRight(page)
})

test('R03 before the teacher begins nobody checks in, and is told what to do', async () => {
  await go(`/s/${made.sessionIds[0]}`)
  await looksRight(page)
  await page.getByLabel('签到码').fill('ABCDEFGH')
  await page.getByRole('button', { name: '签到' }).click()
  await expect
    .poll(() => page.getByRole('alert').textContent())
    .toMatch(/教师还没有开始这次课[\s\S]*请等教师开始上课后再扫码/)
  await looksRight(page)
})

test('R03 the room code checks in once; a stale one is refused with the remedy', async () => {
  const sessionId = made.sessionIds[0] as string
  site.setTime(at('2021-09-16T08:55'))
  await openSession(site.ctx(made.of.trainer), { sessionId })
  const { code } = await roomCode(site.ctx(made.of.trainer), sessionId)
  site.setTime(at('2021-09-16T08:58'))
  await go(`/s/${sessionId}?c=${code}`)
  await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/已更换[\s\S]*请再扫一次/)
  const fresh = await roomCode(site.ctx(made.of.trainer), sessionId)
  await go(`/s/${sessionId}?c=${fresh.code}`)
  await looksRight(page)
  await page.getByRole('button', { name: '签到' }).click()
  await expect.poll(() => page.getByRole('status').textContent()).toContain('签到成功')
  await looksRight(page)
  await go(`/s/${sessionId}?c=${fresh.code}`)
  await page.getByRole('button', { name: '签到' }).click()
  await expect.poll(() => page.getByRole('status').textContent()).toContain('您已经签过到了')
})

test('R03 who scans before signing in keeps the time of the scan', async () => {
  const other = await browser.newContext({ viewport: phone, bypassCSP: true, locale: 'zh-CN' })
  const strange = await other.newPage()
  const sessionId = made.sessionIds[0] as string
  const { code } = await roomCode(site.ctx(made.of.trainer), sessionId)
  await strange.goto(`${site.address}/s/${sessionId}?c=${code}`)
  await looksRight(strange)
  const href = (await strange.getByRole('link', { name: '登录并签到' }).getAttribute('href')) as string
  const account = await signInAs(site.db, site.url, { name: '陈阿姨' })
  await other.addCookies([cookieFor(site.address, account.cookie)])
  const next = new URL(href, site.address).searchParams.get('next') as string
  expect(next).toMatch(/^\/s\/.*\?h=/)
  site.setTime(at('2021-09-16T09:02')) // the code has long changed
  await strange.goto(site.address + next)
  await strange.getByRole('button', { name: '签到' }).click()
  // good hold, but not on the roster of this class
  await expect.poll(() => strange.getByRole('alert').textContent()).toContain('您不在本班名单中')
  await other.close()
})

test('R03 C17 after class the hours stand with their grade and the reason', async () => {
  const sessionId = made.sessionIds[0] as string
  const { id } = await site.db
    .selectFrom('training.enrolments')
    .select('id')
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow()
  site.setTime(at('2021-09-16T11:50'))
  await markByTrainer(site.ctx(made.of.trainer), { sessionId, enrolmentIds: [id] })
  site.setTime(at('2021-09-16T12:01'))
  await closeSession(site.ctx(made.of.trainer), { sessionId })
  await go(`/my/classes/${made.classId}`)
  const text = await page.locator('main').textContent()
  expect(text).toContain('4 / 8 课时')
  expect(text).toMatch(/180 分钟，甲级/)
  expect(text).toContain('您扫码签到，教师也确认您在场。')
  await looksRight(page)
})

test('HZ4-M13 leaving the class is asked twice, and another person never sees it', async () => {
  await page.getByRole('link', { name: '我要退班' }).click()
  await looksRight(page)
  const stranger = await browser.newContext()
  const account = await signInAs(site.db, site.url, { name: '李四' })
  await stranger.addCookies([cookieFor(site.address, account.cookie)])
  const answer = await stranger.request.get(`${site.address}/my/classes/${made.classId}`)
  expect(answer.status()).toBe(404)
  await stranger.close()
  await page.getByRole('button', { name: '确定退班' }).click()
  await page.waitForURL(/\/my\?done=left-class/)
  expect(await page.locator('main').textContent()).toContain('已退班')
})

test('HZ4-M13 a problem is reported without a name, answered at the desk, found by the receipt', async () => {
  const nobody = await browser.newContext({ viewport: phone, bypassCSP: true, locale: 'zh-CN' })
  const strange = await nobody.newPage()
  await strange.goto(`${site.address}/report-problem`)
  await strange.getByLabel('免费培训收了钱').check()
  await strange.getByLabel('是哪个班').fill('粤菜师傅一班')
  await strange.getByLabel('情况').fill('上课前要交三百块材料费，不交不让进。')
  await strange.getByRole('button', { name: '提交' }).click()
  const receipt = (await strange.locator('.copyable').textContent()) ?? ''
  await looksRight(strange)

  const clerk = await browser.newContext({ viewport: desk, bypassCSP: true, locale: 'zh-CN' })
  const account = await signInAs(site.db, site.url, { name: '公示员甲', roles: [{ role: 'publicity-editor' }] })
  await clerk.addCookies([cookieFor(site.address, account.cookie)])
  const table = await clerk.newPage()
  await table.goto(`${site.address}/office/feedback`)
  await looksRight(table)
  await table.getByRole('link', { name: /^FK2021-/ }).click()
  await table.getByLabel('情况属实，已处理').check()
  await table.getByRole('textbox', { name: '答复' }).fill('经核实属实，已责令机构退还材料费。')
  await table.getByRole('button', { name: '答复' }).click()
  await table.waitForURL(/done=answered/)
  await looksRight(table)

  await strange.goto(`${site.address}/report-problem/answer`)
  await strange.getByLabel('回执码').fill('AAAA-AAAA-AAAA')
  await strange.getByRole('button', { name: '查答复' }).click()
  await expect.poll(() => strange.locator('.error-summary').textContent()).toContain('没有这个回执码')
  await strange.getByLabel('回执码').fill(receipt.toLowerCase())
  await strange.getByRole('button', { name: '查答复' }).click()
  await expect.poll(() => strange.locator('main').textContent()).toContain('已责令机构退还材料费')
  await looksRight(strange)
  await nobody.close()
  await clerk.close()
})

test('R04 C10 the calculator shows every step, and says so where nobody has decided', async () => {
  await go('/calculator?programme=job-adaptation&on=2021-09-15&hours=40')
  const text = await page.locator('main').textContent()
  expect(text).toContain('¥1,000.00')
  expect(text).toMatch(/40 课时 × 30.00 元/)
  expect(text).toContain('这是估算，不是承诺')
  await looksRight(page)
  await go('/calculator?programme=project-based&on=2021-09-15&hours=40')
  expect(await page.locator('main').textContent()).toContain('区人社局尚未明确')
  await go('/calculator?programme=&on=x&hours=0')
  await looksRight(page)
  expect(await page.locator('.error-summary').textContent()).toContain('课时至少为1')
})

test.each([
  ['phone', phone],
  ['desk', desk],
])('every public page is accessible, fits and carries no script on a %s', async (_, viewport) => {
  const context = await browser.newContext({ viewport, bypassCSP: true, locale: 'zh-CN' })
  const look = await context.newPage()
  const addresses = ['/', '/classes', '/classes?q=没有的班', `/classes/${made.classId}`, '/search?q=培训', '/search']
  for (const path of [
    ...addresses,
    '/calculator',
    '/providers',
    `/providers/${made.of.id}`,
    '/report-problem',
    '/report-problem/answer',
    `/s/${made.sessionIds[1]}`,
  ]) {
    const answer = await look.goto(site.address + path)
    expect(answer?.status(), path).toBe(200)
    expect(await look.locator('script').count(), path).toBe(0)
    await looksRight(look)
  }
  for (const path of [
    '/classes/nothing',
    `/classes/${crypto.randomUUID()}`,
    `/providers/${crypto.randomUUID()}`,
    '/s/x',
  ]) {
    expect((await look.goto(site.address + path))?.status(), path).toBe(404)
  }
  await context.close()
})
