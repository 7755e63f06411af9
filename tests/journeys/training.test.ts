import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { jobs } from '#modules/training/training.jobs.ts'
import type { RoleCode } from '#platform/permissions.ts'
import { readTable } from '#platform/spreadsheet.ts'
import { writeCsv } from '#platform/workbook.ts'
import { at, documentOf, type Institution, institution } from '../fixtures/training.ts'
import { signInAs } from '../setup/accounts.ts'
import { desk, launchBrowser, phone } from '../setup/browser.ts'
import { cookieFor, looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'

/** A training school files a plan, opens a class, imports its roster, teaches, and the hours stand; the desk decides. */
let site: TestSite
let browser: Browser
let of: Institution
let school: Page
let office: Page
let teacher: Page

const urls = () => ({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
const main = (page: Page) => page.locator('main').textContent()
const says = (page: Page, words: string | RegExp) => expect.poll(() => main(page)).toMatch(words)

async function pageFor(
  role: RoleCode,
  name: string,
  organisationId?: string,
  viewport = desk,
): Promise<{ page: Page; personId: string }> {
  const place = organisationId ? { role, organisationId } : { role }
  const account = await signInAs(site.db, site.url, { name, roles: [place] })
  const pocket = await browser.newContext({ viewport, bypassCSP: true, locale: 'zh-CN' })
  await pocket.addCookies([cookieFor(site.address, account.cookie)])
  pocket.setDefaultTimeout(15_000)
  return { page: await pocket.newPage(), personId: account.personId }
}

beforeAll(async () => {
  site = await startSite(urls())
  of = await institution(site.db)
  browser = await launchBrowser()
  school = (await pageFor('provider-admin', '周教务', of.id)).page
  office = (await pageFor('hr-intake', '李受理')).page
  const taught = await pageFor('trainer', '陈师傅', of.id, phone)
  teacher = taught.page
  // The teacher on the list is the person who signs in.
  await site.owner.query('update training.trainers set person_id = $1 where id = $2', [taught.personId, of.trainerId])
})

afterAll(async () => {
  await browser?.close()
  await site?.close()
})

test('R01 a plan is filled in, its faults are shown with all that was typed, then filed with the commitment', async () => {
  await school.goto(`${site.address}/provider`)
  await looksRight(school)
  await school.getByRole('link', { name: '培训计划' }).first().click()
  await looksRight(school)
  await school.getByRole('link', { name: '填报计划' }).click()
  await school.getByLabel('项目制免费培训').check()
  await school.getByLabel('计划名称').fill('粤菜师傅技能培训')
  await school.getByLabel('职业（工种）').selectOption('2022:4-03-02-01')
  await school.getByLabel('计划培训人数').fill('四十')
  await school.getByLabel('每人课时').fill('8')
  await school.getByLabel('开始日期').fill('2021-09-16')
  await school.getByLabel('结束日期').fill('2021-11-30')
  await school.getByLabel('课程名称').nth(0).fill('食品安全')
  await school.locator('[name="courses.0.classHours"]').fill('2')
  await school.getByLabel('课程名称').nth(2).fill('粤菜烹调')
  await school.getByRole('button', { name: '保存草稿' }).click()
  await expect.poll(() => school.locator('.error-summary').textContent()).toMatch(/培训人数[\s\S]*第3门课时/)
  expect(await school.getByLabel('计划名称').inputValue()).toBe('粤菜师傅技能培训')
  await looksRight(school)
  await school.getByLabel('计划培训人数').fill('40')
  await school.locator('[name="courses.2.classHours"]').fill('5')
  await school.getByRole('button', { name: '保存草稿' }).click()
  await says(school, '已保存')
  // The hours of the courses do not add up: the button says so instead of failing.
  await says(school, /课时之和为7，与每人课时8不一致/)
  await looksRight(school)
  await school.getByRole('link', { name: '修改' }).click()
  await school.locator('[name="courses.1.classHours"]').fill('6')
  await school.getByRole('button', { name: '保存' }).click()
  await school.getByRole('button', { name: '提交备案' }).click()
  await expect.poll(() => school.locator('.error-summary').textContent()).toContain('请阅读并勾选承诺')
  await school.getByRole('checkbox').check()
  await school.getByRole('button', { name: '提交备案' }).click()
  await says(school, /还剩 10 个工作日/)
  await looksRight(school)
})

test('R01 R33 the desk returns it with reasons; mended, it is listed and numbered', async () => {
  await office.goto(`${site.address}/office/plans`)
  await looksRight(office)
  await office.getByRole('link', { name: '粤菜师傅技能培训' }).click()
  await looksRight(office)
  await office.getByRole('link', { name: '退回补正' }).click()
  await looksRight(office)
  await office.getByRole('button', { name: '退回补正' }).click()
  await expect.poll(() => office.locator('.error-summary').textContent()).toContain('请至少选择一个原因')
  await office.getByLabel('培训计划内容不全').check()
  await office.getByLabel('补充说明').fill('请写明授课教师')
  await office.getByRole('button', { name: '退回补正' }).click()
  await says(office, /已暂停计时/)
  await school.reload()
  await says(school, /请补正后重新提交[\s\S]*请写明授课教师/)
  await looksRight(school)
  await school.getByRole('link', { name: '修改' }).click()
  await school.locator('[name="courses.0.trainer"]').fill('陈师傅')
  await school.getByRole('button', { name: '保存' }).click()
  await school.getByRole('checkbox').check()
  await school.getByRole('button', { name: '提交备案' }).click()
  await says(school, '已提交备案')
  await office.reload()
  await office.getByRole('button', { name: '列入计划' }).click()
  await says(office, /HZ2021-XM-0001/)
})

test('R02 a class lists what its dossier lacks and cannot be applied for until it is whole', async () => {
  await school.reload()
  await school.getByRole('link', { name: '建班' }).click()
  await looksRight(school)
  await school.getByLabel('班级名称').fill('粤菜师傅一班')
  await school.getByLabel('培训地点').selectOption({ index: 1 })
  await school.getByLabel('人数上限').fill('30')
  await school.getByLabel('开班日期').fill('2021-09-16')
  await school.getByLabel('结业日期').fill('2021-10-31')
  await school.getByLabel('陈师傅').check()
  await school.getByLabel('教学计划').fill('第一周食品安全，第二周烹调')
  await school.getByLabel('教学资源').fill('《粤菜烹饪教材》')
  await school.getByLabel('考核方案').fill('理论笔试和实操各一场')
  await school.getByRole('button', { name: '保存草稿' }).click()
  await says(school, /还有 2 项没有齐全[\s\S]*请登记学员[\s\S]*少于应培训的8课时/)
  await says(school, /请先补齐：学员花名册、教学计划/)
  await looksRight(school)
})

test('C01 the roster: one by hand, the rest from a file whose faults are named', async () => {
  await school.getByRole('link', { name: '花名册' }).click()
  await looksRight(school)
  await school.getByRole('link', { name: '登记一名学员' }).click()
  await looksRight(school)
  await school.getByLabel('姓名').fill('何海珠')
  await school.getByLabel('证件号码').fill('440105199001010010')
  await school.getByLabel('手机号').fill('13800138000')
  await school.getByRole('button', { name: '登记' }).click()
  await expect.poll(() => school.locator('.error-summary').textContent()).toContain('校验码不符')
  await school.getByLabel('证件号码').fill(documentOf())
  await school.getByRole('button', { name: '登记' }).click()
  await says(school, '已登记')
  const rows = [
    ['赵一', documentOf(), '13800138001'],
    ['钱二', '440105199001010010', '13800138002'],
    ['孙三', documentOf(), '13800138003'],
  ]
  const buffer = Buffer.from(writeCsv(['姓名', '证件号码', '手机号'], rows))
  await school.getByLabel('花名册文件').setInputFiles({ name: '花名册.csv', mimeType: 'text/csv', buffer })
  await school.getByRole('button', { name: '上传并核对' }).click()
  await says(school, '正在核对')
  await looksRight(school)
  const { id } = await site.db.selectFrom('training.imports').select('id').executeTakeFirstOrThrow()
  await jobs['training.checkImport']?.(site.ctx(), { importId: id })
  await school.reload()
  await says(school, /2 行可以导入，1 行有错[\s\S]*校验码不符/)
  await looksRight(school)
  const href = await school.getByRole('link', { name: '下载需要更正的行' }).getAttribute('href')
  const file = await school.request.get(`${site.address}${href}`)
  expect(decodeURIComponent(file.headers()['content-disposition'] ?? '')).toContain('花名册-需要更正的行.xlsx')
  const table = await readTable(await file.body(), '需要更正的行.xlsx')
  expect(table.rows.map((row) => row.cells.姓名)).toEqual(['钱二'])
  await school.getByRole('button', { name: '导入 2 人' }).click()
  await says(school, '正在导入')
  await jobs['training.applyImport']?.(site.ctx(), { importId: id })
  await school.reload()
  await says(school, '已导入 2 人')
  await school.getByRole('link', { name: '看花名册' }).click()
  await says(school, /学员 3 人/)
  await looksRight(school)
})

test('C13 R02 the timetable: a clash is named; whole, the class is applied for and approved', async () => {
  await school.getByRole('link', { name: '课表' }).last().click()
  await looksRight(school)
  const plan = async (title: string, day: string) => {
    await school.getByRole('link', { name: '排课' }).click()
    await school.getByLabel('课题').fill(title)
    await school.getByLabel('上课日期').fill(day)
    await school.getByRole('button', { name: '排入课表' }).click()
  }
  await plan('食品安全', '2021-09-16')
  await says(school, '已排课')
  await plan('粤菜烹调', '2021-09-16')
  await says(school, /教师9月16日09:00—12:00已有课：粤菜师傅一班“食品安全”/)
  await looksRight(school)
  await school.getByLabel('上课日期').fill('2021-09-23')
  await school.getByRole('button', { name: '排入课表' }).click()
  await says(school, /8 \/ 8 课时/)
  await school.getByRole('link', { name: '班级和开班材料' }).click()
  await says(school, '六项都已齐全')
  await school.getByRole('button', { name: '申请开班' }).click()
  await says(school, '已申请开班')
  await office.goto(`${site.address}/office/classes`)
  await looksRight(office)
  await office.getByRole('link', { name: '粤菜师傅一班' }).click()
  await looksRight(office)
  await office.getByRole('button', { name: '批准开班' }).click()
  await says(office, '已批准开班')
  for (const tab of ['花名册', '课表', '课时']) {
    await office.getByRole('link', { name: tab, exact: true }).click()
    await looksRight(office)
  }
})

test('R03 C17 the teacher opens the session, shows the code, vouches and ends it; the hours stand', async () => {
  await teacher.goto(`${site.address}/provider`)
  await looksRight(teacher)
  site.setTime(at('2021-09-16T08:50'))
  await teacher.goto(`${site.address}/provider`)
  await teacher.getByRole('link', { name: '09:00—12:00' }).click()
  await looksRight(teacher)
  await teacher.getByRole('button', { name: '开始上课' }).click()
  await says(teacher, '已开始上课')
  await looksRight(teacher)
  const address = teacher.url().split('?')[0] as string
  await teacher.goto(`${address}/code`)
  await looksRight(teacher)
  const letters = teacher.locator('.room-code-letters')
  const first = await letters.textContent()
  site.setTime(at('2021-09-16T08:51'))
  await expect.poll(() => letters.textContent(), { timeout: 15_000 }).not.toBe(first)
  await teacher.goto(address)
  for (const box of await teacher.getByRole('checkbox').all()) await box.check()
  await teacher.getByRole('button', { name: '教师确认' }).click()
  await says(teacher, /有签到 3 人/)
  await school.goto(address)
  await school.getByRole('checkbox').first().check()
  await school.getByRole('button', { name: '教务确认' }).click()
  await says(school, '已确认')
  site.setTime(at('2021-09-16T12:01'))
  await teacher.goto(address)
  await teacher.getByRole('button', { name: '结束上课，记入课时' }).click()
  await says(teacher, /180 分钟，乙级[\s\S]*180 分钟，丙级/)
  await looksRight(teacher)
})

test('R03 C17 a correction after class: void, by hand, and the ledger keeps every line', async () => {
  await school.reload()
  await school.locator('tbody a').first().click()
  await looksRight(school)
  await school.getByRole('link', { name: '作废一条' }).click()
  await looksRight(school)
  await school.getByRole('radio').first().check()
  await school.getByLabel('理由').fill('经核对当时不在场')
  await school.getByRole('button', { name: '作废一条' }).click()
  await says(school, /课时已重新计算/)
  await school.getByRole('link', { name: '课表' }).last().click()
  await school.getByRole('link', { name: '课时', exact: true }).click()
  await says(school, /540/)
  await looksRight(school)
  await school.locator('tbody a').first().click()
  await says(school, /冲减第/)
  await looksRight(school)
  await office.goto(school.url().replace('/provider/', '/office/').split('?')[0] as string)
  await office.getByRole('radio').first().check()
  await office.getByLabel('理由').fill('现场检查未见其人')
  await office.getByRole('button', { name: '冲减' }).click()
  await says(office, /已冲减，原记录保留/)
  await looksRight(office)
})

test('the other pages of the workspace stand on desk and phone, and nobody else gets in', async () => {
  for (const page of [school, teacher]) {
    for (const path of ['timetable?week=2021-09-16', 'places', 'plans', 'classes']) {
      await page.goto(`${site.address}/provider/${path}`)
      await looksRight(page)
    }
  }
  for (const path of ['places/venue/new', 'places/trainer/new', `places/room/new?venue=${of.venueId}`]) {
    await school.goto(`${site.address}/provider/${path}`)
    await looksRight(school)
  }
  await office.goto(`${site.address}/office/occupations`)
  await looksRight(office)
  const rival = await institution(site.db)
  const { page } = await pageFor('provider-admin', '别家教务', rival.id)
  const { id } = await site.db.selectFrom('training.classes').select('id').executeTakeFirstOrThrow()
  for (const path of ['', '/roster', '/sessions', '/hours', '/edit']) {
    const answer = await page.goto(`${site.address}/provider/classes/${id}${path}`)
    expect(answer?.status()).toBe(404)
  }
  const forbidden = await teacher.goto(`${site.address}/provider/plans/new`)
  expect(forbidden?.status()).toBe(403)
})
