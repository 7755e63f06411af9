import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Actor } from '#platform/actor.ts'
import type { Scheme } from '#policy/plan.types.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf, endOfDay } from '#shared/dates.ts'
import { firm, openCall, registered } from '../fixtures/recognition.ts'
import { someDocument } from '../setup/accounts.ts'
import { desk, launchBrowser, phone } from '../setup/browser.ts'
import { runByClock } from '../setup/jobs.ts'
import { looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'
import { main, press, visitorsOf } from '../setup/visitors.ts'
import { type Bureau, bureauOf } from './titles/people.ts'
import { type Applicant, apply, at, designate, formal, list, openTheCall, panel, visit } from './titles/steps.ts'

/** Every title of the plan from the call to the register, each by people of its own at their own screens. */
let site: TestSite
let browser: Browser
let bureau: Bureau

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
  bureau = await bureauOf(site, browser, phone)
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
})

const { visitor, pageOf, go } = visitorsOf(
  () => site,
  () => browser,
)
const shot = async (page: Page, name: string) => {
  if (process.env.PICTURES)
    await page.screenshot({ path: join(process.env.PICTURES, `titles-${name}.png`), fullPage: true })
}
const way = { go, shot }
const schemeOf = (code: string): Scheme => {
  const found = site.ctx().plan.schemes.find((one) => one.code === code)
  if (!found) throw new Error(`no scheme ${code}`)
  return found
}

/** Fills in the way a title goes; `phone`: the applicant has no desk. */
type Line = {
  code: string
  family: string
  /** Whose organisation applies; nobody's: the person himself. */
  type?: 'enterprise' | 'provider' | 'school' | 'association' | 'assessment-org'
  person?: string
  /** Somebody who is registered as chief technician already. */
  chief?: boolean
  phone?: boolean
  own?: Record<string, string>
}
const lines: Line[] = [
  { code: 'enterprise-chief-technician', family: '企业登记', type: 'enterprise', person: '陈首席' },
  { code: 'industry-mentor', family: '导师聘任', phone: true },
  { code: 'training-base', family: '基地', type: 'provider' },
  { code: 'master-studio', family: '工作室', type: 'enterprise', person: '罗大师', own: { level: '1' } },
  { code: 'famous-dish', family: '粤菜名菜', type: 'enterprise', phone: true, own: { dish: '豉油皇鸡' } },
  { code: 'famous-restaurant', family: '粤菜名店', type: 'enterprise', own: { grade: 'A' } },
  { code: 'assessment-institution', family: '评价机构推荐', type: 'assessment-org', own: { video: 'yes' } },
  { code: 'internship-base', family: '见习基地', type: 'enterprise', own: { dispatch: 'no' } },
  { code: 'home-service-pass', family: '上门服务证', phone: true },
  { code: 'chief-studio', family: '工作室登记', type: 'enterprise', chief: true, phone: true },
  { code: 'industry-centre', family: '行业中心', type: 'association', phone: true },
  { code: 'joint-centre', family: '校企中心', type: 'school' },
  { code: 'cuisine-base', family: '粤菜基地', type: 'provider', phone: true },
  { code: 'cuisine-studio', family: '粤菜工作室', type: 'school', person: '何粤菜', own: { level: '1' } },
  { code: 'famous-chef', family: '粤菜名厨', type: 'association', person: '欧名厨', phone: true, own: { level: '2' } },
  { code: 'domestic-base', family: '家政基地', type: 'provider', phone: true },
  { code: 'domestic-leader', family: '家政龙头', type: 'enterprise', phone: true },
  { code: 'assessment-organisation', family: '认定机构登记', type: 'assessment-org', phone: true },
]

let index = 830
async function applicantOf({ type, person, phone: small, chief, own = {} }: Line): Promise<Applicant> {
  const screen = small ? phone : desk
  if (!type) {
    const { page } = await pageOf({ name: '章导师' }, screen)
    return { page, area: 'my', own }
  }
  index += 1
  const known = chief ? await chiefOf(index) : null
  const organisationId = known?.organisationId ?? (await firm(site.db, index, type))
  const role = type === 'enterprise' ? 'enterprise-hr' : 'provider-admin'
  const { page } = await pageOf({ name: '方申报', roles: [{ role, organisationId }] }, screen)
  const area = type === 'enterprise' ? 'enterprise' : 'provider'
  if (known) return { page, area, own, person: { name: known.person.name, document: known.person.documentNumber } }
  return { page, area, own, ...(person && { person: { name: person, document: someDocument('19800202') } }) }
}

async function chiefOf(nth: number) {
  const by = (actor: Actor) => site.ctx(actor)
  return registered(site.db, by, await openCall(by, 'enterprise-chief-technician'), nth)
}

