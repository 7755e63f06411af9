import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { enrolExpert } from '#modules/recognition/expert.commands.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf, endOfDay } from '#shared/dates.ts'
import { firm, intake } from '../fixtures/recognition.ts'
import { someDocument } from '../setup/accounts.ts'
import { launchBrowser, phone } from '../setup/browser.ts'
import { runByClock, runJobs } from '../setup/jobs.ts'
import { looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'
import { main, press, visitorsOf } from '../setup/visitors.ts'

/** 海珠首席技师 from the call to the public register: firm, intake, experts, publicity, leader, and somebody who objects. */
let site: TestSite
let browser: Browser
let company: string
const experts: Page[] = []

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
  company = await firm(site.db, 801)
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
    ? page.screenshot({ path: join(process.env.PICTURES, `recognition-${name}.png`), fullPage: true })
    : undefined
const at = (page: Page) => new URL(page.url()).pathname
const pdf = { name: '证明材料.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n测试') }

async function publish(scheme: string, title: string, page: Page, chief: Page): Promise<string> {
  await go(page, '/office/titles/calls/new')
  await press(page, '起草好')
  expect(await main(page)).toContain('请选择认定项目')
  await looksRight(page)
  await page.getByLabel('认定项目').selectOption(scheme)
  await page.getByLabel('标题').fill(title)
  await page.getByLabel('正文').fill('现将本年度有关事项通知如下，请符合条件的企业在规定时间内申报。')
  await page.getByLabel('开始日期').fill('2021-09-01')
  await press(page, '起草好')
  await looksRight(page)
  expect(await main(page)).toContain('起草人不能自己发布')
  await go(chief, at(page))
  await press(chief, '发布通知')
  expect(await main(chief)).toContain('正在申报')
  return at(page).split('/').at(-1) ?? ''
}

async function upload(page: Page, kind: string) {
  await page.getByLabel('上传哪一种材料').selectOption(kind)
  await page.getByLabel('文件', { exact: true }).setInputFiles(pdf)
  await press(page, '上传材料')
}

