import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { chainStart, checkLine, isFault } from '#modules/audit/trail.rules.ts'
import { jobs } from '#modules/reports/count.jobs.ts'
import type { RoleCode } from '#platform/permissions.ts'
import { testPlan } from '#platform/testing.ts'
import { type Claimant, claimant, person } from '../fixtures/claims.ts'
import { approvedClass, member, results, type TestClass } from '../fixtures/counts.ts'
import { signInAs } from '../setup/accounts.ts'
import { desk, launchBrowser, phone } from '../setup/browser.ts'
import { cookieFor, looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'

/** From a number to the record, the clause and the person who answers for it; figures, reports, the trail. */
let site: TestSite
let browser: Browser
let firm: Claimant
let klass: TestClass
const at = (on: string) => new Date(`${on}T09:00:00+08:00`)

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
  firm = await claimant(site.db)
  const people = await Promise.all(Array.from({ length: 3 }, () => person(site.db)))
  await member(site.db, people[0]?.id as string, 'disabled')
  klass = await approvedClass(site.db, firm, { people: people.map((one) => one.id), enrolledAt: at('2021-05-06') })
  await results(site.db, klass, [true, true, false], at('2021-06-20'))
  await jobs['reports.countEnrolled']?.(site.ctx(), { classId: klass.id })
  await jobs['reports.countPassed']?.(site.ctx(), { classId: klass.id })
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
})

async function visitor(viewport = desk, cookie?: string): Promise<Page> {
  const context = await browser.newContext({ viewport, bypassCSP: true, locale: 'zh-CN' })
  if (cookie) await context.addCookies([cookieFor(site.address, cookie)])
  return context.newPage()
}
async function official(name: string, role: RoleCode, body?: string, viewport = desk): Promise<Page> {
  const { cookie } = await signInAs(site.db, site.url, { name, roles: [{ role, ...(body && { body }) }] })
  return visitor(viewport, cookie)
}
const go = async (page: Page, path: string) => {
  const answer = await page.goto(site.address + path)
  await looksRight(page)
  return answer?.status()
}
const main = (page: Page) => page.locator('main').innerText()
const press = async (page: Page, name: string | RegExp) => {
  await page.getByRole('button', { name, exact: true }).first().click()
  await page.waitForLoadState()
  await looksRight(page)
}
const follow = async (page: Page, name: string | RegExp) => {
  await page.getByRole('link', { name }).first().click()
  await page.waitForLoadState()
  await looksRight(page)
}

describe('HZ4-M17 everybody', () => {
  test.each([
    ['a desk', desk],
    ['a phone', phone],
  ])('HZ4-M17 sees the numbers, how they are made, and their clause, on %s', async (_, viewport) => {
    const page = await visitor(viewport)
    await go(page, '/plan')
    expect(await main(page)).toContain('补贴类职业技能培训')
    expect(await main(page)).toContain('还没有取得数据')
    await follow(page, '补贴类职业技能培训')
    const text = await main(page)
    expect(text).toContain('按目前进度')
    expect(text).toContain('区人社局尚未明确')
    expect(text).not.toContain('张')
    await follow(page, '工作目标：职业技能培训实现量质齐升')
    expect(await main(page)).toContain('到2021年底，开展各类补贴类职业技能培训6万人次以上')
  })

  test('HZ4-M17 every clause and every rule has its page', async () => {
    const { clauses, rules, indicators } = testPlan()
    for (const path of [
      ...clauses.map(({ id }) => `/policy/${id}`),
      ...rules.map(({ id }) => `/rules/${id}`),
      ...indicators.map(({ id }) => `/plan/${id}`),
    ]) {
      expect((await fetch(site.address + path)).status, path).toBe(200)
    }
    const page = await visitor()
    for (const path of ['/policy', '/policy/HZ4-M10', '/rules/C10', '/plan/K02']) expect(await go(page, path)).toBe(200)
    expect(await go(page, '/policy/HZ4-M99')).toBe(404)
    expect(await go(page, '/plan/K99')).toBe(404)
    await go(page, '/policy/R04')
    expect(new URL(page.url()).pathname).toBe('/rules/R04')
    expect(await main(page)).toContain('30.00 元/人/课时')
    await go(page, '/policy/HZ4-M16')
    expect(await main(page)).toContain('计划没有写明牵头单位')
  })

  test('HZ4-M15 the monthly table is a file', async () => {
    const answer = await fetch(`${site.address}/plan/K01/table.csv`)
    expect(answer.headers.get('content-type')).toContain('text/csv')
    const text = await answer.text()
    expect(text).toContain('2021-05,3,3,0,0,0,0')
    expect(text).toContain('2021-06,0,3,2,2,0,0')
  })
})

