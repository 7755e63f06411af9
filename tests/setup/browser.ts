import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import chromium from '@sparticuz/chromium'
import { type Browser, chromium as driver } from 'playwright-core'

/**
 * A browser with Chinese glyphs on any machine: the program and the font both come from npm, and a font
 * configuration of our own points at them. Nothing is installed and no page carries a font for the tests' sake.
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = await chromium.executablePath()
  return driver.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none', '--lang=zh-CN'],
    env: { ...process.env, FONTCONFIG_FILE: fontConfiguration(), LANG: 'zh_CN.UTF-8' },
  })
}

export const desk = { width: 1280, height: 800 }
export const phone = { width: 360, height: 740 }

function fontConfiguration(): string {
  const fonts = resolve(import.meta.dirname, '../../node_modules/@expo-google-fonts/noto-sans-sc')
  // a folder for each checkout: two of them never write over one another's
  const folder = join(tmpdir(), `haizhu-browser-fonts-${createHash('sha256').update(fonts).digest('hex').slice(0, 8)}`)
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'fonts.conf')
  const families = ['sans-serif', 'serif', 'monospace', 'system-ui']
  const aliases = families.map(
    (f) => `<alias><family>${f}</family><prefer><family>Noto Sans SC</family></prefer></alias>`,
  )
  writeFileSync(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
${['400Regular', '600SemiBold'].map((weight) => `<dir>${join(fonts, weight)}</dir>`).join('\n')}
<cachedir>${join(folder, 'cache')}</cachedir>
${aliases.join('\n')}
</fontconfig>`,
  )
  return file
}
