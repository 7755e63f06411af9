import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { paths } from '#web/paths.ts'
import { organisationFor } from '../fixtures/lessons.ts'
import { wav } from '../fixtures/library.ts'
import { captions } from '../fixtures/online-course.ts'
import { signInAs, type Wanted } from '../setup/accounts.ts'
import { desk, launchBrowser, phone } from '../setup/browser.ts'
import { runByClock, runJobs } from '../setup/jobs.ts'
import { cookieFor, looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'
import { main } from '../setup/visitors.ts'

/** A course on its way into the library: made, looked at by two, on trial, listed, found. */
let site: TestSite
let browser: Browser
let organisationId = ''
let courseId = ''
const shots = process.env.SHOTS
const day = 86_400_000

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
  organisationId = await organisationFor(site.db)
  await sql`insert into occupations.occupations (edition, code, title, level_scheme, verified, source)
    values ('2015', '4-03-02-01', '中式烹调师', 'SKILL_5', true, 'test') on conflict do nothing`.execute(site.db)
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
})

async function pageOf(wanted: Wanted): Promise<Page> {
  const context = await browser.newContext({ viewport: desk, bypassCSP: true, locale: 'zh-CN' })
  const { cookie } = await signInAs(site.db, site.url, wanted)
  context.setDefaultTimeout(60_000) // for what hangs, not for what is slow
  await context.addCookies([cookieFor(site.address, cookie)])
  return context.newPage()
}
const go = (of: Page, path: string) => of.goto(site.address + path)
async function both(of: Page, name: string) {
  await looksRight(of)
  if (shots) await of.screenshot({ path: `${shots}/library-${name}-desk.png`, fullPage: true })
  await of.setViewportSize(phone)
  await looksRight(of)
  if (shots) await of.screenshot({ path: `${shots}/library-${name}-phone.png`, fullPage: true })
  await of.setViewportSize(desk)
}
async function press(of: Page, name: string, role: 'button' | 'link' = 'button') {
  await Promise.all([of.waitForEvent('load'), of.getByRole(role, { name, exact: true }).first().click()])
}
const open = (of: Page, label: string) => of.getByText(label, { exact: true }).click()

