import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { saveApplication, startApplication, submitApplication } from '#modules/recognition/application.commands.ts'
import { addMaterial } from '#modules/recognition/material.commands.ts'
import { firm, hr, openCall, papers } from '../fixtures/recognition.ts'
import { desk, launchBrowser, phone } from '../setup/browser.ts'
import { looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'
import { main, press, visitorsOf } from '../setup/visitors.ts'

/** A title's text changed by a clerk who is no programmer, and released by a leader who wrote none of it. */
let site: TestSite
let browser: Browser
let clerk: Page
let leader: Page
let running: string
const code = 'internship-base'
const home = `/office/titles/schemes/${code}`

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
  clerk = (await pageOf({ name: '王受理', roles: [{ role: 'hr-intake' }] })).page
  leader = (await pageOf({ name: '林局长', roles: [{ role: 'hr-leader' }] })).page
  running = await openCall((actor) => site.ctx(actor), code)
  const organisationId = await firm(site.db, 7900)
  const own = site.ctx(hr(organisationId))
  const { applicationId } = await startApplication(own, { callId: running, organisationId, path: 'standard' })
  const f = { posts: [{ name: '见习生', count: '5', pay: '3000' }], dispatch: 'no', mentor: '一对一带教' }
  const { version } = await saveApplication(own, { applicationId, version: 1, f })
  for (const kind of ['plan', 'insurance']) await addMaterial(own, { applicationId, kind, file: papers })
  await submitApplication(own, { applicationId, version, consent: 'yes' })
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
})
const { pageOf, visitor, go } = visitorsOf(
  () => site,
  () => browser,
)
const look = async (page: Page, name: string) => {
  await looksRight(page)
  if (process.env.PICTURES)
    await page.screenshot({ path: join(process.env.PICTURES, `editor-${name}.png`), fullPage: true })
}
const open = async (page: Page, link: string) => {
  await page.getByRole('link', { name: link, exact: true }).first().click()
  await page.waitForLoadState()
}

