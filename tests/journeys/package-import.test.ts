import { sql } from 'kysely'
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { register } from '#modules/learning/registration.commands.ts'
import { courses } from '#modules/library/course.queries.ts'
import { sessionFacts } from '#modules/packages/launch.queries.ts'
import { draftCourse, reviewed, submitAgain } from '../fixtures/library.ts'
import { qtiItem, qtiPackage, scorm2004Package } from '../fixtures/packages.ts'
import { institution } from '../fixtures/training.ts'
import { signInAs } from '../setup/accounts.ts'
import { desk, launchBrowser, phone } from '../setup/browser.ts'
import { runJobs } from '../setup/jobs.ts'
import { cookieFor, looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'

/** A package from its upload to the auditor's page: brought, looked at, reviewed, learnt on two machines. */
let site: TestSite
let browser: Browser
let courseId: string
let schoolId: string
type Who = Awaited<ReturnType<typeof signInAs>>
const people: Record<string, Who> = {}

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
  schoolId = (await institution(site.db)).id
  const as = (roles: Parameters<typeof signInAs>[2]) => signInAs(site.db, site.url, roles)
  people.contributor = await as({ name: '教务甲', roles: [{ role: 'provider-admin', organisationId: schoolId }] })
  people.reviewer = await as({ name: '评审甲', roles: [{ role: 'library-reviewer', body: 'veteransBureau' }] })
  people.second = await as({ name: '评审乙', roles: [{ role: 'library-reviewer', body: 'womensFederation' }] })
  people.learner = await as({ name: '何海珠', identity: 'verified' })
  people.auditor = await as({ name: '审计甲', roles: [{ role: 'audit-reader' }] })
  courseId = await draftCourse(site.ctx(people.contributor.actor), schoolId, '养老护理入门')
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
})

async function opened(who: string, viewport = desk): Promise<{ pocket: BrowserContext; page: Page }> {
  // axe is put into the page from outside; what the policy forbids is tested where nothing is put into it
  const pocket = await browser.newContext({ viewport, bypassCSP: true, locale: 'zh-CN' })
  await pocket.addCookies([cookieFor(site.address, people[who]?.cookie ?? '')])
  return { pocket, page: await pocket.newPage() }
}
const shot = (page: Page, name: string) => page.screenshot({ path: `/tmp/packages-${name}.png`, fullPage: true })

async function lessonFrame(of: Page, path: string): Promise<Frame> {
  await expect.poll(() => of.frames().some((frame) => frame.url().includes(`/${path}`)), { timeout: 30_000 }).toBe(true)
  const frame = of.frames().find((one) => one.url().includes(`/${path}`)) as Frame
  await frame.waitForLoadState()
  return frame
}
const own = (path = '') => `${site.address}/provider/library/courses/${courseId}${path}`
const text = (page: Page) => page.locator('main').textContent()

async function upload(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page.goto(own('/packages'))
  const field = page.locator('#upload-files')
  await expect.poll(() => field.isEnabled()).toBe(true)
  await field.setInputFiles({ name, mimeType: 'application/zip', buffer })
  await expect.poll(() => text(page), { timeout: 30_000 }).toContain('上传结束')
  await page.goto(own('/packages'))
  expect(await text(page)).toContain(name)
  await runJobs(site)
  await page.goto(own('/packages'))
}

test('HZ4-M13 a contributor brings a SCORM 2004 package: sees what it holds, confirms it, and puts it into the course', async () => {
  const { pocket, page } = await opened('contributor')
  await page.goto(own())
  await page.getByRole('link', { name: '课件包', exact: true }).click()
  await looksRight(page)
  await shot(page, 'empty-desk')
  await upload(page, '养老护理.zip', scorm2004Package())
  await looksRight(page)
  await page.getByRole('link', { name: '养老护理', exact: true }).click()
  expect(await text(page)).toContain('检查通过，等待确认')
  expect(await text(page)).toContain('翻身')
  await looksRight(page)
  await shot(page, 'checked-desk')
  await page.getByRole('button', { name: '确认导入' }).click()
  expect(await text(page)).toContain('已确认')
  await looksRight(page)
  await shot(page, 'importing-desk')
  await runJobs(site)
  // the page looks again by itself
  await expect.poll(() => text(page), { timeout: 20_000 }).toContain('可以使用')
  await page.getByRole('link', { name: '翻身' }).click()
  await lessonFrame(page, 'a.html')
  expect(await text(page)).toContain('试看不是学习')
  await looksRight(page)
  await page.goBack()
  await page.getByRole('link', { name: '放进课程' }).click()
  await page.getByLabel('课件包').selectOption({ label: '养老护理（SCORM 2004）' })
  await page.getByLabel('标题').fill('翻身和喂食')
  await page.getByLabel('计划时长').fill('45')
  await looksRight(page)
  await page.getByRole('button', { name: '添加' }).click()
  expect(await text(page)).toContain('翻身和喂食')
  await pocket.close()
})

