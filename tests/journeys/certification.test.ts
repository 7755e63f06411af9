import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { newBatch } from '#modules/certification/batch.commands.ts'
import { ctxFor } from '#platform/testing.ts'
import { decidedFigure, occupations, staffOf, titled } from '../fixtures/certification.ts'
import { someDocument } from '../setup/accounts.ts'
import { launchBrowser, phone } from '../setup/browser.ts'
import { runByClock } from '../setup/jobs.ts'
import { looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'
import { inSection, main, press, visitorsOf } from '../setup/visitors.ts'

/** A batch from the organisation's codes to a certificate checked on a phone, and what stops the next one. */
let site: TestSite
let browser: Browser
let organisationId: string

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
  await occupations(site.db)
  organisationId = await titled(site.db, 3201)
  await decidedFigure(site.db, 'V04.passMark', 60)
  await decidedFigure(site.db, 'OP.passRateMinPersons', 1)
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
    ? page.screenshot({ path: join(process.env.PICTURES, `certification-${name}.png`), fullPage: true })
    : undefined
const at = (page: Page) => new URL(page.url()).pathname
const open = async (page: Page, label: string) => page.getByText(label, { exact: true }).first().click()

describe('HZ4-M01 V01 V02 R34 a level assessed on the platform', () => {
  let batch: string
  let number: string
  let chief: Page
  let clerk: Page

  test('V01 codes and scope: registered by one, approved by another; a wrong code is said at its box', async () => {
    clerk = (await pageOf({ name: '李受理', roles: [{ role: 'hr-intake' }] })).page
    chief = (await pageOf({ name: '林局长', roles: [{ role: 'hr-leader' }] })).page
    await go(clerk, '/office/assessors')
    await shot(clerk, 'office-empty')
    await clerk.getByRole('link', { name: '海珠示例3201号有限公司' }).click()
    await clerk.getByLabel('社会培训评价组织（S）').check()
    await clerk.getByLabel('机构代码').fill('00')
    await clerk.getByLabel('省级代码').fill('44')
    await clerk.getByLabel('机构序列码').fill('003201')
    await clerk.getByLabel('备案编号').fill('粤评备（测试）3201号')
    await press(clerk, '登记')
    expect(await main(clerk)).toContain('机构代码为4位数字')
    await looksRight(clerk)
    expect(await clerk.getByLabel('机构序列码').inputValue()).toBe('003201')
    await clerk.getByLabel('机构代码').fill('0000')
    await press(clerk, '登记')
    expect(await main(clerk)).toContain('等待另一人核准')
    await go(chief, at(clerk))
    await press(chief, '核准')
    await go(clerk, at(chief))
    await open(clerk, '登记一项认定范围')
    await clerk.getByLabel('职业（工种）').selectOption('2015:4-04-05-05')
    await clerk.getByLabel('等级', { exact: true }).selectOption('4')
    await clerk.getByLabel('理论知识').check()
    await clerk.getByLabel('技能操作').check()
    await clerk.getByLabel('所依据的职业标准').fill('人工智能训练师国家职业技能标准（2021年版）')
    await clerk.getByLabel('申报条件', { exact: true }).fill('累计从事本职业工作1年以上｜1\n相关专业毕业证书')
    await clerk.getByLabel('有效期开始').fill('2021-01-01')
    await clerk.getByLabel('备案文件').fill('粤评备（测试）3201号')
    await clerk.locator('form', { hasText: '所依据的职业标准' }).getByRole('button', { name: '登记' }).click()
    await looksRight(clerk)
    await go(chief, at(clerk))
    await press(chief, '核准')
    await shot(chief, 'office-assessor')
    expect(await main(chief)).toContain('累计从事本职业工作1年以上')
  })

  test('V02 V03 the organisation: site, rooms, examiners, plan, candidates', async () => {
    const { page } = await pageOf({ name: '考务员', roles: [{ role: 'provider-academic', organisationId }] })
    await go(page, '/provider/assessor')
    await open(page, '登记考点')
    await page.getByLabel('考点名称').fill('新港考点')
    await page.getByLabel('考点地址').fill('广州市海珠区新港西路示例1号')
    await page.getByLabel('自有').check()
    await press(page, '登记考点')
    for (const [name, part, seats] of [
      ['理论机房', 'theory', '30'],
      ['实操机房', 'skill', '10'],
    ] as const) {
      await open(page, '登记考场')
      await page.getByLabel('考点', { exact: true }).selectOption({ label: '新港考点' })
      await page.getByLabel('考场名称').fill(name)
      await page.getByLabel('用于').selectOption(part)
      await page.getByLabel('座位或工位数').fill(seats)
      await page.getByLabel('有全程录像设备').check()
      await press(page, '登记考场')
    }
    for (const [name, role] of [
      ['陈考评', 'examiner'],
      ['吴督导', 'supervisor'],
    ] as const) {
      await open(page, '登记考评员或督导员')
      await page.getByLabel('姓名').fill(name)
      await page.getByLabel('身份证号码').fill(someDocument('19750505'))
      await page.getByLabel('角色').selectOption(role)
      await page.getByLabel('证件编号').fill(`粤评（测试）${name}`)
      await page.locator('form', { hasText: '证件编号' }).getByRole('button', { name: '登记' }).click()
    }
    await looksRight(page)
    await shot(page, 'own-assessor')
    const { page: visitorClerk } = await pageOf({ name: '关受理', roles: [{ role: 'hr-intake' }] })
    await go(visitorClerk, `/office/assessors/${organisationId}`)
    await press(visitorClerk, '核准')
    expect(await main(visitorClerk)).toContain('核准考点要写现场核查日期')
    await visitorClerk.getByLabel('现场核查日期').fill('2021-09-10')
    await press(visitorClerk, '核准')

    await go(page, '/provider/assessment-batches')
    await shot(page, 'batches-empty')
    await page.getByLabel('批次名称').fill('2021年10月人工智能训练师四级认定')
    await page.getByLabel('职业和等级').selectOption({ index: 1 })
    await page.getByLabel('考点', { exact: true }).selectOption({ index: 1 })
    await press(page, '新建')
    batch = at(page).split('/').at(-1) ?? ''
    await press(page, '提交计划')
    expect(await main(page)).toContain('还没有安排理论知识的场次')
    for (const [room, from, to] of [
      [1, '14:00', '16:00'],
      [2, '09:00', '10:30'],
    ] as const) {
      const label = page.getByText('增加场次', { exact: true })
      if (room === 2) await label.click()
      await page.getByLabel('考场', { exact: true }).selectOption({ index: room })
      await page.getByLabel('考试日期').fill('2021-10-11')
      await page.getByLabel('开始时间').fill(from)
      await page.getByLabel('结束时间').fill(to)
      await page.getByLabel('安排人数').fill('2')
      await page.getByLabel('考评员').selectOption({ index: 1 })
      await press(page, '增加')
    }
    await open(page, '指定内部质量督导员')
    await page.getByLabel('内部质量督导员').selectOption({ index: 1 })
    await press(page, '指定')
    for (const [at, name] of ['张考甲', '张考乙', '张考丙'].entries()) {
      await open(page, '登记一名考生')
      await page.getByLabel('姓名').fill(name)
      await page.getByLabel('身份证号码').fill(someDocument('19900909'))
      await page.getByLabel('申报条件').selectOption({ index: 1 })
      await page.getByLabel('从事本职业年数').fill('3')
      await page.getByLabel('所查证明').fill('社保记录和单位证明')
      await page.locator('form', { hasText: '从事本职业年数' }).getByRole('button', { name: '登记' }).click()
      if (at === 2) expect(await main(page)).toContain('座位已经排满')
    }
    await looksRight(page)
    await shot(page, 'batch-full')
    await go(page, `/provider/assessment-batches/${batch}`)
    await press(page, '提交计划')
    expect(await main(page)).toContain('等待区人社局受理')
    await shot(page, 'batch-filed')
    await go(clerk, '/office/assessors')
    await shot(clerk, 'office')
    await clerk.getByRole('link', { name: '2021年10月人工智能训练师四级认定' }).click()
    await press(clerk, '受理')
    await looksRight(clerk)
    expect(await main(clerk)).toContain('已受理')
  })

  test('C23 marks by a dry run of a sheet, confirmed by another; results before the public; issued', async () => {
    site.setTime(new Date('2021-10-12T10:00:00+08:00'))
    const { page } = await pageOf({ name: '阅卷员', roles: [{ role: 'provider-academic', organisationId }] })
    const { page: head } = await pageOf({ name: '主任', roles: [{ role: 'provider-admin', organisationId }] })
    await go(page, `/provider/assessment-batches/${batch}/marks`)
    await shot(page, 'marks')
    const csv = '考号,姓名,理论知识成绩,技能操作成绩\n1,张考甲,87.5,80\n2,张考甲,70,80\n'
    const file = (text: string) => ({ name: '成绩.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
    await page.getByLabel('填好的成绩表').setInputFiles(file(csv))
    await press(page, '上传并核对')
    expect(await main(page)).toContain('姓名与考号不对应')
    await looksRight(page)
    await shot(page, 'marks-faults')
    await page.getByLabel('填好的成绩表').setInputFiles(file(csv.replace('2,张考甲', '2,张考乙')))
    await press(page, '上传并核对')
    await press(page, '录入这 4 个成绩')
    expect(await main(page)).toContain('您录入过成绩')
    await go(head, at(page))
    await press(head, '确认成绩')
    expect(await main(head)).toContain('成绩已确认')
    await head.getByLabel('公示工作日').fill('5')
    await press(head, '公示结果')
    await looksRight(head)
    const anybody = await visitor(phone)
    await go(anybody, `/assessors/results/${batch}`)
    expect(await main(anybody)).toContain('张*甲')
    expect(await main(anybody)).not.toContain('张考甲')
    await shot(anybody, 'results-phone')
    await anybody.getByRole('link', { name: '提异议：考号' }).first().click()
    await press(anybody, '提交异议')
    expect(await main(anybody)).toContain('请选择异议理由')
    await looksRight(anybody)
    await anybody.getByLabel('冒名顶替').check()
    await anybody.getByLabel('情况').fill('有一名考生好像不是本人，请核对照片。')
    await press(anybody, '提交异议')
    expect(await main(anybody)).toContain('异议已收到')
    await looksRight(anybody)
    await shot(anybody, 'objection-phone')
    const receipt = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await main(anybody))?.[0] ?? ''
    const { page: editor } = await pageOf({ name: '何公示', roles: [{ role: 'publicity-editor' }] })
    await go(editor, '/office/assessors/objections')
    await editor.getByRole('link', { name: /^RY-/ }).click()
    await editor.getByLabel('异议不成立').check()
    await editor.getByLabel('答复').fill('已核对考场照片，均为本人。')
    await press(editor, '办结异议')
    await looksRight(editor)
    await shot(editor, 'objection-office')
    await go(anybody, '/assessors/answer')
    await anybody.getByLabel('回执码').fill(receipt)
    await press(anybody, '查询')
    expect(await main(anybody)).toContain('已核对考场照片')
    await looksRight(anybody)
    site.setTime(new Date('2021-10-25T10:00:00+08:00'))
    await runByClock(site, 'certification.daily')
    await go(head, `/provider/assessment-batches/${batch}`)
    await press(head, '签发证书')
    number = /S0000440032012140000\d\d/.exec(await main(head))?.[0] ?? ''
    expect(number).toHaveLength(22)
    await looksRight(head)
    await shot(head, 'batch-issued')
    const paper = await head.request.get(
      site.address + ((await head.getByRole('link', { name: number }).getAttribute('href')) ?? ''),
    )
    expect([paper.status(), (await paper.body()).subarray(0, 5).toString()]).toEqual([200, '%PDF-'])
  })

  test('R34 R37 anybody checks the number with the name, on a phone', async () => {
    const anybody = await visitor(phone)
    await go(anybody, '/assessors')
    expect(await main(anybody)).toContain('人工智能训练师')
    await shot(anybody, 'assessors-phone')
    const wide = await visitor()
    await go(wide, '/assessors')
    await shot(wide, 'assessors')
    await go(anybody, '/verify')
    await anybody.getByLabel('证书编号').fill(number.toLowerCase())
    await anybody.getByLabel('持证人姓名').fill('张考甲')
    await press(anybody, '按编号查验')
    expect(await main(anybody)).toContain('证书有效')
    expect(await main(anybody)).toContain('四级／中级工')
    await looksRight(anybody)
    await shot(anybody, 'verify-phone')
  })

  test('V05 everybody passed: the next batch waits until two people have lifted the stop', async () => {
    const { page } = await pageOf({ name: '考务员', roles: [{ role: 'provider-academic', organisationId }] })
    const scope = await site.db.selectFrom('certification.scopes').select('id').executeTakeFirstOrThrow()
    const place = await site.db.selectFrom('certification.sites').select('id').executeTakeFirstOrThrow()
    const { batchId } = await newBatch(ctxFor(site.db, staffOf(organisationId).planner, site.ctx().now), {
      ...{ organisationId, scopeId: scope.id, siteId: place.id, classId: '', title: '下一批次' },
    })
    await go(page, `/provider/assessment-batches/${batchId}`)
    expect(await main(page)).toContain('由区人社局两人核实解除后才能提交')
    await go(clerk, `/office/assessors/${organisationId}`)
    expect(await main(clerk)).toContain('2人参加，2人合格')
    await shot(clerk, 'stop')
    await clerk.getByLabel(/解除“合格率异常”的理由/).fill('调阅全程录像并复核试卷，没有发现问题。')
    await press(clerk, '提出解除')
    await looksRight(clerk)
    await go(chief, at(clerk))
    await chief.getByLabel(/核实情况/).fill('情况属实，同意解除。')
    await press(chief, '同意解除')
    expect(await inSection(chief, '异常和暂停').innerText()).toContain('已解除')
    await go(page, `/provider/assessment-batches/${batchId}`)
    expect(await main(page)).not.toContain('由区人社局两人核实解除后才能提交')
  })
})
