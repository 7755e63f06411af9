import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { newestTexts } from '#platform/messages.ts'
import { testCrypto } from '#platform/testing.ts'
import { signInAs, type Wanted } from './accounts.ts'
import { desk } from './browser.ts'
import { cookieFor, looksRight } from './look.ts'
import type { TestSite } from './site.ts'

/** People at browsers, for journeys over pages without script. */
export function visitorsOf(site: () => TestSite, browser: () => Browser) {
  const visitor = async (viewport = desk): Promise<Page> =>
    (await browser().newContext({ viewport, bypassCSP: true, locale: 'zh-CN' })).newPage()
  return {
    visitor,
    /** Somebody who is signed in already. */
    async pageOf(wanted: Wanted, viewport = desk) {
      const account = await signInAs(site().db, site().url, wanted)
      const page = await visitor(viewport)
      await page.context().addCookies([cookieFor(site().address, account.cookie)])
      return { page, account }
    },
    /** None of these pages carries script, so what works here works without it. */
    async go(page: Page, path: string) {
      await page.goto(site().address + path)
      expect(await page.locator('script').count(), path).toBe(0)
      await looksRight(page)
    },
    /** The code in the last text that would have gone to a phone. */
    newestCode: async () => /\d{6}/.exec((await newestTexts(site().db, testCrypto, 1))[0]?.text ?? '')?.[0] ?? '',
  }
}

export const main = (page: Page) => page.locator('main').innerText()

export async function press(page: Page, name: string | RegExp) {
  await page.getByRole('button', { name }).first().click()
  await page.waitForLoadState()
}

export const inSection = (page: Page, title: string) =>
  page.locator('section', { has: page.getByRole('heading', { name: title }) })
