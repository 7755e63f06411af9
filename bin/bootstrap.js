#!/usr/bin/env node
// Plain JavaScript on purpose: it runs on any Node >= 20, installs what is missing, then hands over to the
// project's own Node 24 (the npm package "node").
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [command = 'start', ...args] = process.argv.slice(2)
const binFolder = join(root, 'node_modules', '.bin')
const marker = join(root, 'node_modules', '.installed')
const windows = process.platform === 'win32'

function run(file, argv, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(file, argv, { cwd: root, stdio: 'inherit', env, shell: windows && file === 'npm' })
    const forward = (signal) => child.kill(signal)
    process.on('SIGINT', () => {}) // the terminal already sends it to the child; wait for it to finish
    process.on('SIGTERM', forward)
    child.on('error', (error) => {
      console.error(error.message)
      resolve(1)
    })
    child.on('exit', (code, signal) => resolve(signal ? 130 : (code ?? 1)))
  })
}

const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex')
const installed = existsSync(marker) && readFileSync(marker, 'utf8') === lock && existsSync(join(binFolder, 'node'))
if (!installed) {
  console.log('Installing packages from package-lock.json (once, about a minute) …')
  const began = Date.now()
  const still = setInterval(() => console.log(`  … ${Math.round((Date.now() - began) / 1000)} s`), 10_000)
  // warnings left out: npm runs on the Node that is here, the packages on the one they bring
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  clearInterval(still)
  if (code !== 0) process.exit(code)
  writeFileSync(marker, lock)
}

const node = windows ? join(binFolder, 'node.cmd') : join(binFolder, 'node')
const path = `${binFolder}${windows ? ';' : ':'}${process.env.PATH ?? ''}`
process.exit(
  await run(node, ['--disable-warning=ExperimentalWarning', join('bin', `${command}.ts`), ...args], {
    NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'node'), // a second start need not compile again
    ...process.env,
    PATH: path,
  }),
)