async function carry(scheme: Scheme, callId: string, id: string): Promise<void> {
  const stages = scheme.paths[0]?.stages ?? []
  await formal(way, bureau, id)
  if (stages.includes('expert')) await panel(way, bureau, scheme, callId)
  if (stages.includes('visit')) await visit(way, bureau, scheme, id)
  if (!stages.includes('publicity')) return
  await list(way, bureau, callId)
  site.setTime(endOfDay(addWorkdays(dayOf(site.ctx().now), 8).day))
  await runByClock(site, 'recognition.daily')
  await designate(way, bureau, id)
}

/** Its holder looks at what others see, agrees to the name, and hands on the address of the code. */
async function chosenCard(page: Page, code: string): Promise<string> {
  await page.getByRole('link', { name: '扫码展示的内容' }).click()
  await looksRight(page)
  await page.getByRole('link', { name: '看别人扫码看到什么' }).click()
  expect(await main(page)).toContain('持证人没有同意展示姓名')
  const address = at(page)
  await page.goBack()
  await page.getByLabel('姓名', { exact: true }).check()
  await press(page, '保存')
  await looksRight(page)
  expect(await main(page)).toContain('别人扫码按这次选的展示')
  await shot(page, `${code}-card`)
  return address
}

describe('A01 A02 A03 every title, by its own people', () => {
  test.each(lines)('A01 $code: $family, from the call to the register', async (line) => {
    const scheme = schemeOf(line.code)
    const callId = await openTheCall(way, bureau, scheme)
    const applicant = await applicantOf(line)
    const id = await apply(way, applicant, scheme, callId)
    await applicant.page.getByText('已提交，等待受理').first().waitFor()
    await looksRight(applicant.page)
    await carry(scheme, callId, id)
    await go(applicant.page, `/${applicant.area}/titles`)
    expect(await main(applicant.page)).toContain('已认定')
    await shot(applicant.page, `${line.code}-own`)
    const anybody = await visitor(phone)
    if (scheme.card) await go(anybody, await chosenCard(applicant.page, line.code))
    else {
      await go(anybody, `/titles/register?scheme=${line.code}`)
      await anybody.locator('main table a').first().click()
    }
    await looksRight(anybody)
    expect(await main(anybody)).toContain(`持有“${scheme.name}”`)
    if (scheme.card) expect(await main(anybody)).toMatch(/姓名\s*章导师/)
    await shot(anybody, `${line.code}-holder`)
    await anybody.context().close()
  })

  test.each(['internship-base', 'assessment-institution'])(
    'HZ4-M04 HZ4-M01 A03 %s: recommended upward by the leader, once',
    async (code) => {
      const scheme = schemeOf(code)
      const { leader } = bureau
      await go(leader, '/office/titles/holders')
      await leader
        .locator('tr', { hasText: scheme.name })
        .getByRole('link', { name: /海珠示例/ })
        .first()
        .click()
      await looksRight(leader)
      await leader.getByText('向上推荐', { exact: true }).first().click()
      await leader.getByLabel('推荐项目').selectOption(scheme.upward[0]?.id ?? '')
      await press(leader, '推荐')
      expect(await main(leader)).toContain(scheme.upward[0]?.label)
      await shot(leader, `${code}-upward`)
    },
  )

  test('HZ4-M12 R27 domestic-star: first any star, then one step at a time', async () => {
    site.setTime(new Date('2022-03-01T10:00:00+08:00')) // the step is laid down from 2022 on
    const scheme = schemeOf('domestic-star')
    const callId = await openTheCall(way, bureau, scheme)
    const worker = { code: scheme.code, family: '', type: 'enterprise' as const, person: '梁阿姨' }
    const applicant = await applicantOf(worker)
    const star = (star: string) => ({ ...applicant, own: { star, type: 'elder' } })
    const first = await apply(way, star('1'), scheme, callId)
    await carry(scheme, callId, first)
    await apply(way, star('3'), scheme, callId)
    expect(await main(applicant.page)).toContain('现为1级，每次最多升1级')
    await looksRight(applicant.page)
    await shot(applicant.page, 'star-refused')
    await applicant.page.locator('[name="f.star"]').selectOption('2')
    await press(applicant.page, '提交申请')
    expect(await main(applicant.page)).toContain('已提交，等待受理')
    await carry(scheme, callId, at(applicant.page).split('/').at(-1) ?? '')
    await go(applicant.page, '/enterprise/titles')
    expect(await main(applicant.page)).toContain('已退出')
    await shot(applicant.page, 'star-own')
  })
})
