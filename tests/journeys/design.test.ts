import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'
import { Hono } from 'hono'
import type { Browser } from 'playwright-core'
import type { ServerBuild } from 'react-router'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { actorOf } from '#platform/actor.ts'
import { buildWeb } from '#platform/build.ts'
import { testPlan } from '#platform/testing.ts'
import { createApp } from '#server.ts'
import type { Current } from '#web/ctx.ts'
import { nameSite } from '#web/site.ts'
import { desk, launchBrowser, phone } from '../setup/browser.ts'

/** The kit by itself: no database behind it, only the pages that show every component in every state. */
const clerk = actorOf({ kind: 'user', id: 'u', name: '陈晓明', personId: null, holdings: [{ role: 'hr-intake' }] })
const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8')
const pages = ['/design', '/design/workspace', '/design/script', '/preferences', '/accessibility', '/nowhere']
let server: ServerType
let browser: Browser
let address: string

beforeAll(async () => {
  nameSite(testPlan())
  await buildWeb(() => {})
  const build = (await import('../../build/server/index.js' as string)) as ServerBuild
  const app = createApp({
    build,
    contextFor: async (_, { requestId, nonce }) =>
      ({
        ctx: { actor: clerk, requestId, now: new Date() } as Current['ctx'],
        session: null,
        demo: { label: '演示时钟。' },
        nonce,
        report: (error: unknown) => console.error(error),
      }) as Partial<Current> as Current,
    api: new Hono(),
    xapi: new Hono(),
    lti: new Hono(),
    auth: async () => new Response(),
    ready: async () => ({ ok: true, checks: {} }),
    report: (error) => console.error(error),
    origins: [],
    assetsFolder: 'build/client',
  })
  server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise<void>((resolve) => server.once('listening', () => resolve()))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

describe.each([
  ['desk', desk, ''],
  ['phone', phone, ''],
  ['phone with large type and high contrast', phone, 'large.more'],
] as const)('on a %s', (_, viewport, display) => {
  test.each(pages)('%s is accessible and fits', async (path) => {
    const context = await browser.newContext({ viewport, bypassCSP: true, locale: 'zh-CN' })
    if (display) await context.addCookies([{ name: 'display', value: display, url: address }])
    const page = await context.newPage()
    await page.goto(address + path)
    await page.evaluate(axe)
    const found = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
      violations: { id: string; nodes: { html: string }[] }[]
    }
    expect(found.violations.map((rule) => `${rule.id}: ${rule.nodes[0]?.html}`)).toEqual([])
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
    expect(await page.evaluate(overflow)).toBe(0)
    await context.close()
  })
})

test('the content policy is broken by nothing on the pages, and only a page that says so has script', async () => {
  const context = await browser.newContext({ viewport: desk })
  for (const path of pages) {
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (line) => {
      if (/content security policy|hydrat/i.test(line.text())) complaints.push(line.text())
    })
    await page.goto(address + path, { waitUntil: 'load' })
    expect(complaints, path).toEqual([])
    expect((await page.locator('script').count()) > 0, path).toBe(path === '/design/script')
  }
  await context.close()
})

test('large type is a plain link there and back', async () => {
  const context = await browser.newContext({ viewport: phone, javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${address}/accessibility`)
  await page.getByRole('link', { name: '适老模式', exact: true }).first().click()
  expect(new URL(page.url()).pathname).toBe('/accessibility')
  expect(await page.locator('html').getAttribute('data-size')).toBe('large')
  await page.getByRole('link', { name: '退出适老模式' }).click()
  expect(await page.locator('html').getAttribute('data-size')).toBeNull()
  await context.close()
})
