import { sql } from 'kysely'
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { readCmi5 } from '#modules/packages/cmi5-structure.rules.ts'
import { sessionFacts } from '#modules/packages/launch.queries.ts'
import { readScormManifest } from '#modules/packages/scorm-manifest.rules.ts'
import { parseXml } from '#shared/xml.ts'
import { lesson, registrationFor } from '../fixtures/lessons.ts'
import { au, cmi5Structure, manifest12, manifest2004, sco12 } from '../fixtures/packages.ts'
import { signInAs } from '../setup/accounts.ts'
import { desk, launchBrowser, phone } from '../setup/browser.ts'
import { cookieFor, looksRight } from '../setup/look.ts'
import { startSite, type TestSite } from '../setup/site.ts'

/** Somebody learns from uploaded packages; one of them is hostile. */
let site: TestSite
let browser: Browser
let pocket: BrowserContext
let page: Page
let me: Awaited<ReturnType<typeof signInAs>>
const paths = new Set(['content/one.html', 'content/two.html', 'a.html', 'b.html'])

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  browser = await launchBrowser()
  me = await signInAs(site.db, site.url, { identity: 'verified' })
  // The content policy is what is tested: it is not bypassed here.
  pocket = await browser.newContext({ viewport: desk, locale: 'zh-CN' })
  await pocket.addCookies([
    cookieFor(site.address, me.cookie),
    { name: 'readable', value: 'secret', url: site.address },
  ])
  page = await pocket.newPage()
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
})

async function open(manifest: string, contents: Record<string, string>) {
  const made = await lesson(site.db, readScormManifest(parseXml(manifest), paths).found, {
    storage: site.storage,
    contents,
  })
  const registrationId = await registrationFor(site.db, me.actor, made.courseId)
  return { ...made, registrationId, address: `${site.address}/my/packages/${registrationId}/${made.itemId}` }
}

/** The frame that the lesson itself runs in, once it has loaded. */
async function lessonFrame(of: Page, path: string): Promise<Frame> {
  await expect.poll(() => of.frames().some((frame) => frame.url().includes(`/${path}`)), { timeout: 30_000 }).toBe(true)
  const frame = of.frames().find((one) => one.url().includes(`/${path}`)) as Frame
  await frame.waitForLoadState()
  return frame
}

test('HZ4-M13 a learner sees the units of a package and goes through one: place and time are there the next time', async () => {
  const made = await open(manifest12, {
    'content/one.html': sco12('第一课 灭火器'),
    'content/two.html': '<!doctype html><title>二</title><h1>第二课 疏散</h1>',
  })
  await page.goto(made.address)
  await looksRight(page)
  expect(await page.locator('main').textContent()).toContain('第二课 疏散')
  await page.getByRole('link', { name: '第一课 灭火器', exact: true }).click()
  const first = await lessonFrame(page, 'content/one.html')
  expect(await first.evaluate(() => document.body.dataset.entry)).toBe('ab-initio')
  expect(await first.evaluate('leave(42, "suspend", "incomplete")')).toBe('true')
  await expect.poll(() => page.frameLocator('iframe').locator('#status').textContent()).toBe('进度已保存')
  await expect
    .poll(async () => (await sessionFacts(site.db, made.registrationId)).map((fact) => fact.reportedSeconds))
    .toEqual([42])
  await page.goto(made.address)
  expect(await page.locator('table').textContent()).toContain('进行中')
  await page.getByRole('link', { name: /继续学.*第一课/ }).click()
  const second = await lessonFrame(page, 'content/one.html')
  expect(await second.evaluate(() => ({ ...document.body.dataset }))).toMatchObject({
    entry: 'resume',
    location: 'page-3',
  })
})

test('HZ4-M13 without a network what the lesson saves waits, and arrives once when the network is back', async () => {
  const made = await open(manifest12, { 'content/one.html': sco12('第一课 灭火器'), 'content/two.html': 'x' })
  await page.goto(`${made.address}?unit=i1`)
  const frame = await lessonFrame(page, 'content/one.html')
  await pocket.setOffline(true)
  expect(await frame.evaluate('leave(30, "suspend", "completed")')).toBe('true')
  await expect.poll(() => page.frameLocator('iframe').locator('#status').textContent()).toContain('网络不通')
  expect((await sessionFacts(site.db, made.registrationId))[0]?.reportedSeconds).toBe(0)
  await pocket.setOffline(false)
  await expect
    .poll(async () => (await sessionFacts(site.db, made.registrationId)).map((fact) => fact.reportedSeconds), {
      timeout: 40_000,
    })
    .toEqual([30])
})

