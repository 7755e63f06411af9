import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const root = join(import.meta.dirname, '../..')
const stamp = join(root, 'build', 'stamp')
/** Not in `build`: building empties that folder. */
const lock = join(root, 'node_modules', '.cache', 'web-build.lock')
/** A builder that was killed holds nobody up for longer. */
const staleAfterMs = 5 * 60_000

/** Builds the pages when their sources have changed since the last build. The same sources are never built twice. */
export async function buildWeb(say: (line: string) => void): Promise<void> {
  if (upToDate()) return
  await locked(async () => {
    if (!upToDate()) await build(say)
  })
}

const upToDate = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()

/** One builder at a time: a second one would take the first one's files from under it. */
async function locked(work: () => Promise<void>): Promise<void> {
  mkdirSync(dirname(lock), { recursive: true })
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs
      if (since !== undefined && Date.now() - since > staleAfterMs) rmSync(lock, { recursive: true, force: true })
      else await pause(500)
    }
  }
  try {
    await work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

async function build(say: (line: string) => void): Promise<void> {
  const wanted = fingerprint()
  say('Building the pages …')
  await new Promise<void>((resolve, reject) => {
    const child = spawn(join(root, 'node_modules/.bin/react-router'), ['build'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'production' },
    })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', reject)
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`the pages could not be built:\n${output}`))))
  })
  writeFileSync(stamp, wanted)
}

/** Only what the bundles hold: the pages, and pure files that a page's script may use. */
function fingerprint(): string {
  const hash = createHash('sha256')
  for (const folder of ['src']) {
    const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort()
    for (const name of names.filter((path) => /\.(tsx?|css|svg)$/.test(path) && !/\.test\./.test(path))) {
      if (!name.startsWith('web') && !/\.(schema|rules)\.ts$|^shared|^policy/.test(name)) continue
      hash.update(name).update(readFileSync(join(root, folder, name)))
    }
  }
  for (const name of ['package-lock.json', 'vite.config.ts', 'react-router.config.ts'])
    hash.update(readFileSync(join(root, name)))
  return hash.digest('hex')
}
