/** Deep Linking 2.0 as a platform (`D`), in our own words. */
import { randomUUID } from 'node:crypto'
import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { pickInTool } from '#modules/connect/launch.commands.ts'
import { addPicked } from '#modules/connect/link.commands.ts'
import { claim } from '#modules/connect/vocabulary.schema.ts'
import { createCourse } from '#modules/library/course.commands.ts'
import { courseWork } from '#modules/library/course.queries.ts'
import { browserAt, launchThrough, toolOf, type World, world } from '../../fixtures/connect.ts'
import { faultOf } from '../../fixtures/training.ts'
import { signInAs } from '../../setup/accounts.ts'
import { actAsTool, type Counterpart, counterpart, type Forge, onwardIn, unsigned } from '../../setup/lti.ts'
import { startSite, type TestSite } from '../../setup/site.ts'

process.env.FORWARD_PRIVATE = 'yes'
let site: TestSite
let other: Counterpart
let rival: Counterpart
let w: World
let tool: Awaited<ReturnType<typeof toolOf>>
let courseId: string

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  other = await counterpart()
  rival = await counterpart()
  actAsTool(other, () => `${site.address}/lti/auth`)
  w = await world(site)
  tool = await toolOf(w, other)
  ;({ courseId } = await createCourse(site.ctx(w.admin.actor), {
    organisationId: w.organisationId,
    title: '选内容的课',
  }))
})
afterAll(async () => {
  other?.close()
  rival?.close()
  await site?.close()
})

/** The author goes into the tool; what the tool was asked comes back. */
async function question() {
  const { token, launchId } = await pickInTool(site.ctx(w.admin.actor), { courseId, toolId: tool.id })
  const browser = browserAt(site, w.admin.cookie)
  const done = await launchThrough(browser, token)
  const keys = createLocalJWKSet(JSON.parse((await browser.get('/lti/jwks')).text))
  const { payload } = await jwtVerify(done.form.fields.id_token ?? '', keys, { audience: tool.clientId })
  return { launchId, payload, data: (payload[claim.settings] as { data: string }).data, browser, login: done.login }
}
const link = (more: Record<string, unknown> = {}) => ({
  type: 'ltiResourceLink',
  title: '立焊',
  url: `${other.address}/tool/start?task=2`,
  custom: { task: '立焊' },
  lineItem: { label: '立焊得分', scoreMaximum: 20, resourceId: 'r2', tag: 'weld' },
  ...more,
})
const said = (data: string, items: unknown[] = [link()], more: JWTPayload = {}): JWTPayload => ({
  iss: tool.clientId,
  aud: site.address,
  nonce: randomUUID(),
  [claim.messageType]: 'LtiDeepLinkingResponse',
  [claim.version]: '1.3.0',
  [claim.deployment]: tool.deploymentId,
  [claim.data]: data,
  [claim.items]: items,
  ...more,
})
const send = (jwt: string) => browserAt(site).postFromElsewhere('/lti/deep-link', { JWT: jwt })
const place = { chapter: 1, chapterTitle: '实训', required: true }
const add = (launchId: string, more: Record<string, unknown> = {}, who = w.admin.actor) =>
  addPicked(site.ctx(who), { launchId, chosen: ['0'], ...place, ...more })
const lessons = async () => (await courseWork(site.ctx(w.admin.actor), courseId)).items

describe('D the request', () => {
  test('D3.4 HZ4-M13 asks for resource links, says where the answer goes, ties it to this question; the author is no learner', async () => {
    const { payload, login } = await question()
    expect(payload).toMatchObject({
      [claim.messageType]: 'LtiDeepLinkingRequest',
      [claim.version]: '1.3.0',
      [claim.deployment]: tool.deploymentId,
      [claim.roles]: [expect.stringContaining('#Instructor'), expect.stringContaining('#ContentDeveloper')],
      [claim.context]: { id: courseId },
      [claim.settings]: {
        deep_link_return_url: `${site.address}/lti/deep-link`,
        accept_types: ['ltiResourceLink'],
        accept_presentation_document_targets: ['window', 'iframe'],
        accept_multiple: true,
        accept_lineitem: true,
        auto_create: false,
        data: expect.any(String),
      },
    })
    expect(payload[claim.link]).toBeUndefined()
    expect(login.searchParams.get('target_link_uri')).toBe(`${other.address}/tool/pick`)
  })
  test('D3.4 C25 only for one’s own course and a tool that offers it', async () => {
    const stranger = await world(site)
    expect(await faultOf(pickInTool(site.ctx(stranger.admin.actor), { courseId, toolId: tool.id }))).toBe('missing')
    const plain = await toolOf(w, other, { name: '不能选', deepLinkUrl: '' })
    expect(await faultOf(pickInTool(site.ctx(w.admin.actor), { courseId, toolId: plain.id }))).toBe('tool-no-picking')
    const foreign = await toolOf(stranger, rival)
    expect(await faultOf(pickInTool(site.ctx(w.admin.actor), { courseId, toolId: foreign.id }))).toBe('missing')
  })
})

