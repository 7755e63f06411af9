import { readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { paths } from '#web/paths.ts'
import { claimant } from '../fixtures/claims.ts'
import type { TestCourse } from '../fixtures/learning.ts'
import { onlineCourse } from '../fixtures/online-course.ts'
import { signInAs } from '../setup/accounts.ts'
import { desk, launchBrowser, phone } from '../setup/browser.ts'
import { runByClock, runJobs } from '../setup/jobs.ts'
import { spoken, tabTo } from '../setup/keyboard.ts'
import { cookieFor, looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'
import { main } from '../setup/visitors.ts'

/** Somebody learns a whole course, from the catalogue to the credential, with a keyboard and without a mouse. */
let site: TestSite
let browser: Browser
let lesson: TestCourse
let me: Awaited<ReturnType<typeof signInAs>>
let page: Page
let registrationId = ''
const shots = process.env.SHOTS

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
  const organisation = await claimant(site.db, '海珠区粤味烹饪学校')
  lesson = await onlineCourse(site.db, site.storage, organisation.id)
  me = await signInAs(site.db, site.url, { identity: 'verified' })
  page = await pageFor(me.cookie)
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
})

async function pageFor(cookie: string, viewport = desk, javaScriptEnabled = true): Promise<Page> {
  const context = await browser.newContext({ viewport, bypassCSP: true, locale: 'zh-CN', javaScriptEnabled })
  await context.addCookies([cookieFor(site.address, cookie)])
  return context.newPage()
}
const official = async (role: 'audit-reader' | 'hr-leader', viewport = desk) =>
  pageFor((await signInAs(site.db, site.url, { kind: 'official', roles: [{ role }] })).cookie, viewport)
const trainer = async () =>
  pageFor(
    (
      await signInAs(site.db, site.url, {
        kind: 'staff',
        name: '陈师傅',
        roles: [{ role: 'trainer', organisationId: lesson.organisationId }],
      })
    ).cookie,
  )

/** The page is right, on this screen and in the hand; with SHOTS set, a picture of each is kept. */
async function both(of: Page, name: string) {
  await looksRight(of)
  if (shots) await of.screenshot({ path: `${shots}/${name}-desk.png`, fullPage: true })
  await of.setViewportSize(phone)
  await looksRight(of)
  if (shots) await of.screenshot({ path: `${shots}/${name}-phone.png`, fullPage: true })
  await of.setViewportSize(desk)
}
/** Enter, and the page that it leads to. */
async function enter(of: Page) {
  await Promise.all([of.waitForEvent('load'), of.keyboard.press('Enter')])
  await of.waitForLoadState('networkidle')
}
const go = (of: Page, path: string) => of.goto(site.address + path)
const counted = async (item = 0) => {
  const { rows } = await sql<{
    s: number
  }>`select coalesce(sum(granted_ms), 0)::float / 1000 as s from learning.stretches
    where registration_id = ${registrationId} and item_id = ${lesson.itemIds[item]}`.execute(site.db)
  return rows[0]?.s ?? 0
}
const film = (at: string) => page.evaluate(`(document.querySelector('video') ?? {}).${at}`)

