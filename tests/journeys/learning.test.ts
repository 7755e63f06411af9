import { sql } from 'kysely'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { claimant } from '../fixtures/claims.ts'
import { course, type TestCourse } from '../fixtures/learning.ts'
import { tone } from '../fixtures/sound.ts'
import { setFigure } from '../fixtures/taught.ts'
import { signInAs } from '../setup/accounts.ts'
import { desk, launchBrowser, phone } from '../setup/browser.ts'
import { cookieFor, looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'

let site: TestSite
let browser: Browser
let lesson: TestCourse
const seconds = 40
const shots = process.env.SHOTS

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
  await setFigure(site.db, 'OL.beatSeconds', 1)
  const { id } = await claimant(site.db)
  lesson = await course(site.db, id, [
    {
      kind: 'audio',
      title: '磨刀的声音',
      seconds,
      media: { key: 'media/00/000000000000000000000000000000', type: 'audio/wav' },
    },
    { kind: 'text', title: '刀具养护', plannedSeconds: 20, body: { text: '磨刀石要先泡水。\n\n刀面与石面成十五度。' } },
    {
      kind: 'exam',
      title: '刀工测验',
      body: { pools: [{ pool: '刀工', count: 3 }], minutes: 30, passMark: 60, resits: 1 },
    },
    { kind: 'assignment', title: '切丝一份', body: { task: '切土豆丝200克，说明步骤。', accepts: 'text' } },
  ])
  const question = (kind: string, prompt: string, options: string[], answer: unknown) => ({
    ...{
      course_id: lesson.id,
      pool: '刀工',
      kind,
      prompt,
      points: 5,
      created_by: 'test',
      created_at: new Date('2021-01-01'),
    },
    options: JSON.stringify(options),
    answer: JSON.stringify(answer),
    explanation: '磨刀石泡水后颗粒才松。',
  })
  await site.db
    .insertInto('library.questions')
    .values([
      question('single', '磨刀石先要怎样？', ['泡水', '晒干', '上油'], 0),
      question('true-false', '切丝时手指伸直按住。', [], false),
      question('text', '切片、切丝、切丁统称什么？', [], ['刀工', '刀法']),
    ])
    .execute()
})
afterAll(async () => {
  await browser.close()
  await site.close()
})

async function learner(viewport = desk, javaScriptEnabled = true) {
  const account = await signInAs(site.db, site.url)
  const context = await browser.newContext({ viewport, bypassCSP: true, locale: 'zh-CN', javaScriptEnabled })
  await withSound(context)
  await context.addCookies([cookieFor(site.address, account.cookie)])
  return { account, context, page: await context.newPage() }
}

/** The film itself comes from where the library keeps it; here from memory, in parts as a player asks. */
async function withSound(context: BrowserContext) {
  const file = tone(seconds)
  await context.route('**/library/media/*', (route) => {
    const [, from = '0', to = ''] = /bytes=(\d+)-(\d*)/.exec(route.request().headers().range ?? 'bytes=0-') ?? []
    const last = to === '' ? file.length - 1 : Number(to)
    return route.fulfill({
      status: 206,
      body: file.subarray(Number(from), last + 1),
      headers: {
        'content-type': 'audio/wav',
        'accept-ranges': 'bytes',
        'content-range': `bytes ${from}-${last}/${file.length}`,
      },
    })
  })
}

let shot = 0
async function look(page: Page, name: string) {
  await looksRight(page)
  if (shots) await page.screenshot({ path: `${shots}/${String(++shot).padStart(2, '0')}-${name}.png`, fullPage: true })
}

/** Begins the course as one does it, and tells the registration. */
async function begun(page: Page): Promise<string> {
  await page.goto(`${site.address}/my/courses/start/${lesson.id}`)
  await look(page, 'start')
  await page.getByRole('radio', { name: '自学' }).check()
  await page.getByRole('button', { name: '开始学习' }).click()
  await page.waitForURL(/\/my\/courses\/[0-9a-f-]{36}/)
  return new URL(page.url()).pathname.split('/')[3] as string
}
const account = (page: Page) => page.locator('.player-account').innerText()

/** Presses Tab until the focus is on what is wanted, as somebody does who has no mouse. */
async function tabTo(page: Page, wanted: string): Promise<void> {
  for (let n = 0; n < 80; n++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(`document.activeElement?.matches(${JSON.stringify(wanted)}) ?? false`)) return
  }
  throw new Error(`the keyboard does not reach ${wanted}`)
}

