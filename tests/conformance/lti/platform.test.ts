/** LTI 1.3 core as a platform, in our own words; `S5.1.1` names a section of the security framework, `C` of the core. */
import { createLocalJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { rotateKey, withdrawKey } from '#modules/connect/key.commands.ts'
import { openTool } from '#modules/connect/launch.commands.ts'
import { endTool, resumeTool, suspendTool } from '#modules/connect/tool.commands.ts'
import { claim } from '#modules/connect/vocabulary.schema.ts'
import { register } from '#modules/learning/registration.commands.ts'
import {
  browserAt,
  courseWith,
  guard,
  launchThrough,
  learnerOf,
  toolOf,
  type World,
  world,
} from '../../fixtures/connect.ts'
import { faultOf } from '../../fixtures/training.ts'
import { actAsTool, type Counterpart, counterpart, formIn, onwardIn } from '../../setup/lti.ts'
import { startSite, type TestSite } from '../../setup/site.ts'

process.env.FORWARD_PRIVATE = 'yes'
let site: TestSite
let other: Counterpart
let w: World
let tool: Awaited<ReturnType<typeof toolOf>>
let course: Awaited<ReturnType<typeof courseWith>>
let learner: Awaited<ReturnType<typeof learnerOf>>
let tamper: (asked: URLSearchParams) => void = () => {}

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  other = await counterpart()
  actAsTool(
    other,
    () => `${site.address}/lti/auth`,
    (asked) => tamper(asked),
  )
  w = await world(site)
  tool = await toolOf(w, other, {
    custom: 'who=$User.id\nname=$Person.name.full\nlink=$ResourceLink.id\nsize=big\nodd=$Unknown.thing',
  })
  course = await courseWith(w, tool.id, { custom: 'task=平焊\nsize=small', passMark: 60 })
  learner = await learnerOf(w, course.courseId)
})
afterAll(async () => {
  other?.close()
  await site?.close()
})

const seed = async (who = learner) =>
  (await openTool(site.ctx(who.actor), { registrationId: who.registrationId, itemId: course.itemId })).token
const at = (who = learner) => browserAt(site, who.cookie)
const keys = async () => createLocalJWKSet(JSON.parse((await at().get('/lti/jwks')).text))
const claimsOf = async (idToken: string) =>
  (await jwtVerify(idToken, await keys(), { issuer: site.address, audience: tool.clientId })).payload
const launched = async (who = learner) => {
  const done = await launchThrough(at(who), await seed(who))
  return { ...done, claims: await claimsOf(done.form.fields.id_token ?? '') }
}
const refusedBy = async (change: (asked: URLSearchParams) => void) => {
  tamper = change
  try {
    return (await launchThrough(at(), await seed())).answer
  } finally {
    tamper = () => {}
  }
}

describe('S5.1.1.1 third-party initiated login', () => {
  test('S5.1.1.1 HZ4-M13 carries issuer, login hint, target, message hint, client and deployment', async () => {
    const { login } = await launched()
    expect(login.origin + login.pathname).toBe(`${other.address}/tool/login`)
    expect(Object.fromEntries(login.searchParams)).toMatchObject({
      iss: site.address,
      target_link_uri: `${other.address}/tool/start`,
      client_id: tool.clientId,
      lti_deployment_id: tool.deploymentId,
      login_hint: expect.stringMatching(/.{20,}/),
      lti_message_hint: expect.stringMatching(/.{20,}/),
    })
  })
  test('S5.1.1.1 the hint says nothing of who it is: no name, no phone, no person id', async () => {
    const { login, claims } = await launched()
    expect(decodeURIComponent(login.href)).not.toContain('林学员')
    expect(login.href).not.toContain(learner.personId)
    expect(JSON.stringify(claims)).not.toContain(learner.personId)
    expect(JSON.stringify(claims)).not.toContain(learner.accountId)
  })
  test('C16 a launch belongs to one account, one use, five minutes', async () => {
    const token = await seed()
    const stranger = await learnerOf(w, course.courseId, '别学员')
    expect((await at(stranger).get(`/lti/go/${token}`)).status).toBe(404)
    expect((await browserAt(site).get(`/lti/go/${token}`)).status).toBe(404)
    const done = await launchThrough(at(), token)
    expect(done.form.fields.id_token).toBeTruthy()
    expect((await at().get(`/lti/go/${token}`)).status).toBe(404)
    const again = formIn((await at().get(done.asked.href)).text)
    expect(again.fields).toMatchObject({ error: 'invalid_request' })
    expect(again.fields.id_token).toBeUndefined()
    const old = await seed()
    await site.owner.query(
      `update connect.launches set created_at = now() - interval '1 hour', expires_at = now() - interval '1 minute' where used_at is null`,
    )
    expect((await at().get(`/lti/go/${old}`)).status).toBe(404)
  })
})

