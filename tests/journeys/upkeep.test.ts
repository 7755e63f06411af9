import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { enqueue } from '#platform/command.ts'
import { searchText } from '#platform/search.ts'
import { testNow } from '#platform/testing.ts'
import { paths } from '#web/paths.ts'
import { concluded, runningClass } from '../fixtures/assessed.ts'
import { course } from '../fixtures/learning.ts'
import { organisationFor } from '../fixtures/lessons.ts'
import { signInAs, type Wanted } from '../setup/accounts.ts'
import { desk, launchBrowser, phone } from '../setup/browser.ts'
import { cookieFor, looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'
import { main } from '../setup/visitors.ts'

/** Small pages that somebody opens when something has to be put right, or found. */
let site: TestSite
let browser: Browser
const shots = process.env.SHOTS

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
})

async function pageOf(wanted?: Wanted): Promise<Page> {
  const context = await browser.newContext({ viewport: desk, bypassCSP: true, locale: 'zh-CN' })
  context.setDefaultTimeout(60_000)
  if (wanted) {
    const { cookie } = await signInAs(site.db, site.url, wanted)
    await context.addCookies([cookieFor(site.address, cookie)])
  }
  return context.newPage()
}
async function both(of: Page, name: string) {
  await looksRight(of)
  if (shots) await of.screenshot({ path: `${shots}/${name}-desk.png`, fullPage: true })
  await of.setViewportSize(phone)
  await looksRight(of)
  if (shots) await of.screenshot({ path: `${shots}/${name}-phone.png`, fullPage: true })
  await of.setViewportSize(desk)
}

test('C25 the system administrator sees what failed for good and has it done again', async () => {
  await enqueue(site.db, 'records.forward', { n: 1 })
  await enqueue(site.db, 'credentials.issueMissing', {})
  await site.owner.query(`update graphile_worker._private_jobs set attempts = max_attempts, last_error = '对方 13800138000 没有应答'
    where id = (select min(id) from graphile_worker._private_jobs)`)
  const page = await pageOf({ name: '罗系统', roles: [{ role: 'system-admin' }] })
  await page.goto(site.address + paths.system())
  expect(await main(page)).toContain('对方 #### 没有应答')
  await both(page, 'system')
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: /重新办理/ }).click()])
  expect(await main(page)).toContain('没有办理失败的任务')
  await both(page, 'system-again')
})

test('R35 hours that came after the decision: the head of the school decides anew', async () => {
  const of = await runningClass(site.db, [719, 900])
  await concluded(site.db, of, [
    ['100', '100'],
    ['80', '80'],
  ])
  const one = of.people[0] as { id: string; enrolmentId: string }
  const who = { person_id: one.id, enrolment_id: one.enrolmentId, class_id: of.id, at: testNow, by_user: 'test' }
  const entry = { ...who, on_day: '2021-08-20', minutes: 30, source: 'class', grade: 'A', evidence: '{}' }
  await site.db.insertInto('training.hour_entries').values(entry).execute()
  const page = await pageOf({ name: '郭校长', roles: [{ role: 'provider-admin', organisationId: of.organisation.id }] })
  await page.goto(site.address + paths.assessment('provider', of.id, 'results'))
  expect(await main(page)).toContain('719 分钟')
  await both(page, 'results-changed')
  await Promise.all([
    page.waitForEvent('load'),
    page
      .getByRole('button', { name: /重新判定/ })
      .first()
      .click(),
  ])
  const text = await main(page)
  expect(text).not.toContain('等待重新判定')
  expect(text).not.toContain('不合格')
  expect(text).toMatch(/合格率\s*100\s*%/)
})

test('HZ4-M13 the site’s search box finds online courses', async () => {
  const lesson = await course(
    site.db,
    await organisationFor(site.db),
    [{ kind: 'text', title: '规矩' }],
    '老火汤与快火炒',
  )
  await sql`update library.courses set search = to_tsvector('simple', ${searchText('老火汤与快火炒')}) where id = ${lesson.id}`.execute(
    site.db,
  )
  const page = await pageOf()
  await page.goto(site.address + paths.search())
  await page.getByRole('searchbox').fill('老火汤')
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: '搜索' }).click()])
  await both(page, 'search')
  await Promise.all([page.waitForEvent('load'), page.getByRole('link', { name: '全部有关的课程' }).click()])
  expect(await main(page)).toContain('老火汤与快火炒')
})
