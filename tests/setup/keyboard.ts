import type { Page } from 'playwright-core'

/** What a screen reader would say of the element that has the focus: its role and its name. */
export async function spoken(page: Page): Promise<string> {
  const focus = page.locator(':focus')
  if ((await focus.count()) === 0) return ''
  const media = await focus.evaluate((at) =>
    at instanceof HTMLMediaElement ? `${at.localName} "${at.getAttribute('aria-label') ?? ''}"` : '',
  )
  return media || (await focus.ariaSnapshot()).split('\n')[0]?.replace(/^- /, '') || ''
}

/** Presses Tab until what has the focus is announced like this; somebody who sees nothing finds it no other way. */
export async function tabTo(page: Page, wanted: string | RegExp, most = 80): Promise<string> {
  const heard: string[] = []
  for (let n = 0; n < most; n++) {
    await page.keyboard.press('Tab')
    const said = await spoken(page)
    heard.push(said)
    if (typeof wanted === 'string' ? said.includes(wanted) : wanted.test(said)) return said
  }
  throw new Error(`nothing is announced as ${wanted}; heard: ${[...new Set(heard)].join(' | ')}`)
}
