/** LTI 1.3 as a tool: what a school's platform sends us (`T`), and what we send back (`P` for passing grades back). */
import { randomUUID } from 'node:crypto'
import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { jobs } from '#modules/connect/connect.jobs.ts'
import { endLink, enter } from '#modules/connect/entry.commands.ts'
import { proposePlatform, suspendPlatform } from '#modules/connect/platform.commands.ts'
import { claim, mediaType, scopeUrls } from '#modules/connect/vocabulary.schema.ts'
import { type Browser, browserAt, guard, plainCourse, platformOf, type World, world } from '../../fixtures/connect.ts'
import { faultOf } from '../../fixtures/training.ts'
import { signInAs } from '../../setup/accounts.ts'
import { type Counterpart, counterpart, type Forge, formIn, launchOf, onwardIn, unsigned } from '../../setup/lti.ts'
import { startSite, type TestSite } from '../../setup/site.ts'

process.env.FORWARD_PRIVATE = 'yes'
let site: TestSite
let school: Counterpart
let w: World
let platform: Awaited<ReturnType<typeof platformOf>>
let courseId: string

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  school = await counterpart()
  w = await world(site)
  platform = await platformOf(w, school)
  courseId = await plainCourse(w)
})
afterAll(async () => {
  school?.close()
  await site?.close()
})

const person = () => signInAs(site.db, site.url, { name: '来学员', identity: 'verified' })
const target = () => `${site.address}/lti/launch?course=${courseId}`
const start = (browser: Browser, more: Record<string, string> = {}) =>
  browser.get(
    `/lti/login?${new URLSearchParams({ iss: platform.issuer, login_hint: 'u7', target_link_uri: target(), client_id: platform.clientId, ...more })}`,
  )
/** Begins in a browser; gives what the platform was asked. */
async function begun(browser: Browser) {
  const to = new URL((await start(browser)).location ?? '')
  return { state: to.searchParams.get('state') ?? '', nonce: to.searchParams.get('nonce') ?? '', to }
}
const claims = (nonce: string, more: JWTPayload = {}) =>
  launchOf(platform, { nonce, [claim.target]: target(), ...more })
async function arrived(browser: Browser, more: JWTPayload = {}, forge: Forge = {}) {
  const { state, nonce } = await begun(browser)
  return browser.postFromElsewhere('/lti/launch', {
    state,
    id_token: await school.keys.sign(claims(nonce, more), forge),
  })
}
const codeOf = (answer: { text: string }) =>
  /\/connect\/(?:arrive|pick)\/([\w-]+)/.exec(onwardIn(answer.text))?.[1] ?? ''

describe('T login', () => {
  test('T5.1.1 HZ4-M13 sends back to the platform’s own address, with a fresh state and nonce, tied to this browser', async () => {
    const browser = browserAt(site)
    const answer = await start(browser, { lti_message_hint: 'keep-me', lti_deployment_id: platform.deploymentId })
    const to = new URL(answer.location ?? '')
    expect(to.origin + to.pathname).toBe(`${school.address}/platform/auth`)
    expect(Object.fromEntries(to.searchParams)).toMatchObject({
      scope: 'openid',
      response_type: 'id_token',
      response_mode: 'form_post',
      prompt: 'none',
      client_id: platform.clientId,
      redirect_uri: `${site.address}/lti/launch`,
      login_hint: 'u7',
      lti_message_hint: 'keep-me',
    })
    expect(answer.headers.get('set-cookie')).toMatch(/lti_browser=[\w-]{32}; Path=\/; HttpOnly; SameSite=Lax/)
    const again = await begun(browserAt(site))
    expect([again.state === to.searchParams.get('state'), again.nonce === to.searchParams.get('nonce')]).toEqual([
      false,
      false,
    ])
  })
  test('T5.1.1 by POST as well; without a client only where there is no doubt', async () => {
    const fields = { iss: platform.issuer, login_hint: 'u', target_link_uri: target() }
    expect((await browserAt(site).postFromElsewhere('/lti/login', fields)).status).toBe(302)
  })
  test.each([
    ['an unknown issuer', { iss: 'https://else.example' }],
    ['another client', { client_id: 'else' }],
    ['an unknown deployment', { lti_deployment_id: 'else' }],
    ['a target that is not ours', { target_link_uri: 'https://evil.example/x' }],
    ['no hint', { login_hint: '' }],
    ['no issuer', { iss: '' }],
  ])('T5.1.1 refused: %s', async (_, more) => {
    const answer = await start(browserAt(site), more as unknown as Record<string, string>)
    expect([answer.status, answer.location]).toEqual([400, null])
  })
  test('T5.1.1 in a frame of somebody else: a page that leads out of it, and nothing begun', async () => {
    const before = (await site.owner.query('select count(*)::int as n from connect.logins')).rows[0].n
    const answer = await fetch(
      `${site.address}/lti/login?${new URLSearchParams({ iss: platform.issuer, login_hint: 'u', target_link_uri: target() })}`,
      {
        headers: { 'sec-fetch-dest': 'iframe' },
      },
    )
    expect(await answer.text()).toContain('target="_blank"')
    expect((await site.owner.query('select count(*)::int as n from connect.logins')).rows[0].n).toBe(before)
  })
})

