import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { stepAt, totp } from '#platform/totp.ts'
import { accountFor, someDocument, somePhone } from '../setup/accounts.ts'
import { launchBrowser, phone } from '../setup/browser.ts'
import { looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'
import { inSection, main, press, visitorsOf } from '../setup/visitors.ts'

/** Coming in, being somebody, giving and taking powers: with forms and links only, no script anywhere. */
let site: TestSite
let browser: Browser

beforeAll(async () => {
  process.env.SMS_GATEWAY_URL = 'http://127.0.0.1:9/texts' // texts stay in the outbox: nothing delivers them here
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
})
afterAll(async () => {
  delete process.env.SMS_GATEWAY_URL
  await browser?.close()
  await site?.close()
})

const { visitor, pageOf, go, newestCode } = visitorsOf(
  () => site,
  () => browser,
)

describe('HZ4-M13 a worker', () => {
  test('HZ4-M13 signs in with a code, says who they are once, sees and ends sessions, asks for another name', async () => {
    const page = await visitor(phone)
    const number = somePhone()
    await go(page, '/sign-in?next=/account')
    await page.getByLabel('手机号').fill('12345')
    await press(page, '获取验证码')
    expect(await main(page)).toContain('手机号应为11位')
    await looksRight(page)
    await page.getByLabel('手机号').fill(number)
    await press(page, '获取验证码')
    await looksRight(page)
    const code = await newestCode()
    await page.getByLabel('短信验证码').fill(code === '000000' ? '111111' : '000000')
    await press(page, '登录')
    expect(await main(page)).toContain('还可以试4次')
    await page.getByLabel('短信验证码').fill(code)
    await press(page, '登录')
    expect(new URL(page.url()).pathname).toBe('/identity')
    await looksRight(page)
    await page.getByLabel('姓名').fill('关实名')
    await page.getByLabel('证件号码').fill('440105200002290010')
    await press(page, /^登记$/)
    expect(await main(page)).toContain('校验码不符')
    await page.getByLabel('证件号码').fill(someDocument())
    await press(page, /^登记$/)
    expect(new URL(page.url()).pathname).toBe('/account')
    expect(await main(page)).toMatch(/关\*名[\s\S]*已填报[\s\S]*这台设备/)
    await looksRight(page)
    await go(page, '/account/name')
    await page.getByLabel('新姓名').fill('关更名')
    await page.getByLabel('更名日期').fill('2021-08-01')
    await page
      .getByLabel('更名证明')
      .setInputFiles({ name: '户口簿.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 x') })
    await press(page, '提交申请')
    expect(await main(page)).toContain('待核对')
    const { page: clerk } = await pageOf({ roles: [{ role: 'hr-intake' }] })
    await go(clerk, '/office/people/names')
    expect(await main(clerk)).toContain('关*名 → 关更名')
    await clerk.getByLabel('同意更正').check()
    await clerk.getByLabel('核对情况').fill('户口簿变更页一致')
    await press(clerk, '确定')
    expect(await main(clerk)).toContain('没有等待核对的申请')
    await go(page, '/account/name')
    expect(await main(page)).toMatch(/关\*名[\s\S]*已更正/)
    await page.goto(`${site.address}/account`)
    await page.getByRole('button', { name: '退出登录' }).first().click()
    await page.waitForLoadState()
    await page.goto(`${site.address}/account`)
    expect(new URL(page.url()).pathname).toBe('/sign-in')
  })

  test('HZ4-M13 whoever is not signed in is led to sign in, and nobody else’s page opens', async () => {
    const page = await visitor()
    for (const path of [
      '/office/access',
      '/office/people',
      '/office/groups',
      '/office/assist',
      '/provider/organisation',
    ]) {
      await page.goto(site.address + path)
      expect(new URL(page.url()).pathname).toBe('/sign-in')
    }
    await go(page, '/sign-in?with=password')
    await go(page, '/sign-in?with=unified')
    expect(await main(page)).toContain('尚未接入统一身份认证')
    await go(page, '/sign-in?error=identity-name-differs')
    expect(await main(page)).toContain('姓名与登记的不一致')
    expect((await page.goto(`${site.address}/dev/outbox`))?.status()).toBe(404)
    const { page: worker } = await pageOf({})
    expect((await worker.goto(`${site.address}/office/access`))?.status()).toBe(403)
  })
})

describe('HZ4-M13 a demonstration', () => {
  test('HZ4-M13 shows the texts that a real installation would send, and says so', async () => {
    const demo = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') }, undefined, true)
    const page = await visitor(phone)
    await page.goto(`${demo.address}/sign-in`)
    await page.getByLabel('手机号').fill('13912345678')
    await press(page, '获取验证码')
    await page.getByRole('link', { name: '演示收件箱' }).click()
    await looksRight(page)
    expect(await main(page)).toMatch(/只有演示环境有这一页[\s\S]*139\*\*\*\*5678[\s\S]*登录验证码 \d{6}/)
    await demo.close()
  })
})