describe('S5.1.1.2 authentication request', () => {
  test('S5.1.1.2 an address that is not registered gets nothing, not even an error', async () => {
    for (const address of [
      'https://evil.example/launch',
      `${other.address}/tool/launch/`,
      `${other.address}/tool/launch?x=1`,
      `${other.address}/tool/launch#x`,
      `${other.address}/tool`,
      '',
    ]) {
      const answer = await refusedBy((asked) => asked.set('redirect_uri', address))
      expect([address, answer.status, formIn(answer.text).action]).toEqual([address, 400, ''])
      expect(answer.text).not.toContain('id_token')
    }
  })
  test('S5.1.1.2 an unknown client gets nothing', async () => {
    expect((await refusedBy((asked) => asked.set('client_id', 'nobody'))).status).toBe(400)
    expect((await refusedBy((asked) => asked.delete('client_id'))).status).toBe(400)
  })
  test('S5.1.1.2 everything else wrong is told by the protocol, with the state as it came', async () => {
    const cases: [string, (asked: URLSearchParams) => void][] = [
      ['unsupported_response_type', (asked) => asked.set('response_type', 'code')],
      ['invalid_scope', (asked) => asked.set('scope', 'profile')],
      ['invalid_request', (asked) => asked.set('response_mode', 'query')],
      ['invalid_request', (asked) => asked.set('prompt', 'login')],
      ['invalid_request', (asked) => asked.delete('nonce')],
      ['invalid_request', (asked) => asked.delete('login_hint')],
      ['invalid_request', (asked) => asked.set('login_hint', 'somebody-else')],
      ['invalid_request', (asked) => asked.set('lti_message_hint', 'x'.repeat(32))],
      ['invalid_request', (asked) => asked.append('nonce', 'second')],
    ]
    for (const [error, change] of cases) {
      const answer = await refusedBy((asked) => {
        asked.set('state', 'as-it-came')
        change(asked)
      })
      const { action, fields } = formIn(answer.text)
      expect([String(change), action, fields.error, fields.state]).toEqual([
        String(change),
        `${other.address}/tool/launch`,
        error,
        'as-it-came',
      ])
      expect(fields.id_token).toBeUndefined()
    }
  })
  test('S5.1.1.2 nobody signed in, or somebody else: login_required, or nothing of this launch', async () => {
    const { asked } = await launchThrough(browserAt(site, learner.cookie), await seed()).then(async () => {
      const token = await seed()
      const first = await at().get(`/lti/go/${token}`)
      return { asked: (await fetch(onwardIn(first.text), { redirect: 'manual' })).headers.get('location') ?? '' }
    })
    expect(formIn((await browserAt(site).get(asked)).text).fields.error).toBe('login_required')
    const stranger = await learnerOf(w, course.courseId, '丙学员')
    expect(formIn((await at(stranger).get(asked)).text).fields.error).toBe('invalid_request')
    expect(formIn((await at().get(asked)).text).fields.id_token).toBeTruthy()
  })
  test('S5.1.1.2 a POST from the tool comes without cookies and is asked again by our own page, once', async () => {
    const token = await seed()
    const first = await at().get(`/lti/go/${token}`)
    const asked = new URL((await fetch(onwardIn(first.text), { redirect: 'manual' })).headers.get('location') ?? '')
    const bounced = await at().postFromElsewhere('/lti/auth', Object.fromEntries(asked.searchParams))
    const again = onwardIn(bounced.text)
    expect(again.startsWith('/lti/auth?')).toBe(true)
    expect(formIn((await browserAt(site).get(again)).text).fields.error).toBe('login_required')
    expect(formIn((await at().get(again)).text).fields.id_token).toBeTruthy()
  })
})