describe('HZ4-M13 a course from the catalogue to the credential, by keyboard alone', () => {
  test('HZ4-M13 found by the first letters of its name, begun from its page', async () => {
    await go(page, paths.library())
    await tabTo(page, 'searchbox "想学什么')
    await page.keyboard.type('ycdg')
    await enter(page)
    await tabTo(page, 'link "粤菜刀工与火候"')
    await both(page, 'catalogue')
    await tabTo(page, 'link "粤菜刀工与火候"')
    await enter(page)
    await both(page, 'course-public')
    await tabTo(page, 'link "开始学习"')
    await enter(page)
    await both(page, 'course-start')
    await tabTo(page, 'button "开始学习"')
    await enter(page)
    registrationId = /courses\/([0-9a-f-]+)/.exec(page.url())?.[1] as string
    await both(page, 'course-begun')
  })

  test('C16 a film plays by the space bar; a question stops it, is read out and answered by arrow and Enter', async () => {
    await tabTo(page, 'link "开始学：磨刀"')
    await enter(page)
    await both(page, 'film')
    await tabTo(page, 'video "磨刀"')
    await expect.poll(() => film('readyState')).toBeGreaterThanOrEqual(1)
    await sql`update learning.seats set until_question_ms = 4000 where person_id = ${me.personId}`.execute(site.db)
    await page.keyboard.press('Space')
    await expect.poll(() => film('paused')).toBe(false)
    await expect.poll(() => page.locator('dialog[open]').count(), { timeout: 40_000 }).toBe(1)
    expect(await film('paused')).toBe(true)
    expect(await page.locator('dialog').ariaSnapshot()).toMatch(/dialog "请确认您在学习"[\s\S]*group "[\s\S]*radio/)
    await both(page, 'presence')
    const { rows } = await sql<{ options: string[]; answer: number }>`select options, answer from learning.presences
      where person_id = ${me.personId} and outcome is null`.execute(site.db)
    const right = rows[0]?.options[rows[0].answer] ?? ''
    await tabTo(page, 'radio')
    for (let n = 0; n < 6 && !(await spoken(page)).includes(`"${right}"`); n++) await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Space')
    await tabTo(page, 'button "回答，继续学习"')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('dialog[open]').count()).toBe(0)
    expect(await counted()).toBeGreaterThan(0.8 * Number(await film('currentTime')))
  })

  test('C16 who comes back goes on where the film stopped, writes a note for that moment, and sees it to the end', async () => {
    const before = Number(await film('currentTime'))
    await go(page, paths.myCourses())
    await both(page, 'my-courses')
    await tabTo(page, 'link "继续上次"')
    await enter(page)
    await expect.poll(async () => Math.abs(Number(await film('currentTime')) - before)).toBeLessThan(1.5)
    await tabTo(page, '写笔记')
    await page.keyboard.press('Enter')
    await tabTo(page, 'textbox "第几秒')
    expect(await page.locator('input[name="positionSeconds"]').inputValue()).toBe(
      String(Math.floor(Number(await film('currentTime')))),
    )
    await tabTo(page, 'textbox "笔记')
    await page.keyboard.type('粗石开刃，细石收口')
    await tabTo(page, 'button "记下"')
    await enter(page)
    expect(await main(page)).toContain('粗石开刃，细石收口')
    await tabTo(page, 'video "磨刀"')
    await expect.poll(() => film('readyState')).toBeGreaterThanOrEqual(1)
    await sql`update learning.seats set until_question_ms = 2000000000 where person_id = ${me.personId}`.execute(
      site.db,
    )
    await page.keyboard.press('Space')
    await expect.poll(() => film('currentTime'), { timeout: 60_000 }).toBeGreaterThan(20.5)
    await page.keyboard.press('Space')
    await expect.poll(() => counted(), { timeout: 20_000 }).toBeGreaterThanOrEqual(19)
    expect(await counted()).toBeLessThanOrEqual(20)
  })

  test('HZ4-M13 a text is set as it was written, without its HTML, and its time runs by a button', async () => {
    await go(page, paths.lesson(registrationId, lesson.itemIds[1] as string))
    await page.waitForLoadState('networkidle')
    expect(await page.locator('.prose-zh').ariaSnapshot()).toMatch(/heading "下刀之前"[\s\S]*strong[\s\S]*table/)
    expect(await page.locator('.prose-zh').innerHTML()).toContain('&lt;script&gt;')
    await tabTo(page, 'button "开始学习，计时"')
    await page.keyboard.press('Enter')
    await both(page, 'text')
    await expect.poll(() => counted(1), { timeout: 40_000 }).toBeGreaterThanOrEqual(14.25)
  })

  test('HZ4-M13 without script everything can be read, and the page says that nothing counts', async () => {
    const plain = await pageFor(me.cookie, phone, false)
    for (const itemId of lesson.itemIds.slice(0, 2)) {
      await go(plain, paths.lesson(registrationId, itemId))
      expect(await main(plain)).toContain('时间不计入课时')
    }
    expect(await main(plain)).toContain('左手成“猫爪”')
    if (shots) await plain.screenshot({ path: `${shots}/text-plain-phone.png`, fullPage: true })
    await plain.context().close()
  })

  test('HZ4-M13 an assignment goes to the teacher, comes back with a remark, goes again and passes', async () => {
    const teacher = await trainer()
    const hand = async (text: string) => {
      await go(page, paths.lesson(registrationId, lesson.itemIds[2] as string))
      await tabTo(page, 'textbox "我的作业')
      await page.keyboard.type(text)
      await tabTo(page, 'button "交作业"')
      await enter(page)
      expect(await main(page)).toContain('等待批改')
    }
    const mark = async (choice: string, remark: string, name: string) => {
      await go(teacher, paths.learners('provider'))
      await both(teacher, `learners-${name}`)
      await Promise.all([teacher.waitForEvent('load'), teacher.getByRole('link', { name: /何/ }).first().click()])
      await both(teacher, `marking-${name}`)
      await teacher.getByRole('radio', { name: choice, exact: true }).check()
      await teacher.getByLabel('评语').fill(remark)
      await Promise.all([teacher.waitForEvent('load'), teacher.getByRole('button', { name: '批改' }).click()])
      await both(teacher, `marked-${name}`)
    }
    await go(page, paths.lesson(registrationId, lesson.itemIds[2] as string))
    await both(page, 'assignment')
    await hand('直切：脆的料。')
    await mark('未通过，可以再交', '还差两种刀法，请补上。', 'first')
    await go(page, paths.lesson(registrationId, lesson.itemIds[2] as string))
    expect(await main(page)).toContain('还差两种刀法')
    await both(page, 'assignment-back')
    await hand('直切：脆的料；推切：韧的料；锯切：带皮的料。')
    await mark('通过', '写得清楚。', 'second')
    await teacher.context().close()
  })

  test('HZ4-M13 an exam by keyboard: failed, sat again, each answer kept as it is given, time by the server', async () => {
    const begin = async () => {
      await go(page, paths.exam(registrationId, lesson.itemIds[3] as string))
      await both(page, 'exam')
      await tabTo(page, /button "(开始考试|继续答题)"/)
      await enter(page)
      expect(page.url()).toContain('/my/attempts/')
    }
    const choose = async (wanted: string) => {
      for (let n = 0; n < 4 && !(await spoken(page)).includes(wanted); n++) await page.keyboard.press('ArrowDown')
      if (!(await page.locator(':focus').isChecked())) await page.keyboard.press('Space')
      await expect.poll(() => page.locator('.saved-line').innerText()).toContain('已保存')
    }
    const answerAll = async (right: boolean) => {
      const order = await page.locator('.paper-question legend').allInnerTexts()
      expect(order.map((one) => one.slice(0, 2))).toEqual(['1.', '2.'])
      for (const legend of order) {
        await tabTo(page, 'radio')
        await choose(legend.includes('案板') ? (right ? '湿毛巾' : '报纸') : right ? '错' : '对')
      }
    }
    await begin()
    await answerAll(false)
    await both(page, 'paper')
    // what was given is there after the browser has gone
    await page.reload()
    expect(await page.locator('input:checked').count()).toBe(2)
    await tabTo(page, 'button "交卷"')
    await enter(page)
    await expect.poll(() => main(page)).toContain('不合格')
    // no right answer is told while the exam may be sat again
    expect(await main(page)).not.toContain('正确答案：')
    await both(page, 'exam-failed')
    await begin()
    await answerAll(true)
    expect(await main(page)).toMatch(/还剩 (19|20):\d\d/)
    await tabTo(page, 'button "交卷"')
    await enter(page)
    await expect.poll(() => main(page)).toContain('得分 4 / 4')
    expect(await main(page)).toContain('解析：湿毛巾防滑。')
    await both(page, 'exam-passed')
  })

  test('HZ4-M13 all is there: completed, the credential follows, it is in the passport and in the record', async () => {
    await go(page, paths.myCourse(registrationId))
    await both(page, 'course-ready')
    await tabTo(page, 'button "核对并办理学完"')
    await enter(page)
    await expect.poll(() => main(page)).toContain('结业证书正在生成')
    await runJobs(site)
    await page.reload()
    await both(page, 'course-done')
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: '下载结业证书（JSON）' }).click(),
    ])
    const credential = JSON.parse(await readFile(await file.path(), 'utf8'))
    expect(credential.credentialSubject.achievement.name).toBe('粤菜刀工与火候')
    expect(credential.proof.cryptosuite).toBe('eddsa-jcs-2022')
    await go(page, paths.myPassport())
    expect(await main(page)).toContain('粤菜刀工与火候')
    await both(page, 'passport')
    await go(page, '/my/record')
    expect(await main(page)).toContain('结业证书')
    await both(page, 'record')
    const [paper] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /下载学习记录/ }).click(),
    ])
    expect((await readFile(await paper.path())).subarray(0, 5).toString()).toBe('%PDF-')
  })

  test('L04 who has learnt enough may rate; nobody else may', async () => {
    await go(page, paths.libraryCourse(lesson.id))
    await page.getByRole('radio', { name: /5/ }).first().check()
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: /评分/ }).click()])
    expect(await main(page)).toContain('5')
    await both(page, 'rated')
  })

  test('C16 learner and auditor see the same rows: what counted, what did not, and why', async () => {
    site.setTime(new Date(site.ctx().now.getTime() + 86_400_000))
    await runByClock(site, 'learning.settleDays')
    await go(page, paths.myMinutes(registrationId))
    await both(page, 'minutes')
    const own = await page.locator('main table').nth(1).innerText()
    const auditor = await official('audit-reader')
    await go(auditor, paths.learners('office'))
    await both(auditor, 'audit-learners')
    await Promise.all([
      auditor.waitForEvent('load'),
      auditor.locator('main').getByRole('link', { name: /何/ }).first().click(),
    ])
    await both(auditor, 'audit-minutes')
    expect(await auditor.locator('main table').nth(1).innerText()).toBe(own)
    expect(own).toMatch(/计入[\s\S]*正常学习[\s\S]*已暂停/)
    expect(await main(auditor)).toContain('按时答对')
    await auditor.context().close()
  })

  test('C16 the leader takes the completion back; the learner is told, the credential is revoked', async () => {
    const leader = await official('hr-leader')
    await go(leader, paths.learnerMinutes('office', registrationId))
    await leader.getByLabel('原因').fill('查实由他人代学，见核查记录')
    await Promise.all([leader.waitForEvent('load'), leader.getByRole('button', { name: '撤销学完' }).click()])
    await both(leader, 'withdrawn-office')
    await runJobs(site)
    await go(page, paths.myCourse(registrationId))
    expect(await main(page)).toContain('查实由他人代学')
    await both(page, 'withdrawn')
    await go(page, '/my/record')
    expect(await main(page)).toContain('已撤销')
    await leader.context().close()
  })
})