describe('D the answer', () => {
  test('D4 HZ4-M13 what was picked waits until its author adds it; then it is a lesson with its line item, once', async () => {
    const { data, launchId } = await question()
    const answer = await send(
      await other.keys.sign(
        said(data, [link(), link({ title: '横焊', lineItem: undefined }), { type: 'html', html: '<b>x</b>' }]),
      ),
    )
    expect([answer.status, onwardIn(answer.text)]).toEqual([200, `/connect/picked/${launchId}`])
    expect(await lessons()).toEqual([])
    const colleague = await signInAs(site.db, site.url, {
      name: '同事',
      roles: [{ role: 'provider-admin', organisationId: w.organisationId }],
    })
    expect(await faultOf(add(launchId, {}, colleague.actor))).toBe('missing')
    expect(await faultOf(add(launchId, { chosen: [] }))).toBe('picked-none')
    expect(await faultOf(add(launchId, { chosen: ['7'] }))).toBe('picked-none')
    expect(await add(launchId, { chosen: ['0', '1'], passMark: '60' })).toEqual({ added: 2, courseId })
    expect(
      (await lessons()).map(({ kind, title, plannedSeconds, body }) => [kind, title, plannedSeconds, body.passMark]),
    ).toEqual([
      ['lti', '立焊', 0, 60],
      ['lti', '横焊', 0, null],
    ])
    const { rows } = await site.owner.query('select label, maximum::int, resource_id, tag from connect.line_items')
    expect(rows).toEqual([{ label: '立焊得分', maximum: 20, resource_id: 'r2', tag: 'weld' }])
    expect(await faultOf(add(launchId))).toBe('picked-added')
  })
  test('D4 answered once: the same message, another message, two at once', async () => {
    const { data } = await question()
    const jwt = await other.keys.sign(said(data))
    const both = await Promise.all([send(jwt), send(jwt)])
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 400])
    expect((await send(await other.keys.sign(said(data)))).status).toBe(400)
    const again = await question()
    const nonce = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()).nonce
    expect((await send(await other.keys.sign(said(again.data, [link()], { nonce })))).status).toBe(400)
  })
  test.each([
    ['another audience', { aud: 'https://else.example' }, {}],
    ['another sender', { iss: 'somebody' }, {}],
    ['another deployment', { [claim.deployment]: randomUUID() }, {}],
    ['another version', { [claim.version]: '1.1' }, {}],
    ['another message', { [claim.messageType]: 'LtiResourceLinkRequest' }, {}],
    ['no nonce', { nonce: undefined }, {}],
    ['expired', {}, { issuedAt: -7200, expiresAt: -3600 }],
    ['data of no question', { [claim.data]: 'x'.repeat(32) }, {}],
    ['no data', { [claim.data]: undefined }, {}],
  ] as [string, JWTPayload, Forge][])('D4 refused: %s', async (_, more, times) => {
    const { data, launchId } = await question()
    const now = Math.floor(Date.now() / 1000)
    const forge = Object.fromEntries(Object.entries(times).map(([name, value]) => [name, now + (value as number)]))
    expect((await send(await other.keys.sign(said(data, [link()], more), forge))).status).toBe(400)
    expect(await faultOf(add(launchId))).toBe('missing')
  })
  test('D4 refused: no signature, HS256, another tool’s key', async () => {
    const { data } = await question()
    const now = Math.floor(Date.now() / 1000)
    const forged = [
      unsigned({ ...said(data), iat: now, exp: now + 300 }),
      await other.keys.sign(said(data), {
        alg: 'HS256',
        key: new TextEncoder().encode(JSON.stringify(other.keys.jwk)),
      }),
      await rival.keys.sign(said(data)),
      'nothing',
    ]
    for (const jwt of forged) expect((await send(jwt)).status).toBe(400)
  })
  test('D4 C25 an address that may not be opened is no lesson; what is too long is left out', async () => {
    const { data, launchId } = await question()
    await send(
      await other.keys.sign(said(data, [link({ url: 'javascript:alert(1)' }), link({ title: 'x'.repeat(500) })])),
    )
    expect(await faultOf(add(launchId))).toBe('connect-address')
    expect(await faultOf(add(launchId, { chosen: ['1'] }))).toBe('picked-none')
  })
})