describe('HZ4-M15 the offices', () => {
  test('HZ4-M15 from a number to its records, a count, its hours, its clause, who did it', async () => {
    const page = await official('李初审', 'hr-first-reviewer')
    await go(page, '/office/board')
    await follow(page, '逐条核对合计与明细')
    expect(await main(page)).toContain('合计与明细逐条一致')
    await go(page, '/office/board/K11')
    await go(page, '/office/board/K11/events?basis=completedAndPassed')
    expect(await main(page)).toContain('张*明（残疾人员）')
    await page.locator('tbody th a').first().click()
    await looksRight(page)
    const text = await main(page)
    for (const words of ['从数字到条款', firm.name, '张*明', 'R35', '措施（八）', '措施（十）', '计入结业合格人次']) {
      expect(text).toContain(words)
    }
    expect(text).not.toMatch(/张小明/)
    expect(await go(page, '/office/trail/999999')).toBe(404)
    expect(await go(page, '/office/trail/abc')).toBe(404)
  })

  test('R37 a department sees its own people, others only that they are counted; a stranger nothing', async () => {
    const federation = await official('残联经办', 'department-officer', 'disabledFederation', phone)
    await go(federation, '/office/board')
    expect(await main(federation)).toContain('残疾人员专项培训')
    await go(federation, '/office/board/K01/events?basis=enrolled')
    const text = await main(federation)
    expect(text).toContain('张*明')
    expect(text).toContain('不在您的职责内')
    const stranger = await visitor()
    await stranger.goto(`${site.address}/office/board`)
    expect(new URL(stranger.url()).pathname).toBe('/sign-in')
    const clerk = await official('系统管理员', 'system-admin')
    expect(await go(clerk, '/office/board')).toBe(403)
  })

  test('HZ4-M15 a board of an earlier day says so and names the difference', async () => {
    const page = await official('统计员', 'statistician')
    await go(page, '/office/board?known=2021-09-14')
    const text = await main(page)
    expect(text).toContain('按2021年9月14日结束时所知')
    expect(text).toContain('补记')
    expect(text).toContain('K01')
  })

  test('HZ4-M16 a figure: proposed by one, refused to him, approved by another, in force with its source', async () => {
    const proposer = await official('吴规则', 'rule-admin')
    await go(proposer, '/office/settings')
    await follow(proposer, '项目制免费培训每人每课时补贴')
    await proposer.getByLabel('值', { exact: true }).fill('十八')
    await press(proposer, '提出')
    expect(await main(proposer)).toContain('元/人/课时')
    await proposer.getByLabel('值', { exact: true }).fill('18.50')
    await proposer.getByLabel('依据').fill('海人社〔2021〕9号')
    await press(proposer, '提出')
    expect(await main(proposer)).toContain('由局领导批准')
    const leader = await official('林局长', 'hr-leader')
    await go(leader, '/office')
    expect(await main(leader)).toContain('参数与待定事项待批准')
    await leader.goto(proposer.url())
    await press(leader, '不批准')
    expect(await main(leader)).toContain('请写明不批准的理由')
    await press(leader, '批准')
    expect(await main(leader)).toContain('已批准')
    const anybody = await visitor(phone)
    await go(anybody, '/rules/R04')
    expect(await main(anybody)).toContain('18.50 元/人/课时')
    expect(await main(anybody)).toContain('海人社〔2021〕9号')
  })

  test('HZ4-G2 a number from outside: wrong ones named, a right one shown, a withdrawn one gone', async () => {
    const page = await official('陈统计', 'statistician', undefined, phone)
    await go(page, '/office/statistics?indicator=K02')
    await page.getByLabel('数目或分子').fill('180000')
    await page.getByLabel('数据截止日期').fill('2021-06-30')
    await page.getByLabel('提供单位').fill('区统计局')
    await page.getByLabel('文件名称或文号').fill('区就业统计（2021年6月）')
    await page.getByLabel('口径和算法').fill('年末常住口径')
    await press(page, '录入')
    expect(await main(page)).toContain('比例指标要同时填写分子和分母')
    expect(await page.getByLabel('文件名称或文号').inputValue()).toBe('区就业统计（2021年6月）')
    await page.getByLabel('分母').fill('560000')
    await press(page, '录入')
    const anybody = await visitor()
    await go(anybody, '/plan/K02')
    expect(await main(anybody)).toContain('32.1%')
    await follow(page, /^撤回/)
    await page.getByLabel('撤回理由').fill('分子抄错')
    await press(page, '撤回')
    await go(anybody, '/plan/K02')
    expect(await main(anybody)).toContain('分子抄错')
    expect(await main(anybody)).toContain('暂无数据')
  })

  test('HZ4-M15 a quarterly report is frozen, printed, and still comes out', async () => {
    const page = await official('陈统计', 'statistician')
    await go(page, '/office/reports')
    await follow(page, '2021年第二季度季报')
    expect(await main(page)).toContain('校验全部通过')
    await page.getByLabel('存在问题').fill('部分机构报送偏晚')
    await press(page, '归档')
    const text = await main(page)
    for (const words of ['已归档', '部分机构报送偏晚', '与归档时一致', '归档人：陈统计']) expect(text).toContain(words)
    await go(page, '/office/reports/quarter/2021-07-01')
    expect(await main(page)).toContain('才结束')
    expect(await go(page, '/office/reports/quarter/2021-05-01')).toBe(404)
  })
})

