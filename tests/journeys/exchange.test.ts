import { copyFileSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { book } from '#modules/exchange/booking.commands.ts'
import { offerSlot } from '#modules/exchange/offer.commands.ts'
import type { Actor } from '#platform/actor.ts'
import { readTable } from '#platform/spreadsheet.ts'
import { ctxFor } from '#platform/testing.ts'
import { centre, mentor, slot } from '../fixtures/exchange.ts'
import { firm, hr } from '../fixtures/recognition.ts'
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

    const offer = await site.db.selectFrom('exchange.offers').select('id').executeTakeFirstOrThrow()
    const guest = await accountFor(site.db, { name: '陈学员' })
    site.setTime(new Date('2021-10-15T13:50:00+08:00'))
    await go(page, '/my/mentoring')
    const list = page.waitForEvent('download')
    await page.getByRole('link', { name: '纸质签到表：机器视觉在质检中的应用' }).click()
    const file = join(tmpdir(), `sign-in-list-${process.pid}.pdf`)
    await (await list).saveAs(file)
    expect(readFileSync(file).subarray(0, 5).toString()).toBe('%PDF-')
    if (process.env.PICTURES) copyFileSync(file, join(process.env.PICTURES, 'exchange-list.pdf'))
    const wall = await personPage(teacher.accountId)
    await wall.goto(`${site.address}/sharing/${offer.id}/code`)
    await looksRight(wall)
    await shot(wall, 'code')
    const code = (await wall.locator('.room-code-letters').innerText()).replace(/[^0-9A-Z]/g, '')
    const guestPage = await visitor(phone)
    await go(guestPage, `/sharing/${offer.id}/sign-in?c=ZZZZZZZZ`)
    expect(await main(guestPage)).toContain('签到码不对')
    await go(guestPage, `/sharing/${offer.id}/sign-in?c=${code}`)
    expect(await main(guestPage)).toContain('您扫码的时间已经记下')
    const next = await guestPage.getByRole('link', { name: '登录并签到' }).getAttribute('href')
    const back = new URL(next ?? '', site.address).searchParams.get('next') ?? ''
    await guestPage.context().addCookies([cookieFor(site.address, await sessionCookieFor(site.db, guest.accountId))])
    site.setTime(new Date('2021-10-15T13:54:00+08:00'))
    await go(guestPage, back)
    await shot(guestPage, 'scan-phone')
    await press(guestPage, '签到')
    expect(await main(guestPage)).toContain('已签到')
    await looksRight(guestPage)
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
    const year = clerk.waitForEvent('download')
    await clerk.getByRole('link', { name: '导出2021年名单（XLSX）' }).click()
    const table = await readTable(readFileSync(await (await year).path()), 'a.xlsx')
    expect(table.rows.map((row) => row.cells.还差分钟)).toEqual(['40'])
  })

  test('X02 a firm says nothing: two officers find on evidence, the signed list beside them', async () => {
    site.setTime(new Date('2021-11-02T09:00:00+08:00'))
    const teacher = await mentor(site, '罗导师')
    const ctx = (actor: Actor, now: string) => ctxFor(site.db, actor, new Date(now))
    const { offerId } = await offerSlot(
      ctx(teacher.actor, '2021-11-02T09:00:00+08:00'),
      slot({ on: '2021-11-03', subject: '面点成型', industry: '餐饮服务', place: '新港东路8号' }),
    )
    await book(ctx(hr(company), '2021-11-02T09:30:00+08:00'), {
      ...{ organisationId: company, offerId, wishId: '', seats: '3' },
    })
    site.setTime(new Date('2021-11-03T17:00:00+08:00'))
    const page = await personPage(teacher.accountId, phone)
    await go(page, '/my/mentoring')
    await page.getByText('确认时数', { exact: true }).click()
    await page.getByLabel('签好的纸质签到表').setInputFiles({
      ...{ name: '签到表.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 signed') },
    })
    await page.getByLabel('签名人数').fill('3')
    await press(page, '上传签到表')
    await page.getByText('确认时数', { exact: true }).click()
    expect(await page.getByLabel('到场人数').inputValue()).toBe('3')
    await page.getByLabel('没有收费，没有推销').check()
    await press(page, '确认')
    await looksRight(page)
    const { page: clerk } = await pageOf({ name: '李受理', roles: [{ role: 'hr-intake' }] })
    await go(clerk, '/office/sharing')
    expect(await main(clerk)).toContain('第1份（3人）')
    await clerk.getByText('提出处理意见').click()
    await shot(clerk, 'silent')
    await clerk.getByLabel('按证据确认').check()
    await clerk.getByLabel('证据', { exact: true }).fill('核对了签到表，电话联系三次无人接听。')
    await press(clerk, '提出，交另一人复核')
    expect(await main(clerk)).toContain('按证据确认的，请填写实际分钟')
    await looksRight(clerk)
    await clerk.getByLabel('实际分钟').fill('120')
    await clerk.getByLabel('到场人数').fill('3')
    await clerk.getByLabel('现在办理的原因').fill('该企业已经停业，不会再来确认。')
    await press(clerk, '提出，交另一人复核')
    expect(await main(clerk)).toContain('等另一人复核')
    const { page: other } = await pageOf({ name: '周复核', roles: [{ role: 'hr-intake' }] }, phone)
    await go(other, '/office/sharing')
    await shot(other, 'silent-phone')
    await press(other, '同意')
    expect(await main(other)).toContain('没有等待确认的单位')
    await looksRight(other)
    await go(page, '/my/mentoring')
    expect(await main(page)).toContain('2小时')
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
