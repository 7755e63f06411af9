/**
 * `npm run bench [-- --quick]`: the product beside what the machine gives without it, in one run, on a throw-away
 * installation with the durability of a real one and two server processes. The load comes from a process of its own.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadDistrict } from '#demo/load/district.ts'
import { openBase, ownerPool, seedWhenEmpty } from '#demo/seed.ts'
import { readConfig } from '#platform/config.ts'
import { cryptoFrom, loadKeys } from '#platform/crypto.ts'
import { clockOf, type Installation, install, installationFacts } from '#platform/installation.ts'
import { codeNow, openClasses, openSessionWith } from './bench-fixtures.ts'

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const size = values.quick
  ? { lines: 2_000, learners: 800, seconds: 4, roster: 1_000, board: [6_000, 60_000] }
  : { lines: 60_000, learners: 4_000, seconds: 15, roster: 5_000, board: [60_000, 600_000] }
const connections = 16
const processes = 2

type Row = { job: string; measured: string; bare: string; ratio: string; target: string; met: boolean }
const table: Row[] = []
const say = (line: string) => console.log(line)

const folder = mkdtempSync(join(tmpdir(), 'skills-bench-'))
chmodSync(folder, 0o755)
const config = readConfig({ ...process.env, DATABASE_URL: undefined, DATA_DIR: folder, LOG_LEVEL: 'error' })
const children: ChildProcess[] = []
const installation = await install(config, say)
try {
  await run()
  print()
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  for (const child of children) {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
  }
  await installation.stop()
  rmSync(folder, { recursive: true, force: true })
}
if (table.some((row) => !row.met)) process.exitCode = 1

async function run(): Promise<void> {
  await seedWhenEmpty(config, installation, say)
  const owner = ownerPool(installation.ownerUrl)
  const base = openBase(config, installation.appUrl)
  const region = { seed: 7, firstPerson: 20_000, firstOrganisation: 100 }
  await loadDistrict(base, owner, { passed: size.lines, ...region, ownerUrl: installation.ownerUrl, say: () => {} })
  await base.pool.end()
  const classes = await openClasses(owner, 200)
  const crypto = cryptoFrom(loadKeys(folder, process.env))
  const clock = clockOf(await installationFacts(installation.ownerUrl))
  const session = await openSessionWith(owner, crypto, clock.now(), size.learners)
  await owner.query(`create schema bench; create table bench.marks (id uuid primary key, body text);
    create table bench.entries (id uuid primary key, body text);
    grant usage on schema bench to skills_app; grant insert, select on bench.marks, bench.entries to skills_app`)
  await batch()
  const site = await serveSite(installation)
  const bare = await serveBare(installation, clock.now())

  const pages = { catalogue: ['/classes'], class: classes.map((id) => `/classes/${id}`) }
  const [first] = session.learners
  await compare('class catalogue, 20 of 200', site, bare, pages.catalogue, {}, 0.1)
  await compare('class page, signed in', site, bare, pages.class, { cookie: first?.cookie ?? '' }, 0.1)
  const code = codeNow(crypto, session.secret, clock.now())
  const checked = await load(site, {
    requests: session.learners.map(({ cookie }) => ({
      method: 'POST' as const,
      path: `/s/${session.sessionId}`,
      headers: { cookie, origin: site, 'content-type': 'application/x-www-form-urlencoded' },
      body: `code=${code}`,
    })),
  })
  const inserted = await load(bare, {
    requests: session.learners.map((_, n) => ({ method: 'POST' as const, path: `/marks/${n}` })),
  })
  const { rows } = await owner.query<{ n: number }>(
    'select count(*)::int as n from training.attendance_marks where session_id = $1',
    [session.sessionId],
  )
  if (rows[0]?.n !== session.learners.length)
    throw new Error(`${rows[0]?.n} of ${session.learners.length} are checked in`)
  rate('check-in, committed', checked, inserted, 0.2)
  await owner.end()
  await board()
}

type Load = { perSecond: number; p50: number; p99: number; failed: number; total: number }
type Asked = { method?: 'GET' | 'POST'; path: string; headers?: Record<string, string>; body?: string }

async function load(url: string, job: { seconds?: number; requests: Asked[] }): Promise<Load> {
  const file = join(folder, 'load.json')
  writeFileSync(file, JSON.stringify({ url, connections, ...job }))
  const result = (await output('bin/bench-load.ts', [file])) as Load
  if (result.failed > 0) throw new Error(`${result.failed} of ${result.total} requests to ${url} failed`)
  return result
}

async function compare(
  job: string,
  site: string,
  bare: string,
  paths: string[],
  headers: Record<string, string>,
  target: number,
): Promise<void> {
  const requests = paths.map((path) => ({ path, headers }))
  await load(site, { seconds: 2, requests })
  rate(
    job,
    await load(site, { seconds: size.seconds, requests }),
    await load(bare, { seconds: size.seconds, requests }),
    target,
  )
}

function rate(job: string, measured: Load, bare: Load, target: number): void {
  const ratio = measured.perSecond / bare.perSecond
  table.push({
    job,
    measured: `${measured.perSecond.toFixed(0)}/s, p99 ${measured.p99} ms`,
    bare: `${bare.perSecond.toFixed(0)}/s`,
    ratio: ratio.toFixed(2),
    target: `>= ${target}`,
    met: ratio >= target,
  })
}

/** Long jobs, before the servers run: a roster checked, every claim checked and quoted. */
async function batch(): Promise<void> {
  type Done = { seconds: number; bare: number; memoryMb: number; what: string }
  const roster = (await output('bin/bench-batch.ts', ['import', String(size.roster)])) as Done
  const claims = (await output('bin/bench-batch.ts', ['claims'])) as Done
  const row = (job: string, done: Done, most: number, memory: number): Row => ({
    job: `${job} (${done.what})`,
    measured: `${done.seconds.toFixed(1)} s, ${done.memoryMb} MB`,
    bare: `${done.bare.toFixed(1)} s`,
    ratio: (done.seconds / done.bare).toFixed(1),
    target: `<= ${most} s, ${memory} MB`,
    met: done.seconds <= most && done.memoryMb <= memory,
  })
  table.push(row(`roster of ${size.roster} checked`, roster, size.roster / 500, 512))
  table.push(row('controls and quotes', claims, size.lines / 200, 768))
}

