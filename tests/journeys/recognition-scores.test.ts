import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { enrolExpert } from '#modules/recognition/expert.commands.ts'
import { drawPanel } from '#modules/recognition/panel.commands.ts'
import { passFormalReview, takeApplication } from '#modules/recognition/review.commands.ts'
import { readTable } from '#platform/spreadsheet.ts'
import { writeCsv } from '#platform/workbook.ts'
import { hr, intake, openCall, registered, submitted } from '../fixtures/recognition.ts'
import { launchBrowser, phone } from '../setup/browser.ts'
import { looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'
import { main, press, visitorsOf } from '../setup/visitors.ts'

/** An expert with many applications marks at his own desk, in a file. */
let site: TestSite
let browser: Browser
const experts: Page[] = []
beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
  const by = (actor: typeof intake) => site.ctx(actor)
  const register = await openCall(by, 'enterprise-chief-technician', { closesOn: '' })
  const callId = await openCall(by, 'haizhu-chief-technician')
  for (let nth = 0; nth < 3; nth++) {
    const one = await registered(site.db, by, register, 960 + nth)
    const applicationId = await submitted(by(hr(one.organisationId)), { callId, ...one })
    await takeApplication(by(intake), { applicationId })
    await passFormalReview(by(intake), { applicationId })
  }
  for (const [nth, letter] of [...'甲乙丙丁戊'].entries()) {
    const screen = nth === 0 ? phone : undefined
    const { page, account } = await pageOf({ name: `评审${letter}`, roles: [{ role: 'recognition-expert' }] }, screen)
    await enrolExpert(by(intake), {
      userId: account.accountId,
      ...{ employer: `示例大学${nth}`, speciality: '智能制造' },
    })
    experts.push(page)
  }
  await drawPanel(by(intake), { callId })
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
})
const { pageOf, go } = visitorsOf(
  () => site,
  () => browser,
)
const look = async (page: Page, name: string) => {
  await looksRight(page)
  if (process.env.PICTURES)
    await page.screenshot({ path: join(process.env.PICTURES, `scores-${name}.png`), fullPage: true })
}

describe('A02 marks from a file', () => {
  test.each([
    ['phone', 0],
    ['desk', 1],
  ] as const)('A02 %s: the blank sheet, its faults by row and column, a check, then the marks', async (name, nth) => {
    const page = experts[nth]
    if (!page) throw new Error('no expert')
    await go(page, '/office/titles/scoring')
    await page.getByRole('link', { name: /测试/ }).first().click()
    await look(page, `panel-${name}`)
    const href = await page.getByRole('link', { name: '下载空白评分表（Excel）' }).getAttribute('href')
    const blank = await page.context().request.get(`${site.address}${href}`)
    const { headers, rows } = await readTable(await blank.body(), '空白.xlsx')
    expect(rows.map(({ cells }) => cells.代号)).toEqual(['1-01', '1-02', '1-03'])
    const file = (marks: string[]) => {
      const filled = rows.map(({ cells }, at) =>
        headers.map((head) =>
          head === '代号' ? (cells.代号 ?? '') : head === '评审意见' ? '成果有佐证，成效明显。' : (marks[at] ?? ''),
        ),
      )
      return { name: '评分.csv', mimeType: 'text/csv', buffer: Buffer.from(writeCsv(headers, filled)) }
    }
    await press(page, '检查文件')
    expect(await main(page)).toContain('请选择要上传的文件')
    await page.getByLabel('评分表', { exact: true }).setInputFiles(file(['101', '八十', '80']))
    await press(page, '检查文件')
    await look(page, `faults-${name}`)
    const said = await main(page)
    expect(said).toContain('文件有 10 处要改，没有提交任何评分')
    expect(said).toContain('第2行')
    expect(said).toContain('“101”不是0到100的分数')
    expect(said).toContain('请填0到100，最多一位小数，如 85 或者 85.5。')
    await page.getByLabel('评分表', { exact: true }).setInputFiles(file(['81', '82.5', '90']))
    await press(page, '检查文件')
    await look(page, `checked-${name}`)
    expect(await main(page)).toContain('检查通过：3 份，还没有提交')
    expect(await main(page)).toContain('总分 81.00 到 90.00')
    expect(await page.getByText('待打分').count()).toBe(3)
    await press(page, '提交这 3 份评分')
    await look(page, `taken-${name}`)
    expect(await main(page)).toContain('82.50')
    expect(await page.getByText('待打分').count()).toBe(0)
    expect(await main(page)).not.toContain('用文件打分')
  })
})
