import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { centre, mentor } from '../fixtures/exchange.ts'
import { firm } from '../fixtures/recognition.ts'
import { accountFor, sessionCookieFor } from '../setup/accounts.ts'
import { launchBrowser, phone } from '../setup/browser.ts'
import { runByClock } from '../setup/jobs.ts'
import { cookieFor, looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'
import { main, press, visitorsOf } from '../setup/visitors.ts'

/** A firm asks, a mentor offers, it is booked, people sign in, both say so; who is short is reminded. */
let site: TestSite
let browser: Browser
let company: string
beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
  company = await firm(site.db, 3501)
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
})
const { visitor, pageOf, go } = visitorsOf(
  () => site,
  () => browser,
)
const shot = (page: Page, name: string) =>
  process.env.PICTURES
    ? page.screenshot({ path: join(process.env.PICTURES, `exchange-${name}.png`), fullPage: true })
    : undefined

async function personPage(accountId: string, viewport?: { width: number; height: number }) {
  const page = await visitor(viewport)
  await page.context().addCookies([cookieFor(site.address, await sessionCookieFor(site.db, accountId))])
  return page
}

describe('HZ4-M06 R24 X01 X02 a mentor’s two hours', () => {
  test('X01 X02 R24 from a wish to confirmed hours, on paper for the desk', async () => {
    const teacher = await mentor(site, '章导师')
    const page = await personPage(teacher.accountId, phone)
    const { page: firmPage } = await pageOf({
      name: '孔培训',
      roles: [{ role: 'enterprise-hr', organisationId: company }],
    })
    await go(firmPage, '/enterprise/sharing')
    await shot(firmPage, 'firm-empty')
    await firmPage.getByText('写一项需求').click()
    await press(firmPage, '提出')
    expect(await main(firmPage)).toContain('请填写想学的题目')
    await looksRight(firmPage)
    await firmPage.getByLabel('行业').fill('人工智能')
    await firmPage.getByLabel('想学的题目').fill('机器视觉质检')
    await firmPage.getByLabel('最早日期').fill('2021-10-01')
    await firmPage.getByLabel('最晚日期').fill('2021-10-31')
    await firmPage.getByLabel('人数', { exact: true }).fill('2')
    await press(firmPage, '提出')
    expect(await main(firmPage)).toContain('还没有合适的时段')

    await go(page, '/my/mentoring')
    expect(await main(page)).toContain('机器视觉质检')
    await page.getByLabel('行业').fill('人工智能')
    await page.getByLabel('题目', { exact: true }).fill('机器视觉在质检中的应用')
    await page.getByLabel('现场').check()
    await page.getByLabel('地点或线上入口').fill('琶洲大道66号会议室')
    await page.getByLabel('日期', { exact: true }).fill('2021-10-15')
    await page.getByLabel('开始时间').fill('14:00')
    await page.getByLabel('结束时间').fill('15:30')
    await page.getByLabel('名额').fill('10')
    await press(page, '开放')
    expect(await main(page)).toContain('请确认不收费、不推销')
    expect(await page.getByLabel('名额').inputValue()).toBe('10')
    await page.getByLabel(/不推销/).check()
    await press(page, '开放')
    await looksRight(page)
    await shot(page, 'mentor-phone')

    await go(firmPage, '/enterprise/sharing')
    expect(await main(firmPage)).toContain('题目相近')
    await shot(firmPage, 'firm-match')
    await press(firmPage, '预约 2 人')
    await looksRight(firmPage)
    const anybody = await visitor(phone)
    await go(anybody, '/sharing')
    expect(await main(anybody)).toContain('机器视觉在质检中的应用')
    await shot(anybody, 'public-phone')

    const offer = await site.db.selectFrom('exchange.offers').select(['id', 'sign_in_code']).executeTakeFirstOrThrow()
    const guest = await accountFor(site.db, { name: '陈学员' })
    site.setTime(new Date('2021-10-15T13:50:00+08:00'))
    const guestPage = await personPage(guest.accountId, phone)
    await go(guestPage, `/my/sharing/${offer.id}`)
    await guestPage.getByLabel('您所在的单位').selectOption({ index: 1 })
    await guestPage.getByLabel('签到码').fill('ZZZZZZ')
    await press(guestPage, '签到')
    expect(await main(guestPage)).toContain('签到码不对')
    await guestPage.getByLabel('签到码').fill(offer.sign_in_code.toLowerCase())
    await press(guestPage, '签到')
    expect(await main(guestPage)).toContain('已签到')
    await shot(guestPage, 'sign-in-phone')

    site.setTime(new Date('2021-10-15T16:00:00+08:00'))
    await go(page, '/my/mentoring')
    await page.getByText('确认时数', { exact: true }).click()
    await page.getByLabel('没有收费，没有推销').check()
    await press(page, '确认')
    expect(await main(page)).toContain('等参加单位确认')
    await go(firmPage, '/enterprise/sharing')
    await firmPage.getByLabel('实际分钟').fill('80')
    await firmPage.getByLabel('评价').selectOption('5')
    await firmPage.getByLabel('没有收费，没有推销').check()
    await press(firmPage, '确认')
    await looksRight(firmPage)
    await go(page, '/my/mentoring')
    expect(await main(page)).toContain('1小时20分钟')
    site.setTime(new Date('2021-11-02T00:40:00+08:00'))
    await runByClock(site, 'exchange.monthly')
    await go(page, '/my/mentoring')
    expect(await main(page)).toContain('2021年还差40分钟')
    const { page: clerk } = await pageOf({ name: '李受理', roles: [{ role: 'hr-intake' }] })
    await go(clerk, '/office/sharing')
    expect(await main(clerk)).toContain('还差40分钟')
    await shot(clerk, 'office')
  })

  test('X01 X03 HZ4-M07 a centre opens seats', async () => {
    const hub = await centre(site, 3502)
    const { page } = await pageOf({
      name: '邱主任',
      roles: [{ role: 'provider-admin', organisationId: hub.organisationId }],
    })
    await go(page, '/provider/open-seats')
    await page.getByText('开放一个时段').click()
    await page.getByLabel('以哪个称号开放').selectOption({ index: 1 })
    await page.getByLabel('行业').fill('人工智能')
    await page.getByLabel('题目', { exact: true }).fill('实训设备操作')
    await page.getByLabel('教室').selectOption({ index: 1 })
    await page.getByLabel('日期', { exact: true }).fill('2021-12-01')
    await page.getByLabel('开始时间').fill('09:00')
    await page.getByLabel('结束时间').fill('11:00')
    await page.getByLabel('名额').fill('31')
    await page.getByLabel(/不推销/).check()
    await press(page, '开放')
    expect(await main(page)).toContain('教室只有30个座位')
    await page.getByLabel('名额').fill('12')
    await press(page, '开放')
    await looksRight(page)
    expect(await main(page)).toContain('实训设备操作')
    await shot(page, 'centre')
  })
})