describe('A01 a title changed on the platform', () => {
  test('A01 a text with errors is kept; every fault is named with place and reason, and leads to its form', async () => {
    await go(clerk, '/office/titles/schemes')
    await look(clerk, 'titles')
    await open(clerk, '就业见习基地')
    await look(clerk, 'parts')
    await open(clerk, '整份文件')
    const box = clerk.getByLabel('文件内容')
    const text = JSON.parse(await box.inputValue())
    text.publicityFigure = 'REC.nothing'
    text.paths[0].stages = ['visit', 'formal', 'shortlist', 'publicity', 'designation']
    text.eligibility[0].clause = 'HZ4-M99'
    await box.fill(JSON.stringify(text, null, 2))
    await press(clerk, '保存草稿并检查')
    expect(await main(clerk)).toContain('请填写修改说明')
    expect(JSON.parse(await box.inputValue()).publicityFigure).toBe('REC.nothing')
    await clerk.getByLabel('修改说明').fill('调整见习基地的申报要求')
    await press(clerk, '保存草稿并检查')
    await look(clerk, 'faults')
    const said = await main(clerk)
    for (const words of [
      '时限和任期：公示天数',
      '没有编号为“REC.nothing”的参数',
      '环节次序颠倒或重复',
      '要从形式审查开始，到认定为止',
      '没有编号为“HZ4-M99”的条款或规则',
      '$.eligibility[0].clause',
    ])
      expect(said).toContain(words)
    await go(leader, home)
    expect(await main(leader)).toContain('文件还有错误，改好后才能发布')
  })

  test('A01 mended part by part: the box that is wrong says so, nothing typed is lost, without script', async () => {
    await open(clerk, '时限和任期：公示天数')
    await look(clerk, 'clocks')
    expect(await main(clerk)).toContain('没有编号为“REC.nothing”的参数')
    await press(clerk, '保存到草稿')
    expect(await main(clerk)).toMatch(/没有编号为“REC.nothing”的参数|请选择公示天数/)
    await clerk.getByLabel('公示天数').selectOption('REC.publicityDays')
    await press(clerk, '保存到草稿')
    expect(await main(clerk)).toContain('已保存')
    expect(await main(clerk)).not.toContain('REC.nothing')
    await clerk
      .getByRole('link', { name: /^申报方式和环节第1项/ })
      .first()
      .click()
    // a box sends its answers in the order of the work
    await press(clerk, '保存到草稿')
    expect(await main(clerk)).toContain('已保存')
    await go(clerk, `${home}/parts/eligibility?at=0`)
    expect(await main(clerk)).toContain('没有编号为“HZ4-M99”')
    await clerk.getByLabel('依据').selectOption('HZ4-M04')
    await press(clerk, '保存到草稿')
    await go(clerk, home)
    expect(await main(clerk)).toContain('检查通过')
  })

  test('A01 on a phone: a new question with its choices, a paper that hangs on an answer, a condition with its clause', async () => {
    const { page } = await pageOf({ name: '关受理', roles: [{ role: 'hr-intake' }] }, phone)
    await go(page, home)
    await look(page, 'parts-phone')
    await open(page, '填报项')
    await look(page, 'fields-phone')
    await open(page, '增加填报项')
    await look(page, 'kinds-phone')
    await open(page, '选择题')
    await press(page, '保存到草稿')
    await look(page, 'box-faults-phone')
    expect(await main(page)).toContain('请填写名称')
    await page.getByLabel('名称').fill('有没有安全负责人')
    await press(page, '保存到草稿')
    expect(await page.getByLabel('名称').inputValue()).toBe('有没有安全负责人')
    expect(await main(page)).toContain('选择题要写选项，其他的不写选项')
    await page.getByLabel('选项').fill('有\n没有')
    await page.getByLabel('必填').check()
    await look(page, 'question-phone')
    await press(page, '保存到草稿')
    expect(await main(page)).toContain('有没有安全负责人')
    await page.getByRole('button', { name: /上移\s*“有没有安全负责人”/ }).click()
    await page.waitForLoadState()

    await go(page, `${home}/parts/materials?new=1`)
    await page.getByLabel('名称').fill('安全制度')
    await page.getByLabel('说明', { exact: true }).fill('加盖公章')
    await page.getByLabel('从哪里来').selectOption('upload')
    await page.getByLabel('必须有').check()
    await page.getByLabel('有没有安全负责人：有', { exact: true }).check()
    await look(page, 'paper-phone')
    await press(page, '保存到草稿')
    expect(await main(page)).toContain('安全制度')

    await go(page, `${home}/parts/eligibility?new=1`)
    await open(page, '某道选择题须选')
    await page.getByLabel('条件', { exact: true }).fill('有安全负责人')
    await page.getByLabel('依据').selectOption('HZ4-M04')
    await page.getByLabel('有没有安全负责人：有', { exact: true }).check()
    await look(page, 'condition-phone')
    await press(page, '保存到草稿')
    await go(page, home)
    expect(await main(page)).toContain('检查通过')
    await page.context().close()
  })

  test('A01 two at once: who comes second is told and overwrites nothing', async () => {
    const { page } = await pageOf({ name: '关受理', roles: [{ role: 'hr-intake' }] })
    await go(page, `${home}/parts/basic`)
    await go(clerk, `${home}/parts/checklist?new=1`)
    await clerk.getByLabel('核对什么').fill('安全制度上墙')
    await press(clerk, '保存到草稿')
    await page.getByLabel('简介').fill('改过的简介')
    await press(page, '保存到草稿')
    expect(await main(page)).toContain('别人刚刚先改了它')
    await go(page, `${home}/parts/basic`)
    expect(await page.getByLabel('简介').inputValue()).not.toBe('改过的简介')
    await page.context().close()
  })

  test('A01 preview, what differs, and a dry run over what was handed in', async () => {
    for (const [screen, name] of [
      [desk, 'desk'],
      [phone, 'phone'],
    ] as const) {
      const { page } = await pageOf({ name: '林局长', roles: [{ role: 'hr-leader' }] }, screen)
      await go(page, `${home}?view=preview`)
      await look(page, `preview-${name}`)
      expect(await main(page)).toContain('有没有安全负责人')
      await go(page, `${home}?view=changes`)
      await look(page, `changes-${name}`)
      expect(await main(page)).toContain('名称：有没有安全负责人')
      expect(await main(page)).not.toContain('{"id"')
      await go(page, `${home}?view=dry-run`)
      await look(page, `dry-run-${name}`)
      expect(await main(page)).toContain('核对了 1 件，其中 1 件的结果会变')
      expect(await main(page)).toContain('请选择有没有安全负责人')
      await page.context().close()
    }
  })

  test('A01 released by a leader who wrote none of it; a new call takes it, the running one keeps its own; exported', async () => {
    await go(clerk, home)
    expect(await main(clerk)).toContain('由局领导发布')
    await go(leader, home)
    await press(leader, '发布，以后起草的通知按它办理')
    await look(leader, 'released')
    expect(await main(leader)).toContain('版本 2021-2')
    const next = await openCall((actor) => site.ctx(actor), code)
    const call = async (id: string) => {
      const anybody = await visitor(phone)
      await go(anybody, `/titles/calls/${id}`)
      await look(anybody, 'call-phone')
      const said = await main(anybody)
      await anybody.context().close()
      return said
    }
    expect(await call(next)).toContain('安全制度')
    expect(await call(running)).not.toContain('安全制度')
    const file = await leader.context().request.get(`${site.address}${home}/file`)
    const exported = JSON.parse(await file.text())
    expect([exported.edition, exported.fields.at(-2).label]).toEqual(['2021-2', '有没有安全负责人'])
    expect(exported.publicityFigure).toBe('REC.publicityDays')
    await go(leader, `${home}?view=versions`)
    await look(leader, 'versions')
    expect(await main(leader)).toContain('已发布（林局长）')
  })
})
