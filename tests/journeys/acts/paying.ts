import { expect } from 'vitest'
import { bankFileHeader, bankReturn } from '#modules/subsidy/payment.schema.ts'
import { readTable } from '#platform/spreadsheet.ts'
import { writeCsv } from '#platform/workbook.ts'
import { normalise } from '#shared/text.ts'
import { runByClock, runJobs } from '../../setup/jobs.ts'
import { type Play, pathOf } from './cast.ts'
import { agreed } from './claiming.ts'
import { at, rowOf } from './stage.ts'
import { account, enterprise, learners } from './story.ts'

/** Five working days on a masked list; the holidays of October do not count. */
export async function publicised(play: Play): Promise<void> {
  const { editor, leader } = play.cast
  const { site } = play.stage
  site.setTime(at('2021-09-29T15:00'))
  await editor.go('/office')
  await editor.follow('公示', 'nav')
  await rowOf(editor, play.claimNumber, '1,020.00')
  expect(await editor.text()).toMatch(/公示到 2021年10月12日.*（5 个工作日）/)
  await editor.press('公示选中的申领')
  expect(await editor.text()).toContain('公示中')

  const anybody = await play.stage.visitor()
  await anybody.go('/')
  await anybody.follow('公示')
  await anybody.follow(/补贴公示（2021年9月）/)
  const shown = await anybody.text()
  const source = await anybody.page.content()
  expect(shown).toMatch(/1 件，3 人/)
  expect(shown).toContain(enterprise.name)
  for (const secret of Object.values(learners).flatMap((one) => [one.name, one.document, one.phone]))
    expect(source.includes(secret), secret).toBe(false)
  expect(source.includes(account)).toBe(false)
  for (const one of [learners.phone, learners.hand, learners.early]) expect(shown).toContain(`${one.name[0]}*`)
  expect(shown).not.toContain(`${learners.away.name[0]}*`)
  const list = pathOf(anybody)

  // until the last day is over nobody approves
  site.setTime(at('2021-10-12T23:30'))
  await runByClock(site, 'publicity.close')
  await leader.go(play.claimAt.replace('/enterprise', '/office'))
  expect(await leader.text()).toContain('公示期满后由局领导审批')
  site.setTime(at('2021-10-13T00:05'))
  await runByClock(site, 'publicity.close')
  await anybody.go(list)
  expect(await anybody.text()).toContain('公示期已结束，名单不再显示')
  await anybody.page.context().close()

  site.setTime(at('2021-10-13T10:00'))
  await agreed(play, leader, false)
  expect(await leader.text()).toContain('已审批')
}

/** The fund clerk draws up the batch, finance confirms it, the bank answers. */
export async function paid(play: Play): Promise<void> {
  const { clerk, treasurer, finance } = play.cast
  const { site } = play.stage
  site.setTime(at('2021-10-13T15:00'))
  await clerk.go('/office')
  await clerk.follow('付款', 'nav')
  await rowOf(clerk, play.claimNumber, enterprise.name, '1,020.00')
  await clerk.press('编成付款批次')
  const batchAt = pathOf(clerk)
  const batch = /付款批次 (\S+)/.exec(await clerk.text())?.[1] ?? ''
  // not before somebody else has confirmed it
  expect(await clerk.page.getByRole('button', { name: '确认付款' }).getAttribute('aria-disabled')).toBe('true')
  expect(await clerk.page.getByRole('button', { name: /下载付款文件/ }).count()).toBe(0)

  site.setTime(at('2021-10-14T09:30'))
  await treasurer.go('/office')
  await treasurer.follow('付款', 'nav')
  await treasurer.follow(batch)
  expect(pathOf(treasurer)).toBe(batchAt)
  expect(await treasurer.text()).toContain('1,020.00')
  await treasurer.page.locator('input[type=radio][value=confirm]').check()
  await treasurer.press('提交')

  await clerk.go(batchAt)
  const file = await clerk.file(/下载付款文件/, 'button')
  const sheet = await readTable(file.bytes, file.name)
  expect(sheet.headers).toEqual(bankFileHeader.map(normalise))
  expect(sheet.rows).toHaveLength(1)
  const order = sheet.rows[0]?.cells ?? {}
  expect(order.收款账号).toBe(account)
  expect(order.收款户名).toBe(enterprise.name)
  expect(order[normalise('金额（元）')]).toBe('1020.00')
  expect(order.申领编号).toBe(play.claimNumber)

  site.setTime(at('2021-10-18T11:00'))
  const answer = writeCsv(
    bankReturn.map((column) => column.header),
    [[order.订单号 ?? '', '1020.00', '成功', 'GZB2021101800001', '', '']],
  )
  await clerk.go('/office/payments')
  await clerk.page
    .locator('input[type=file]')
    .setInputFiles({ name: '回盘20211018.csv', mimeType: 'text/csv', buffer: Buffer.from(answer) })
  await clerk.press('上传并试导入')
  const returnAt = pathOf(clerk)
  expect(await clerk.text()).toMatch(/1 笔，\s*¥?1,020\.00/)
  await treasurer.go(returnAt)
  await treasurer.press('入账 1 笔')
  await runJobs(site)
  await clerk.go(returnAt)
  expect(await clerk.text()).toContain('已入账')
  await clerk.go(batchAt)
  expect(await clerk.text()).toContain('GZB2021101800001')

  await finance.go(play.claimAt)
  expect(await finance.text()).toContain('已拨付')
}
