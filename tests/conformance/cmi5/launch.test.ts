import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { extensions, verbs } from '#modules/packages/cmi5.schema.ts'
import { freshDb, type TestDb } from '#platform/testing.ts'
import { type Content, cmi5Lesson, contentOf, home, launch, learner, recorded } from '../../fixtures/cmi5.ts'
import type { Lesson } from '../../fixtures/lessons.ts'
import { cmi5Structure } from '../../fixtures/packages.ts'

/** cmi5 (Quartz, 1st edition), sections 6, 8, 10 and 11: what the LMS does before and around an AU. */
let t: TestDb
let of: Lesson
let content: Content
const [au1, au2] = ['https://haizhu.example/au1', 'https://haizhu.example/au2']
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  content = contentOf(t)
  of = await cmi5Lesson(t, cmi5Structure, ['wash.html', 'store.html'])
})
afterAll(() => t.close())
const begin = async (unit = au1) => launch(content, await learner(t, of), of, unit)

describe('HZ4-M13 cmi5 8.1 launch', () => {
  test('HZ4-M13 8.1 the five parameters are there, and what the publisher wrote stays', async () => {
    const au = await begin()
    expect([...au.address.searchParams.keys()].toSorted()).toEqual(
      ['activityId', 'actor', 'endpoint', 'fetch', 'registration', 'x'].toSorted(),
    )
    expect(au.registration).toMatch(/^[0-9a-f-]{36}$/)
    expect(au.endpoint.endsWith('/')).toBe(true)
  })
  test('HZ4-M13 8.1 the actor is an account that says nothing of the person', async () => {
    const who = await learner(t, of)
    const au = await launch(content, who, of, au1)
    expect(au.actor).toEqual({
      objectType: 'Agent',
      account: { homePage: home, name: expect.stringMatching(/^[\w-]+$/) },
    })
    expect(JSON.stringify(au.actor)).not.toContain(who.personId)
  })
  test('HZ4-M13 8.1 the activity id is ours, not the publisher’s, and the same at every launch and for everybody', async () => {
    const who = await learner(t, of)
    const [one, two, other] = [await launch(content, who, of, au1), await launch(content, who, of, au1), await begin()]
    expect(one.activityId).not.toBe(au1)
    expect([two.activityId, other.activityId]).toEqual([one.activityId, one.activityId])
    expect(two.registration).toBe(one.registration)
    expect(other.registration).not.toBe(one.registration)
    expect((await begin(au2)).activityId).not.toBe(one.activityId)
  })
})

describe('HZ4-M13 cmi5 8.2 the token', () => {
  test('HZ4-M13 8.2.1 POST gives it once as JSON with status 200; GET gives nothing', async () => {
    const who = await learner(t, of)
    const au = await launch(content, who, of, au1)
    expect(au.token.length).toBeGreaterThan(40)
    expect((await au.fetch('GET')).status).toBe(405)
    const again = await au.fetch()
    expect([again.status, again.headers.get('content-type')]).toEqual([200, 'application/json'])
    expect(await again.json()).toMatchObject({ 'error-code': '1', 'error-text': expect.any(String) })
  })
  test('HZ4-M13 8.2.3.2 an address that nobody gave out is a security error, code 2', async () => {
    const au = await begin()
    const wrong = au.fetchAddress.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A'))
    const answer = await content.app.request(wrong, { method: 'POST' })
    expect([answer.status, (await answer.json()) as object]).toEqual([
      200,
      expect.objectContaining({ 'error-code': '2' }),
    ])
  })
  test('HZ4-M13 8.2 the store takes no other token: none, a stolen one of the files, one that is not signed', async () => {
    const au = await begin()
    for (const token of ['', 'abc', au.address.pathname.split('/')[2] ?? '', au.fetchAddress.split('/').at(-1) ?? '']) {
      const answer = await au.ask(au.state('LMS.LaunchData'), { headers: { authorization: `Basic ${token}` } })
      expect([token.slice(0, 10), answer.status]).toEqual([token.slice(0, 10), 401])
    }
  })
  test('HZ4-M13 8.2.1 the token ends with the session, and with time', async () => {
    const au = await begin()
    expect((await au.ask(au.state('LMS.LaunchData'))).status).toBe(200)
    await au.tell(au.said('initialized'), au.said('terminated'))
    expect((await au.ask(au.state('LMS.LaunchData'))).status).toBe(403)
    content.at(13 * 3600)
    expect((await au.tell(au.said('initialized'))).status).toBe(401)
    content.at(0)
  })
})

