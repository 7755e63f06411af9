import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { usccCheck } from '#modules/people/organisation.rules.ts'
import { newestTexts } from '#platform/messages.ts'
import { testCrypto } from '#platform/testing.ts'
import { stepAt, totp } from '#platform/totp.ts'
import { accountFor, signInAs, someDocument, somePhone, type Wanted } from '../setup/accounts.ts'
import { desk, launchBrowser, phone } from '../setup/browser.ts'
import { cookieFor, looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'

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

async function visitor(viewport = desk): Promise<Page> {
  const context: BrowserContext = await browser.newContext({
    viewport,
    bypassCSP: true,
    locale: 'zh-CN',
  })
  return context.newPage()
}
async function pageOf(wanted: Wanted, viewport = desk) {
  const account = await signInAs(site.db, site.url, wanted)
  const page = await visitor(viewport)
  await page.context().addCookies([cookieFor(site.address, account.cookie)])
  return { page, account }
}
/** None of these pages carries script, so what works here works without it. */
const go = async (page: Page, path: string) => {
  await page.goto(site.address + path)
  expect(await page.locator('script').count(), path).toBe(0)
  await looksRight(page)
}
const main = (page: Page) => page.locator('main').innerText()
const press = async (page: Page, name: string | RegExp) => {
  await page.getByRole('button', { name }).first().click()
  await page.waitForLoadState()
}
const newestCode = async () => /\d{6}/.exec((await newestTexts(site.db, testCrypto, 1))[0]?.text ?? '')?.[0] ?? ''
const inSection = (page: Page, title: string) =>
  page.locator('section', { has: page.getByRole('heading', { name: title }) })

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

describe('HZ4-M15 an organisation', () => {
  test('C01 C12 C19 is registered, gets its administrator by two hands, its account by four eyes, its people and a key', async () => {
    const body = '52440105000000777'
    const { page: one } = await pageOf({ name: '受理甲', roles: [{ role: 'hr-intake' }] })
    await go(one, '/office/organisations')
    await go(one, '/office/organisations/new')
    await press(one, '登记')
    expect(await main(one)).toContain('请填写统一社会信用代码')
    await looksRight(one)
    await one.getByLabel('统一社会信用代码').fill(body + usccCheck(body))
    await one.getByLabel('单位名称').fill('海珠旅程培训学校')
    await one.getByLabel('单位类型').selectOption('provider')
    await one.getByLabel('地址').fill('新港西路1号')
    await one.getByLabel('所在街道').selectOption('440105002')
    await one.getByLabel('成立日期').fill('2015-01-01')
    await press(one, '登记')
    await looksRight(one)
    const path = new URL(one.url()).pathname
    await go(one, `${path}/licence`)
    await one.getByLabel('证书或备案编号').fill('人社民4401054000009号')
    await one.getByLabel('种类').selectOption('school-permit')
    await one.getByLabel('有效期起').fill('2020-01-01')
    await one.getByLabel('发证或备案机关').fill('区人社局')
    await press(one, '登记')
    expect(await main(one)).toContain('人社民4401054000009号')
    await go(one, `${path}/admin`)
    const number = somePhone()
    await one.getByLabel('姓名').fill('温管理')
    await one.getByLabel('证件号码').fill(someDocument())
    await one.getByLabel('手机号').fill(number)
    await press(one, '提名')
    expect(await main(one)).toContain('请由另一名受理人员批准')
    await looksRight(one)
    const { page: two } = await pageOf({ name: '受理乙', roles: [{ role: 'hr-intake' }] })
    await go(two, path)
    await press(two, '批准')
    expect(await main(two)).toMatch(/机构管理员[\s\S]*有效/)

    const boss = await visitor()
    await go(boss, '/sign-in')
    await boss.getByLabel('手机号').fill(number)
    await press(boss, '获取验证码')
    await boss.getByLabel('短信验证码').fill(await newestCode())
    await press(boss, '登录')
    await go(boss, '/provider/organisation')
    expect(await main(boss)).toContain('还没有收款账户')
    await go(boss, '/provider/organisation/bank-account')
    await boss.getByLabel('户名').fill('温管理')
    await boss.getByLabel('开户银行').fill('中国工商银行')
    await boss.getByLabel('开户网点').fill('广州新港支行')
    await boss.getByLabel('账号').fill('3602000109200777777')
    await press(boss, '登记')
    expect(await main(boss)).toContain('户名与单位登记的名称不一致')
    await looksRight(boss)
    await boss.getByLabel('户名').fill('海珠旅程培训学校')
    await press(boss, '登记')
    expect(await main(boss)).toContain('等待区人社局核实')
    await go(two, path)
    await inSection(two, '收款账户').locator('summary').click()
    await two.getByLabel('核实依据').fill('开户许可证 J5810000000001')
    await press(two, '确认核实')
    expect(await main(two)).toContain('已核实')
    await go(boss, '/provider/members')
    await boss.getByLabel('机构教务').check()
    await boss.getByLabel('姓名').fill('简教务')
    await boss.getByLabel('证件号码').fill(someDocument())
    await boss.getByLabel('手机号').fill(somePhone())
    await press(boss, '增加成员')
    expect(await main(boss)).toContain('简*务')
    await looksRight(boss)
    await go(boss, '/provider/keys')
    await boss.getByLabel('名称').fill('教务系统')
    await boss.getByLabel('导入和维护学员名单').check()
    await boss.getByLabel('到期日期').fill('2022-03-01')
    await press(boss, '生成密钥')
    const key = await boss.locator('.copyable').first().innerText()
    expect(key).toMatch(/^hsk_/)
    await looksRight(boss)
    await go(boss, '/provider/keys')
    expect(await main(boss)).not.toContain(key)
    expect(await main(boss)).toContain(key.slice(0, 8))
  })
})

describe('C11 a department', () => {
  test('C11 confirms its own groups one by one and by list, and nothing of others', async () => {
    const { page } = await pageOf({ name: '退役经办', roles: [{ role: 'department-officer', body: 'veteransBureau' }] })
    await go(page, '/office/groups')
    await go(page, '/office/groups/new')
    expect(await page.getByLabel('人群').locator('option').allInnerTexts()).toEqual(['请选择', '退役军人'])
    await page.getByLabel('姓名').fill('雷退役')
    await page.getByLabel('证件号码').fill(someDocument())
    await page.getByLabel('认定依据').fill('优待证 粤0001')
    await page.getByLabel('起始日期').fill('2021-01-01')
    await press(page, '认定')
    expect(await main(page)).toContain('雷*役')
    await looksRight(page)
    await page.getByRole('link', { name: '雷*役' }).click()
    await looksRight(page)
    await page.getByLabel('理由').fill('登记有误')
    await press(page, '撤销认定')
    expect(await main(page)).toContain('已撤销')
    await go(page, '/office/groups/import')
    const csv = `姓名,证件号码,认定依据,认定起始日期\n雷一,${someDocument()},优待证1,2021-07-01\n雷二,440105200002290010,优待证2,2021-07-01\n`
    await page.getByLabel('名单来源').fill('2021年8月登记名单')
    await page.getByLabel('文件').setInputFiles({ name: '名单.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
    await press(page, '导入')
    expect(await main(page)).toMatch(/新认定 1 人，已有 0 人，退回 1 行[\s\S]*校验码不符/)
    await looksRight(page)
    const template = await page.request.get(`${site.address}/office/groups/template.xlsx`)
    expect(template.status()).toBe(200)
    expect((await template.body()).subarray(0, 2).toString()).toBe('PK')
    const { page: other } = await pageOf({
      name: '工会经办',
      roles: [{ role: 'department-officer', body: 'tradeUnion' }],
    })
    await go(other, '/office/groups')
    expect(await main(other)).toContain('不负责认定任何一类重点人群')
  })
})

describe('HZ4-M13 a subdistrict’s counter', () => {
  test('HZ4-M13 acts for somebody after their code, is told so on every page, and stops', async () => {
    const { page } = await pageOf(
      { name: '窗口员', roles: [{ role: 'subdistrict-clerk', subdistrict: '440105001' }] },
      phone,
    )
    await go(page, '/office/assist')
    await page.getByLabel('姓名').fill('谭婆婆')
    await page.getByLabel('证件号码').fill(someDocument('19480101'))
    await page.getByLabel('手机号').fill(somePhone())
    await page.getByLabel('帮助查询本人培训记录').check()
    await page.getByLabel('本人手机验证码').check()
    await press(page, '请求同意')
    await looksRight(page)
    await page.getByLabel('本人收到的验证码').fill('000000')
    await press(page, '开始帮办')
    expect(await main(page)).toContain('验证码不对')
    await page.getByLabel('本人收到的验证码').fill(await newestCode())
    await press(page, '开始帮办')
    expect(new URL(page.url()).pathname).toBe('/my')
    expect(await page.locator('body').innerText()).toContain('代办中')
    await looksRight(page)
    await go(page, '/office/assist')
    expect(await main(page)).toContain('谭*婆')
    await press(page, '办完了，结束帮办')
    expect(await main(page)).toMatch(/本次帮办已结束[\s\S]*办理完毕/)
    expect(await page.locator('body').innerText()).not.toContain('代办中')
  })
})

function fromBase32(text: string): string {
  const bits = [...text].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))).toString()
}
