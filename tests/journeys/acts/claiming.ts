import { expect } from 'vitest'
import { type Play, pathOf } from './cast.ts'
import { at, type Player } from './stage.ts'
import { learners, sendDatasets } from './story.ts'
import { rowOfLearner } from './teaching.ts'

/** The claim draws itself up from the records; nobody types an amount. */
export async function claimSubmitted(play: Play): Promise<void> {
  const { finance } = play.cast
  play.stage.site.setTime(at('2021-09-27T09:30'))
  await sendDatasets(play.stage.site)
  await finance.go('/enterprise')
  await finance.follow('补贴申领')
  await finance.follow('查看', 'main')
  expect(await finance.text()).toMatch(/1,020\.00/)
  await finance.follow('补贴申领')
  await finance.press('生成申领')
  play.claimAt = pathOf(finance)
  const text = await finance.text()
  play.claimNumber = /申领 (\S+)/.exec(text)?.[1] ?? ''
  expect(text).toMatch(/申领金额\s*1,020\.00\s*元/)
  expect(text).toMatch(/人数\s*3\s*人/)
  expect(text).toMatch(/课时\s*34\s*课时/)
  expect(await finance.page.locator('main input:not([type=hidden]), main textarea').count()).toBe(0)
  for (const [one, hours, amount, sum] of [
    [learners.phone, '12', '360.00', /12\s*课时\s*×\s*30\.00 元/],
    [learners.hand, '12', '360.00', /12\s*课时\s*×\s*30\.00 元/],
    [learners.early, '10', '300.00', /10\s*课时\s*×\s*30\.00 元/],
  ] as const) {
    const row = rowOfLearner(finance, one)
    await row.getByText('计算过程').click()
    const cells = await row.locator('td').allInnerTexts()
    expect(cells[1]?.trim()).toBe(hours)
    expect(cells[2]).toContain(amount)
    expect(cells[3]).toMatch(sum)
  }
  const leftOut = finance.page.locator('section', { hasText: '没有计入的学员' }).locator('li')
  expect(await leftOut.count()).toBe(2)
  await finance.press('自查')
  expect(await finance.text()).not.toContain('须解决后才能拨付')
  await finance.follow('去提交')
  await finance.press('提交申领')
  expect(await finance.text()).toContain('请先改好下面几处')
  await finance.page.getByRole('checkbox').check()
  await finance.press('提交申领')
  expect(await finance.text()).toContain('申领已提交')
}

/** From the list of what waits at the desk to the opinion. */
export async function agreed(play: Play, desk: Player, take: boolean): Promise<void> {
  await desk.go('/office')
  await desk.follow('补贴审核')
  await desk.follow(play.claimNumber)
  if (take) await desk.press(/^领取办理/)
  expect(await desk.text()).toContain('1,020.00')
  await desk.page.locator('input[type=radio][value=agree]').check()
  await desk.press(/^提交.*意见$/)
}

export async function reviewedTwice(play: Play): Promise<void> {
  const { first, second } = play.cast
  play.stage.site.setTime(at('2021-09-28T10:00'))
  await agreed(play, first, true)
  expect(await first.text()).not.toContain(learners.phone.document)
  play.stage.site.setTime(at('2021-09-29T10:00'))
  // whoever reviewed first has no say in the second review
  await first.go(play.claimAt.replace('/enterprise', '/office'))
  expect(await first.page.getByRole('button', { name: /^领取办理/ }).count()).toBe(0)
  await agreed(play, second, true)
  expect(await second.text()).toContain('已复核')
}