/** The board's slowest hundredth must not grow with the events. */
async function board(): Promise<void> {
  const text = await stdout('bin/measure-board.ts', size.board.map(String))
  const slowest = [...text.matchAll(/^ {2}board {2,}p50 .* p99 ([\d.]+) ms/gm)].map((match) => Number(match[1]))
  const [small = Number.NaN, large = Number.NaN] = slowest
  table.push({
    job: `plan board, ${size.board.map((n) => n.toLocaleString('en')).join(' and ')} events`,
    measured: `p99 ${large} ms`,
    bare: `p99 ${small} ms`,
    ratio: (large / small).toFixed(2),
    target: '<= 2, 100 ms',
    met: large / small <= 2 && large <= 100,
  })
}

const env = (more: Record<string, string>) => ({ ...process.env, DATA_DIR: folder, LOG_LEVEL: 'error', ...more })

async function stdout(file: string, args: string[]): Promise<string> {
  const more = { DATABASE_URL: installation.ownerUrl, APP_DATABASE_URL: installation.appUrl }
  const child = spawn(process.execPath, [file, ...args], { env: env(more), stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (piece) => (text += piece))
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${file} failed`)
  return text
}
const output = async (file: string, args: string[]): Promise<unknown> =>
  JSON.parse((await stdout(file, args)).trim().split('\n').at(-1) ?? '')

async function serveSite({ ownerUrl, appUrl }: Installation): Promise<string> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  await started('bin/start.ts', 'Ready in', {
    DATABASE_URL: ownerUrl,
    APP_DATABASE_URL: appUrl,
    PORT: String(port),
    PUBLIC_URL: url,
    PROCESSES: String(processes),
  })
  return url
}

async function serveBare({ appUrl }: Installation, now: Date): Promise<string> {
  const port = await freePort()
  const more = { DATABASE_URL: appUrl, PORT: String(port), PROCESSES: String(processes), NOW: now.toISOString() }
  await started('bin/bench-bare.ts', 'ready', more)
  return `http://127.0.0.1:${port}`
}

async function started(file: string, sign: string, more: Record<string, string>): Promise<void> {
  const child = spawn(process.execPath, [file], { env: env(more), stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (piece) => String(piece).includes(sign) && resolve())
    child.on('exit', () => reject(new Error(`${file} ended before it was ready`)))
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

function print(): void {
  const head: Row & { met: unknown } = {
    job: 'job',
    measured: 'measured',
    bare: 'bare',
    ratio: 'ratio',
    target: 'target',
    met: true,
  }
  const columns = ['job', 'measured', 'bare', 'ratio', 'target'] as const
  const widths = columns.map((column) => Math.max(...[head, ...table].map((row) => row[column].length)))
  const line = (row: Row, met: string) =>
    `${columns.map((column, i) => row[column].padEnd(widths[i] ?? 0)).join('  ')}  ${met}`
  say(`\n${connections} connections, ${processes} processes, ${availableParallelism()} cores\n`)
  say(line(head, 'met'))
  for (const row of table) say(line(row, row.met ? 'yes' : 'NO'))
}
