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

/** A competition from its filing to the archive: host, bureau, judges, entrants, leader, and somebody who objects. */
let site: TestSite
let browser: Browser
let school: string
let event: string
const judges: Page[] = []
let cook: Page

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
  school = await firm(site.db, 851, 'provider')
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
    ? page.screenshot({ path: join(process.env.PICTURES, `competition-${name}.png`), fullPage: true })
    : undefined
const at = (page: Page) => new URL(page.url()).pathname
const host = () => pageOf({ name: '冯赛务', roles: [{ role: 'provider-admin', organisationId: school }] })
const office = (name: string) => pageOf({ name, roles: [{ role: 'hr-intake' }] })
const hosted = () => `/provider/competitions/hosted/${event}`
const desk = () => `/office/competitions/${event}`
const more = (page: Page, label: string) => page.locator('details.more > summary', { hasText: label }).first().click()
const entrants = ['陈灶台', '李砧板', '黄点心', '何烧腊', '梁打荷', '冯水台']

describe('HZ4-M09 R32 a cooking competition', () => {
  test('R32 filed with what is missing said beside the box, returned, mended, accepted', async () => {
    const { page } = await host()
    await go(page, '/provider/competitions')
    await looksRight(page)
    await shot(page, 'own-empty')
    await page.getByRole('link', { name: '申请办赛' }).click()
    await press(page, '下一步，填写方案')
    await looksRight(page)
    expect(await main(page)).toContain('请选择竞赛类型')
    await page.getByLabel('餐饮服务职业技能竞赛').check()
    await page.getByLabel('竞赛名称').fill('海珠区粤菜烹饪技能竞赛')
    await press(page, '下一步，填写方案')
    event = at(page).split('/').at(-1) ?? ''
    await looksRight(page)
    await press(page, '申请备案')
    expect(await main(page)).toContain('还没有填：竞赛目的')
    await page.getByLabel('竞赛目的').fill('以赛促培，选拔粤菜烹饪技能人才。')
    await page.getByLabel('承办、协办单位和分工').fill('由本单位独立举办')
    await page.getByLabel('比赛地点').fill('海珠区新港中路1号实训楼')
    for (const [label, day] of [
      ['报名开始', '2021-09-10'],
      ['报名截止', '2021-09-20'],
      ['比赛开始', '2021-09-22'],
      ['比赛结束', '2021-09-23'],
    ] as const)
      await page.getByLabel(label).fill(day)
    await page.getByLabel('职工组（个人）名额').fill('0')
    await press(page, '申请备案')
    await looksRight(page)
    expect(await main(page)).toContain('名额请填1到5000的整数')
    expect(await page.getByLabel('比赛地点').inputValue()).toContain('实训楼')
    await page.getByLabel('职工组（个人）名额').fill('6')
    await shot(page, 'filing')
    await press(page, '申请备案')
    expect(await main(page)).toContain('已备案申请，等待受理')
    const { page: clerk } = await office('李受理')
    await go(clerk, '/office/competitions')
    await looksRight(clerk)
    await shot(clerk, 'desk')
    await clerk.getByRole('link', { name: '海珠区粤菜烹饪技能竞赛' }).click()
    await press(clerk, '受理')
    await looksRight(clerk)
    await more(clerk, '退回补正')
    await clerk.getByLabel('收费说明不清楚').first().check()
    await clerk.locator('details[open]').getByRole('textbox', { name: '说明' }).fill('请写明是否收材料费。')
    await clerk.getByRole('button', { name: '退回补正' }).click()
    await clerk.waitForLoadState()
    await go(page, hosted())
    expect(await main(page)).toContain('请写明是否收材料费')
    await looksRight(page)
    await press(page, '申请备案')
    await go(clerk, desk())
    await press(clerk, '受理')
    await shot(clerk, 'review')
    await press(clerk, '准予备案')
    expect(await main(clerk)).toContain('已备案，准备中')
  })

  test('R32 the technical document by two, the announcement, judges from the pool', async () => {
    const { page } = await host()
    await go(page, hosted())
    await press(page, '提交技术文件')
    await looksRight(page)
    expect(await main(page)).toContain('请填写技术文件正文')
    await page
      .getByLabel('正文')
      .fill('命题以国家职业标准高级工为准，理论闭卷，实操每个模块两名裁判评分，注意用火安全。')
    for (const [label, value] of [
      ['合格分', '60'],
      ['两名裁判允许相差', '8'],
      ['获奖比例', '50'],
      ['优胜奖到前', '80'],
      ['申诉期限', '2'],
    ] as const)
      await page.getByLabel(label).fill(value)
    await shot(page, 'document')
    await press(page, '提交技术文件')
    const { page: clerk } = await office('关受理')
    await go(clerk, desk())
    await looksRight(clerk)
    await press(clerk, '批准')
    await go(page, hosted())
    for (const name of ['谭裁判', '顾裁判', '赖裁判']) {
      const { page: judge, account } = await pageOf(
        { name, roles: [{ role: 'recognition-expert' }] },
        name === '顾裁判' ? phone : undefined,
      )
      await enrolExpert(site.ctx(intake), {
        userId: account.accountId,
        employer: `示例大学（${name}）`,
        speciality: '中式烹调',
      })
      judges.push(judge)
      await go(page, hosted())
      await page.getByLabel('裁判', { exact: true }).selectOption({ label: `${name}（示例大学（${name}），中式烹调）` })
      await page.getByLabel(name === '谭裁判' ? '裁判长' : '裁判员', { exact: true }).check()
      await press(page, '增加')
    }
    await looksRight(page)
    await press(page, '发布竞赛公告')
    expect(await main(page)).toContain('正在报名')
    await shot(page, 'host-announced')
    const anybody = await visitor(phone)
    await go(anybody, '/competitions')
    await looksRight(anybody)
    await shot(anybody, 'list-phone')
    await anybody.getByRole('link', { name: '海珠区粤菜烹饪技能竞赛' }).click()
    await looksRight(anybody)
    expect(await main(anybody)).toContain('区人社局尚未明确')
    expect(await main(anybody)).toContain('谭裁判')
    await shot(anybody, 'event-phone')
    const wide = await visitor()
    await go(wide, `/competitions/${event}`)
    await shot(wide, 'event-desk')
  })

  test('R32 entries: by oneself on a phone, by the host; twice and the seventh refused with the reason', async () => {
    ;({ page: cook } = await pageOf({ name: entrants[0] ?? '' }, phone))
    await go(cook, `/my/competitions/enter/${event}`)
    await press(cook, '报名')
    await looksRight(cook)
    expect(await main(cook)).toContain('请选择组别')
    await cook.getByLabel('职工组（个人）').check()
    await cook.getByLabel('单位或者学校', { exact: true }).fill('某酒楼')
    await cook.getByRole('checkbox').check()
    await shot(cook, 'enter-phone')
    await press(cook, '报名')
    expect(await main(cook)).toContain('等待资格审核')
    await looksRight(cook)
    await go(cook, `/my/competitions/enter/${event}`)
    await cook.getByLabel('职工组（个人）').check()
    await cook.getByLabel('单位或者学校', { exact: true }).fill('某酒楼')
    await cook.getByRole('checkbox').check()
    await press(cook, '报名')
    expect(await main(cook)).toContain('已经报名这场竞赛')
    await looksRight(cook)
    const { page } = await host()
    for (const name of [...entrants.slice(1), '多余者']) {
      await go(page, `/provider/competitions/enter/${event}`)
      await page.getByLabel('职工组（个人）').check()
      await page.getByLabel('姓名', { exact: true }).fill(name)
      await page.getByLabel('证件号码', { exact: true }).fill(someDocument('19850505'))
      await page.getByRole('checkbox').check()
      await press(page, '报名')
    }
    expect(await main(page)).toContain('6个名额已满')
    await looksRight(page)
    await shot(page, 'enter-full')
    await go(page, hosted())
    await press(page, '其余全部通过')
    await press(page, '报名截止')
    expect(await main(page)).toContain('公告的报名到2021-09-20为止')
    await page.getByLabel('提前的理由').fill('名额已满，经全部选手同意提前。')
    await press(page, '报名截止')
    for (const name of ['牛裁判', '马裁判']) {
      const { account } = await pageOf({ name, roles: [{ role: 'recognition-expert' }] })
      await enrolExpert(site.ctx(intake), {
        ...{ userId: account.accountId, employer: `示例大学（${name}）`, speciality: '中式面点' },
      })
    }
    await go(page, hosted())
    await page.getByLabel('从专家库抽取裁判员').fill('99')
    await press(page, '抽取')
    expect(await main(page)).toContain('一次最多抽取20名')
    await looksRight(page)
    await page.getByLabel('从专家库抽取裁判员').fill('1')
    await press(page, '抽取')
    expect(await main(page)).toContain('第1次抽取')
    await shot(page, 'host-drawn')
    await press(page, '开赛')
    expect(await main(page)).toContain('公告的比赛从')
    await page.getByLabel('提前的理由').fill('名额已满，经全部选手同意提前。')
    await press(page, '开赛')
    await looksRight(page)
    expect(await main(page)).toContain('正在比赛')
  })

  test('R32 theory from a file; a wrong file names its rows; closed by another', async () => {
    const { page } = await host()
    await go(page, hosted())
    await page.getByRole('link', { name: '理论初赛' }).click()
    await looksRight(page)
    const round = at(page).split('/').at(-1) ?? ''
    const template = await page.context().request.get(`${site.address}/competitions/rounds/${round}/template.xlsx`)
    expect([template.status(), (await template.body()).subarray(0, 2).toString()]).toEqual([200, 'PK'])
    const rows = await site.db
      .selectFrom('competition.entries')
      .select('number')
      .where('event_id', '=', event)
      .orderBy('number')
      .execute()
    const csv = (marks: string[]) => ({
      name: '理论成绩.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(['参赛编号,成绩', ...rows.map((one, nth) => `${one.number},${marks[nth]}`)].join('\n')),
    })
    await page.getByLabel('成绩文件').setInputFiles(csv(['90', '180', '80', '八十', '70', '缺考']))
    await press(page, '导入成绩')
    await looksRight(page)
    expect(await main(page)).toContain('第3行')
    expect(await main(page)).toContain('第5行')
    await shot(page, 'import-faults')
    await page.getByLabel('成绩文件').setInputFiles(csv(['90', '85', '80', '75', '70', '缺考']))
    await press(page, '导入成绩')
    await press(page, '结束这一轮')
    expect(await main(page)).toContain('成绩是您导入的')
    await looksRight(page)
    const { page: clerk } = await office('关受理')
    await go(clerk, `/office/competitions/rounds/${round}`)
    await press(clerk, '结束这一轮')
    expect(await main(clerk)).toContain('晋级')
    await looksRight(clerk)
    await shot(clerk, 'round-closed')
  })

  test('R32 judges mark behind codes; the board is live without script; two who differ call a third', async () => {
    const judge = judges[1]
    if (!judge) throw new Error('no judge')
    await go(judge, '/office/competitions/judging')
    await looksRight(judge)
    await judge.getByRole('link', { name: '实操决赛' }).click()
    await looksRight(judge)
    await judge.getByRole('link', { name: 'B001' }).click()
    for (const name of entrants) expect(await main(judge)).not.toContain(name)
    await press(judge, '提交评分')
    await looksRight(judge)
    expect(await main(judge)).toContain('请至少给一个模块打分')
    await shot(judge, 'sheet-phone')
    for (const [nth, page] of [judges[1], judges[2]].entries()) {
      if (!page) continue
      for (let code = 1; code <= 5; code++) {
        await go(
          page,
          at(judge).startsWith('/office/competitions/judging/')
            ? `${at(judge)}?code=B00${code}`
            : '/office/competitions/judging',
        )
        for (const box of await page.locator('input[name^="marks."]').all())
          await box.fill(String(92 - code * 5 + nth * (code === 5 ? 20 : 2)))
        await press(page, '提交评分')
      }
    }
    const board = await visitor(phone)
    const answer = await board.goto(`${site.address}/competitions/${event}/board`)
    expect(answer?.headers().refresh).toBe('20')
    await looksRight(board)
    expect(await main(board)).toContain('待评')
    expect(await board.content()).not.toContain('<script')
    await shot(board, 'board-phone')
    await board.getByRole('link', { name: '停止自动更新' }).click()
    expect(await main(board)).toContain('自动更新已停止')
    const wide = await visitor()
    await go(wide, `/competitions/${event}/board`)
    await shot(wide, 'board-desk')
    const { page } = await host()
    await go(page, hosted())
    await page.getByRole('link', { name: '实操决赛' }).click()
    await press(page, '结束这一轮')
    expect(await main(page)).toContain('没有成绩')
    await shot(page, 'round-waiting')
    const third = judges[0]
    if (!third) throw new Error('no chief')
    await go(third, `${at(judge)}?code=B005`)
    expect(await main(third)).toContain('等第三人')
    for (const box of await third.locator('input[name^="marks."]').all()) await box.fill('86')
    await press(third, '提交评分')
    await press(page, '结束这一轮')
    await looksRight(page)
    expect(await main(page)).toContain('已结束')
  })

  test('C23 R32 a mark mended by two, a protest answered, public, an objection dismissed', async () => {
    const { page } = await host()
    await go(page, hosted())
    await looksRight(page)
    await shot(page, 'host-scored')
    await page.getByRole('link', { name: '实操决赛' }).click()
    await more(page, '提出更正成绩')
    const number = (
      await site.db
        .selectFrom('competition.entries')
        .select('number')
        .where('event_id', '=', event)
        .orderBy('number')
        .executeTakeFirstOrThrow()
    ).number
    await page.getByLabel('参赛编号', { exact: true }).fill(number)
    await page.getByLabel('项目', { exact: true }).selectOption('cooking')
    await page.getByLabel('更正后的分数').fill('99')
    await page.getByLabel('理由', { exact: true }).fill('评分表为99分，录入有误。')
    await press(page, '提出，由另一人决定')
    await go(page, hosted())
    expect(await main(page)).toContain('由您提出，请由另一人决定')
    const { page: clerk } = await office('关受理')
    await go(clerk, desk())
    await press(clerk, '同意')
    expect(await main(clerk)).toContain('99.00')
    await looksRight(clerk)
    await go(cook, '/my/competitions')
    await looksRight(cook)
    await cook.getByRole('link', { name: entrants[0] ?? '' }).click()
    await cook.getByLabel('事实和理由').fill('请复核刀工模块的评分，与现场公布的不一致。')
    await press(cook, '提交申诉')
    expect(await main(cook)).toContain('应在')
    await shot(cook, 'protest-phone')
    await go(clerk, desk())
    await clerk.getByLabel('申诉不成立').check()
    await clerk.getByLabel('答复', { exact: true }).fill('经复核两名裁判的评分表，成绩无误。')
    await press(clerk, '答复申诉')
    await looksRight(clerk)
    site.setTime(endOfDay(addWorkdays(dayOf(site.ctx().now), 3).day))
    const { page: editor } = await pageOf({ name: '何公示', roles: [{ role: 'publicity-editor' }] })
    await go(editor, desk())
    await press(editor, '开始公示')
    expect(await main(editor)).toContain('成绩公示中')
    const anybody = await visitor(phone)
    await go(anybody, '/competitions')
    await anybody.getByRole('link', { name: '海珠区粤菜烹饪技能竞赛成绩公示' }).click()
    await looksRight(anybody)
    await shot(anybody, 'results-phone')
    await anybody.getByRole('link', { name: '提出异议' }).first().click()
    await anybody.getByLabel('评分不公').check()
    await anybody.getByLabel('情况', { exact: true }).fill('裁判和选手可能认识，请核查是否回避。')
    await press(anybody, '提交异议')
    await looksRight(anybody)
    const receipt = /回执码：\s*([0-9A-Z-]{14})/.exec(await main(anybody))?.[1] ?? ''
    await go(editor, '/office/competitions/objections')
    await looksRight(editor)
    await editor.getByRole('link', { name: /JY-2021/ }).click()
    await looksRight(editor)
    await editor.getByLabel('异议不成立').check()
    await editor.getByLabel('答复', { exact: true }).fill('经核查专家库和回避记录，没有应当回避的关系。')
    await press(editor, '办结异议')
    await go(anybody, '/competitions/answer')
    await anybody.getByLabel('回执码').fill(receipt)
    await press(anybody, '查询')
    expect(await main(anybody)).toContain('异议不成立')
  })

  test('R32 R35 prizes, a certificate that can be checked, recommended, counted, archived', async () => {
    site.setTime(endOfDay(addWorkdays(dayOf(site.ctx().now), 6).day))
    await runByClock(site, 'competition.daily')
    const { page: chief } = await pageOf({ name: '林局长', roles: [{ role: 'hr-leader' }] })
    await go(chief, desk())
    await shot(chief, 'award')
    await press(chief, '颁奖')
    await looksRight(chief)
    expect(await main(chief)).toContain('一等奖')
    const { page: clerk } = await office('关受理')
    await go(clerk, desk())
    await more(clerk, '向上推荐')
    await clerk.getByLabel('选手或团队').selectOption({ index: 1 })
    await clerk.getByLabel('推荐到').selectOption('city')
    await press(clerk, '登记推荐')
    expect(await main(clerk)).toContain('推荐参加市级竞赛')
    await press(clerk, '归档')
    await looksRight(clerk)
    await shot(clerk, 'archived')
    await runJobs(site)
    await go(clerk, '/office/competitions/counts')
    await looksRight(clerk)
    expect(await main(clerk)).toContain('6 人次')
    await shot(clerk, 'counts')
    const number = (await main(chief)).match(/HZ\d{4}-JS\d{3}-H\d{4}/)?.[0] ?? ''
    const anybody = await visitor(phone)
    await go(anybody, '/competitions/awards')
    await anybody.getByLabel('证书编号').fill(number)
    await press(anybody, '筛选')
    await looksRight(anybody)
    expect(await main(anybody)).toContain('平台有这份获奖证书')
    await shot(anybody, 'certificate-check-phone')
    await go(anybody, '/competitions/awards?number=HZ2021-JS999-H0001')
    expect(await main(anybody)).toContain('平台没有这个编号的获奖证书')
    const wide = await visitor()
    await go(wide, `/competitions/${event}`)
    await looksRight(wide)
    await shot(wide, 'event-done')
    const href = await clerk
      .getByRole('link', { name: number })
      .getAttribute('href')
      .catch(() => null)
    await go(chief, desk())
    const link = href ?? (await chief.getByRole('link', { name: number }).first().getAttribute('href'))
    const paper = await chief.context().request.get(site.address + link)
    expect((await paper.body()).subarray(0, 4).toString()).toBe('%PDF')
    if (process.env.PICTURES) {
      const { writeFileSync } = await import('node:fs')
      writeFileSync(join(process.env.PICTURES, 'competition-certificate.pdf'), await paper.body())
    }
    expect((await anybody.context().request.get(site.address + link, { maxRedirects: 0 })).status()).toBe(302)
  })
})
