import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { approvePartner, proposePartner } from '#modules/access/partner.commands.ts'
import { jobs } from '#modules/connect/connect.jobs.ts'
import { claim, mediaType, role, scopeUrls } from '#modules/connect/vocabulary.schema.ts'
import { register } from '#modules/learning/registration.commands.ts'
import { guard, plainCourse, publish, type World, world } from '../fixtures/connect.ts'
import { signInAs } from '../setup/accounts.ts'
import { desk, launchBrowser, phone } from '../setup/browser.ts'
import { cookieFor, looksRight } from '../setup/look.ts'
import { actAsTool, autoPost, type Counterpart, counterpart, launchOf } from '../setup/lti.ts'
import { startSite, type TestSite } from '../setup/site.ts'

/** A tool in our course and our course in a school's platform, by the screens that people use, with a real other side. */
process.env.FORWARD_PRIVATE = 'yes'
let site: TestSite
let browser: Browser
let other: Counterpart
let w: World
let admin: Page
let security: Page
const contexts: BrowserContext[] = []

async function somebody(viewport: { width: number; height: number }, cookie?: string): Promise<Page> {
  const context = await browser.newContext({ viewport, bypassCSP: true, locale: 'zh-CN' })
  if (cookie) await context.addCookies([cookieFor(site.address, cookie)])
  contexts.push(context)
  return context.newPage()
}
/** Without the bypass: what the content policy forbids is forbidden. */
async function held(viewport: { width: number; height: number }, cookie: string): Promise<Page> {
  const context = await browser.newContext({ viewport, locale: 'zh-CN' })
  await context.addCookies([cookieFor(site.address, cookie)])
  contexts.push(context)
  return context.newPage()
}
const text = (page: Page) => page.locator('main').textContent()
const reads = (page: Page, words: string) => expect.poll(() => text(page), { timeout: 20_000 }).toContain(words)
async function look(page: Page, name: string): Promise<void> {
  await looksRight(page)
  if (process.env.PICTURES) await page.screenshot({ path: join(process.env.PICTURES, `${name}.png`), fullPage: true })
}
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
  other = await counterpart()
  w = await world(site)
  actAsTool(other, () => `${site.address}/lti/auth`)
  admin = await somebody(desk, w.admin.cookie)
  security = await somebody(
    desk,
    (await signInAs(site.db, site.url, { name: '安全管理员', roles: [{ role: 'security-admin' }] })).cookie,
  )
})
afterAll(async () => {
  for (const context of contexts) await context.close()
  await browser?.close()
  other?.close()
  await site?.close()
})

let courseId: string
const facts = { clientId: '', deploymentId: '' }

test('HZ4-M13 C25 a tool is registered by one and approved by another', async () => {
  await admin.goto(`${site.address}/provider/connect`)
  await look(admin, 'connect-empty')
  await admin.getByRole('link', { name: '登记外部工具' }).first().click()
  await press(admin, '提交登记')
  await reads(admin, '还不能提交')
  await look(admin, 'tool-new-faults')
  await admin.getByLabel('名称', { exact: true }).fill('焊接仿真实训')
  await admin.getByLabel('用途').fill('焊工课程的平焊、立焊练习，由海珠焊接研究所提供。')
  await admin.getByLabel('登录发起地址').fill(`${other.address}/tool/login`)
  await admin.getByLabel('打开地址').fill(`${other.address}/tool/start`)
  await admin.getByLabel('选内容地址').fill(`${other.address}/tool/pick`)
  await admin.getByLabel('回跳地址').fill(`${other.address}/tool/launch`)
  await admin.getByLabel('公钥地址').fill(`${other.address}/jwks`)
  for (const right of ['交回成绩', '在课程里增减自己的成绩项']) await admin.getByLabel(right).check()
  await look(admin, 'tool-new')
  await press(admin, '提交登记')
  await reads(admin, '安全管理员批准后才能使用')
  await look(admin, 'connect-waiting')
  await security.goto(`${site.address}/office/connect`)
  await look(security, 'office-connect')
  await security.getByRole('link', { name: '焊接仿真实训' }).click()
  await look(security, 'office-tool')
  await press(security, '批准')
  await reads(security, '使用中')
  const tool = await site.db
    .selectFrom('connect.tools')
    .select(['client_id', 'deployment_id'])
    .executeTakeFirstOrThrow()
  facts.clientId = tool.client_id
  facts.deploymentId = tool.deployment_id
})