describe('T launch', () => {
  test('T5.1.3 HZ4-M13 a good message leads to a page that asks who is there; nobody is signed in by it', async () => {
    const browser = browserAt(site)
    const answer = await arrived(browser)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('set-cookie')).toBeNull()
    const page = await browser.get(onwardIn(answer.text))
    expect([page.status, page.text.includes('请先登录本平台'), page.text.includes('安全用电')]).toEqual([
      200,
      true,
      true,
    ])
    expect([...browser.jar.keys()]).toEqual(['lti_browser'])
  })
  test.each([
    ['another audience', { aud: 'else' }, {}],
    ['several audiences and no azp', { aud: ['hz-tool-1', 'else'] }, {}],
    ['azp of another', { azp: 'else' }, {}],
    ['another issuer', { iss: 'https://else.example' }, {}],
    ['another nonce', { nonce: 'else' }, {}],
    ['no nonce', { nonce: undefined }, {}],
    ['a foreign deployment', { [claim.deployment]: 'dep-9' }, {}],
    ['no deployment', { [claim.deployment]: undefined }, {}],
    ['another version', { [claim.version]: '1.1' }, {}],
    ['another message', { [claim.messageType]: 'LtiSubmissionReviewRequest' }, {}],
    ['nobody', { sub: undefined }, {}],
    ['no roles', { [claim.roles]: undefined }, {}],
    ['no link', { [claim.link]: undefined }, {}],
    ['no target', { [claim.target]: undefined }, {}],
    ['expired', {}, { issuedAt: -7200, expiresAt: -3600 }],
    ['from the future', {}, { issuedAt: 3600, expiresAt: 7200 }],
  ] as [string, JWTPayload, Forge][])('T5.1.3 refused: %s', async (_, more, times) => {
    const now = Math.floor(Date.now() / 1000)
    const forge = Object.fromEntries(Object.entries(times).map(([name, value]) => [name, now + (value as number)]))
    const answer = await arrived(browserAt(site), more, forge)
    expect([answer.status, codeOf(answer)]).toEqual([400, ''])
  })
  test('T5.1.3 refused: no signature, HS256, another key', async () => {
    const rival = await counterpart()
    for (const forgery of ['none', 'hs256', 'rival']) {
      const { state, nonce } = await begun(browserAt(site))
      const now = Math.floor(Date.now() / 1000)
      const key = new TextEncoder().encode(JSON.stringify(school.keys.jwk))
      const token =
        forgery === 'none'
          ? unsigned({ ...claims(nonce), iat: now, exp: now + 300 })
          : forgery === 'hs256'
            ? await school.keys.sign(claims(nonce), { alg: 'HS256', key })
            : await rival.keys.sign(claims(nonce))
      expect([
        forgery,
        (await browserAt(site).postFromElsewhere('/lti/launch', { state, id_token: token })).status,
      ]).toEqual([forgery, 400])
    }
    rival.close()
  })
  test('T5.1.3 a state is used once; a message cannot be sent again, not even under another state', async () => {
    const browser = browserAt(site)
    const { state, nonce } = await begun(browser)
    const token = await school.keys.sign(claims(nonce))
    const both = await Promise.all(
      [1, 2].map(() => browser.postFromElsewhere('/lti/launch', { state, id_token: token })),
    )
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 400])
    const other = await begun(browser)
    expect((await browser.postFromElsewhere('/lti/launch', { state: other.state, id_token: token })).status).toBe(400)
    expect((await browser.postFromElsewhere('/lti/launch', { state: 'x'.repeat(32), id_token: token })).status).toBe(
      400,
    )
    expect((await browser.postFromElsewhere('/lti/launch', { id_token: token })).status).toBe(400)
  })
  test('T5.1.3 C01 sign-in begun elsewhere: a stranger’s message cannot be finished in the victim’s browser', async () => {
    const attacker = browserAt(site)
    const answer = await arrived(attacker)
    const victim = await person()
    const page = await browserAt(site, victim.cookie).get(onwardIn(answer.text))
    expect(page.text).toContain('这次进入不是从这个浏览器开始的')
    expect(
      await faultOf(enter(site.ctx(victim.actor), { code: codeOf(answer), browser: 'x'.repeat(32), agree: true })),
    ).toBe('arrival-other-browser')
  })
  test('T5.1.3 C25 a platform that was suspended brings nobody in', async () => {
    const second = await platformOf(w, school, { clientId: 'hz-tool-2', name: '另一平台' })
    const browser = browserAt(site)
    const to = new URL((await start(browser, { client_id: second.clientId })).location ?? '')
    await suspendPlatform(site.ctx(guard), { id: second.id, note: '学校要求' })
    const [state, nonce] = [to.searchParams.get('state') ?? '', to.searchParams.get('nonce') ?? '']
    const token = await school.keys.sign({ ...claims(nonce), aud: 'hz-tool-2' })
    expect((await browser.postFromElsewhere('/lti/launch', { state, id_token: token })).status).toBe(400)
    expect((await start(browserAt(site), { client_id: 'hz-tool-2' })).status).toBe(400)
  })
})

