import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { usccCheck } from '#modules/people/organisation.rules.ts'
import { someDocument, somePhone } from '../setup/accounts.ts'
import { launchBrowser, phone } from '../setup/browser.ts'
import { looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'
import { inSection, main, press, visitorsOf } from '../setup/visitors.ts'

/** An organisation from registration to its own key; a department and its groups; a subdistrict's counter. */
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
