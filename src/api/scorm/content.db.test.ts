import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { readScormManifest } from '#modules/packages/scorm-manifest.rules.ts'
import { tokenFor } from '#modules/packages/token.queries.ts'
import { contentOrigin, runsHere } from '#platform/content-origin.ts'
import { ctxFor, freshDb, systemActor, type TestDb, testNow } from '#platform/testing.ts'
import { parseXml } from '#shared/xml.ts'
import { contentOf, learner } from '../../../tests/fixtures/cmi5.ts'
import { lesson } from '../../../tests/fixtures/lessons.ts'
import { manifest12 } from '../../../tests/fixtures/packages.ts'

/** Packages with hosts of their own: a token works on its own host, and on no other. */
let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => t.close())

const config = { contentUrl: 'https://*.kejian.example.cn', contentPort: 3001 }

test('HZ4-M13 the launch, the files and the reports of a package are on its own host only', async () => {
  const paths = new Set(['content/one.html', 'content/two.html'])
  const make = () => lesson(t.db, readScormManifest(parseXml(manifest12), paths).found)
  const [of, other] = [await make(), await make()]
  const who = await learner(t, of)
  const { app } = contentOf(t, {
    runsHere: (request, packageId) => runsHere(config, request.url, packageId),
    originOf: (request, packageId) => contentOrigin(config, request.url, packageId),
  })
  const facts = { personId: who.personId, accountId: who.actor.id, registrationId: who.registrationId }
  const token = tokenFor(ctxFor(t.db, systemActor, testNow), {
    ...facts,
    ...{ use: 'frame', itemId: of.itemId, unitId: 'i1', launchId: '', packageId: of.packageId },
  })
  const [own, foreign] = [of, other].map(({ packageId }) => contentOrigin(config, 'https://site.example/', packageId))
  expect((await app.request(`${foreign}/launch/${token}`)).status).toBe(410)
  const page = await app.request(`${own}/launch/${token}`)
  expect(page.status).toBe(200)
  const host = new URL(own as string).host
  const policy = page.headers.get('content-security-policy') ?? ''
  expect(policy).toContain(`frame-src ${host}/p/`)
  const { commitAddress, source } = JSON.parse(/id="settings">(.+?)<\/script>/.exec(await page.text())?.[1] ?? '{}')
  const report = (origin: string | undefined) =>
    app.request(`${origin}${commitAddress}`, {
      method: 'POST',
      body: JSON.stringify({ entries: [{ seq: 1, changes: [] }] }),
    })
  expect([(await report(foreign)).status, (await report(own)).status]).toEqual([410, 200])
  expect((await app.request(`${foreign}${source}`)).status).toBe(410)
})
