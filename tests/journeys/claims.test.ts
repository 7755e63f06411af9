import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { jobs } from '#modules/subsidy/control.jobs.ts'
import { type Claimant, claimant } from '../fixtures/claims.ts'
import { setFigure, type Taught, taughtClass } from '../fixtures/taught.ts'
import { signInAs } from '../setup/accounts.ts'
import { desk, launchBrowser, phone } from '../setup/browser.ts'
import { cookieFor, looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'

/** A firm claims for a class: sees what it will get and why, mends what is found, hands it in; the office brings data and lets pass. */
let site: TestSite
let browser: Browser
let org: Claimant
let cls: Taught
let firm: Page
const contexts: BrowserContext[] = []

const main = (page: Page) => page.locator('main')
const says = (page: Page, text: string | RegExp) => expect.poll(() => main(page).textContent()).toMatch(text)
const go = async (page: Page, path: string) => {
  await page.goto(site.address + path)
  await looksRight(page)
}

async function signedIn(roles: NonNullable<Parameters<typeof signInAs>[2]>['roles'], viewport = desk): Promise<Page> {
  const { cookie } = await signInAs(site.db, site.url, { roles: roles ?? [] })
  const context = await browser.newContext({ viewport, bypassCSP: true, locale: 'zh-CN' })
  contexts.push(context)
  await context.addCookies([cookieFor(site.address, cookie)])
  return context.newPage()
}

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  await setFigure(site.db, 'R05.months', 6)
  org = await claimant(site.db)
  cls = await taughtClass(site.db, org, { size: 4, failed: 1 })
  browser = await launchBrowser()
  firm = await signedIn([{ role: 'enterprise-hr', organisationId: org.id }], phone)
})

afterAll(async () => {
  for (const context of contexts) await context.close()
  await browser?.close()
  await site?.close()
})

test('R04 the quote of a class says amount, way and remedy, and is kept signed', async () => {
  await go(firm, `/enterprise/classes/${cls.id}/quote`)
  await says(firm, '1,800.00')
  await says(firm, '结业考核未合格')
  await firm.getByRole('button', { name: '记下这次答复' }).click()
  await says(firm, '签名核对无误')
  await looksRight(firm)
})

test('R04 a claim is drawn up with one press, every line explained on a phone', async () => {
  await go(firm, '/enterprise/claims')
  await firm.getByRole('button', { name: '生成申领' }).click()
  await firm.waitForURL(/\/enterprise\/claims\/[0-9a-f-]{36}/)
  await says(firm, '申领已生成')
  await says(firm, '没有计入的学员')
  await firm.getByText('计算过程').first().click()
  await says(firm, '900 分钟 ÷ 45')
  await looksRight(firm)
})

test('HZ4-M16 what blocks is said before and at submission, with the remedy; mended, it goes through', async () => {
  await site.db.updateTable('people.organisations').set({ status: 'suspended' }).where('id', '=', org.id).execute()
  await firm.getByRole('button', { name: '自查' }).click()
  await says(firm, '单位已停用或注销')
  await looksRight(firm)
  await firm.getByRole('link', { name: '去提交' }).click()
  await looksRight(firm)
  await firm.getByRole('button', { name: '提交申领' }).click()
  await expect.poll(() => firm.locator('.error-summary').textContent()).toContain('请阅读并勾选承诺')
  await firm.getByRole('checkbox').check()
  await firm.getByRole('button', { name: '提交申领' }).click()
  await says(firm, '有 1 项核查没有通过（C20）')
  await looksRight(firm)
  await site.db.updateTable('people.organisations').set({ status: 'active' }).where('id', '=', org.id).execute()
  await firm.getByRole('checkbox').check()
  await firm.getByRole('button', { name: '提交申领' }).click()
  await says(firm, '申领已提交')
  await says(firm, /还剩 \d+ 个工作日/)
  await looksRight(firm)
})

test('R33 recalled, one person dropped and put back, submitted again', async () => {
  await firm.getByRole('button', { name: '撤回修改' }).click()
  await says(firm, '已撤回修改')
  await firm.getByRole('link', { name: /^移除/ }).first().click()
  await looksRight(firm)
  await firm.getByRole('button', { name: '移除' }).click()
  await expect.poll(() => firm.locator('.error-summary').textContent()).toContain('请写明原因')
  await firm.getByLabel('移除原因').fill('已离职')
  await firm.getByRole('button', { name: '移除' }).click()
  await says(firm, '已移除的学员')
  await says(firm, '1,200.00')
  await firm.getByRole('button', { name: '恢复' }).click()
  await says(firm, '1,800.00')
  await firm.getByRole('link', { name: '去提交' }).click()
  await firm.getByRole('checkbox').check()
  await firm.getByRole('button', { name: '提交申领' }).click()
  await says(firm, '申领已提交')
})

