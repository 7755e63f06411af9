import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { startApplication } from '#modules/recognition/application.commands.ts'
import { passFormalReview, takeApplication } from '#modules/recognition/review.commands.ts'
import { firm, intake, openCall, submitted } from '../fixtures/recognition.ts'
import { launchBrowser, phone } from '../setup/browser.ts'
import { looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'
import { main, press, visitorsOf } from '../setup/visitors.ts'

/** What a network, a battery and a second window do to a form. */
let site: TestSite
let browser: Browser
beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
})
const { pageOf } = visitorsOf(
  () => site,
  () => browser,
)
const look = async (page: Page, name: string) => {
  await looksRight(page)
  if (process.env.PICTURES)
    await page.screenshot({ path: join(process.env.PICTURES, `phone-${name}.png`), fullPage: true })
}

describe('A01 a draft keeps itself', () => {
  test('A01 typed, the page is killed, it comes back; of two windows neither overwrites the other unseen', async () => {
    const organisationId = await firm(site.db, 7801)
    const callId = await openCall((actor) => site.ctx(actor), 'haizhu-chief-technician')
    const { page, account } = await pageOf(
      { name: '方申报', roles: [{ role: 'enterprise-hr', organisationId }] },
      phone,
    )
    const { applicationId } = await startApplication(site.ctx(account.actor), {
      ...{ callId, organisationId, path: 'standard' },
    })
    const address = `${site.address}/enterprise/titles/applications/${applicationId}`
    const context = page.context()
    await page.goto(address)
    await page.getByLabel('现任岗位').pressSequentially('首席架构师')
    await page.getByLabel('主要事迹').pressSequentially('带领团队解决生产难题。')
    await page.getByText(/已自动保存/).waitFor()
    await look(page, 'autosaved')
    const other = await context.newPage()
    await other.goto(address)
    await page.getByLabel('主要事迹').pressSequentially('又培养徒弟八名。')
    await page.getByText(/已自动保存/).waitFor()
    await expect
      .poll(async () => Number(await page.locator('input[name="version"]').inputValue()), { timeout: 15_000 })
      .toBeGreaterThan(Number(await other.locator('input[name="version"]').inputValue()))
    await page.close({ runBeforeUnload: false })

    await other.getByLabel('主要事迹').fill('另一个窗口里写的。')
    await other.getByText('这份草稿在别处已经改动').waitFor()
    await look(other, 'two-windows')
    await press(other, '保存草稿')
    expect(await main(other)).toContain('别人刚刚先改了它')
    expect(await other.getByLabel('主要事迹').inputValue()).toBe('另一个窗口里写的。')
    await other.close()

    const again = await context.newPage()
    await again.goto(address)
    expect(await again.getByLabel('现任岗位').inputValue()).toBe('首席架构师')
    expect(await again.getByLabel('主要事迹').inputValue()).toBe('带领团队解决生产难题。又培养徒弟八名。')
    await context.close()
  })
})

