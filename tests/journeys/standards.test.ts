import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { occupations } from '../fixtures/certification.ts'
import { firm } from '../fixtures/recognition.ts'
import { launchBrowser, phone } from '../setup/browser.ts'
import { runByClock } from '../setup/jobs.ts'
import { looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'
import { main, press, visitorsOf } from '../setup/visitors.ts'

/** A standard from its proposal to its published page, with a comment of somebody passing by. */
let site: TestSite
let browser: Browser
let company: string
beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
  await occupations(site.db)
  company = await firm(site.db, 3701)
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
    ? page.screenshot({ path: join(process.env.PICTURES, `standards-${name}.png`), fullPage: true })
    : undefined
const at = (page: Page) => new URL(page.url()).pathname

describe('HZ4-M01 N01 N02 N03 a skill standard', () => {
  test('N01 N02 N03 proposed, drafted, commented on by anybody, answered, reviewed, published', async () => {
    const { page } = await pageOf({ name: '孔培训', roles: [{ role: 'enterprise-hr', organisationId: company }] })
    await go(page, '/enterprise/standards')
    await press(page, '申请立项')
    expect(await main(page)).toContain('请填写标准名称')
    await looksRight(page)
    await page.getByLabel('标准名称').fill('数据标注工程企业评价规范')
    await page.getByLabel('类别').selectOption('enterprise')
    await page.getByLabel('职业（工种）').selectOption('2015:4-04-05-05')
    await page.getByLabel('立项理由').fill('琶洲企业需要统一的评价尺度。')
    await press(page, '申请立项')
    const id = at(page).split('/').at(-1) ?? ''
    const { page: chief } = await pageOf({ name: '林局长', roles: [{ role: 'hr-leader' }] })
    await go(chief, '/office/standards')
    await chief.getByRole('link', { name: '数据标注工程企业评价规范' }).click()
    await press(chief, '同意立项')
    await looksRight(chief)

    await go(page, `/enterprise/standards/${id}`)
    await page.getByLabel('一、职业概况').fill('从事数据采集和标注的人员。')
    await page.getByLabel('二、基本要求').fill('职业道德和基础知识。')
    await page.getByLabel('三、工作要求').fill('# 数据采集\n采集数据｜能按要求采集')
    await press(page, '保存')
    expect(await main(page)).toContain('应为“工作内容｜技能要求｜相关知识”三段')
    await page
      .getByLabel('三、工作要求')
      .fill('# 数据采集\n采集数据｜能按要求采集｜采集规范\n# 数据标注\n标注数据｜能按要求标注｜标注规范')
    await press(page, '保存')
    await page.getByLabel('数据采集（五级／初级工）').fill('40')
    await page.getByLabel('数据标注（五级／初级工）').fill('50')
    await press(page, '保存')
    await press(page, '公开征求意见')
    expect(await main(page)).toContain('合计为90，应为100')
    await page.getByLabel('数据标注（五级／初级工）').fill('60')
    await press(page, '保存')
    await looksRight(page)
    await shot(page, 'draft')
    await page.getByLabel('征求意见工作日').fill('5')
    await press(page, '公开征求意见')
    expect(await main(page)).toContain('正在征求意见')

    const anybody = await visitor(phone)
    await go(anybody, '/standards')
    await anybody.getByRole('link', { name: '数据标注工程企业评价规范' }).click()
    await looksRight(anybody)
    await anybody.getByLabel('对哪一部分').selectOption('三、工作要求')
    await anybody.getByLabel('意见', { exact: true }).fill('建议增加质检的工作内容。')
    await press(anybody, '提交意见')
    expect(await main(anybody)).toContain('意见已收到')
    await looksRight(anybody)
    await shot(anybody, 'comment-phone')
    const receipt = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await main(anybody))?.[0] ?? ''
    await anybody.getByRole('link', { name: '查意见答复' }).first().click()
    await anybody.getByLabel('回执码').fill('0000-0000-0000')
    await press(anybody, '查答复')
    expect(await main(anybody)).toContain('没有这个回执码')
    await looksRight(anybody)
    await anybody.getByLabel('回执码').fill(receipt)
    await press(anybody, '查答复')
    expect(await main(anybody)).toContain('还没有答复')
    await looksRight(anybody)
    await shot(anybody, 'answer-phone')

    site.setTime(new Date('2021-09-27T10:00:00+08:00'))
    await runByClock(site, 'standards.daily')
    await go(page, `/enterprise/standards/${id}`)
    expect(await main(page)).toContain('还有 1 条意见没有答复')
    await page.getByLabel(/答复第 1 条/).selectOption('partly')
    await page.getByLabel('第 1 条的理由').fill('质检写入数据标注的知识要求。')
    await press(page, '答复')
    await press(page, '提交审定')
    const { page: clerk } = await pageOf({ name: '李受理', roles: [{ role: 'hr-intake' }] })
    await go(clerk, `/office/standards/${id}`)
    await clerk.getByLabel('专家姓名').fill('谭专家')
    await clerk.getByLabel('专家单位').fill('示例大学')
    await clerk.getByLabel('审定意见').selectOption('pass')
    await clerk.getByLabel('意见', { exact: true }).fill('结构完整，同意发布。')
    await press(clerk, '登记专家意见')
    await looksRight(clerk)
    await shot(clerk, 'review')
    await go(chief, `/office/standards/${id}`)
    await press(chief, '发布')
    expect(await main(chief)).toContain('已发布')
    await go(anybody, `/standards/${id}`)
    expect(await main(anybody)).toContain('部分采纳')
    expect(await main(anybody)).not.toContain('建议增加质检的工作内容')
    await shot(anybody, 'published-phone')
    const wide = await visitor()
    await go(wide, `/standards/${id}`)
    await shot(wide, 'published')
    const paper = await wide.request.get(`${site.address}/standards/${id}/paper`)
    expect([paper.status(), (await paper.body()).subarray(0, 5).toString()]).toEqual([200, '%PDF-'])
  })
})