describe('HZ4-M16 the trail', () => {
  test('HZ4-M16 searched, read, and taken away in a copy that verifies', async () => {
    await sql`select audit.seal()`.execute(site.db)
    const { cookie } = await signInAs(site.db, site.url, { name: '审计员', roles: [{ role: 'audit-admin' }] })
    const page = await visitor(phone, cookie)
    await go(page, `/office/audit?subject=class:${klass.id}`)
    expect(await main(page)).toContain('计入报名人次')
    await page.locator('tbody th a').first().click()
    await looksRight(page)
    expect(await main(page)).toContain('提交的内容')
    await go(page, '/office/audit?from=yesterday')
    expect(await main(page)).toContain('日期写作')
    await press(page, '导出')
    expect(await main(page)).toContain('请写明导出理由')
    const answer = await fetch(`${site.address}/office/audit/export`, {
      method: 'POST',
      headers: { cookie, origin: site.address, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ reason: '2021年专项审计' }),
    })
    expect(answer.headers.get('content-disposition')).toContain('.jsonl')
    const lines = (await answer.text()).trimEnd().split('\n')
    const sha = (text: string) => createHash('sha256').update(text).digest('hex')
    let state = chainStart
    for (const [index, line] of lines.entries()) {
      const next = checkLine(state, line, index + 1, sha)
      if (isFault(next)) throw new Error(next.reason)
      state = next
    }
    expect(state.seq).toBe(lines.length)
    expect(lines.length).toBeGreaterThan(5)
  })
})