const pictured = qtiItem(
  'q3',
  '<responseDeclaration identifier="R" cardinality="single" baseType="identifier"><correctResponse><value>A</value></correctResponse></responseDeclaration>',
  '<p>看图，哪一块切熟食？</p><img src="board.png" alt="两块砧板，左红右绿"/><choiceInteraction responseIdentifier="R"><simpleChoice identifier="A">左</simpleChoice><simpleChoice identifier="B">右</simpleChoice></choiceInteraction>',
)

/** The question on a learner's paper: its picture is there with its words, and for nobody who is not asked. */
async function asLearnerSees(): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    with item as (insert into library.items (version_id, chapter, chapter_title, position, kind, title, body)
      select v.id, 9, '考核', 1, 'exam', '看图小考', '{"pools":[{"pool":"护理","count":2}],"minutes":20,"passMark":60,"resits":1}'
      from library.versions v where v.course_id = ${courseId} order by v.number desc limit 1 returning id, version_id),
    registration as (insert into learning.registrations (person_id, course_id, version_id, registered_at)
      select ${people.learner?.actor.personId}, ${courseId}, version_id, ${site.ctx().now} from item returning id, person_id)
    insert into learning.attempts (registration_id, person_id, item_id, number, seed, question_ids, started_at, due_at)
    select r.id, r.person_id, i.id, 1, 'x', array(select id from library.questions where course_id = ${courseId}),
      ${site.ctx().now}, ${new Date(site.ctx().now.getTime() + 1_200_000)} from registration r, item i returning id
  `.execute(site.db)
  const { pocket, page } = await opened('learner', phone)
  await page.goto(`${site.address}/my/attempts/${rows[0]?.id}`)
  const picture = page.getByRole('img', { name: '两块砧板，左红右绿' })
  await expect.poll(() => picture.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBe(320)
  await looksRight(page)
  await shot(page, 'exam-picture-phone')
  await page.setViewportSize(desk)
  await shot(page, 'exam-picture-desk')
  const address = await picture.getAttribute('src')
  people.stranger = await signInAs(site.db, site.url, { name: '路人甲', identity: 'verified' })
  const stranger = await opened('stranger')
  expect((await stranger.page.goto(`${site.address}${address}`))?.status()).toBe(404)
  await stranger.pocket.close()
  await pocket.close()
  await sql`delete from learning.attempts where id = ${rows[0]?.id}`.execute(site.db).catch(() => {}) // the course goes on without it
}

test('HZ4-M13 questions come in by name; a hostile package is refused with each reason, on a phone too', async () => {
  const { pocket, page } = await opened('contributor', phone)
  await page.goto(own())
  const board = await page.screenshot({ clip: { x: 0, y: 0, width: 320, height: 160 } })
  await upload(
    page,
    '试题.zip',
    qtiPackage([
      { name: 'items/q3.xml', content: pictured },
      { name: 'items/board.png', content: board },
    ]),
  )
  await page.getByRole('link', { name: '试题', exact: true }).click()
  expect(await text(page)).toContain('将导入 2 题')
  expect(await text(page)).toContain('排序题有 5 项')
  await looksRight(page)
  await shot(page, 'questions-phone')
  await page.getByLabel('题库分组').fill('')
  await page.getByRole('button', { name: '确认导入' }).click()
  expect(await text(page)).toContain('请填写题库分组')
  await page.getByLabel('题库分组').fill('护理')
  await page.getByRole('button', { name: '确认导入' }).click()
  await runJobs(site)
  await page.reload()
  expect(await text(page)).toContain('“护理”新增 2 题')
  await page.getByRole('link', { name: '看题库' }).click()
  expect(await text(page)).toContain('砧板怎样用？')
  const picture = page.getByRole('img', { name: '两块砧板，左红右绿' })
  await expect.poll(() => picture.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBe(320)
  await looksRight(page)
  await shot(page, 'bank-phone')
  await asLearnerSees()
  const hostile = [
    { name: '../../etc/cron.d/evil', content: 'x' },
    { name: 'run.exe', content: 'MZ' },
    { name: 'link', content: '/etc/passwd', mode: 0o120777 },
    { name: 'zero.bin', content: Buffer.alloc(3 * 1024 ** 2), deflate: true },
  ]
  await upload(page, '有害.zip', qtiPackage(hostile))
  await page.getByRole('link', { name: '有害', exact: true }).click()
  for (const rule of ['路径越界', '可执行文件', '链接文件', '压缩比上限']) expect(await text(page)).toContain(rule)
  expect(await page.getByRole('button', { name: '确认导入' }).count()).toBe(0)
  await looksRight(page)
  await shot(page, 'hostile-phone')
  await page.setViewportSize(desk)
  await looksRight(page)
  await shot(page, 'hostile-desk')
  await page.getByRole('button', { name: '不要了' }).click()
  expect(await text(page)).toContain('已放弃')
  await shot(page, 'list-desk')
  await pocket.close()
})

test('HZ4-M13 reviewers see the package and try its units before they judge', async () => {
  const roundId = await submitAgain(site.ctx(people.contributor?.actor), courseId)
  const { pocket, page } = await opened('reviewer')
  await page.goto(`${site.address}/office/library/rounds/${roundId}`)
  await page.getByRole('link', { name: '翻身和喂食' }).click()
  await looksRight(page)
  await shot(page, 'reviewer-desk')
  await page.getByRole('link', { name: '翻身' }).click()
  const frame = await lessonFrame(page, 'a.html')
  expect(await frame.evaluate(() => document.body.dataset.entry)).toBe('ab-initio')
  expect(await frame.evaluate('leave(30, "suspend")')).toBe('true')
  await looksRight(page)
  await pocket.close()
  await reviewed(roundId, site.ctx(people.reviewer?.actor), site.ctx(people.second?.actor))
  const { state } = await courses(site.db).where('c.id', '=', courseId).executeTakeFirstOrThrow()
  expect(state).toBe('trial')
})

test('HZ4-M13 a learner begins on a phone, leaves in the middle, goes on at a desk and is led to the next unit', async () => {
  const me = people.learner as Who
  const { registrationId } = await register(site.ctx(me.actor), { courseId })
  const item = await site.db
    .selectFrom('library.items as i')
    .innerJoin('learning.registrations as r', 'r.version_id', 'i.version_id')
    .select('i.id')
    .where('r.id', '=', registrationId)
    .where('i.kind', '=', 'package')
    .executeTakeFirstOrThrow()
  const address = `${site.address}/my/packages/${registrationId}/${item.id}`
  const small = await opened('learner', phone)
  await small.page.goto(address)
  await looksRight(small.page)
  await shot(small.page, 'learner-phone')
  await small.page.getByRole('link', { name: '翻身', exact: true }).click()
  const first = await lessonFrame(small.page, 'a.html')
  await looksRight(small.page)
  await shot(small.page, 'running-phone')
  expect(await first.evaluate('leave(40, "suspend")')).toBe('true')
  const times = async () => (await sessionFacts(site.db, registrationId)).map(({ reportedSeconds }) => reportedSeconds)
  await expect.poll(times).toEqual([40])
  await small.pocket.close()

  const large = await opened('learner')
  await large.page.goto(address)
  expect(await text(large.page)).toContain('进行中')
  await large.page.getByRole('link', { name: /继续学.*翻身/ }).click()
  const second = await lessonFrame(large.page, 'a.html')
  expect(await second.evaluate(() => ({ ...document.body.dataset }))).toMatchObject({
    entry: 'resume',
    location: 'page-3',
  })
  await shot(large.page, 'running-desk')
  expect(await second.evaluate('leave(25, "normal", "0.9", "continue")')).toBe('true')
  const third = await lessonFrame(large.page, 'b.html')
  expect(await third.evaluate(() => document.body.dataset.entry)).toBe('ab-initio')
  expect((await times()).slice(0, 2)).toEqual([40, 25])
  // The window is closed without a word: what was reported stands.
  await large.page.goto(address)
  expect(await text(large.page)).toContain('合格')
  await looksRight(large.page)
  await shot(large.page, 'learner-desk')
  await large.pocket.close()
})

test('HZ4-M13 the auditor reads what was reported, session by session', async () => {
  const { pocket, page } = await opened('auditor')
  await page.goto(`${site.address}/office/package-attempts`)
  await looksRight(page)
  await page.getByRole('link', { name: '翻身' }).first().click()
  await page.waitForURL(/package-attempts\/.+/)
  expect(await text(page)).toContain('cmi.session_time')
  await looksRight(page)
  await shot(page, 'auditor-desk')
  await page.setViewportSize(phone)
  await looksRight(page)
  await shot(page, 'auditor-phone')
  await pocket.close()
})