test('HZ4-M13 a hostile package reads no cookie, no storage and no page of the site, and cannot leave its frame', async () => {
  const attack = `<!doctype html><title>x</title><body><script>
const site = ${JSON.stringify(site.address)}
const tries = {
  cookie: () => document.cookie,
  parentPage: () => parent.parent.document.title,
  topPage: () => top.document.cookie,
  topStorage: () => top.localStorage.length,
  goTop: () => { top.location = 'https://example.invalid/'; return 'went' },
  goTopHere: () => { top.location.href = site + '/sign-out'; return 'went' },
  popup: () => window.open(site + '/my') === null ? 'blocked' : 'opened',
  fetchPage: () => fetch(site + '/my', { credentials: 'include' }).then((r) => r.text()),
  fetchBlind: () => fetch(site + '/my', { mode: 'no-cors', credentials: 'include' }).then(() => 'sent'),
  fetchApi: () => fetch('/api/v1/openapi.json').then((r) => 'status ' + r.status),
  fetchMyPage: () => fetch('/my').then((r) => 'status ' + r.status),
  beaconOut: () => fetch('https://example.invalid/').then(() => 'sent'),
  script: () => new Promise((ok, no) => { const s = document.createElement('script'); s.src = site + '/healthz'; s.onload = () => ok('loaded'); s.onerror = () => no(new Error('blocked')); document.body.append(s) }),
  image: () => new Promise((ok, no) => { const i = new Image(); i.src = site + '/emblem.svg'; i.onload = () => ok('loaded'); i.onerror = () => no(new Error('blocked')) }),
  worker: () => navigator.serviceWorker.register('worker.js').then(() => 'registered'),
  frameSite: () => new Promise((ok) => { const f = document.createElement('iframe'); f.src = site + '/my'; f.onload = () => { try { ok(f.contentDocument ? 'read ' + f.contentDocument.title : 'blocked') } catch { ok('blocked') } }; document.body.append(f); setTimeout(() => ok('blocked'), 3000) }),
}
window.results = (async () => {
  const out = {}
  for (const [name, work] of Object.entries(tries)) {
    try { out[name] = String(await work()) } catch (error) { out[name] = 'blocked' }
  }
  return out
})()
</script></body>`
  const made = await open(manifest2004, { 'a.html': attack, 'worker.js': 'self.onfetch = () => {}', 'b.html': 'x' })
  await page.goto(`${made.address}?unit=a1`)
  const frame = await lessonFrame(page, 'a.html')
  const results = (await frame.evaluate('window.results')) as Record<string, string>
  expect(results).toEqual({
    cookie: '',
    ...{ parentPage: 'blocked', topPage: 'blocked', topStorage: 'blocked', goTop: 'blocked', goTopHere: 'blocked' },
    ...{ popup: 'blocked', fetchPage: 'blocked', fetchBlind: 'blocked', beaconOut: 'blocked' },
    // even what is not there is not asked for: the policy ends at the package's own path
    ...{ fetchApi: 'blocked', fetchMyPage: 'blocked' },
    ...{ script: 'blocked', image: 'blocked', worker: 'blocked', frameSite: 'blocked' },
  })
  expect(page.url()).toBe(`${made.address}?unit=a1`)
})

test('HZ4-M13 the origin of lessons sets no cookie, has no page of the site, and a token opens nothing else', async () => {
  const made = await open(manifest12, { 'content/one.html': sco12('一'), 'content/two.html': 'x' })
  await page.goto(`${made.address}?unit=i1`)
  const frame = await lessonFrame(page, 'content/one.html')
  const token = /\/p\/([^/]+)\//.exec(frame.url())?.[1] as string
  const ask = (path: string, init: RequestInit = {}) => fetch(site.lessons + path, init)
  for (const path of ['/', '/my', '/api/v1/openapi.json', '/sign-in', '/healthz']) {
    const answer = await ask(path, { headers: { cookie: me.cookie } })
    expect([path, answer.status, answer.headers.get('set-cookie')]).toEqual([path, 404, null])
  }
  expect((await ask(`/launch/${token}`)).status).toBe(410)
  expect((await ask(`/p/${token}/imsmanifest.xml`)).status).toBe(404)
  expect((await ask(`/p/${token.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A'))}/content/one.html`)).status).toBe(410)
  expect((await ask(`/p/${token}/..%2f..%2fpackage.json`)).status).toBe(404)
  const part = await ask(`/p/${token}/content/one.html`, { headers: { range: 'bytes=0-8' } })
  expect([part.status, await part.text()]).toEqual([206, '<!doctype'])
  expect(await (await fetch(site.address + new URL(frame.url()).pathname)).status).toBe(404)
  const other = await signInAs(site.db, site.url, { identity: 'verified' })
  const theirs = await browser.newContext({ viewport: phone, bypassCSP: true })
  await theirs.addCookies([cookieFor(site.address, other.cookie)])
  const stranger = await theirs.newPage()
  expect((await stranger.goto(made.address))?.status()).toBe(404)
  await theirs.close()
})