describe('HZ4-M13 a course of the resource library', () => {
  let contributor: Page

  test('HZ4-M13 the contributor makes a course', async () => {
    contributor = await pageOf({ name: '潘教务', roles: [{ role: 'provider-academic', organisationId }] })
    await go(contributor, paths.courses('provider'))
    await go(contributor, paths.newCourse('provider'))
    await press(contributor, '建好课程')
    expect(await main(contributor)).toMatch(/课程名称/)
    await both(contributor, 'new-faults')
    await contributor.getByLabel('课程名称').fill('粤菜师傅：汤与火候')
    await contributor.getByLabel('课程简介').fill('**老火汤**和快火炒，差在哪里。')
    await press(contributor, '建好课程')
    courseId = /courses\/([0-9a-f-]{36})/.exec(contributor.url())?.[1] as string
    await both(contributor, 'course-empty')
  })

  test('HZ4-M13 twenty megabytes go up in pieces, are stopped and go on, and arrive whole', async () => {
    const bytes = Buffer.from(wav(2500))
    await go(contributor, paths.courseFiles('provider'))
    await contributor.waitForLoadState('networkidle')
    const wire = await contributor.context().newCDPSession(contributor)
    const slow = { offline: false, latency: 20, downloadThroughput: -1, uploadThroughput: 2_000_000 }
    await wire.send('Network.emulateNetworkConditions', slow)
    const offsets: number[] = []
    contributor.on('request', (request) => {
      if (request.method() === 'PATCH') offsets.push(Number(request.headers()['upload-offset']))
    })
    await contributor
      .getByLabel('选择要上传的文件')
      .setInputFiles({ name: '老火汤讲解.wav', mimeType: 'audio/wav', buffer: bytes })
    await contributor.getByRole('button', { name: /暂停.*老火汤讲解/ }).click()
    await contributor.getByRole('button', { name: /继续.*老火汤讲解/ }).waitFor()
    const stopped = await contributor.locator('progress').evaluate((bar: HTMLProgressElement) => bar.value)
    await both(contributor, 'files-paused')
    expect(await contributor.locator('progress').evaluate((bar: HTMLProgressElement) => bar.value)).toBe(stopped)
    expect(stopped).toBeLessThan(bytes.length)
    await contributor.getByRole('button', { name: /继续.*老火汤讲解/ }).click()
    await contributor.getByText('上传结束').waitFor()
    expect(Math.max(...offsets)).toBeGreaterThan(0)
    await runJobs(site)
    await press(contributor, '刷新列表看查验结果', 'link')
    await both(contributor, 'files-ready')
    const { rows } = await sql<{ size: number; state: string; s: number }>`select size_bytes::int as size, state,
      round(duration_seconds)::int as s from library.media where organisation_id = ${organisationId}`.execute(site.db)
    expect(rows).toEqual([{ size: bytes.length, state: 'ready', s: 2500 }])
  })

  test('HZ4-M13 captions are looked through line by line; a wrong line is named', async () => {
    await press(contributor, '老火汤讲解.wav', 'link')
    const add = async (text: string) => {
      await contributor.getByLabel('语言').selectOption('zh-CN')
      await contributor
        .getByLabel('字幕文件')
        .setInputFiles({ name: '字幕.vtt', mimeType: 'text/vtt', buffer: Buffer.from(text) })
      await press(contributor, '添加字幕')
    }
    await add('WEBVTT\n\n00:12.000 --> 00:03.000\n倒着走的字幕\n')
    expect(await main(contributor)).toMatch(/第 ?3 ?行/)
    await add(captions)
    expect(await main(contributor)).toContain('2 条')
    await both(contributor, 'captions')
  })

  test('HZ4-M13 sound, text, questions and an exam; submitted with the commitment signed', async () => {
    const item = async (kind: string, title: string, fill: () => Promise<void>) => {
      await go(contributor, paths.addItem('provider', courseId, kind))
      await contributor.locator('[name=chapterTitle]').fill('汤')
      await contributor.locator('[name=title]').fill(title)
      await fill()
      if (kind === 'exam') await both(contributor, 'item-exam')
      await press(contributor, '添加')
    }
    await item('audio', '老火汤讲解', async () => {
      await contributor.locator('select[name=mediaId]').selectOption({ index: 1 })
      await contributor.locator('[name=plannedMinutes]').fill('42')
    })
    await item('text', '火候口诀', async () => {
      await contributor.locator('[name="body.text"]').fill('大火**烧开**，小火慢煲。')
      await contributor.locator('[name=plannedMinutes]').fill('10')
    })
    await go(contributor, paths.questions('provider', courseId))
    for (const prompt of ['煲汤先大火后小火。', '汤煲得越久越好。']) {
      await open(contributor, '逐题添加')
      await contributor.locator('[name=pool]').fill('汤')
      await contributor.locator('input[name=kind][value=true-false]').check()
      await contributor.locator('[name=prompt]').fill(prompt)
      await contributor.locator('[name=answer]').fill(prompt.includes('越久') ? '错' : '对')
      await press(contributor, '添加这道题')
    }
    await both(contributor, 'questions')
    await item('exam', '结课考试', async () => {
      await contributor.locator('[name="body.pools.0.pool"]').selectOption({ index: 1 })
      await contributor.locator('[name="body.pools.0.count"]').fill('2')
      await contributor.locator('[name="body.passMark"]').fill('60')
      await contributor.locator('[name=plannedMinutes]').fill('5')
    })
    await go(contributor, paths.course('provider', courseId))
    await contributor.locator('[name=plannedClassHours]').fill('1')
    await press(contributor, '保存课时')
    await press(contributor, '提交入库', 'link')
    await both(contributor, 'submit')
    await contributor.locator('input[name=basis]').first().check()
    await contributor.locator('input[name=signed]').check()
    await press(contributor, '签署并提交')
    expect(await main(contributor)).toContain('待评审')
    await both(contributor, 'submitted')
  })

  test('L01 two reviewers of two bodies, each blind to the other; together they put it on trial', async () => {
    const bodies = [
      ['范评审', 'educationBureau'],
      ['江评审', 'govDataBureau'],
    ] as const
    for (const [name, body] of bodies) {
      const reviewer = await pageOf({ name, kind: 'official', roles: [{ role: 'library-reviewer', body }] })
      await go(reviewer, paths.libraryDesk())
      await press(reviewer, '粤菜师傅：汤与火候', 'link')
      await press(reviewer, '领取评审')
      await reviewer.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true })")
      if (body === 'educationBureau') await both(reviewer, 'round')
      expect(await main(reviewer)).toContain('题库和答案')
      expect(await main(reviewer)).not.toContain('讲得透')
      for (const score of await reviewer.locator('select[name^="scores."]').all()) await score.selectOption('4')
      await reviewer.locator('[name=opinion]').fill(`讲得透，题目与内容对应（${name}）。`)
      await press(reviewer, '提交评审意见')
      await reviewer.context().close()
    }
    await go(contributor, paths.course('provider', courseId))
    expect(await main(contributor)).toContain('试用')
    await both(contributor, 'trial')
  })

  test('L02 found in the catalogue by word, letters and facet; the trial over, it is admitted by the night', async () => {
    const visitor = await (await browser.newContext({ viewport: desk, bypassCSP: true, locale: 'zh-CN' })).newPage()
    for (const q of ['火候', 'huohou', 'ycsf']) {
      await go(visitor, paths.library({ q }))
      expect(await main(visitor), q).toContain('粤菜师傅：汤与火候')
    }
    await go(visitor, paths.library({ q: '剪纸' }))
    expect(await main(visitor)).toContain('没有符合这些条件的课程')
    await go(visitor, paths.library())
    await visitor.getByText('按职业、等级、人群、课时筛选').click()
    await visitor.locator('select[name=hours]').selectOption({ index: 1 })
    await press(visitor, '筛选')
    expect(await main(visitor)).toContain('粤菜师傅：汤与火候')
    await both(visitor, 'catalogue-facet')
    site.setTime(new Date(site.ctx().now.getTime() + 31 * day))
    await runByClock(site, 'library.watchAll')
    await go(visitor, paths.libraryCourse(courseId))
    expect(await main(visitor)).toContain('已入库')
    await both(visitor, 'public')
  })
})
