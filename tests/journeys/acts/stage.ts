import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { signInAs, type Wanted } from '../../setup/accounts.ts'
import { desk, phone } from '../../setup/browser.ts'
import { cookieFor, looksRight } from '../../setup/look.ts'
import type { TestSite } from '../../setup/site.ts'

/** One person with a browser of their own, who goes by links, fields and buttons. */
export type Player = {
  name: string
  accountId: string
  personId: string
  page: Page
  /** Types an address; for the first page of a visit only. */
  go(path: string): Promise<void>
  /** Follows the link with these words. */
  follow(name: string | RegExp, within?: string): Promise<void>
  press(name: string | RegExp): Promise<void>
  fill(values: Record<string, string>): Promise<void>
  /** The text of the page. */
  text(): Promise<string>
  /** The file that a link or button hands over. */
  file(name: string | RegExp, role?: 'link' | 'button'): Promise<{ name: string; bytes: Buffer }>
}

export type Stage = {
  site: TestSite
  browser: Browser
  enter(name: string, wanted?: Wanted): Promise<Player>
  visitor(viewport?: { width: number; height: number }): Promise<Player>
}

export function stageOf(site: TestSite, browser: Browser): Stage {
  const visitor = async (viewport = phone) => {
    const context = await contextOf(browser, viewport)
    return playerOf(site, await context.newPage(), { name: '', accountId: '', personId: '' })
  }
  const enter = async (name: string, wanted: Wanted = {}) => {
    const context = await contextOf(browser, desk)
    const account = await signInAs(site.db, site.url, { name, ...wanted })
    await context.addCookies([cookieFor(site.address, account.cookie)])
    return playerOf(site, await context.newPage(), { name, ...account })
  }
  return { site, browser, enter, visitor }
}

const contextOf = (browser: Browser, viewport: { width: number; height: number }): Promise<BrowserContext> =>
  browser.newContext({ viewport, bypassCSP: true, locale: 'zh-CN', acceptDownloads: true })

export function playerOf(
  site: TestSite,
  page: Page,
  who: { name: string; accountId: string; personId: string },
): Player {
  page.setDefaultTimeout(30_000)
  const main = () => page.locator('main')
  const text = async () => (await main().innerText()).replace(/[ \t\u00a0]+/g, ' ')
  const arrived = async () => {
    await page.waitForLoadState()
    await looksRight(page)
  }
  return {
    name: who.name,
    accountId: who.accountId,
    personId: who.personId,
    page,
    text,
    async go(path) {
      const answer = await page.goto(path.startsWith('http') ? path : site.address + path)
      expect(answer?.status(), path).toBe(200)
      await arrived()
    },
    async follow(name, within = 'body') {
      const link = page
        .locator(within)
        .getByRole('link', { name, exact: typeof name === 'string' })
        .first()
      // on a phone the menu is folded
      const menu = page.locator('details:not([open]) > summary').first()
      if ((await link.count()) === 0 && (await menu.isVisible())) await menu.click()
      await Promise.all([page.waitForEvent('framenavigated'), link.click()])
      await arrived()
    },
    async press(name) {
      const button = main()
        .getByRole('button', { name, exact: typeof name === 'string' })
        .first()
      expect(await button.getAttribute('aria-disabled'), `${name} on ${page.url()}`).not.toBe('true')
      await Promise.all([page.waitForEvent('framenavigated'), button.click()])
      await arrived()
    },
    async fill(values) {
      for (const [label, value] of Object.entries(values)) await fillField(page, label, value)
    },
    async file(name, role = 'link') {
      const handle = main().getByRole(role, { name }).first()
      const [download] = await Promise.all([page.waitForEvent('download'), handle.click()])
      const chunks: Buffer[] = []
      for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk))
      return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) }
    },
  }
}

/** A field by its name in the form (`@name`) or by its label: typed into, chosen from, or ticked. */
async function fillField(page: Page, label: string, value: string): Promise<void> {
  const field = label.startsWith('@')
    ? page.locator(`main [name="${label.slice(1)}"]:not([type=hidden])`)
    : page.locator('main').getByLabel(label)
  const first = field.first()
  const kind = await first.evaluate((element) => `${element.tagName}:${element.getAttribute('type') ?? ''}`)
  if (kind.startsWith('SELECT')) {
    const options = await first.locator('option').evaluateAll((all) => all.map((one) => one.textContent ?? ''))
    const found = options.find((one) => one === value) ?? options.find((one) => one.includes(value))
    if (!found) throw new Error(`${label} does not offer ${value}: ${options.join(' | ')}`)
    await first.selectOption({ label: found })
  } else if (kind.endsWith(':radio') || kind.endsWith(':checkbox')) {
    await (value === 'yes' ? first : page.locator('main').getByLabel(value).first()).check()
  } else await first.fill(value)
}

/** A table row that holds all these words, as its cells. */
export async function rowOf(player: Player, ...words: string[]): Promise<string[]> {
  let rows = player.page.locator('main tbody tr')
  for (const word of words) rows = rows.filter({ hasText: word })
  expect(await rows.count(), `${words.join('+')} on ${player.page.url()}`).toBeGreaterThan(0)
  const cells = await rows.first().locator('th,td').allInnerTexts()
  return cells.map((cell) => cell.replace(/\s+/g, ' ').trim())
}

export const at = (text: string): Date => new Date(`${text}:00+08:00`)
