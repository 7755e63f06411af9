import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8')

/** The page in front of us: nothing that axe complains of, nothing wider than the screen. Needs `bypassCSP`. */
export async function looksRight(page: Page): Promise<void> {
  await page.evaluate(axe)
  const found = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
    violations: { id: string; nodes: { html: string }[] }[]
  }
  const where = new URL(page.url()).pathname
  expect(found.violations.map((rule) => `${where} ${rule.id}: ${rule.nodes[0]?.html}`)).toEqual([])
  const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
  expect(await page.evaluate(overflow), where).toBe(0)
}

/** `name=value` as `Set-Cookie` begins, for a browser's jar. */
export function cookieFor(address: string, pair: string) {
  const at = pair.indexOf('=')
  return { name: pair.slice(0, at), value: pair.slice(at + 1), url: address }
}
