import { sql } from 'kysely'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { tokenFor } from '#modules/packages/token.queries.ts'
import { freshDb, type TestDb, testCrypto } from '#platform/testing.ts'
import { type Content, cmi5Lesson, contentOf, launch, learner } from '../../fixtures/cmi5.ts'
import type { Lesson } from '../../fixtures/lessons.ts'
import { cmi5Structure } from '../../fixtures/packages.ts'

/** A reviewer tries a unit before anybody may learn by it. */
const origin = 'http://127.0.0.1:3001'
const au1 = 'https://haizhu.example/au1'
let t: TestDb
let of: Lesson
let content: Content
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  content = contentOf(t)
  of = await cmi5Lesson(t, cmi5Structure, ['wash.html', 'store.html'])
})
afterAll(() => t.close())

const kept = async () =>
  (
    await sql<{
      n: number
    }>`select ((select count(*) from records.statements) + (select count(*) from records.documents)
      + (select count(*) from packages.launches) + (select count(*) from packages.attempts)
      + (select count(*) from packages.cmi5_registrations) + (select count(*) from audit.entries))::int as n`.execute(
      t.db,
    )
  ).rows[0]?.n

async function tried() {
  const facts = { personId: '', accountId: 'user:reviewer', registrationId: '', itemId: '', unitId: au1, launchId: '' }
  const token = tokenFor(
    { crypto: testCrypto, now: content.now() },
    { ...facts, use: 'preview', packageId: of.packageId },
  )
  const page = await content.app.request(`${origin}/launch/${token}`)
  const settings = JSON.parse(/id="settings">(.+?)<\/script>/.exec(await page.text())?.[1] ?? '{}')
  const given = Object.fromEntries(new URL(settings.source, origin).searchParams) as Record<string, string>
  const fetched = await content.app.request(given.fetch ?? '', { method: 'POST' })
  const { 'auth-token': auth } = (await fetched.json()) as { 'auth-token': string }
  const ask = (path: string, method = 'GET', json?: unknown, as = auth) =>
    content.app.request(`${given.endpoint}${path}`, {
      method,
      headers: {
        authorization: `Basic ${as}`,
        'x-experience-api-version': '1.0.3',
        'content-type': 'application/json',
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    })
  const about = `activityId=${encodeURIComponent(given.activityId ?? '')}&agent=${encodeURIComponent(given.actor ?? '')}&registration=${given.registration}`
  return { settings, given, auth, ask, about }
}

test('HZ4-M13 L01 a unit that is tried gets everything it asks for, in Browse mode, and nothing is written anywhere', async () => {
  const before = await kept()
  const { settings, given, ask, about } = await tried()
  expect(settings).toMatchObject({ commitAddress: '', launchId: '' })
  const data = (await (await ask(`activities/state?${about}&stateId=LMS.LaunchData`)).json()) as Record<string, unknown>
  expect(data).toMatchObject({ launchMode: 'Browse', contextTemplate: expect.anything() })
  expect(await (await ask('agents/profile?profileId=cmi5LearnerPreferences')).json()).toMatchObject({
    languagePreference: 'zh-CN',
  })
  const said = [{ id: '018f0000-0000-7000-8000-0000000000aa', verb: { id: 'http://adlnet.gov/expapi/verbs/passed' } }]
  const answer = await ask('statements', 'POST', said)
  expect([answer.status, await answer.json()]).toEqual([200, [said[0]?.id]])
  expect((await ask(`activities/state?${about}&stateId=place`, 'PUT', { page: 3 })).status).toBe(204)
  expect((await ask(`activities/state?${about}&stateId=place`)).status).toBe(404)
  expect((await ask(`activities/state?${about}&stateId=LMS.LaunchData`, 'PUT', {})).status).toBe(403)
  expect(await (await ask('statements')).json()).toEqual({ statements: [], more: '' })
  expect((await ask('statements', 'POST', 'nonsense')).status).toBe(400)
  expect(JSON.parse(given.actor ?? '{}').account.name).toBe('trial')
  expect(await kept()).toBe(before)
})

test('HZ4-M13 the token of a trial opens no real store, and that of a launch no trial', async () => {
  const { auth, ask } = await tried()
  const au = await launch(content, await learner(t, of), of, au1)
  const real = await content.app.request(`${au.endpoint}statements`, {
    headers: { authorization: `Basic ${auth}`, 'x-experience-api-version': '1.0.3' },
  })
  expect(real.status).toBe(401)
  expect((await ask('statements', 'GET', undefined, au.token)).status).toBe(401)
  content.at(2 * 3600 + 1)
  expect((await ask('statements')).status).toBe(401)
  content.at(0)
})