describe('S5.1.1.3 the id_token', () => {
  test('S5.1.1.3 HZ4-M13 signed by a published RSA key; issuer, audience, nonce, times', async () => {
    const { claims, asked, form } = await launched()
    const header = JSON.parse(Buffer.from((form.fields.id_token ?? '').split('.')[0] ?? '', 'base64url').toString())
    expect(header).toMatchObject({ alg: 'RS256', kid: expect.any(String) })
    expect(claims.nonce).toBe(asked.searchParams.get('nonce'))
    expect(form.fields.state).toBe(asked.searchParams.get('state'))
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(300)
    expect(form.action).toBe(`${other.address}/tool/launch`)
  })
  test('C5.3 required claims of a resource link launch', async () => {
    const { claims } = await launched()
    expect(claims).toMatchObject({
      [claim.messageType]: 'LtiResourceLinkRequest',
      [claim.version]: '1.3.0',
      [claim.deployment]: tool.deploymentId,
      [claim.target]: `${other.address}/tool/start`,
      [claim.link]: { id: course.linkId, title: '平焊练习' },
      [claim.roles]: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
      [claim.context]: { id: course.courseId, title: '焊工基本功' },
      [claim.presentation]: { document_target: 'window', locale: 'zh-CN' },
      [claim.platform]: { guid: new URL(site.address).host },
    })
    const back = (claims[claim.presentation] as { return_url: string }).return_url
    expect(back).toBe(`${site.address}/my/courses/${learner.registrationId}/tools/${course.itemId}`)
  })
  test('C5.4.6 custom parameters: the link’s win, variables get values, unknown ones stay', async () => {
    const { claims } = await launched()
    expect(claims[claim.custom]).toEqual({
      who: claims.sub,
      name: '$Person.name.full', // not allowed to this tool, so it is no variable for it
      link: course.linkId,
      size: 'small',
      task: '平焊',
      odd: '$Unknown.thing',
    })
  })
  test('C5.3.6 the same person is the same subject to one tool, and another to another tool', async () => {
    const [one, two] = [await launched(), await launched()]
    expect(one.claims.sub).toBe(two.claims.sub)
    expect(one.claims.name).toBeUndefined()
    const second = await toolOf(w, other, { name: '题库', tells: ['name'] })
    const there = await courseWith(w, second.id, { custom: 'name=$Person.name.full' })
    const again = await learnerOf(w, there.courseId, '郑姓名')
    const { token } = await openTool(site.ctx(again.actor), {
      registrationId: again.registrationId,
      itemId: there.itemId,
    })
    const done = await launchThrough(at(again), token)
    const { payload } = await jwtVerify(done.form.fields.id_token ?? '', await keys(), { audience: second.clientId })
    expect([payload.name, (payload[claim.custom] as { name: string }).name]).toEqual(['郑姓名', '郑姓名'])
    await register(site.ctx(learner.actor), { courseId: there.courseId })
    const mine = await site.db
      .selectFrom('learning.registrations')
      .select('id')
      .where('person_id', '=', learner.personId)
      .where('course_id', '=', there.courseId)
      .executeTakeFirstOrThrow()
    const seeded = await openTool(site.ctx(learner.actor), { registrationId: mine.id, itemId: there.itemId })
    const elsewhere = await launchThrough(at(), seeded.token)
    const other2 = await jwtVerify(elsewhere.form.fields.id_token ?? '', await keys(), { audience: second.clientId })
    expect(other2.payload.sub).not.toBe(one.claims.sub)
  })
  test('C5.4 services are claimed only as far as they were allowed', async () => {
    const { claims } = await launched()
    expect(claims[claim.members]).toMatchObject({ service_versions: ['2.0'] })
    expect(claims[claim.grades]).toMatchObject({
      lineitems: `${site.address}/lti/courses/${course.courseId}/line-items`,
      lineitem: expect.stringContaining('/line-items/'),
    })
    const bare = await toolOf(w, other, { name: '无权限', scopes: [] })
    const there = await courseWith(w, bare.id)
    const who = await learnerOf(w, there.courseId, '无权学员')
    const { token } = await openTool(site.ctx(who.actor), { registrationId: who.registrationId, itemId: there.itemId })
    const done = await launchThrough(at(who), token)
    const { payload } = await jwtVerify(done.form.fields.id_token ?? '', await keys())
    expect([payload[claim.members], payload[claim.grades]]).toEqual([undefined, undefined])
  })
})

describe('S6.3 keys', () => {
  test('S6.3 the key set has public halves only, and keys that were changed stay until nothing signed by them lasts', async () => {
    const before = JSON.parse((await at().get('/lti/jwks')).text) as { keys: Record<string, unknown>[] }
    expect(before.keys.length).toBe(1)
    for (const key of before.keys) expect(Object.keys(key).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
    const { form } = await launched()
    await site.owner.query(`update connect.keys set made_at = now() - interval '91 days'`)
    await rotateKey(site.ctx(), {})
    expect((JSON.parse((await at().get('/lti/jwks')).text) as { keys: unknown[] }).keys.length).toBe(2)
    expect((await claimsOf(form.fields.id_token ?? '')).sub).toBeTruthy()
    expect(await rotateKey(site.ctx(), {})).toEqual({ id: null })
  })
  test('C25 a key that may have leaked is gone from the set at once', async () => {
    const { form } = await launched()
    await withdrawKey(site.ctx(guard), { reason: '演练：可能泄露' })
    await expect(claimsOf(form.fields.id_token ?? '')).rejects.toThrow()
    expect((await launched()).claims.sub).toBeTruthy()
    const { rows } = await site.owner.query('select private_sealed from connect.keys')
    for (const row of rows) expect(row.private_sealed).not.toContain('PRIVATE KEY')
  })
})

describe('C25 a tool that was stopped', () => {
  test('C25 opens nothing while it is suspended, and nothing ever when it was ended', async () => {
    const token = await seed()
    const { asked } = await launched()
    await suspendTool(site.ctx(guard), { id: tool.id, note: '工具方通报故障' })
    expect(await faultOf(seed())).toBe('tool-not-open')
    expect((await at().get(asked.href)).status).toBe(400)
    await resumeTool(site.ctx(guard), { id: tool.id, note: '已经修复' })
    expect((await launchThrough(at(), token)).form.fields.id_token).toBeTruthy()
    const short = await toolOf(w, other, { name: '短期' })
    await endTool(site.ctx(w.admin.actor), { id: short.id, note: '不再使用' })
    expect(await faultOf(courseWith(w, short.id))).toBe('tool-not-open')
    expect(await faultOf(resumeTool(site.ctx(guard), { id: short.id, note: '又要使用' }))).toBe('wrong-state')
  })
})