describe('HZ4-M13 cmi5 10 launch data', () => {
  test('HZ4-M13 10 LMS.LaunchData lies in the State API before the AU asks', async () => {
    const au = await begin()
    const answer = await au.ask(au.state('LMS.LaunchData'))
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json'])
    expect(await answer.json()).toEqual({
      contextTemplate: {
        contextActivities: { grouping: [{ id: au1 }] },
        extensions: { [extensions.sessionId]: au.launchId },
      },
      ...{ launchMode: 'Normal', launchMethod: 'OwnWindow', moveOn: 'CompletedAndPassed', masteryScore: 0.8 },
      ...{
        launchParameters: 'short',
        entitlementKey: { courseStructure: 'k' },
        returnURL: expect.stringMatching(/^http/),
      },
    })
  })
  test('HZ4-M13 10 what the structure leaves out is left out', async () => {
    const data = (await (await begin(au2).then((au) => au.ask(au.state('LMS.LaunchData')))).json()) as object
    expect(Object.keys(data).toSorted()).toEqual([
      'contextTemplate',
      'launchMethod',
      'launchMode',
      'moveOn',
      'returnURL',
    ])
    expect(data).toMatchObject({ moveOn: 'NotApplicable', launchMethod: 'AnyWindow' })
  })
  test('HZ4-M13 10 an AU neither changes nor deletes it, alone or with all the rest', async () => {
    const au = await begin()
    const path = au.state('LMS.LaunchData')
    expect((await au.ask(path, { method: 'PUT', json: {} })).status).toBe(403)
    expect((await au.ask(path, { method: 'POST', json: {} })).status).toBe(403)
    expect((await au.ask(path, { method: 'DELETE' })).status).toBe(403)
    const all = au.state('').replace(/&stateId=/, '')
    expect((await au.ask(all, { method: 'DELETE' })).status).toBe(403)
    expect((await au.ask(path)).status).toBe(200)
  })
  test('HZ4-M13 10 its own state documents are its own: kept, found again at the next launch, of nobody else', async () => {
    const who = await learner(t, of)
    const au = await launch(content, who, of, au1)
    expect((await au.ask(au.state('place'), { method: 'PUT', json: { page: 3 } })).status).toBe(204)
    const next = await launch(content, who, of, au1)
    expect(await (await next.ask(next.state('place'))).json()).toEqual({ page: 3 })
    const stranger = await begin()
    expect((await stranger.ask(au.state('place'))).status).toBe(403)
    const foreign = [
      { activityId: 'https://x.example/other' },
      { registration: stranger.registration },
      { agent: JSON.stringify(stranger.actor) },
    ]
    for (const change of foreign) expect((await next.ask(next.state('place', change as never))).status).toBe(403)
  })
  test('HZ4-M13 10 launchMode is Review when nothing is left to record, and Normal before', async () => {
    const who = await learner(t, of)
    const au = await launch(content, who, of, au1)
    await au.tell(au.said('initialized'), au.said('completed'), au.said('passed'), au.said('terminated'))
    const next = await launch(content, who, of, au1)
    expect(await (await next.ask(next.state('LMS.LaunchData'))).json()).toMatchObject({ launchMode: 'Review' })
    await next.tell(next.said('initialized'))
    expect((await next.tell(next.said('completed'))).status).toBe(403)
    expect((await next.tell(next.said('terminated'))).status).toBe(200)
  })
})