test('C03 C25 the office brings a list, finds a pensioner, lets pass only with two people', async () => {
  const intake = await signedIn([{ role: 'hr-intake' }])
  await go(intake, '/office/datasets')
  await says(intake, '尚未导入')
  await go(intake, '/office/datasets/new')
  await intake.getByRole('button', { name: '导入' }).click()
  await expect.poll(() => intake.locator('.error-summary').textContent()).toContain('请选择数据种类')
  await looksRight(intake)
  await intake.getByLabel('数据种类').selectOption('pension')
  await intake.getByLabel('其他提供单位').fill('市社会保险基金管理中心')
  await intake.getByLabel('来文文号或交接单号').fill('穗社保函〔2021〕8号')
  await intake.getByLabel('数据截止日期').fill('2021-09-14')
  await intake.getByLabel('覆盖起始日期').fill('2021-01-01')
  await intake.getByLabel('覆盖结束日期').fill('2021-09-14')
  const pensioner = cls.people[1]
  const csv = `证件号码,开始领取日期\n${pensioner?.number},2019-03-01\n440105199001010018,2019-03-01\n`
  await intake.getByLabel('文件').setInputFiles({ name: '养老金.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await intake.getByRole('button', { name: '导入' }).click()
  await says(intake, '正在读取')
  const set = await site.db.selectFrom('subsidy.datasets').select('id').executeTakeFirstOrThrow()
  await jobs['subsidy.loadDataset']?.(site.ctx(), { datasetId: set.id })
  await jobs['subsidy.runControls']?.(site.ctx(), { scope: 'open' })
  await intake.reload()
  await says(intake, '校验码不符')
  await looksRight(intake)
  expect(await main(intake).textContent()).not.toContain('440105199001010018')

  const reviewer = await signedIn([{ role: 'hr-first-reviewer' }])
  const claim = await site.db
    .selectFrom('subsidy.claims')
    .select('id')
    .where('class_id', '=', cls.id)
    .executeTakeFirstOrThrow()
  await go(reviewer, `/office/claims/${claim.id}/override?control=C03`)
  await says(reviewer, 'C03')
  await reviewer.getByLabel('放行的理由和依据').fill('本人已提交停领证明，经电话核实属实')
  await reviewer.getByRole('button', { name: '提交申请' }).click()
  await says(reviewer, '等待另一人批准')
  await looksRight(reviewer)
  expect(await reviewer.getByRole('button', { name: '批准' }).getAttribute('aria-disabled')).toBe('true')

  const second = await signedIn([{ role: 'hr-second-reviewer' }])
  await go(second, '/office/overrides')
  await second.getByRole('link', { name: 'C03' }).click()
  await looksRight(second)
  await second.getByLabel('批准放行').check()
  await second.getByRole('button', { name: '提交决定' }).click()
  await says(second, '已批准放行')
  await go(firm, `/enterprise/claims/${claim.id}`)
  await says(firm, '已由两人批准放行')
})

test('HZ4-M16 anybody may read what is looked at; nobody else’s claim opens', async () => {
  await go(firm, '/controls')
  await says(firm, '学员上课当天是否由本企业参保')
  await says(firm, '还没有取得的数据')
  const other = await claimant(site.db)
  const stranger = await signedIn([{ role: 'enterprise-hr', organisationId: other.id }])
  const claim = await site.db
    .selectFrom('subsidy.claims')
    .select('id')
    .where('class_id', '=', cls.id)
    .executeTakeFirstOrThrow()
  for (const path of ['', '/submit', '/withdraw']) {
    const answer = await stranger.goto(`${site.address}/enterprise/claims/${claim.id}${path}`)
    expect(answer?.status()).toBe(404)
  }
  expect((await stranger.goto(`${site.address}/enterprise/classes/${cls.id}/quote`))?.status()).toBe(404)
  expect((await stranger.goto(`${site.address}/office/datasets`))?.status()).toBe(403)
})
