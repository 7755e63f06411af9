import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Scheme } from '#policy/plan.types.ts'
import { looksRight } from '../../setup/look.ts'
import { main, press } from '../../setup/visitors.ts'
import { fillForm, uploadAll } from './fill.ts'
import type { Bureau } from './people.ts'

/** Each stage of a scheme as the people in front of the screens do it. */
export type Going = { go(page: Page, path: string): Promise<void>; shot(page: Page, name: string): Promise<unknown> }

export const at = (page: Page) => new URL(page.url()).pathname
const idAt = (page: Page) => at(page).split('/').at(-1) ?? ''

export async function openTheCall({ go }: Going, bureau: Bureau, scheme: Scheme): Promise<string> {
  await go(bureau.clerk, '/office/titles/calls/new')
  await bureau.clerk.getByLabel('认定项目').selectOption(scheme.code)
  await bureau.clerk.getByLabel('标题').fill(`关于开展${scheme.name}工作的通知`)
  await bureau.clerk.getByLabel('正文').fill('现将有关事项通知如下，请符合条件的单位和个人在规定时间内申报。')
  await bureau.clerk.getByLabel('开始日期').fill('2021-09-01')
  await press(bureau.clerk, '起草好')
  await go(bureau.leader, at(bureau.clerk))
  await press(bureau.leader, '发布通知')
  return idAt(bureau.clerk)
}

export type Applicant = {
  page: Page
  area: 'my' | 'enterprise' | 'provider'
  person?: { name: string; document: string }
  own: Record<string, string>
}

/** Found from the own page, filled, kept, papers sent, handed in. Gives the application's id. */
export async function apply(way: Going, who: Applicant, scheme: Scheme, callId: string): Promise<string> {
  const { page, area } = who
  await way.go(page, `/${area}/titles`)
  await page
    .getByRole('link', { name: `关于开展${scheme.name}工作的通知` })
    .last()
    .click()
  expect(at(page)).toBe(`/${area}/titles/calls/${callId}`)
  await looksRight(page)
  const path = scheme.paths[0]
  if (!path) throw new Error(`${scheme.code} has no path`)
  await page.getByLabel(path.label).check()
  await press(page, '开始填报')
  await looksRight(page)
  if (who.person) {
    await page.getByLabel('人选姓名').fill(who.person.name)
    await page.getByLabel('证件号码').fill(who.person.document)
  }
  await fillForm(page, scheme, who.own)
  await press(page, '保存草稿')
  await page.getByText('已保存').first().waitFor()
  await press(page, '提交申请')
  if (scheme.materials.some((one) => one.origin === 'upload' && one.required))
    expect(await main(page)).toMatch(/还缺材料|请勾选/)
  await uploadAll(page, scheme, path.id)
  await way.shot(page, `${scheme.code}-form`)
  await page.getByRole('checkbox', { name: new RegExp(scheme.commitment.slice(0, 12)) }).check()
  await press(page, '提交申请')
  return idAt(page)
}

export async function formal(way: Going, { clerk }: Bureau, id: string): Promise<void> {
  await way.go(clerk, `/office/titles/applications/${id}`)
  await press(clerk, '受理')
  await press(clerk, '通过，进入下一环节')
  await looksRight(clerk)
}

/** Drawn, marked by whoever is seated, closed with its minutes. */
export async function panel(way: Going, bureau: Bureau, scheme: Scheme, callId: string): Promise<void> {
  const { clerk, experts } = bureau
  await way.go(clerk, `/office/titles/calls/${callId}`)
  await press(clerk, '抽取评审组')
  const panelLink = clerk.getByRole('link', { name: /^第 \d+ 组$/ }).last()
  let given = 0
  for (const page of experts) {
    await way.go(page, '/office/titles/scoring')
    const mine = page
      .locator('tr', { hasText: '待打分' })
      .getByRole('link', { name: `关于开展${scheme.name}工作的通知` })
    if ((await mine.count()) === 0) continue
    await mine.first().click()
    await page
      .getByRole('link', { name: /^\d+-\d+$/ })
      .first()
      .click()
    for (const box of await page.locator('input[name^="scores."]').all()) await box.fill(String(78 + given * 3))
    await page.getByLabel('评审意见').fill('材料齐全，情况属实。')
    if (given === 0) {
      await looksRight(page)
      await way.shot(page, `${scheme.code}-sheet`)
    }
    await press(page, '提交评分')
    given += 1
  }
  expect(given).toBeGreaterThanOrEqual(3)
  await panelLink.click()
  await clerk.getByLabel('评审纪要').fill('专家独立打分，没有异议。')
  await press(clerk, '结束评审')
  await looksRight(clerk)
}

/** One fills in the list on the spot, on a phone; the other was there and confirms. */
export async function visit(way: Going, bureau: Bureau, scheme: Scheme, id: string): Promise<void> {
  const { second, clerk } = bureau
  await way.go(second, `/office/titles/applications/${id}`)
  await second.getByRole('link', { name: '填写核查表' }).click()
  await second.getByText(/没有网络也能打开/).waitFor()
  for (const { id: check } of scheme.checklist) await second.locator(`[name="checks.${check}"][value="yes"]`).check()
  await second.getByLabel('核查情况').fill('现场看过，与填报一致。')
  await second.getByLabel('一同核查的人').fill('王受理')
  await second.getByLabel('通过', { exact: true }).check()
  await way.shot(second, `${scheme.code}-visit-phone`)
  await looksRight(second)
  await press(second, '提交核查记录')
  await second.getByText('等待另一人确认').first().waitFor()
  await way.go(clerk, `/office/titles/applications/${id}`)
  await press(clerk, '确认核查记录')
  expect(await main(clerk)).toContain('等待确定名单')
}

export async function list(way: Going, bureau: Bureau, callId: string): Promise<void> {
  const { clerk, editor } = bureau
  await way.go(clerk, `/office/titles/calls/${callId}`)
  for (const box of await clerk.locator('input[name="applicationIds"]').all()) await box.check()
  await press(clerk, '确定名单')
  await way.go(editor, `/office/titles/calls/${callId}`)
  await press(editor, '开始公示')
  expect(await main(editor)).toContain('公示中')
}

export async function designate(way: Going, { leader }: Bureau, id: string): Promise<void> {
  await way.go(leader, `/office/titles/applications/${id}`)
  await press(leader, '认定')
  expect(await main(leader)).toContain('已认定')
}