describe('HZ4-M13 cmi5 11 learner preferences', () => {
  const profile = (au: Awaited<ReturnType<typeof begin>>, id: string) =>
    `agents/profile?${new URLSearchParams({ agent: JSON.stringify(au.actor), profileId: id })}`
  test('HZ4-M13 11 they are there, may be changed with what was seen, and stay for the next launch', async () => {
    const who = await learner(t, of)
    const au = await launch(content, who, of, au1)
    const path = profile(au, 'cmi5LearnerPreferences')
    const seen = await au.ask(path)
    expect(await seen.json()).toEqual({ languagePreference: 'zh-CN', audioPreference: 'on' })
    const change = { languagePreference: 'zh-CN', audioPreference: 'off' }
    const headers = { 'if-match': seen.headers.get('etag') ?? '' }
    expect((await au.ask(path, { method: 'PUT', json: change, headers })).status).toBe(204)
    const next = await launch(content, who, of, au2)
    expect(await (await next.ask(path)).json()).toEqual(change)
  })
  test('HZ4-M13 11 no other profile and no other person can be reached', async () => {
    const [au, other] = [await begin(), await begin()]
    expect((await au.ask(profile(au, 'anything'), { method: 'PUT', json: {} })).status).toBe(403)
    expect((await au.ask(profile(other, 'cmi5LearnerPreferences'))).status).toBe(403)
  })
})

describe('HZ4-M13 cmi5 9.3.1 launched', () => {
  test('HZ4-M13 9.3.1 said once before the AU opens, with mode, moveOn, mastery score, parameters and the address without ours', async () => {
    const au = await begin()
    const [first, ...others] = await recorded(t, au.registration)
    expect(first).toMatchObject({
      verb: { id: verbs.launched },
      actor: au.actor,
      object: { id: au.activityId },
      context: {
        registration: au.registration,
        contextActivities: { grouping: [{ id: au1 }] },
        extensions: {
          ...{ [extensions.sessionId]: au.launchId, [extensions.launchMode]: 'Normal', [extensions.masteryScore]: 0.8 },
          ...{ [extensions.moveOn]: 'CompletedAndPassed', [extensions.launchParameters]: 'short' },
        },
      },
    })
    const address = new URL(first?.context.extensions[extensions.launchUrl])
    expect([...address.searchParams.keys()]).toEqual(['x'])
    expect(others.filter(({ verb }) => verb.id === verbs.launched)).toEqual([])
  })
  test('HZ4-M13 9.6.1 what needs nothing is satisfied at the first launch, once', async () => {
    const structure = cmi5Structure.replace('moveOn="CompletedAndPassed"', 'moveOn="NotApplicable"')
    const easy = await cmi5Lesson(t, structure, ['wash.html', 'store.html'])
    const who = await learner(t, easy)
    const au = await launch(content, who, easy, au1)
    await launch(content, who, easy, au1)
    const said = (await recorded(t, au.registration)).filter(({ verb }) => verb.id === verbs.satisfied)
    expect(said.map(({ object }) => object.definition.type.split('/').at(-1))).toEqual(['block', 'course'])
  })
})

describe('HZ4-M13 cmi5 6.3 the store behind the AU', () => {
  test('HZ4-M13 8.1 an AU reads the statements of its own registration and no others', async () => {
    const [au, other] = [await begin(), await begin()]
    await au.tell(au.said('initialized'))
    const read = async (query: string) => {
      const answer = await au.ask(`statements?${query}`)
      return {
        status: answer.status,
        body: (await answer.json()) as { statements?: { context: { registration: string } }[] },
      }
    }
    const own = await read('')
    expect(own.body.statements?.map(({ context }) => context.registration)).toEqual([au.registration, au.registration])
    expect((await read(`registration=${other.registration}`)).status).toBe(403)
    const [theirs] = await recorded(t, other.registration)
    expect((await read(`statementId=${theirs?.id}`)).status).toBe(404)
  })
  test('HZ4-M13 6 the profile of an activity is read only, because learners share it', async () => {
    const au = await begin()
    const path = `activities/profile?${new URLSearchParams({ activityId: au.activityId, profileId: 'x' })}`
    expect((await au.ask(path, { method: 'PUT', json: {} })).status).toBe(403)
    expect((await au.ask(path)).status).toBe(404)
  })
  test('HZ4-M13 4.2 the organisation’s own clients read what AUs said', async () => {
    const au = await begin()
    const { rows } = await sql<{ organisation: string }>`
      select organisation_id as organisation from records.clients c where kind = 'platform'
        and exists (select from records.statements s where s.client_id = c.id)`.execute(t.db)
    expect(rows.map(({ organisation }) => organisation)).toContain(of.organisationId)
    expect((await recorded(t, au.registration)).length).toBeGreaterThan(0)
  })
})