describe('HZ4-M02 R23 海珠首席技师', () => {
  const document = someDocument('19800202')
  let titleCall: string
  let application: string

  test('A01 the call: written by one, published by another, open to everybody', async () => {
    const { page: clerk } = await pageOf({ name: '李受理', roles: [{ role: 'hr-intake' }] })
    const { page: chief } = await pageOf({ name: '林局长', roles: [{ role: 'hr-leader' }] })
    await publish('enterprise-chief-technician', '关于做好企业首席技师登记工作的通知', clerk, chief)
    titleCall = await publish('haizhu-chief-technician', '关于评选2021年海珠首席技师的通知', clerk, chief)
    const anybody = await visitor(phone)
    await go(anybody, '/titles')
    await shot(anybody, 'titles-phone')
    await go(anybody, `/titles/calls/${titleCall}`)
    expect(await main(anybody)).toContain('每家企业')
    expect(await main(anybody)).toContain('区人社局尚未明确')
    await shot(anybody, 'call-phone')
    const wide = await visitor()
    await go(wide, `/titles/calls/${titleCall}`)
    await shot(wide, 'call-desk')
    await go(wide, '/titles')
    await shot(wide, 'titles-desk')
  })

  test('A01 the firm registers its own, then nominates; what is wrong is said beside the box and nothing is lost', async () => {
    const { page } = await pageOf({ name: '孔培训', roles: [{ role: 'enterprise-hr', organisationId: company }] })
    await go(page, '/enterprise/titles')
    await shot(page, 'own-empty')
    await page.getByRole('link', { name: '关于做好企业首席技师登记工作的通知' }).click()
    await looksRight(page)
    await press(page, '开始填报')
    await looksRight(page)
    await press(page, '提交申请')
    await looksRight(page)
    expect(await main(page)).toContain('请填写现任岗位')
    expect(await main(page)).toContain('请选择职业技能等级')
    await shot(page, 'fill-faults')
    await fillPerson(page, document)
    await page.getByLabel('企业评定日期').fill('2021-03-01')
    await page.getByLabel('岗位职责和攻关任务').fill('负责算法平台攻关，带徒传技。')
    await press(page, '保存草稿')
    expect(await main(page)).toContain('已保存')
    await upload(page, 'decision')
    await upload(page, 'certificate')
    expect(await page.getByLabel('现任岗位').inputValue()).toBe('首席算法技师')
    await page.getByRole('checkbox', { name: /本单位承诺/ }).check()
    await press(page, '提交申请')
    expect(await main(page)).toContain('已提交，等待受理')
    await looksRight(page)
    await shot(page, 'own-submitted')
    const { page: clerk } = await pageOf({ name: '李受理', roles: [{ role: 'hr-intake' }] })
    await go(clerk, '/office/titles')
    await shot(clerk, 'desk')
    await clerk.getByRole('link', { name: /QYSX-S0001/ }).click()
    await press(clerk, '受理')
    await looksRight(clerk)
    await shot(clerk, 'formal')
    await press(clerk, '通过，进入下一环节')
    expect(await main(clerk)).toContain('已认定')

    await go(page, `/enterprise/titles/calls/${titleCall}`)
    await page.getByLabel('评审认定').check()
    await press(page, '开始填报')
    await fillPerson(page, document)
    await page.getByLabel('主要事迹').fill('带领团队三年解决生产难题十二项，带徒八名，其中两名晋升技师。')
    await page.getByRole('group', { name: '技术成果第 1 行' }).getByLabel('成果名称').fill('缺陷检测模型轻量化')
    await page.getByRole('group', { name: '技术成果第 1 行' }).getByLabel('类别').selectOption('innovation')
    await page.getByRole('group', { name: '技术成果第 1 行' }).getByLabel('年份').fill('2020')
    await page.getByLabel('是否设有首席技师工作室').selectOption('no')
    await press(page, '保存草稿')
    for (const kind of ['recommendation', 'certificate', 'proofs']) await upload(page, kind)
    await page.getByRole('checkbox', { name: /本单位承诺/ }).check()
    await press(page, '提交申请')
    application = at(page).split('/').at(-1) ?? ''
    expect(await main(page)).toContain('人选已登记为企业首席技师')
    await shot(page, 'nominated')
  })

  test('A01 R33 returned with reasons, read on a phone with its letter, mended', async () => {
    const { page: clerk } = await pageOf({ name: '王受理', roles: [{ role: 'hr-intake' }] })
    await go(clerk, `/office/titles/applications/${application}`)
    await press(clerk, '受理')
    await clerk.getByText('退回补正', { exact: true }).first().click()
    await clerk.getByLabel('业绩没有佐证').check()
    await clerk.locator('details[open]').getByLabel('说明').fill('请补充专利证书。')
    await clerk.getByRole('button', { name: '退回补正' }).click()
    await clerk.waitForLoadState()
    await looksRight(clerk)
    expect(await main(clerk)).toContain('已暂停计时')
    const { page } = await pageOf(
      { name: '孔培训', roles: [{ role: 'enterprise-hr', organisationId: company }] },
      phone,
    )
    await page.goto(`${site.address}/enterprise/titles/applications/${application}`) // carries the script that keeps drafts
    await looksRight(page)
    expect(await main(page)).toContain('请补充专利证书')
    await shot(page, 'returned-phone')
    const letter = await page.context().request.get(`${site.address}/titles/notices/${application}`)
    expect([letter.status(), (await letter.body()).subarray(0, 4).toString()]).toEqual([200, '%PDF'])
    await page.getByRole('checkbox', { name: /本单位承诺/ }).check()
    await press(page, '提交申请')
    expect(await main(page)).toContain('已提交，等待受理')
    await go(clerk, `/office/titles/applications/${application}`)
    await press(clerk, '受理')
    await press(clerk, '通过，进入下一环节')
    expect(await main(clerk)).toContain('专家评审')
  })

  test('A02 the panel is drawn, marks blindly, and the marks are seen when all are in', async () => {
    for (let i = 0; i < 6; i++) {
      const { page, account } = await pageOf(
        { name: `评审${'甲乙丙丁戊己'[i]}`, roles: [{ role: 'recognition-expert' }] },
        i === 0 ? phone : undefined,
      )
      await enrolExpert(site.ctx(intake), {
        userId: account.accountId,
        employer: `示例大学${i}`,
        speciality: '智能制造',
      })
      experts.push(page)
    }
    const { page: clerk } = await pageOf({ name: '王受理', roles: [{ role: 'hr-intake' }] })
    await go(clerk, '/office/titles/experts')
    await shot(clerk, 'experts')
    await go(clerk, `/office/titles/calls/${titleCall}`)
    await shot(clerk, 'office-call')
    await press(clerk, '抽取评审组')
    expect(await main(clerk)).toContain('评审组已抽取')
    let given = 0
    for (const page of experts) {
      await go(page, '/office/titles/scoring')
      const link = page.getByRole('link', { name: /评选2021年/ })
      if ((await link.count()) === 0) continue
      await link.click()
      await looksRight(page)
      await page.getByRole('link', { name: '1-01' }).click()
      await looksRight(page)
      expect(await main(page)).not.toContain('陈小技')
      expect(await main(page)).not.toContain('海珠示例801号')
      if (given === 0) {
        await press(page, '提交评分')
        expect(await main(page)).toContain('技术创新请打0到100分')
        await looksRight(page)
        await shot(page, 'sheet')
      }
      for (const box of await page.locator('input[name^="scores."]').all()) await box.fill(String(80 + given * 2))
      await page.getByLabel('评审意见').fill('成果有佐证，带徒成效明显。')
      await press(page, '提交评分')
      given += 1
    }
    expect(given).toBe(5)
    await clerk.getByRole('link', { name: '第 1 组' }).click()
    await clerk.getByLabel('评审纪要').fill('五名专家独立打分，没有异议。')
    await press(clerk, '结束评审')
    await looksRight(clerk)
    expect(await main(clerk)).toContain('84.00')
    await shot(clerk, 'panel')
  })

  test('A01 two on the spot; chosen, public, an objection answered by its receipt', async () => {
    const { page: one } = await pageOf({ name: '王受理', roles: [{ role: 'hr-intake' }] }, phone)
    const { page: two } = await pageOf({ name: '关受理', roles: [{ role: 'hr-intake' }] })
    await go(one, `/office/titles/applications/${application}`)
    await one.getByRole('link', { name: '填写核查表' }).click()
    await one.getByText(/没有网络也能打开/).waitFor()
    await shot(one, 'visit-phone')
    for (const label of ['人选在生产服务一线岗位', '徒弟在本单位、与名单一致', '成果在生产中使用']) {
      await one.getByRole('group', { name: label }).getByLabel('符合', { exact: true }).check()
    }
    await one
      .getByRole('group', { name: /工作室场地设备/ })
      .getByLabel('不适用')
      .check()
    await one.getByLabel('核查情况').fill('现场与填报一致。')
    await one.getByLabel('通过', { exact: true }).check()
    await press(one, '提交核查记录')
    await one.getByText('请由一同核查的另一人登录确认').waitFor()
    await go(two, `/office/titles/applications/${application}`)
    await press(two, '确认核查记录')
    await go(two, `/office/titles/calls/${titleCall}`)
    await two.getByRole('checkbox', { name: /陈小技/ }).check()
    await shot(two, 'shortlist')
    await press(two, '确定名单')
    const { page: editor } = await pageOf({ name: '何公示', roles: [{ role: 'publicity-editor' }] })
    await go(editor, `/office/titles/calls/${titleCall}`)
    await press(editor, '开始公示')
    const anybody = await visitor(phone)
    await go(anybody, '/titles')
    await anybody.getByRole('link', { name: '海珠首席技师拟认定名单公示' }).click()
    await looksRight(anybody)
    await shot(anybody, 'list-phone')
    expect(await main(anybody)).toContain('陈小技')
    expect(await anybody.content()).not.toContain(document)
    await anybody.getByRole('link', { name: '提出异议' }).click()
    await press(anybody, '提交异议')
    await looksRight(anybody)
    await anybody.getByLabel('带徒、培训情况不真实').check()
    await anybody.getByLabel('情况', { exact: true }).fill('名单里的一名徒弟已经离开该单位。')
    await press(anybody, '提交异议')
    await looksRight(anybody)
    await shot(anybody, 'receipt-phone')
    const receipt = /回执码：\s*([0-9A-Z-]{14})/.exec(await main(anybody))?.[1] ?? ''
    await go(editor, '/office/titles/objections')
    await editor.getByRole('link', { name: /RY-2021/ }).click()
    await looksRight(editor)
    await editor.getByLabel('异议不成立').check()
    await editor.getByLabel('答复').fill('经核查，徒弟名单与参保记录一致，异议不成立。')
    await press(editor, '办结异议')
    await go(anybody, '/titles/answer')
    await anybody.getByLabel('回执码').fill(receipt)
    await press(anybody, '查询')
    expect(await main(anybody)).toContain('异议不成立')
  })

  test('R23 A03 R35 designated, in the register with its code, on the board, and its letter', async () => {
    const end = addWorkdays(dayOf(site.ctx().now), 6).day
    site.setTime(endOfDay(end))
    await runByClock(site, 'recognition.daily')
    const { page: chief } = await pageOf({ name: '林局长', roles: [{ role: 'hr-leader' }] })
    await go(chief, `/office/titles/applications/${application}`)
    await chief.getByLabel('文号').fill('海人社〔2021〕9号')
    await shot(chief, 'designate')
    await press(chief, '认定')
    expect(await main(chief)).toContain('已认定')
    await runJobs(site)
    const anybody = await visitor(phone)
    await go(anybody, '/titles/register?scheme=haizhu-chief-technician')
    await shot(anybody, 'register-phone')
    await anybody.getByRole('link', { name: '陈小技' }).click()
    await looksRight(anybody)
    await shot(anybody, 'holder-phone')
    expect(await main(anybody)).toContain('持有“海珠首席技师”')
    await go(anybody, `${at(anybody)}?on=2021-09-01`)
    expect(await main(anybody)).toContain('不持有')
    const wide = await visitor()
    await go(wide, '/titles/register')
    await shot(wide, 'register-desk')
    await go(chief, '/office/board/K08')
    expect(await main(chief)).toContain('平台认定登记')
    await shot(chief, 'board')
    await go(chief, '/office/titles/holders')
    await chief.getByRole('link', { name: '陈小技' }).first().click()
    await looksRight(chief)
    await shot(chief, 'office-holder')
    const href = await chief.getByRole('link', { name: '下载认定通知（PDF）' }).getAttribute('href')
    const letter = await chief.context().request.get(site.address + href)
    expect((await letter.body()).subarray(0, 4).toString()).toBe('%PDF')
    if (process.env.PICTURES) {
      const { writeFileSync } = await import('node:fs')
      writeFileSync(join(process.env.PICTURES, 'letter.pdf'), await letter.body())
    }
  })
})

async function fillPerson(page: Page, document: string) {
  await page.getByLabel('人选姓名').fill('陈小技')
  await page.getByLabel('证件号码').fill(document)
  await page.getByLabel('现任岗位').fill('首席算法技师')
  await page.getByLabel('职业（工种）').fill('人工智能训练师')
  await page.getByLabel('职业技能等级', { exact: true }).selectOption('1')
  await page.getByLabel('等级证书编号').fill('Y000044000123')
  await page.getByLabel('从事本职业年限').fill('12')
}
