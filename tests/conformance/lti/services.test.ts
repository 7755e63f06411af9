/** Token (RFC 7523 as LTI uses it), Assignment and Grade Services 2.0 (`G`), Names and Roles 2.0 (`N`), in our own words. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { scoresOf } from '#modules/connect/link.queries.ts'
import { suspendTool } from '#modules/connect/tool.commands.ts'
import { mediaType, role, type Scope, scopeUrls } from '#modules/connect/vocabulary.schema.ts'
import { coursePage } from '#modules/learning/course.queries.ts'
import { courseWith, guard, learnerOf, plainCourse, toolOf, type World, world } from '../../fixtures/connect.ts'
import { type Counterpart, counterpart, type Forge, signatory, unsigned } from '../../setup/lti.ts'
import { startSite, type TestSite } from '../../setup/site.ts'

process.env.FORWARD_PRIVATE = 'yes'
type Tool = Awaited<ReturnType<typeof toolOf>>
let site: TestSite
let one: Counterpart
let two: Counterpart
let w: World
let tool: Tool
let rival: Tool
let course: Awaited<ReturnType<typeof courseWith>>
let learner: Awaited<ReturnType<typeof learnerOf>>

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  one = await counterpart()
  two = await counterpart()
  w = await world(site)
  tool = await toolOf(w, one)
  rival = await toolOf(w, two, { name: '另一个工具', scopes: ['score', 'lineitem'] })
  course = await courseWith(w, tool.id, { passMark: 60 })
  learner = await learnerOf(w, course.courseId)
})
afterAll(async () => {
  one?.close()
  two?.close()
  await site?.close()
})

const tokenAddress = () => `${site.address}/lti/token`
const saying = (of: Tool, more: Record<string, unknown> = {}) => ({
  iss: of.clientId,
  sub: of.clientId,
  aud: tokenAddress(),
  jti: randomUUID(),
  ...more,
})
const everyScope = Object.values(scopeUrls).join(' ')

async function ask(assertion: string, scope = everyScope, more: Record<string, string> = {}) {
  const answer = await fetch(tokenAddress(), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      scope,
      ...more,
    }),
  })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, string> }
}
const granted = async (of: Tool, by: Counterpart, scopes: Scope[]) => {
  const { body } = await ask(await by.keys.sign(saying(of)), scopes.map((scope) => scopeUrls[scope]).join(' '))
  return body.access_token ?? ''
}
async function call(token: string, method: string, path: string, body?: unknown, type: string = mediaType.item) {
  const url = path.startsWith('http') ? path : `${site.address}/lti/courses/${course.courseId}${path}`
  const answer = await fetch(url, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': type }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return {
    status: answer.status,
    headers: answer.headers,
    json: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
  }
}

describe('S4.1 access tokens', () => {
  test('S4.1 HZ4-M13 a signed assertion gets a bearer token for an hour, never stored as it is', async () => {
    const { status, body, headers } = await ask(await one.keys.sign(saying(tool)), scopeUrls.score)
    expect(status).toBe(200)
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: scopeUrls.score })
    expect(headers.get('cache-control')).toBe('no-store')
    const { rows } = await site.owner.query(
      'select t::text as row from connect.tokens t union all select a::text from audit.entries a',
    )
    for (const { row } of rows) expect(row).not.toContain(body.access_token)
  })
  test('S4.1 the issuer is a good audience too; more scopes than allowed are cut to what is allowed', async () => {
    expect((await ask(await one.keys.sign(saying(tool, { aud: site.address })))).status).toBe(200)
    const { body } = await ask(await two.keys.sign(saying(rival)))
    expect(body.scope?.split(' ').toSorted()).toEqual([scopeUrls.lineitem, scopeUrls.score].toSorted())
  })
  test('S4.1 a scope that the tool was not given is no scope for it', async () => {
    const { status, body } = await ask(await two.keys.sign(saying(rival)), scopeUrls.membership)
    expect([status, body.error]).toEqual([400, 'invalid_scope'])
    expect((await ask(await one.keys.sign(saying(tool)), 'openid')).body.error).toBe('invalid_scope')
    expect((await ask(await one.keys.sign(saying(tool)), '')).body.error).toBe('invalid_scope')
  })
  test('S4.1 an assertion is taken once', async () => {
    const assertion = await one.keys.sign(saying(tool))
    const [first, again] = await Promise.all([ask(assertion), ask(assertion)])
    expect([first.status, again.status].toSorted()).toEqual([200, 401])
    expect((await ask(assertion)).status).toBe(401)
  })
  test('S4.1 forged assertions: none, HS256 with our own or its public key, another key, another kid', async () => {
    const secret = new TextEncoder().encode('a shared secret that nobody has agreed on')
    const publicText = new TextEncoder().encode(JSON.stringify(one.keys.jwk))
    const now = Math.floor(Date.now() / 1000)
    const forged = [
      unsigned({ ...saying(tool), iat: now, exp: now + 300 }),
      await one.keys.sign(saying(tool), { alg: 'HS256', key: secret }),
      await one.keys.sign(saying(tool), { alg: 'HS256', key: publicText }),
      await two.keys.sign(saying(tool)),
      await (await signatory(one.keys.jwk.kid)).sign(saying(tool)),
      'not.a.jwt',
      '',
    ]
    for (const assertion of forged)
      expect([assertion.slice(0, 40), (await ask(assertion)).status]).toEqual([assertion.slice(0, 40), 401])
  })
  test.each([
    ['expired', {}, { issuedAt: -7200, expiresAt: -3600 }],
    ['from the future', {}, { issuedAt: 3600, expiresAt: 7200 }],
    ['made too long ago', {}, { issuedAt: -7200, expiresAt: 300 }],
    ['for another audience', { aud: 'https://else.example/token' }, {}],
    ['of another subject', { sub: 'else' }, {}],
    ['without jti', { jti: undefined }, {}],
    ['of an unknown client', { iss: 'nobody', sub: 'nobody' }, {}],
  ] as [string, Record<string, unknown>, Forge][])('S4.1 refused: %s', async (_, more, times) => {
    const now = Math.floor(Date.now() / 1000)
    const forge = Object.fromEntries(Object.entries(times).map(([name, value]) => [name, now + (value as number)]))
    expect((await ask(await one.keys.sign(saying(tool, more), forge))).status).toBe(401)
  })
  test('S4.1 another grant, another kind of assertion', async () => {
    const assertion = await one.keys.sign(saying(tool))
    expect((await ask(assertion, everyScope, { grant_type: 'password' })).body.error).toBe('unsupported_grant_type')
    expect((await ask(assertion, everyScope, { client_assertion_type: 'saml' })).body.error).toBe('invalid_client')
  })
  test('S4.1 no token, a made-up one, one that ran out, one of a tool that was stopped', async () => {
    expect((await call('', 'GET', '/line-items')).status).toBe(401)
    expect((await call('x'.repeat(32), 'GET', '/line-items')).status).toBe(401)
    const late = await granted(tool, one, ['lineitem'])
    expect((await call(late, 'GET', '/line-items')).status).toBe(200)
    await site.owner.query(`update connect.tokens set expires_at = now() - interval '1 second'`)
    expect((await call(late, 'GET', '/line-items')).status).toBe(401)
    const gone = await toolOf(w, two, { name: '将停用' })
    const token = await granted(gone, two, ['lineitem'])
    await courseWith(w, gone.id)
    await suspendTool(site.ctx(guard), { id: gone.id, note: '安全检查' })
    expect((await call(token, 'GET', '/line-items')).status).toBe(401)
  })
})

describe('G line items', () => {
  test('G3.1 scopes: reading is not writing, a score is neither', async () => {
    const [read, score] = [await granted(tool, one, ['lineitem.readonly']), await granted(tool, one, ['score'])]
    expect((await call(read, 'GET', '/line-items')).status).toBe(200)
    expect((await call(read, 'POST', '/line-items', { label: 'x', scoreMaximum: 1 })).status).toBe(403)
    expect((await call(score, 'GET', '/line-items')).status).toBe(403)
    const [item] = (await call(read, 'GET', '/line-items')).json
    for (const [method, body] of [
      ['PUT', { label: 'x', scoreMaximum: 1 }],
      ['DELETE', undefined],
    ] as const)
      expect((await call(read, method, item.id, body)).status).toBe(403)
    expect((await call(read, 'POST', `${item.id}/scores`, {}, mediaType.score)).status).toBe(403)
    expect((await call(read, 'GET', `${item.id}/results`)).status).toBe(403)
  })
  test('G3.2 HZ4-M13 made, read, changed, taken away; filtered; in pages', async () => {
    const token = await granted(tool, one, ['lineitem'])
    const given = {
      label: '期末',
      scoreMaximum: 50,
      resourceId: 'final',
      tag: 'exam',
      startDateTime: '2021-09-01T00:00:00+08:00',
    }
    const made = await call(token, 'POST', '/line-items', given)
    expect(made.status).toBe(201)
    expect(made.headers.get('content-type')).toBe(mediaType.item)
    expect(made.headers.get('location')).toBe(made.json.id)
    expect(made.json).toEqual({ ...given, id: made.json.id, startDateTime: '2021-08-31T16:00:00.000Z' })
    expect((await call(token, 'GET', made.json.id)).json).toEqual(made.json)
    expect((await call(token, 'GET', '/line-items?resource_id=final')).json.length).toBe(1)
    expect((await call(token, 'GET', '/line-items?tag=none')).json).toEqual([])
    expect((await call(token, 'GET', `/line-items?resource_link_id=${course.linkId}`)).json.length).toBe(1)
    const page = await call(token, 'GET', '/line-items?limit=1')
    expect(page.headers.get('content-type')).toBe(mediaType.items)
    const next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1] ?? ''
    expect((await call(token, 'GET', next)).json.map(({ id }: { id: string }) => id)).not.toContain(page.json[0].id)
    const changed = await call(token, 'PUT', made.json.id, { label: '期末（改）', scoreMaximum: 60 })
    expect(changed.json).toMatchObject({ id: made.json.id, label: '期末（改）', scoreMaximum: 60 })
    expect((await call(token, 'DELETE', made.json.id)).status).toBe(204)
    expect((await call(token, 'GET', made.json.id)).status).toBe(404)
  })
  test('G3.2 refused: no label, no maximum, a link of somebody else, another link, no JSON, another type', async () => {
    const token = await granted(tool, one, ['lineitem'])
    const good = { label: 'x', scoreMaximum: 1 }
    for (const body of [
      { label: 'x' },
      { scoreMaximum: 1 },
      { ...good, scoreMaximum: 0 },
      { ...good, label: ' ' },
      { ...good, resourceLinkId: randomUUID() },
    ])
      expect([body, (await call(token, 'POST', '/line-items', body)).status]).toEqual([body, 422])
    const [item] = (await call(token, 'GET', `/line-items?resource_link_id=${course.linkId}`)).json
    expect((await call(token, 'PUT', item.id, { ...good, resourceLinkId: randomUUID() })).status).toBe(422)
    expect((await call(token, 'POST', '/line-items', good, 'text/plain')).status).toBe(422)
  })
  test('G3.2 another tool’s line items, another course, a course without this tool: not there', async () => {
    const mine = await granted(tool, one, ['lineitem', 'score', 'result.readonly'])
    const [item] = (await call(mine, 'GET', '/line-items')).json
    const theirs = await granted(rival, two, ['lineitem', 'score'])
    expect((await call(theirs, 'GET', '/line-items')).status).toBe(404) // not in this course at all
    const { linkId } = await addRival()
    expect(linkId).toBeTruthy()
    expect((await call(theirs, 'GET', '/line-items')).json.map(({ id }: { id: string }) => id)).not.toContain(item.id)
    for (const [method, path, body, type] of [
      ['GET', item.id, undefined, mediaType.item],
      ['PUT', item.id, { label: 'x', scoreMaximum: 1 }, mediaType.item],
      ['DELETE', item.id, undefined, mediaType.item],
      ['POST', `${item.id}/scores`, score(), mediaType.score],
    ] as const)
      expect([method, path, (await call(theirs, method, path, body, type)).status]).toEqual([method, path, 404])
    const elsewhere = await plainCourse(w, '没有工具')
    expect((await call(mine, 'GET', `${site.address}/lti/courses/${elsewhere}/line-items`)).status).toBe(404)
    expect((await call(mine, 'GET', `${site.address}/lti/courses/x/line-items`)).status).toBe(404)
    expect((await call(mine, 'PATCH', '/line-items')).status).toBe(405)
  })
})

async function addRival() {
  // a link beside ours in the same course, as a new version would bring it
  const { id } = await site.db
    .insertInto('connect.links')
    .values({
      tool_id: rival.id,
      course_id: course.courseId,
      title: '题库',
      url: two.address,
      created_by: 'test',
      created_at: new Date(),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { linkId: id }
}

let clock = Date.parse('2021-09-15T02:00:00Z')
const score = (more: Record<string, unknown> = {}) => {
  clock += 1000
  return {
    userId: 'nobody',
    scoreGiven: 83,
    scoreMaximum: 100,
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
    timestamp: new Date(clock).toISOString(),
    ...more,
  }
}
async function subjectOf(token: string) {
  const { json } = await call(token, 'GET', '/members')
  return String(json.members[0].user_id)
}
const passed = async () =>
  (await coursePage(site.db, learner.personId, learner.registrationId)).requirements.map(({ met }) => met)

describe('G scores and results', () => {
  test('G3.3 HZ4-M13 a score comes in, is shown to the learner, completes the lesson, and is read back as a result', async () => {
    const token = await granted(tool, one, ['score', 'result.readonly', 'lineitem', 'membership'])
    const [item] = (await call(token, 'GET', `/line-items?resource_link_id=${course.linkId}`)).json
    const userId = await subjectOf(token)
    expect(await passed()).toEqual([false])
    const given = await call(
      token,
      'POST',
      `${item.id}/scores`,
      score({ userId, scoreGiven: 25, scoreMaximum: 50, comment: '再练' }),
      mediaType.score,
    )
    expect([given.status, given.json]).toEqual([204, ''])
    expect(await passed()).toEqual([false]) // 50 % of 60 %
    await call(token, 'POST', `${item.id}/scores`, score({ userId, scoreGiven: 30, scoreMaximum: 50 }), mediaType.score)
    expect(await passed()).toEqual([true])
    expect(await scoresOf(site.db, learner.personId, course.linkId)).toMatchObject([
      { given: 30, outOf: 50, grading: 'FullyGraded' },
    ])
    const results = await call(token, 'GET', `${item.id}/results`)
    expect(results.headers.get('content-type')).toBe(mediaType.results)
    expect(results.json).toEqual([
      {
        id: expect.stringContaining('/results?user_id='),
        userId,
        scoreOf: item.id,
        resultScore: 60,
        resultMaximum: 100,
      },
    ])
    expect((await call(token, 'GET', `${item.id}/results?user_id=none`)).json).toEqual([])
    expect((await call(token, 'GET', `${item.id}/results?user_id=${userId}`)).json.length).toBe(1)
  })
  test('G3.3 partial progress is kept as it was said, step by step, and shown; only what is fully graded is a result', async () => {
    const token = await granted(tool, one, ['score', 'result.readonly', 'lineitem', 'membership'])
    const [item] = (await call(token, 'GET', `/line-items?resource_link_id=${course.linkId}`)).json
    const userId = await subjectOf(token)
    const steps = [
      ['Initialized', 'NotReady', undefined, undefined],
      ['Started', 'NotReady', 1, 10],
      ['InProgress', 'Pending', 4, 10],
      ['Submitted', 'PendingManual', 7.5, 10],
      ['Completed', 'Failed', undefined, undefined],
      ['Completed', 'FullyGraded', 12, 10],
    ] as const
    for (const [activityProgress, gradingProgress, scoreGiven, scoreMaximum] of steps) {
      const said = score({ userId, activityProgress, gradingProgress, scoreGiven, scoreMaximum })
      expect((await call(token, 'POST', `${item.id}/scores`, said, mediaType.score)).status).toBe(204)
      const [shown] = await scoresOf(site.db, learner.personId, course.linkId)
      expect(shown).toMatchObject({
        activity: activityProgress,
        grading: gradingProgress,
        given: scoreGiven ?? null,
        outOf: scoreMaximum ?? null,
      })
      const results = (await call(token, 'GET', `${item.id}/results`)).json
      expect(results.length).toBe(gradingProgress === 'FullyGraded' ? 1 : 0)
    }
    const { rows } = await site.owner.query(
      'select activity, grading, given::float8, maximum::float8 as out_of from connect.scores order by at desc limit 6',
    )
    expect(rows.toReversed().map(({ activity, grading, given, out_of }) => [activity, grading, given, out_of])).toEqual(
      steps.map(([activity, grading, given, most]) => [activity, grading, given ?? null, most ?? null]),
    )
  })
  test('G3.3.4 an older or equal time changes nothing and is a conflict; ten at once are kept in order', async () => {
    const token = await granted(tool, one, ['score', 'lineitem', 'membership'])
    const [item] = (await call(token, 'GET', `/line-items?resource_link_id=${course.linkId}`)).json
    const userId = await subjectOf(token)
    const late = score({ userId })
    expect((await call(token, 'POST', `${item.id}/scores`, late, mediaType.score)).status).toBe(204)
    expect((await call(token, 'POST', `${item.id}/scores`, late, mediaType.score)).status).toBe(409)
    expect(
      (await call(token, 'POST', `${item.id}/scores`, { ...late, timestamp: '2021-09-01T00:00:00Z' }, mediaType.score))
        .status,
    ).toBe(409)
    const same = score({ userId })
    const all = await Promise.all(
      Array.from({ length: 10 }, () => call(token, 'POST', `${item.id}/scores`, same, mediaType.score)),
    )
    expect(all.filter(({ status }) => status === 204).length).toBe(1)
    expect(all.filter(({ status }) => status === 409).length).toBe(9)
  })
  test('G3.3 what is not graded gives no result, and takes an earlier one away', async () => {
    const token = await granted(tool, one, ['score', 'result.readonly', 'lineitem', 'membership'])
    const [item] = (await call(token, 'GET', `/line-items?resource_link_id=${course.linkId}`)).json
    const userId = await subjectOf(token)
    await call(token, 'POST', `${item.id}/scores`, score({ userId, gradingProgress: 'PendingManual' }), mediaType.score)
    expect((await call(token, 'GET', `${item.id}/results`)).json).toEqual([])
    expect(await passed()).toEqual([false])
    await call(
      token,
      'POST',
      `${item.id}/scores`,
      score({
        userId,
        scoreGiven: undefined,
        scoreMaximum: undefined,
        activityProgress: 'Started',
        gradingProgress: 'NotReady',
      }),
      mediaType.score,
    )
    expect((await call(token, 'GET', `${item.id}/results`)).json).toEqual([])
  })
  test('G3.3 refused: unknown words, no time, below nought, no maximum, nobody’s id, another tool’s id for the same person', async () => {
    const token = await granted(tool, one, ['score', 'lineitem', 'membership'])
    const [item] = (await call(token, 'GET', `/line-items?resource_link_id=${course.linkId}`)).json
    const userId = await subjectOf(token)
    const bad = [
      { activityProgress: 'Done' },
      { gradingProgress: 'Maybe' },
      { timestamp: '2021-09-15' },
      { timestamp: undefined },
      { scoreGiven: -1 },
      { scoreMaximum: undefined },
      { scoreMaximum: 0 },
      { userId: undefined },
    ]
    for (const more of bad)
      expect([
        more,
        (await call(token, 'POST', `${item.id}/scores`, score({ userId, ...more }), mediaType.score)).status,
      ]).toEqual([more, 422])
    for (const nobody of ['nobody', learner.personId, learner.accountId])
      expect((await call(token, 'POST', `${item.id}/scores`, score({ userId: nobody }), mediaType.score)).status).toBe(
        404,
      )
  })
  test('C16 a score gives no hours: nothing is in the ledger, nothing was counted', async () => {
    const { rows } = await site.owner.query(
      'select (select count(*)::int from training.hour_entries) as ledger, (select count(*)::int from learning.stretches) as stretches',
    )
    expect(rows).toEqual([{ ledger: 0, stretches: 0 }])
  })
})

describe('N names and roles', () => {
  test('N2.1 HZ4-M13 learners of the course by pseudonym; no name unless the tool may know it; in pages', async () => {
    for (const name of ['甲学员', '乙学员', '丙学员']) await learnerOf(w, course.courseId, name)
    const token = await granted(tool, one, ['membership'])
    const all = await call(token, 'GET', '/members')
    expect(all.headers.get('content-type')).toBe(mediaType.members)
    expect(all.json).toMatchObject({
      id: `${site.address}/lti/courses/${course.courseId}/members`,
      context: { id: course.courseId, title: '焊工基本功' },
    })
    expect(all.json.members.length).toBe(4)
    for (const member of all.json.members)
      expect(Object.keys(member).toSorted()).toEqual(['roles', 'status', 'user_id'])
    const page = await call(token, 'GET', '/members?limit=3')
    const next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1] ?? ''
    const rest = await call(token, 'GET', next)
    expect([page.json.members.length, rest.json.members.length]).toEqual([3, 1])
    expect(rest.headers.get('link')).toBeNull()
  })
  test('N2.1 by role and by link; another scope, another course', async () => {
    const token = await granted(tool, one, ['membership'])
    expect((await call(token, 'GET', `/members?role=${encodeURIComponent(role.instructor)}`)).json.members).toEqual([])
    expect((await call(token, 'GET', `/members?role=${encodeURIComponent(role.learner)}`)).json.members.length).toBe(4)
    expect((await call(token, 'GET', `/members?rlid=${course.linkId}`)).json.members[0].message).toBeTruthy()
    expect((await call(token, 'GET', `/members?rlid=${randomUUID()}`)).json.members).toEqual([])
    expect((await call(await granted(tool, one, ['score']), 'GET', '/members')).status).toBe(403)
  })
  test('N2.1 C25 a tool that may know names gets them, and only names', async () => {
    const named = await toolOf(w, two, { name: '实名工具', tells: ['name'] })
    const there = await courseWith(w, named.id)
    await learnerOf(w, there.courseId, '欧阳实名')
    const token = await granted(named, two, ['membership'])
    const { json } = await call(token, 'GET', `${site.address}/lti/courses/${there.courseId}/members`)
    expect(json.members).toEqual([
      { status: 'Active', user_id: expect.any(String), roles: [role.learner], name: '欧阳实名' },
    ])
  })
})