describe.each([
  ['desk', desk],
  ['phone', phone],
] as const)('HZ4-M13 a course on a %s', (name, viewport) => {
  test('HZ4-M13 C16 begun, played by keyboard alone, asked, answered, counted, replayed', async () => {
    const { account: me, page } = await learner(viewport)
    const registrationId = await begun(page)
    await look(page, `course-${name}`)
    await page.getByRole('link', { name: '磨刀的声音' }).click()
    await page.waitForLoadState()
    await page.locator('audio').waitFor()
    await sql`select 1`.execute(site.db)
    await expect
      .poll(() =>
        sql<{ n: number }>`select count(*)::int as n from learning.viewings where person_id = ${me.personId}`
          .execute(site.db)
          .then((r) => r.rows[0]?.n),
      )
      .toBe(1)
    await sql`update learning.seats set until_question_ms = 3000 where person_id = ${me.personId}`.execute(site.db)
    await tabTo(page, 'audio')
    await page.keyboard.press('Space')
    const dialog = page.getByRole('dialog', { name: '请确认您在学习' })
    await dialog.waitFor({ timeout: 60_000 })
    expect(await page.evaluate('document.querySelector("audio").paused')).toBe(true)
    await look(page, `question-${name}`)
    const { answer, options } = await site.db
      .selectFrom('learning.presences')
      .select(['answer', 'options'])
      .where('person_id', '=', me.personId)
      .executeTakeFirstOrThrow()
    expect(options).toHaveLength(4)
    // Space takes the first choice, the arrows go on, Enter answers
    await tabTo(page, 'input[type=radio]')
    await page.keyboard.press('Space')
    for (let n = 0; n < answer; n++) await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await sql`update learning.seats set until_question_ms = 2000000000 where person_id = ${me.personId}`.execute(
      site.db,
    )
    await tabTo(page, 'audio')
    await page.keyboard.press('Space')
    await expect.poll(() => account(page), { timeout: 60_000 }).toMatch(/本节已计 ([5-9]|\d\d)秒/)
    await look(page, `player-${name}`)
    const before = await account(page)
    await page.goto(`${site.address}/my/courses/${registrationId}/items/${lesson.itemIds[0]}`)
    await expect.poll(() => page.evaluate('document.querySelector("audio").currentTime')).toBeGreaterThan(3)
    expect(before).toContain('本节已计')
    await page.goto(`${site.address}/my/courses/${registrationId}/minutes`)
    await look(page, `minutes-${name}`)
    const text = await page.locator('main').innerText()
    expect(text).toContain('计入')
    expect(text).toContain('按时答对')
    await page.goto(`${site.address}/my/courses`)
    await look(page, `courses-${name}`)
    await page.context().close()
  })

  test('HZ4-M13 C16 a text is read, and a second window ends the first', async () => {
    const { account: me, page } = await learner(viewport)
    const registrationId = await begun(page)
    const address = `${site.address}/my/courses/${registrationId}/items/${lesson.itemIds[1]}`
    await page.goto(address)
    const start = page.getByRole('button', { name: '开始学习，计时' })
    await start.waitFor()
    await sql`update learning.seats set until_question_ms = 2000000000 where person_id = ${me.personId}`.execute(
      site.db,
    )
    await start.press('Enter')
    await expect.poll(() => account(page), { timeout: 60_000 }).toMatch(/本节已计 ([3-9]|\d\d)秒/)
    await look(page, `text-${name}`)
    const second = await page.context().newPage()
    await second.goto(address)
    await second.getByText('同一时间只计一处，现在计的是这里').waitFor()
    await page.bringToFront()
    await page.getByText('已停止计时').waitFor({ timeout: 60_000 })
    await look(page, `stopped-${name}`)
    await page.getByRole('button', { name: '在这里继续学习' }).click()
    await start.waitFor()
    await page.context().close()
  })

  test('HZ4-M13 an exam by keyboard alone: saved at every answer, there again after a crash, marked with reasons', async () => {
    const { page } = await learner(viewport)
    const registrationId = await begun(page)
    await page.goto(`${site.address}/my/courses/${registrationId}/exams/${lesson.itemIds[2]}`)
    await look(page, `exam-${name}`)
    await tabTo(page, 'button.btn-primary')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/my\/attempts\//)
    await page.waitForFunction('document.querySelector(".paper-question") !== null')
    await page.waitForLoadState('networkidle')
    await look(page, `paper-${name}`)
    await tabTo(page, 'input.input')
    await page.keyboard.type('刀工')
    const kept = page.getByText('已保存。')
    await page.keyboard.press('Tab')
    await kept.waitFor()
    const address = page.url()
    const { context } = { context: page.context() }
    await page.close({ runBeforeUnload: false })
    const again = await context.newPage()
    await again.goto(address)
    expect(await again.locator('input.input').inputValue()).toBe('刀工')
    await again.waitForLoadState('networkidle')
    await again.locator('input[type=radio]').first().focus()
    for (const choice of ['泡水', '错']) {
      await again.getByRole('radio', { name: choice, exact: true }).focus()
      await again.keyboard.press('Space')
      await kept.waitFor().catch(() => {})
    }
    await tabTo(again, 'button[value="hand-in"]')
    await again.keyboard.press('Enter')
    await again.getByText('得分').waitFor()
    await look(again, `result-${name}`)
    expect(await again.locator('main').innerText()).toMatch(/合格[\s\S]*得分 15 \/ 15/)
    await context.close()
  })
})