describe('A01 a site visit without a network', () => {
  test('A01 filled in offline with photo and signatures, the phone restarted, sent once when the network is back', async () => {
    const organisationId = await firm(site.db, 7802)
    const ctx = site.ctx
    const callId = await openCall((actor) => ctx(actor), 'internship-base')
    const { account: applicant } = await pageOf({ name: '方申报', roles: [{ role: 'enterprise-hr', organisationId }] })
    const posts = [{ name: '见习生', count: '5', pay: '3000' }]
    const applicationId = await submitted(ctx(applicant.actor), {
      ...{ callId, organisationId, f: { posts, dispatch: 'no', mentor: '一对一带教' } },
      kinds: ['plan', 'insurance'],
    })
    await takeApplication(ctx(intake), { applicationId })
    await passFormalReview(ctx(intake), { applicationId })

    const { page: first } = await pageOf({ name: '关受理', roles: [{ role: 'hr-intake' }] }, phone)
    const context = first.context()
    const address = `${site.address}/office/titles/visits/${applicationId}`
    await first.goto(address)
    await first.getByText('这一页没有网络也能打开').waitFor()
    await look(first, 'visit')
    const kept = () =>
      first.evaluate(
        (path) =>
          caches.keys().then(async (names) => {
            for (const name of names) if (await (await caches.open(name)).match(path)) return true
            return false
          }),
        new URL(address).pathname,
      )
    await expect.poll(kept).toBe(true)
    const photo = { name: '现场.png', mimeType: 'image/png', buffer: await first.screenshot() }
    await context.setOffline(true)
    await first.close()

    const page = await context.newPage()
    await page.goto(address)
    for (const group of await page.getByRole('group').filter({ hasText: '不适用' }).all())
      await group.getByLabel('符合', { exact: true }).check()
    await page.getByLabel('核查情况').pressSequentially('现场看过，与填报一致。')
    await page.getByLabel('现场照片').setInputFiles(photo)
    await page.getByLabel('一同核查的人').fill('王受理')
    await page.getByRole('img', { name: '填写人签名' }).scrollIntoViewIfNeeded()
    const pad = await page.getByRole('img', { name: '填写人签名' }).boundingBox()
    if (!pad) throw new Error('no pad')
    await page.mouse.move(pad.x + 20, pad.y + 40)
    await page.mouse.down()
    await page.mouse.move(pad.x + 160, pad.y + 60, { steps: 8 })
    await page.mouse.up()
    // no finger, no mouse: the keyboard alone
    await page.getByRole('button', { name: '重写' }).first().focus()
    await page.keyboard.press('Tab')
    await page.keyboard.type('王受理')
    await page.getByText('已存在这部手机里').waitFor()
    await look(page, 'visit-offline')
    await page.close()

    const restarted = await context.newPage()
    await restarted.goto(address)
    await restarted.getByText('已恢复存在这部手机里的内容').waitFor()
    expect(await restarted.getByLabel('核查情况').inputValue()).toBe('现场看过，与填报一致。')
    await restarted.getByLabel('通过', { exact: true }).check()
    await restarted.getByRole('button', { name: '提交核查记录' }).click()
    await restarted.getByText('现在没有网络。核查记录已经存在这部手机里').waitFor()
    await look(restarted, 'visit-waiting')

    // the network is back for a moment: it arrives, its answer does not
    let lost = 0
    await restarted.route('**/send', async (route) => {
      await route.fetch()
      await route.abort()
      lost += 1
    })
    await context.setOffline(false)
    await expect.poll(() => lost, { timeout: 40_000 }).toBe(1)
    await restarted.unroute('**/send')
    await restarted.evaluate(() => dispatchEvent(new Event('online')))
    await restarted.getByText('等待另一人确认').first().waitFor({ timeout: 40_000 })
    await look(restarted, 'visit-sent')
    const visits = await site.db
      .selectFrom('recognition.visits')
      .select(['id', 'note', 'companion'])
      .where('application_id', '=', applicationId)
      .execute()
    expect(visits.map((one) => [one.note, one.companion])).toEqual([['现场看过，与填报一致。', '王受理']])
    const files = await site.db
      .selectFrom('recognition.visit_files')
      .select(['kind', 'id'])
      .where('visit_id', '=', visits[0]?.id ?? '')
      .orderBy('kind')
      .execute()
    expect(files.map((one) => one.kind)).toEqual(['companion-signature', 'photo', 'signature'])
    for (const { id } of files) {
      const answer = await context.request.get(`${site.address}/titles/visit-files/${id}`)
      expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'image/png'])
      if (process.env.PICTURES) {
        const { writeFileSync } = await import('node:fs')
        writeFileSync(
          join(process.env.PICTURES, `visit-file-${files.findIndex((one) => one.id === id)}.png`),
          await answer.body(),
        )
      }
    }
    await context.close()
  })
})