test('HZ4-M13 one package reads nothing of another: neither its files with its token nor what it left in the browser', async () => {
  const keeps = `<!doctype html><title>a</title><script>
localStorage.setItem('secret', 'of A'); sessionStorage.setItem('secret', 'of A')
window.kept = new Promise((done) => { const open = indexedDB.open('secret'); open.onsuccess = () => { open.result.close(); done('kept') } })
</script>`
  const first = await open(manifest2004, { 'a.html': keeps, 'b.html': 'x' })
  await page.goto(`${first.address}?unit=a1`)
  const mine = await lessonFrame(page, 'a.html')
  expect(await mine.evaluate('window.kept')).toBe('kept')
  const theirs = new URL(mine.url()).pathname
  const spies = `<!doctype html><title>b</title><script>
const stolen = ${JSON.stringify(theirs)}
const tries = {
  file: () => fetch(stolen).then((r) => 'status ' + r.status),
  report: () => fetch(stolen.replace(/^\\/p\\/([^/]+).*/, '/report/$1'), { method: 'POST', body: '{}' }).then((r) => 'status ' + r.status),
  throughTheFrame: () => parent.fetch(stolen).then((r) => 'status ' + r.status),
  frameInFrame: () => new Promise((ok) => { const f = parent.document.createElement('iframe'); f.onload = () => { try { ok(f.contentDocument.title === 'a' ? 'read' : 'blocked') } catch { ok('blocked') } }; f.src = stolen; parent.document.body.append(f); setTimeout(() => ok('blocked'), 2000) }),
  stored: () => Object.keys(localStorage).filter((name) => name !== 'package').join() || 'nothing',
  session: () => Object.keys(sessionStorage).join() || 'nothing',
  databases: async () => (await indexedDB.databases()).map(({ name }) => name).join() || 'nothing',
}
window.results = (async () => {
  const out = {}
  for (const [name, work] of Object.entries(tries)) {
    try { out[name] = String(await work()) } catch { out[name] = 'blocked' }
  }
  return out
})()
</script>`
  const second = await open(manifest2004, { 'a.html': spies, 'b.html': 'x' })
  await page.goto(`${second.address}?unit=a1`)
  const spy = await lessonFrame(page, 'a.html')
  expect(await spy.evaluate('window.results')).toEqual({
    ...{ file: 'blocked', report: 'blocked', throughTheFrame: 'blocked', frameInFrame: 'blocked' },
    ...{ stored: 'nothing', session: 'nothing', databases: 'nothing' },
  })
  // The token itself opens its own package only.
  const token = /\/p\/([^/]+)\//.exec(spy.url())?.[1] as string
  const answer = await fetch(`${site.lessons}/report/${token}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ launchId: await launchOf(first.packageId), entries: [{ seq: 1, changes: [] }] }),
  })
  expect([answer.status, await answer.json()]).toEqual([404, { reason: 'missing' }])
})

test('HZ4-M13 opening the lesson of another organisation ends this one at once: nothing of it acts on, and the learner can go back', async () => {
  const meddles = `<!doctype html><title>a</title><h1>甲</h1><script>
const channel = new BroadcastChannel('x'); setInterval(() => { localStorage.setItem('planted', 'by A'); channel.postMessage('A is here') }, 20)
addEventListener('pagehide', () => { localStorage.setItem('planted', 'by A'); while (Date.now() < 0) {} })
const api = parent.API_1484_11; api.Initialize(''); api.SetValue('cmi.session_time', 'PT30S'); api.SetValue('cmi.location', 'p7'); api.Commit('')
window.again = api.GetValue('cmi.location')
</script>`
  const watches = `<!doctype html><title>b</title><h1>乙</h1><script>
window.seen = []; new BroadcastChannel('x').onmessage = (e) => window.seen.push(e.data); addEventListener('storage', (e) => window.seen.push(e.key))
const api = parent.API_1484_11; api.Initialize('')
</script>`
  const [first, second] = [
    await open(manifest2004, { 'a.html': meddles, 'b.html': 'x' }),
    await open(manifest2004, { 'a.html': watches, 'b.html': 'x' }),
  ]
  await page.goto(`${first.address}?unit=a1`)
  const mine = await lessonFrame(page, 'a.html')
  await expect.poll(async () => (await sessionFacts(site.db, first.registrationId))[0]?.reportedSeconds).toBe(30)
  const token = /\/p\/([^/]+)\//.exec(mine.url())?.[1] as string
  const tab = await pocket.newPage()
  await tab.goto(`${second.address}?unit=a1`)
  const theirs = await lessonFrame(tab, 'a.html')
  // The first page has lost its frame and says why in plain words.
  await expect.poll(() => page.locator('main').textContent()).toContain('您在别的页面打开了课件，这里的已经停下')
  expect(page.frames().some((frame) => frame.url().startsWith(site.lessons))).toBe(false)
  await looksRight(page)
  await page.screenshot({ path: '/tmp/packages-gone-desk.png', fullPage: true })
  await page.setViewportSize(phone)
  await looksRight(page)
  await page.screenshot({ path: '/tmp/packages-gone-phone.png', fullPage: true })
  await page.setViewportSize(desk)
  // Its script is heard of no more, and what it planted is not there.
  await tab.waitForTimeout(300)
  expect(
    await theirs.evaluate(() => [localStorage.getItem('planted'), (window as never as { seen: string[] }).seen]),
  ).toEqual([null, []])
  // Its tokens are dead, its time stands once.
  const dead = { method: 'POST', headers: { 'content-type': 'application/json' } }
  const report = await fetch(`${site.lessons}/report/${token}`, {
    ...dead,
    body: JSON.stringify({ entries: [{ seq: 9, changes: [['cmi.session_time', 'PT9H']] }] }),
  })
  expect([report.status, await report.json()]).toEqual([410, { reason: 'launch-ended' }])
  expect((await fetch(`${site.lessons}/p/${token}/a.html`)).status).toBe(410)
  const times = async (registrationId: string) =>
    (await sessionFacts(site.db, registrationId)).map(({ reportedSeconds, endReason }) => [reportedSeconds, endReason])
  expect(await times(first.registrationId)).toEqual([[30, 'displaced']])
  // Back again: now the other one gives way.
  await page.getByRole('button', { name: '回到这里继续学' }).click()
  const back = await lessonFrame(page, 'a.html')
  expect(await back.evaluate('window.again')).toBe('p7')
  await expect.poll(() => tab.locator('main').textContent()).toContain('这里的已经停下')
  expect(await times(second.registrationId)).toEqual([[0, 'displaced']])
  await tab.close()
  // A lesson in a window by itself would be held by nobody.
  const bare = await pocket.newPage()
  const fresh = /\/p\/([^/]+)\//.exec(back.url())?.[1] as string
  expect((await bare.goto(`${site.lessons}/p/${fresh}/a.html`))?.status()).toBe(403)
  await bare.close()
})

test('HZ4-M13 what waits in the browser cannot be changed by another package', async () => {
  const says = `<!doctype html><title>a</title><script>
const api = parent.API_1484_11; api.Initialize(''); window.say = (time) => { parent.navigator.sendBeacon = () => false; api.SetValue('cmi.session_time', time); return api.Commit('') }
</script>`
  const forges = `<!doctype html><title>b</title><script>
for (const name of Object.keys(localStorage)) if (name.startsWith('outbox:')) {
  window.found = true
  localStorage.setItem(name, localStorage.getItem(name).replaceAll('PT5S', 'PT9H'))
}
</script>`
  const honest = await open(manifest2004, { 'a.html': says, 'b.html': 'x' })
  const hostile = await open(manifest2004, { 'a.html': forges, 'b.html': 'x' })
  const reported = async () => (await sessionFacts(site.db, honest.registrationId)).map((fact) => fact.reportedSeconds)
  const waits = async () => {
    await page.goto(`${honest.address}?unit=a1`)
    const lesson = await lessonFrame(page, 'a.html')
    await pocket.setOffline(true)
    expect(await lesson.evaluate('say("PT5S")')).toBe('true')
    await page.goto('about:blank')
    await pocket.setOffline(false)
  }
  await waits()
  await page.goto(`${hostile.address}?unit=a1`)
  expect(await (await lessonFrame(page, 'a.html')).evaluate('window.found')).toBe(true)
  await page.goto(`${honest.address}?unit=a1`)
  await lessonFrame(page, 'a.html')
  await page.waitForTimeout(500)
  expect(await reported()).toEqual([0, 0])
  // nobody in between: what waited arrives
  await waits()
  await page.goto(`${honest.address}?unit=a1`)
  await expect.poll(reported).toEqual([0, 0, 5, 0])
})

const launchOf = async (packageId: string): Promise<string> => {
  const { rows } = await sql<{ id: string }>`
    select l.id from packages.launches l join packages.attempts a on a.id = l.attempt_id where a.package_id = ${packageId}
  `.execute(site.db)
  return rows[0]?.id as string
}

test('HZ4-M13 a unit of cmi5 fetches its token, speaks to our store within its frame, and is left by its return address', async () => {
  const { found } = readCmi5(parseXml(cmi5Structure), new Set(['wash.html', 'store.html']))
  const contents = { 'wash.html': au('洗手'), 'store.html': au('存放') }
  const made = await lesson(site.db, found, { storage: site.storage, contents })
  const registrationId = await registrationFor(site.db, me.actor, made.courseId)
  const address = `${site.address}/my/packages/${registrationId}/${made.itemId}`
  const times = async () =>
    (await sessionFacts(site.db, registrationId)).map(({ reportedSeconds, endReason }) => [reportedSeconds, endReason])
  await page.goto(address)
  await page.getByRole('link', { name: '存放', exact: true }).click()
  const frame = await lessonFrame(page, 'store.html')
  expect(await frame.evaluate('window.ready')).toBe(200)
  expect(await frame.evaluate(() => document.body.dataset.mode)).toBe('Normal')
  expect(await frame.evaluate('finish()').catch(() => [200, 200])).toEqual([200, 200])
  await expect.poll(times).toEqual([[60, 'terminated']])
  await expect.poll(() => page.frames().some((one) => one.url().endsWith('/left'))).toBe(true)
  // A unit that asks for a window of its own gets one.
  await page.goto(`${address}?unit=${encodeURIComponent('https://haizhu.example/au1')}`)
  // That window is a page of ours around the unit, so its time counts and it can be taken away.
  const [own] = await Promise.all([
    pocket.waitForEvent('page'),
    page.getByRole('link', { name: /在新窗口打开/ }).click(),
  ])
  const second = await lessonFrame(own, 'wash.html')
  expect(await second.evaluate('window.ready')).toBe(200)
  expect(await own.evaluate(() => window.opener)).toBe(null)
  await second.evaluate('finish()').catch(() => {})
  await expect.poll(times).toEqual([
    [60, 'terminated'],
    [60, 'terminated'],
  ])
  await own.close()
  await page.goto(address)
  expect(await page.locator('table').textContent()).toContain('已学完')
  // The course's own people see how far each is, and spare somebody a unit.
  const staff = await signInAs(site.db, site.url, {
    roles: [{ role: 'provider-admin', organisationId: made.organisationId }],
  })
  const office = await browser.newContext({ viewport: desk, bypassCSP: true, locale: 'zh-CN' })
  await office.addCookies([cookieFor(site.address, staff.cookie)])
  const work = await office.newPage()
  await work.goto(`${site.address}/provider/library/courses/${made.courseId}/packages/${made.packageId}`)
  await work.getByRole('link', { name: '学员', exact: true }).click()
  await work.waitForURL(/learners$/)
  expect(await work.locator('table').textContent()).toContain('2 / 2 单元')
  await work.getByText('给学员免修一个单元').click()
  await looksRight(work)
  await work.screenshot({ path: '/tmp/packages-learners-desk.png', fullPage: true })
  await work.getByLabel('学员').selectOption({ index: 1 })
  await work.getByLabel('单元').selectOption({ label: '洗手' })
  await work.getByLabel('理由').selectOption({ label: '已通过测验' })
  await work.getByRole('button', { name: '免修' }).click()
  await expect.poll(() => work.locator('main').textContent()).toContain('已保存')
  await work.setViewportSize(phone)
  await looksRight(work)
  await work.screenshot({ path: '/tmp/packages-learners-phone.png', fullPage: true })
  await office.close()
})

test('HZ4-M13 the pages are as right on a phone', async () => {
  const made = await open(manifest12, { 'content/one.html': sco12('一'), 'content/two.html': 'x' })
  const small = await browser.newContext({ viewport: phone, bypassCSP: true, locale: 'zh-CN' })
  await small.addCookies([cookieFor(site.address, me.cookie)])
  const handset = await small.newPage()
  await handset.goto(made.address)
  await looksRight(handset)
  await handset.screenshot({ path: '/tmp/packages-list-phone.png', fullPage: true })
  await handset.goto(`${made.address}?unit=i1`)
  await lessonFrame(handset, 'content/one.html')
  await looksRight(handset)
  await handset.screenshot({ path: '/tmp/packages-run-phone.png', fullPage: true })
  await small.close()
  await page.goto(made.address)
  await page.screenshot({ path: '/tmp/packages-list-desk.png', fullPage: true })
})