describe('HZ4-M15 officials', () => {
  const password = 'kapok-ferry-lantern-7'
  const totpSecret = 'a-secret-only-for-this-journey'

  test('HZ4-M15 C25 a new official: opened by one, empowered by two, own password and one-time password', async () => {
    await accountFor(site.db, {
      name: '安全甲',
      username: 'security.one',
      password,
      totpSecret,
      roles: [{ role: 'security-admin' }],
    })
    const one = await visitor()
    await go(one, '/sign-in?with=password&next=/office/access/accounts/new')
    await one.getByLabel('登录名').fill('security.one')
    await one.getByLabel('密码').fill('not-the-password')
    await press(one, '登录')
    expect(await main(one)).toContain('登录名或密码不对')
    await one.getByLabel('登录名').fill('security.one')
    await one.getByLabel('密码').fill(password)
    await press(one, '登录')
    await looksRight(one)
    await one.getByLabel('动态口令').fill(totp(totpSecret, stepAt(new Date())))
    await press(one, '继续')
    expect(new URL(one.url()).pathname).toBe('/office/access/accounts/new')
    await looksRight(one)
    await one.getByLabel('姓名').fill('郑新来')
    await one.getByLabel('登录名').fill('zheng.xinlai')
    await one.getByLabel('证件号码').fill(someDocument())
    await press(one, '开立账号')
    const first = await one.locator('.copyable').innerText()
    await looksRight(one)
    await one.getByRole('link', { name: '去提出授权' }).click()
    await looksRight(one)
    await one.getByLabel('角色').selectOption('hr-first-reviewer')
    await one.getByLabel('理由').last().fill('岗位需要')
    await inSection(one, '提出授权').getByLabel('理由').fill('岗位需要')
    await press(one, '提出授权')
    expect(await main(one)).toContain('待批准')
    await go(one, '/office/access')
    await one.getByRole('link', { name: '查看' }).click()
    expect(await main(one)).toContain('请由另一名安全管理员批准')
    await looksRight(one)
    const grant = new URL(one.url()).pathname
    const { page: two } = await pageOf({ name: '安全乙', roles: [{ role: 'security-admin' }] })
    await go(two, grant)
    await press(two, '批准')
    expect(await main(two)).toMatch(/有效[\s\S]*安全乙/)

    const fresh = await visitor()
    await go(fresh, '/sign-in?with=password')
    await fresh.getByLabel('登录名').fill('zheng.xinlai')
    await fresh.getByLabel('密码').fill(first)
    await press(fresh, '登录')
    expect(new URL(fresh.url()).pathname).toBe('/account/password')
    await looksRight(fresh)
    await fresh.getByLabel('当前密码').fill(first)
    await fresh.getByLabel('新密码', { exact: true }).fill('short')
    await fresh.getByLabel('再次输入新密码').fill('short')
    await press(fresh, '更换密码')
    expect(await main(fresh)).toContain('密码至少12位')
    await fresh.getByLabel('当前密码').fill(first)
    await fresh.getByLabel('新密码', { exact: true }).fill(password)
    await fresh.getByLabel('再次输入新密码').fill(password)
    await press(fresh, '更换密码')
    expect(new URL(fresh.url()).pathname).toBe('/account/second-factor')
    await looksRight(fresh)
    await fresh.getByLabel('登录密码').fill(password)
    await press(fresh, '继续')
    await looksRight(fresh)
    const key = (await fresh.locator('p', { hasText: '密钥：' }).innerText()).replace(/^密钥：|\s/g, '')
    await fresh.getByLabel('动态口令').fill('000000')
    await press(fresh, '启用')
    expect(await main(fresh)).toContain('动态口令不对')
    await fresh.getByLabel('动态口令').fill(totp(fromBase32(key), stepAt(new Date())))
    await press(fresh, '启用')
    await go(fresh, '/office/people')
    await looksRight(fresh)
  })

  test('R37 a reviewer finds a person whole, sees them masked, and opens them only with a reason', async () => {
    const number = someDocument()
    await accountFor(site.db, { name: '苏被查', documentNumber: number, phone: somePhone() })
    const { page, account } = await pageOf({ name: '初审员', roles: [{ role: 'hr-first-reviewer' }] })
    await go(page, '/office/people')
    await page.getByLabel('姓名、证件号码或手机号').fill('苏被')
    await press(page, '查询')
    expect(await main(page)).toContain('没有找到')
    await page.getByLabel('姓名、证件号码或手机号').fill('苏被查')
    await press(page, '查询')
    expect(page.url()).not.toContain('%E8%8B%8F')
    await looksRight(page)
    await page.getByRole('link', { name: '苏*查' }).click()
    await looksRight(page)
    expect(await main(page)).not.toContain(number)
    await press(page, '查看')
    expect(await main(page)).toContain('请写明理由')
    await page.getByLabel('查看理由').fill('电话回访核实参训')
    await press(page, '查看')
    expect(await main(page)).toContain(number)
    await looksRight(page)
    const { rows } = await site.owner.query(
      "select 1 from audit.entries where command = 'people.unmaskPerson' and actor_id = $1",
      [account.accountId],
    )
    expect(rows).toHaveLength(1)
  })
})

function fromBase32(text: string): string {
  const bits = [...text].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))).toString()
}