describe('HZ4-M13 without script, and the teacher', () => {
  test('HZ4-M13 a film is shown and says that nothing counts; texts and exams work', async () => {
    const { page } = await learner(phone, false)
    const registrationId = await begun(page)
    await page.goto(`${site.address}/my/courses/${registrationId}/items/${lesson.itemIds[0]}`)
    expect(await page.locator('audio[controls]').count()).toBe(1)
    expect(await page.locator('main').innerText()).toContain('时间不计入课时')
    await page.goto(`${site.address}/my/courses/${registrationId}/exams/${lesson.itemIds[2]}`)
    await page.getByRole('button', { name: '开始考试' }).click()
    await page.getByRole('radio', { name: '泡水', exact: true }).check()
    await page.getByRole('button', { name: '保存，先不交' }).click()
    expect(await page.getByRole('radio', { name: '泡水', exact: true }).isChecked()).toBe(true)
    await page.getByRole('button', { name: '交卷' }).click()
    expect(await page.locator('main').innerText()).toMatch(/不合格[\s\S]*得分 5 \/ 15[\s\S]*没有作答/)
    await page.context().close()
  })

  test('HZ4-M13 an assignment is handed in, marked by the provider, and asked for at the end', async () => {
    const { page } = await learner()
    const registrationId = await begun(page)
    await page.goto(`${site.address}/my/courses/${registrationId}`)
    await page.getByRole('button', { name: '核对并办理学完' }).click()
    await page.getByText('还有4项没有完成').waitFor()
    await look(page, 'not-complete')
    await page.goto(`${site.address}/my/courses/${registrationId}/items/${lesson.itemIds[3]}`)
    await page.getByLabel('我的作业').fill('先切片，再叠起来切丝。')
    await page.getByRole('button', { name: '交作业' }).click()
    await page.getByText('等待批改').first().waitFor()
    await look(page, 'assignment')
    const teacher = await signInAs(site.db, site.url, {
      name: '陈师傅',
      roles: [{ role: 'provider-academic', organisationId: lesson.organisationId }],
    })
    const context = await browser.newContext({ viewport: desk, bypassCSP: true, locale: 'zh-CN' })
    await context.addCookies([cookieFor(site.address, teacher.cookie)])
    const marking = await context.newPage()
    await marking.goto(`${site.address}/provider/learners`)
    await look(marking, 'learners')
    await marking.locator('section', { hasText: '待批改的作业' }).getByRole('link').first().click()
    await marking.getByRole('radio', { name: '通过', exact: true }).check()
    await marking.getByLabel('评语').fill('步骤清楚，粗细均匀。')
    await look(marking, 'submission')
    await marking.getByRole('button', { name: '批改' }).click()
    await marking.getByText('步骤清楚，粗细均匀。').waitFor()
    await page.reload()
    await page.getByText('步骤清楚，粗细均匀。').waitFor()
    await marking.goto(`${site.address}/provider/learners/${registrationId}`)
    await look(marking, 'learner-minutes')
    await context.close()
    await page.context().close()
  })
})