test('HZ4-M13 the author picks in the tool and adds what came back', async () => {
  other.on('/tool/launch', async ({ form }) => {
    const said = JSON.parse(Buffer.from((form.get('id_token') ?? '').split('.')[1] ?? '', 'base64url').toString())
    if (said[claim.messageType] === 'LtiDeepLinkingRequest') {
      const jwt = await other.keys.sign({
        iss: facts.clientId,
        aud: said.iss,
        nonce: randomUUID(),
        [claim.messageType]: 'LtiDeepLinkingResponse',
        [claim.version]: '1.3.0',
        [claim.deployment]: facts.deploymentId,
        [claim.data]: said[claim.settings].data,
        [claim.items]: [
          {
            type: 'ltiResourceLink',
            title: '平焊练习',
            url: `${other.address}/tool/start?task=1`,
            lineItem: { scoreMaximum: 100, label: '平焊得分' },
          },
          { type: 'ltiResourceLink', title: '立焊练习', url: `${other.address}/tool/start?task=2` },
        ],
      })
      return { body: autoPost(said[claim.settings].deep_link_return_url, { JWT: jwt }) }
    }
    const who = `<p id="who">${said.sub}</p><p id="name">${said.name ?? '没有姓名'}</p>`
    return {
      body: `<!doctype html><html lang="zh-CN"><title>焊接仿真</title><body><h1>焊接仿真</h1>${who}</body></html>`,
    }
  })
  await admin.goto(`${site.address}/provider/library/new`)
  await admin.getByLabel('课程名称').fill('焊工基本功')
  await admin.locator('main form button[type=submit]').first().click()
  await admin.waitForURL(/\/provider\/library\/courses\//)
  courseId = /courses\/([\w-]+)/.exec(admin.url())?.[1] ?? ''
  await admin.goto(`${site.address}/provider/library/courses/${courseId}/tools`)
  await look(admin, 'course-tools')
  await admin.getByRole('button', { name: '到工具里选' }).click()
  await admin.waitForURL(/\/picked\//, { timeout: 30_000 })
  await look(admin, 'picked')
  await admin.getByLabel('章名').fill('实训')
  await admin.getByLabel('合格线').fill('60')
  await admin.getByLabel('立焊练习').uncheck()
  await press(admin, '加入课程')
  await reads(admin, '平焊练习')
  await look(admin, 'course-with-tool')
  await admin.goto(`${site.address}/provider/library/courses/${courseId}/tools`)
  const add = admin.getByRole('link', { name: '填写地址添加' })
  await add.click()
  await look(admin, 'course-tool-new')
  await publish(w, courseId)
})

for (const [device, viewport] of [
  ['desk', desk],
  ['phone', phone],
] as const) {
  test(`HZ4-M13 C16 a learner opens the tool on a ${device}; the score comes back; no hour is counted`, async () => {
    const who = await signInAs(site.db, site.url, { name: '郭学员', identity: 'verified' })
    const { registrationId } = await register(site.ctx(who.actor), { courseId })
    const page = await somebody(viewport, who.cookie)
    await page.goto(`${site.address}/my/courses/${registrationId}`)
    await page.getByRole('link', { name: '平焊练习', exact: true }).click()
    await reads(page, '在外部工具里花的时间不计入学时')
    await look(page, `lesson-${device}`)
    // the way out and back is walked under the real content policy
    const strict = await held(viewport, who.cookie)
    await strict.goto(page.url())
    await press(strict, '打开焊接仿真实训')
    await strict.waitForURL(`${other.address}/tool/launch`, { timeout: 30_000 })
    expect(await strict.locator('#name').textContent()).toBe('没有姓名')
    const subject = (await strict.locator('#who').textContent()) ?? ''
    const assertion = await other.keys.sign({
      iss: facts.clientId,
      sub: facts.clientId,
      aud: `${site.address}/lti/token`,
      jti: randomUUID(),
    })
    const granted = await fetch(`${site.address}/lti/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
        scope: `${scopeUrls.score} ${scopeUrls.lineitem}`,
      }),
    }).then((answer) => answer.json() as Promise<{ access_token: string }>)
    const headers = { authorization: `Bearer ${granted.access_token}` }
    const items = (await (await fetch(`${site.address}/lti/courses/${courseId}/line-items`, { headers })).json()) as {
      id: string
    }[]
    const sent = await fetch(`${items[0]?.id}/scores`, {
      method: 'POST',
      headers: { ...headers, 'content-type': mediaType.score },
      body: JSON.stringify({
        userId: subject,
        scoreGiven: 88,
        scoreMaximum: 100,
        activityProgress: 'Completed',
        gradingProgress: 'FullyGraded',
        timestamp: new Date().toISOString(),
        comment: '焊缝均匀',
      }),
    })
    expect(sent.status).toBe(204)
    await page.reload()
    await reads(page, '88 / 100')
    await look(page, `lesson-graded-${device}`)
    await page.goto(`${site.address}/my/courses/${registrationId}`)
    await reads(page, '已完成')
    const { rows } = await site.owner.query('select count(*)::int as n from learning.stretches')
    expect(rows[0].n).toBe(0)
  })
}

test('HZ4-M13 a tool that opens in a frame runs there and nowhere else, without third-party cookies', async () => {
  await site.owner.query(`update connect.tools set opens = 'frame'`)
  const who = await signInAs(site.db, site.url, { name: '框学员', identity: 'verified' })
  const { registrationId } = await register(site.ctx(who.actor), { courseId })
  const page = await held(desk, who.cookie)
  await page.goto(`${site.address}/my/courses/${registrationId}`)
  await page.getByRole('link', { name: '平焊练习', exact: true }).click()
  await press(page, '打开焊接仿真实训')
  const frame = page.frameLocator('iframe.lesson-frame')
  await expect.poll(() => frame.locator('h1').textContent(), { timeout: 20_000 }).toBe('焊接仿真')
  if (process.env.PICTURES) await page.screenshot({ path: join(process.env.PICTURES, 'lesson-frame.png') })
  await page.reload() // the launch is used: what is shown is the page about it
  await reads(page, '再次打开')
})

let schoolCourse: string
let loginState = { state: '', nonce: '', redirect: '' }
const school = { clientId: 'hz-in-school', deploymentId: 'dep-1', issuer: '' }

test('HZ4-M13 C25 a school’s platform is registered and approved', async () => {
  school.issuer = other.address
  schoolCourse = await plainCourse(w, '安全用电')
  await admin.goto(`${site.address}/provider/connect/platforms/new`)
  await admin.getByLabel('名称', { exact: true }).fill('工贸学校学习平台')
  await admin.getByLabel('用途').fill('学校烹饪、机电专业的学生从校内平台打开课程。')
  await admin.getByLabel('签发方').fill(other.address)
  await admin.getByLabel('客户端编号').fill(school.clientId)
  await admin.getByLabel('部署编号').fill(school.deploymentId)
  await admin.getByLabel('认证地址').fill(`${other.address}/platform/auth`)
  await admin.getByLabel('令牌地址').fill(`${other.address}/platform/token`)
  await admin.getByLabel('公钥地址').fill(`${other.address}/jwks`)
  await look(admin, 'platform-new')
  await press(admin, '提交登记')
  await security.goto(`${site.address}/office/connect`)
  await security.getByRole('link', { name: '工贸学校学习平台' }).click()
  await press(security, '批准')
  await reads(security, '使用中')
  other.on('/platform/auth', async ({ query }) => {
    loginState = {
      state: query.get('state') ?? '',
      nonce: query.get('nonce') ?? '',
      redirect: query.get('redirect_uri') ?? '',
    }
    const deep = query.get('login_hint') === 'teacher'
    const base = launchOf(school, {
      nonce: loginState.nonce,
      sub: query.get('login_hint') ?? '',
      [claim.target]: `${site.address}/lti/launch?course=${schoolCourse}`,
    })
    const picking = {
      [claim.messageType]: 'LtiDeepLinkingRequest',
      [claim.roles]: [role.instructor],
      [claim.settings]: {
        deep_link_return_url: `${other.address}/platform/return`,
        accept_types: ['ltiResourceLink'],
        accept_presentation_document_targets: ['window'],
        accept_multiple: true,
        data: 'd',
      },
    }
    const grades = { [claim.grades]: { scope: [scopeUrls.score], lineitem: `${other.address}/platform/line/1` } }
    const token = await other.keys.sign({ ...base, ...(deep ? picking : grades) })
    return { body: autoPost(loginState.redirect, { id_token: token, state: loginState.state }) }
  })
  other.on('/platform/return', ({ form }) => ({
    body: `<!doctype html><html lang="zh-CN"><title>收到</title><main id="got">${(form.get('JWT') ?? '').length > 100 ? '收到选课' : '没有'}</main></html>`,
  }))
})
const fromSchool = (page: Page, hint: string) =>
  page.goto(
    `${site.address}/lti/login?${new URLSearchParams({ iss: other.address, client_id: school.clientId, login_hint: hint, target_link_uri: `${site.address}/lti/launch` })}`,
  )

test('HZ4-M13 a teacher picks our courses for the school', async () => {
  const teacher = await somebody(desk)
  await fromSchool(teacher, 'teacher')
  await teacher.waitForURL(/\/connect\/pick\//, { timeout: 30_000 })
  await look(teacher, 'pick')
  await teacher.getByLabel('课程名称或内容').fill('安全')
  await teacher.locator('main search button').first().click()
  await teacher.getByLabel('安全用电').check()
  await press(teacher, '送回工贸学校学习平台')
  await teacher.waitForURL(`${other.address}/platform/return`, { timeout: 30_000 })
  expect(await teacher.locator('#got').textContent()).toBe('收到选课')
})

test('HZ4-M13 C01 a pupil on a phone signs in here once, is recognised later, and the school gets the result', async () => {
  const account = await signInAs(site.db, site.url, { name: '罗同学', identity: 'verified' })
  const page = await somebody(phone)
  await fromSchool(page, 'pupil-1')
  await page.waitForURL(/\/connect\/arrive\//, { timeout: 30_000 })
  await reads(page, '请先登录本平台')
  await look(page, 'arrive-sign-in')
  await page.context().addCookies([cookieFor(site.address, account.cookie)]) // he signs in
  await page.reload()
  await reads(page, '关联并进入课程')
  await look(page, 'arrive-agree')
  await press(page, '关联并进入课程')
  await page.waitForURL(/\/my\/courses\//)
  const registrationId = /courses\/([\w-]+)/.exec(page.url())?.[1]
  await fromSchool(page, 'pupil-1')
  await page.waitForURL(/\/my\/courses\//, { timeout: 30_000 })
  other.on('/platform/token', () => ({ type: 'application/json', body: '{"access_token":"t"}' }))
  other.on('/platform/line/1/scores', () => ({ status: 200 }))
  await site.owner.query(
    `insert into learning.completions (registration_id, at, explanation) values ($1, now(), '[]')`,
    [registrationId],
  )
  await jobs['connect.passBack']?.(site.ctx(), {})
  expect(JSON.parse(other.last('/platform/line/1/scores').body)).toMatchObject({ userId: 'pupil-1', scoreGiven: 100 })
  await admin.goto(`${site.address}/provider/connect`)
  await reads(admin, '结果已送 1')
  await look(admin, 'connect-full')
  await page.goto(`${site.address}/account/links`)
  await look(page, 'account-links')
  await press(page, '解除关联')
  await reads(page, '已解除')
  await fromSchool(page, 'pupil-1')
  await page.waitForURL(/\/connect\/arrive\//, { timeout: 30_000 })
  await reads(page, '关联并进入课程')
})

test('HZ4-M13 C25 sign-in at one’s own organisation: registered, approved, offered', async () => {
  await admin.goto(`${site.address}/provider/connect/sign-in/new`)
  await look(admin, 'sign-in-new')
  const { id } = await proposePartner(site.ctx(w.admin.actor), {
    ...{
      organisationId: w.organisationId,
      name: '集团统一认证',
      purpose: '职工登录',
      issuer: other.address,
      clientId: 'c',
      clientSecret: 'a-long-secret',
    },
  })
  await security.goto(`${site.address}/office/connect/sign-ins/${id}`)
  await reads(security, '没有限定邮箱域名')
  await look(security, 'office-sign-in')
  await approvePartner(site.ctx(guard), { id })
  const page = await somebody(phone)
  await page.goto(`${site.address}/sign-in`)
  await page.getByRole('link', { name: '用单位账号登录' }).click()
  await look(page, 'partner-sign-in')
  await page.getByLabel('单位').selectOption({ index: 1 })
  await press(page, '下一步')
  await reads(page, '没有应答') // the counterpart is no OpenID provider: told in words, nobody is sent anywhere
  await look(page, 'partner-unreachable')
})

test('HZ4-M13 a course leaves as a Common Cartridge and comes back by the page, and the page names what did not', async () => {
  const file = await admin.request.get(`${site.address}/provider/library/courses/${courseId}/course.imscc`)
  expect([file.status(), file.headers()['content-type']]).toEqual([200, 'application/vnd.ims.imsccv1p3'])
  await admin.goto(`${site.address}/provider/library/cartridge`)
  await look(admin, 'cartridge-import')
  const choose = async (buffer: Buffer) => {
    await admin.setInputFiles('input[type=file]', { name: 'course.imscc', mimeType: 'application/zip', buffer })
    await press(admin, '导入')
  }
  await choose(Buffer.from('not an archive'))
  await reads(admin, 'imsmanifest.xml')
  await look(admin, 'cartridge-refused')
  await site.owner.query(`update connect.tools set state = 'suspended'`)
  await choose(await file.body())
  await reads(admin, '没有在本平台登记')
  await look(admin, 'cartridge-left')
  await site.owner.query(`update connect.tools set state = 'active'`)
})

test('HZ4-M13 the pages of the office and the organisation fit a phone', async () => {
  for (const [owner, path] of [
    [w.admin.cookie, '/provider/connect'],
    [w.admin.cookie, `/provider/library/courses/${courseId}/tools`],
    [w.admin.cookie, '/provider/connect/tools/new'],
  ] as const) {
    const page = await somebody(phone, owner)
    await page.goto(site.address + path)
    await look(page, `phone${path.replaceAll('/', '-').replace(courseId, 'course')}`)
  }
})