/** Somebody signed in here who comes from the platform, and says yes. */
async function linked(sub: string, more: JWTPayload = {}) {
  const who = await person()
  const browser = browserAt(site, who.cookie)
  const answer = await arrived(browser, { sub, ...more })
  const done = await browser.post(onwardIn(answer.text), {})
  return { who, browser, registrationId: /\/my\/courses\/([\w-]+)/.exec(done.location ?? '')?.[1] ?? '', done }
}

describe('T who is there', () => {
  test('C01 HZ4-M13 linked once by the person; later launches go straight in while that person is signed in', async () => {
    const { browser, registrationId } = await linked('s-1')
    expect(registrationId).toBeTruthy()
    const again = await browser.get(onwardIn((await arrived(browser, { sub: 's-1' })).text))
    expect([again.status, again.location]).toEqual([302, `/my/courses/${registrationId}`])
    browser.jar.delete('skills.session_token')
    const out = await browser.get(onwardIn((await arrived(browser, { sub: 's-1' })).text))
    expect(out.text).toContain('请先登录本平台') // the platform’s word alone opens nothing
  })
  test('C01 a link without saying yes is none; a code is used once', async () => {
    const who = await person()
    const browser = browserAt(site, who.cookie)
    const answer = await arrived(browser, { sub: 's-2' })
    const [code, cookie] = [codeOf(answer), browser.jar.get('lti_browser') ?? '']
    expect(await faultOf(enter(site.ctx(who.actor), { code, browser: cookie }))).toBe('missing')
    const both = await Promise.all(
      [1, 2].map(() =>
        enter(site.ctx(who.actor), { code, browser: cookie, agree: true }).then(
          () => 'in',
          () => 'out',
        ),
      ),
    )
    expect(both.toSorted()).toEqual(['in', 'out'])
  })
  test('C01 an account there that is linked to somebody brings nobody else in, and no second account for one person', async () => {
    await linked('s-3')
    const other = await person()
    const browser = browserAt(site, other.cookie)
    const page = await browser.get(onwardIn((await arrived(browser, { sub: 's-3' })).text))
    expect(page.text).toContain('已与本平台的另一个人关联')
    const { browser: mine } = await linked('s-4')
    const answer = await arrived(mine, { sub: 's-5' })
    const refused = await mine.post(onwardIn(answer.text), {})
    expect([refused.status, refused.text.includes('与贵校平台上的另一个账号关联')]).toEqual([409, true])
  })
  test('C01 C25 officials are never linked; a link that its person ended asks again', async () => {
    const official = await signInAs(site.db, site.url, { name: '审计', roles: [{ role: 'audit-reader' }] })
    const browser = browserAt(site, official.cookie)
    const answer = await arrived(browser, { sub: 's-6' })
    expect((await browser.get(onwardIn(answer.text))).text).toContain('请用个人方式登录')
    const input = { code: codeOf(answer), browser: browser.jar.get('lti_browser') ?? '', agree: true }
    expect(await faultOf(enter(site.ctx(official.actor), input))).toBe('link-official')
    const { who, browser: mine } = await linked('s-7')
    const { rows } = await site.owner.query('select id from connect.account_links where person_id = $1', [who.personId])
    expect(await faultOf(endLink(site.ctx((await person()).actor), { id: rows[0].id }))).toBe('missing')
    await endLink(site.ctx(who.actor), { id: rows[0].id })
    expect((await mine.get(onwardIn((await arrived(mine, { sub: 's-7' })).text))).text).toContain('关联并进入课程')
  })
  test('T5.3 a teacher is shown the course and not made its learner; a link without a course says so', async () => {
    const browser = browserAt(site, (await person()).cookie)
    const teaching = { [claim.roles]: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor'] }
    const page = await browser.get(onwardIn((await arrived(browser, { sub: 't-1', ...teaching })).text))
    expect(page.location).toBe(`/library/courses/${courseId}`)
    const bare = await browser.get(
      onwardIn((await arrived(browser, { sub: 't-2', [claim.target]: `${site.address}/lti/launch` })).text),
    )
    expect(bare.text).toContain('没有说明要打开哪门课程')
    const { rows } = await site.owner.query(
      `select count(*)::int as n from connect.account_links where subject_sealed like '%t-1%'`,
    )
    expect(rows[0].n).toBe(0) // sealed, and there is none
  })
})

describe('T deep linking', () => {
  const asking = (more: Record<string, unknown> = {}): JWTPayload => ({
    [claim.messageType]: 'LtiDeepLinkingRequest',
    [claim.link]: undefined,
    [claim.roles]: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor'],
    [claim.settings]: {
      deep_link_return_url: `${school.address}/platform/return`,
      accept_types: ['ltiResourceLink'],
      accept_presentation_document_targets: ['window'],
      accept_multiple: true,
      data: 'theirs-to-keep',
      ...more,
    },
  })
  test('D4 HZ4-M13 a teacher picks from what everybody may see; the answer is signed, has their data, opens our launch', async () => {
    const browser = browserAt(site)
    const answer = await arrived(browser, asking())
    const page = await browser.get(onwardIn(answer.text))
    expect(page.text).toContain('安全用电')
    const code = codeOf(answer)
    const none = await browser.post(`/lti/pick/${code}`, {})
    expect([none.status, none.text.includes('还没有选课程')]).toEqual([400, true])
    const sent = formIn((await browser.post(`/lti/pick/${code}`, { course: courseId })).text)
    expect(sent.action).toBe(`${school.address}/platform/return`)
    const keys = createLocalJWKSet(JSON.parse((await browser.get('/lti/jwks')).text))
    const { payload } = await jwtVerify(sent.fields.JWT ?? '', keys, {
      issuer: platform.clientId,
      audience: platform.issuer,
    })
    expect(payload).toMatchObject({
      nonce: expect.any(String),
      [claim.messageType]: 'LtiDeepLinkingResponse',
      [claim.version]: '1.3.0',
      [claim.deployment]: platform.deploymentId,
      [claim.data]: 'theirs-to-keep',
      [claim.items]: [
        {
          type: 'ltiResourceLink',
          title: '安全用电',
          url: target(),
          custom: { course_id: courseId },
          lineItem: { scoreMaximum: 100, resourceId: courseId },
        },
      ],
    })
    expect((await browser.post(`/lti/pick/${code}`, { course: courseId })).status).toBe(400)
  })
  test('D3 one where only one is taken; refused: no return address, no resource links wanted, another browser, a draft', async () => {
    const second = await plainCourse(w, '第二门')
    const browser = browserAt(site)
    const code = codeOf(await arrived(browser, asking({ accept_multiple: false })))
    const answer = await fetch(`${site.address}/lti/pick/${code}`, {
      method: 'POST',
      headers: { cookie: `lti_browser=${browser.jar.get('lti_browser')}` },
      body: new URLSearchParams([
        ['course', courseId],
        ['course', second],
      ]),
    })
    const { fields } = formIn(await answer.text())
    const items = JSON.parse(Buffer.from(fields.JWT?.split('.')[1] ?? '', 'base64url').toString())[claim.items]
    expect(items.length).toBe(1)
    for (const more of [{ deep_link_return_url: undefined }, { accept_types: ['file'] }, { accept_types: undefined }])
      expect((await arrived(browserAt(site), asking(more))).status).toBe(400)
    const stolen = codeOf(await arrived(browserAt(site), asking()))
    expect((await browserAt(site).post(`/lti/pick/${stolen}`, { course: courseId })).status).toBe(400)
    const mine = codeOf(await arrived(browser, asking()))
    expect((await browser.post(`/lti/pick/${mine}`, { course: randomUUID() })).status).toBe(400)
    const bad = codeOf(await arrived(browser, asking({ deep_link_return_url: 'javascript:alert(1)' })))
    const out = await browser.post(`/lti/pick/${bad}`, { course: courseId })
    expect([out.status, formIn(out.text).action]).toEqual([400, ''])
  })
})

describe('P grades back', () => {
  const scores = () => school.calls.filter(({ path }) => path === '/platform/line/7/scores')
  const endpoint = (more: Record<string, unknown> = {}) => ({
    [claim.grades]: { scope: [scopeUrls.score], lineitem: `${school.address}/platform/line/7?type=x`, ...more },
  })
  const complete = (registrationId: string) =>
    site.owner.query(
      `insert into learning.completions (registration_id, at, explanation) values ($1, '2021-09-15T03:00:00Z', '[]')`,
      [registrationId],
    )
  const run = () => jobs['connect.passBack']?.(site.ctx(), {})
  const due = () =>
    site.owner.query(`update connect.deliveries set next_at = now() - interval '1 second' where state = 'queued'`)
  const deliveries = async () =>
    (await site.owner.query('select state, tries, last_answer from connect.deliveries order by id')).rows

  test('P HZ4-M13 when the course is learnt: a token by our assertion, the score at the line item’s own address, once', async () => {
    school.on('/platform/token', () => ({
      type: 'application/json',
      body: JSON.stringify({ access_token: 'tok', token_type: 'Bearer' }),
    }))
    school.on('/platform/line/7/scores', () => ({ status: 503 }))
    const { registrationId } = await linked('g-1', endpoint())
    await run()
    expect(scores().length).toBe(0) // not learnt yet
    await complete(registrationId)
    await run()
    expect(await deliveries()).toMatchObject([
      { state: 'queued', tries: 1, last_answer: expect.stringContaining('score 503') },
    ])
    await run()
    expect(scores().length).toBe(1) // not before its time
    school.on('/platform/line/7/scores', () => ({ status: 200 }))
    await due()
    await run()
    await due()
    await run()
    expect(scores().length).toBe(2)
    expect(await deliveries()).toMatchObject([{ state: 'sent', tries: 2 }])
    const { form } = school.last('/platform/token')
    expect(Object.fromEntries(form)).toMatchObject({
      grant_type: 'client_credentials',
      scope: scopeUrls.score,
      client_assertion_type: expect.stringContaining('jwt-bearer'),
    })
    const keys = createLocalJWKSet(JSON.parse((await browserAt(site).get('/lti/jwks')).text))
    const { payload } = await jwtVerify(form.get('client_assertion') ?? '', keys, {
      issuer: platform.clientId,
      subject: platform.clientId,
      audience: `${school.address}/platform/token`,
    })
    expect(payload.jti).toBeTruthy()
    const { headers, body, query } = school.last('/platform/line/7/scores')
    expect([headers['content-type'], headers.authorization, query.get('type')]).toEqual([
      mediaType.score,
      'Bearer tok',
      'x',
    ])
    expect(JSON.parse(body)).toEqual({
      userId: 'g-1',
      scoreGiven: 100,
      scoreMaximum: 100,
      activityProgress: 'Completed',
      gradingProgress: 'FullyGraded',
      timestamp: '2021-09-15T03:00:00.000Z',
      comment: '已学完',
    })
  })
  test('P where the platform leaves the line item to us, it is made first; what is refused for good is given up and told', async () => {
    await site.owner.query('delete from connect.deliveries')
    await site.owner.query('delete from connect.placements')
    school.on('/platform/lines', () => ({
      status: 201,
      type: mediaType.item,
      body: JSON.stringify({ id: `${school.address}/platform/line/9` }),
    }))
    school.on('/platform/line/9/scores', () => ({ status: 422, body: 'no such user' }))
    const { registrationId } = await linked(
      'g-2',
      endpoint({
        scope: [scopeUrls.score, scopeUrls.lineitem],
        lineitem: undefined,
        lineitems: `${school.address}/platform/lines`,
      }),
    )
    await complete(registrationId)
    await run()
    expect(JSON.parse(school.last('/platform/lines').body)).toEqual({
      scoreMaximum: 100,
      label: '安全用电',
      resourceLinkId: 'link-1',
    })
    expect(await deliveries()).toMatchObject([
      { state: 'given-up', last_answer: expect.stringContaining('no such user') },
    ])
  })
  test('P nothing is sent where no score is taken, where the link was ended, and to a near machine unless it is allowed', async () => {
    await site.owner.query('delete from connect.deliveries')
    await site.owner.query('delete from connect.placements')
    const none = await linked('g-3', endpoint({ scope: ['x'] }))
    await complete(none.registrationId)
    const gone = await linked('g-4', endpoint())
    await complete(gone.registrationId)
    await site.owner.query('update connect.account_links set ended_at = now() where person_id = $1', [
      gone.who.personId,
    ])
    const near = await linked('g-5', endpoint())
    await complete(near.registrationId)
    const before = scores().length
    delete process.env.FORWARD_PRIVATE
    await run()
    process.env.FORWARD_PRIVATE = 'yes'
    expect(scores().length).toBe(before)
    expect((await deliveries()).map(({ state }) => state)).toEqual(['queued', 'queued'])
    await due()
    await run()
    expect(scores().length).toBe(before + 1)
  })
})

test('C25 a near or plain address is registered by nobody unless the installation allows it', async () => {
  delete process.env.FORWARD_PRIVATE
  for (const tokenUrl of [
    'http://lms.example.com/token',
    'https://10.0.0.1/token',
    'https://localhost/token',
    'https://a:b@lms.example.com/',
    'ftp://lms.example.com/',
  ])
    expect([
      tokenUrl,
      await faultOf(
        proposePlatform(site.ctx(w.admin.actor), {
          organisationId: w.organisationId,
          name: '某平台',
          purpose: '试一试用',
          issuer: 'https://lms.example.com',
          clientId: 'c',
          deploymentIds: 'd',
          authUrl: 'https://lms.example.com/auth',
          tokenUrl,
          jwksUrl: 'https://lms.example.com/jwks',
        }),
      ),
    ]).toEqual([tokenUrl, 'connect-address'])
  process.env.FORWARD_PRIVATE = 'yes'
})
