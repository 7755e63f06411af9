/**
 * `npm run bench [-- --quick] [--only PART,…] [--into DIR]`: the product beside what the machine gives
 * without it, in one run, on a throw-away installation with the durability of a real one and two server processes. The
 * load comes from a process of its own. `--into` keeps the loaded district for the next run. Parts: pages, check-in, batch,
 * board, heartbeats, records, queries, library, upload, competition, titles.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Pool } from 'pg'
import { loadDistrict } from '#demo/load/district.ts'
import { openBase, ownerPool, seedWhenEmpty } from '#demo/seed.ts'
import { readConfig } from '#platform/config.ts'
import { cryptoFrom, loadKeys } from '#platform/crypto.ts'
import { clockOf, type Installation, install, installationFacts } from '#platform/installation.ts'
import { codeNow, type OpenSession, openClasses, openSessionWith } from './bench-fixtures.ts'
import { type Row, rowsIn } from './measuring.ts'

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' }, into: { type: 'string' } },
})
const wanted = (part: string) => !values.only || values.only.split(',').includes(part)
const size = values.quick
  ? {
      lines: 2_000,
      learners: 800,
      seconds: 4,
      roster: 1_000,
      board: [6_000, 60_000],
      beats: 6_000,
      statements: 50_000,
      upload: 256,
    }
  : {
      lines: 60_000,
      learners: 4_000,
      seconds: 15,
      roster: 5_000,
      board: [60_000, 600_000],
      beats: 60_000,
      statements: 5_000_000,
      upload: 2_048,
    }
const connections = 16
const processes = 2

const table: Row[] = []
const began = Date.now()
const say = (line: string) => console.log(`${((Date.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}`)

const folder = values.into ?? mkdtempSync(join(tmpdir(), 'skills-bench-'))
if (!values.into) chmodSync(folder, 0o755)
const config = readConfig({ ...process.env, DATABASE_URL: undefined, DATA_DIR: folder, LOG_LEVEL: 'error' })
const children: ChildProcess[] = []

/** Parts with a database of their own: the file that measures, what it is given, what is said meanwhile. */
const alone: [part: string, file: string, args: (string | number)[], what: string][] = [
  ['check-in', 'measure-check-in.ts', [connections, size.learners * 5], 'check-ins, the command alone'],
  ['board', 'measure-board.ts', size.board, 'the board'],
  ['heartbeats', 'measure-heartbeats.ts', [1_000, size.beats], 'heartbeats'],
  ['records', 'measure-records.ts', [size.seconds], 'statements posted'],
  ['queries', 'measure-records.ts', [0, size.statements], `queries on ${size.statements} statements`],
  ['library', 'measure-library.ts', [20_000], 'library search'],
  ['upload', 'measure-upload.ts', [size.upload], 'an upload, cut off and resumed'],
  ['competition', 'measure-competition.ts', [size.roster], 'marks of a competition imported'],
  ['titles', 'measure-recognition.ts', [10_000, 20_000], 'the desk and the register of titles'],
]

async function run(): Promise<void> {
  if (['batch', 'pages', 'check-in', 'load'].some(wanted)) await district()
  for (const [part, file, args, what] of alone) {
    if (!wanted(part)) continue
    say(what)
    table.push(...rowsIn(await stdout(`bin/${file}`, args.map(String))))
  }
}

async function district(): Promise<void> {
  await seedWhenEmpty(config, installation, say)
  const owner = ownerPool(installation.ownerUrl)
  const crypto = cryptoFrom(loadKeys(folder, process.env))
  const clock = clockOf(await installationFacts(installation.ownerUrl))
  const classes = await prepared(owner)
  if (wanted('batch') || wanted('pages') || wanted('check-in')) {
    const session = await openSessionWith(owner, crypto, clock.now(), size.learners)
    if (wanted('batch')) await batch(session.classId)
    say('starting the site, and a bare server beside it')
    const site = await serveSite(installation)
    const bare = await serveBare(installation, clock.now())
    if (wanted('pages')) {
      const somebody = (n: number) => session.learners[n % session.learners.length]?.cookie ?? ''
      const theirs = classes.map((id, n) => ({ path: `/classes/${id}`, headers: { cookie: somebody(n) } }))
      await compare('class catalogue, 20 of 200', site, bare, [{ path: '/classes' }], { rate: 1_100, p99: 60 })
      await compare('class page, signed in', site, bare, theirs, { rate: 500 })
    }
    const code = () => codeNow(crypto, session.secret, clock.now())
    if (wanted('check-in')) await checkIns(owner, site, bare, session, code)
  }
  await owner.end()
}

/** The loaded district with a full catalogue and a table for the bare server; found again when it is there. */
async function prepared(owner: Pool): Promise<string[]> {
  const { rows: known } = await owner.query<{ id: string }>(
    "select id from training.classes where number like 'BENCH-%' and open_enrolment",
  )
  if (known.length > 0) return known.map(({ id }) => id)
  say(`loading ${size.lines} person-times with their records`)
  const base = openBase(config, installation.appUrl)
  const region = { seed: 7, firstPerson: 20_000, firstOrganisation: 100 }
  const faults = await loadDistrict(base, owner, {
    passed: size.lines,
    ...region,
    ownerUrl: installation.ownerUrl,
    say,
  })
  await base.pool.end()
  if (faults > 0) throw new Error(`${faults} faults in the loaded district`)
  await owner.query(`create schema bench; create table bench.marks (id uuid primary key, body text);
    create table bench.entries (id uuid primary key, body text);
    grant usage on schema bench to skills_app; grant insert, select on bench.marks, bench.entries to skills_app`)
  return openClasses(owner, 200)
}

async function checkIns(
  owner: Pool,
  site: string,
  bare: string,
  session: OpenSession,
  code: () => string,
): Promise<void> {
  say(`${session.learners.length} people check in`)
  const parts: Load[] = []
  const each = Math.ceil(session.learners.length / 5)
  for (let from = 0; from < session.learners.length; from += each) {
    const read = await freshCode(code)
    const requests = session.learners.slice(from, from + each).map(({ cookie }) => ({
      method: 'POST' as const,
      path: `/s/${session.sessionId}`,
      headers: { cookie, origin: site, 'content-type': 'application/x-www-form-urlencoded' },
      body: `code=${read}`,
    }))
    parts.push(await load(site, { requests }))
  }
  parts.shift() // the first fifth warms the site up
  const total = parts.reduce((sum, part) => sum + part.total, 0)
  const checked = {
    total,
    failed: 0,
    p50: Math.max(...parts.map((part) => part.p50)),
    p99: Math.max(...parts.map((part) => part.p99)),
    perSecond: total / parts.reduce((sum, part) => sum + part.total / part.perSecond, 0),
  }
  const inserted = await load(bare, {
    requests: session.learners.map((_, n) => ({ method: 'POST' as const, path: `/marks/${n}` })),
  })
  const { rows } = await owner.query<{ n: number }>(
    'select count(*)::int as n from training.attendance_marks where session_id = $1',
    [session.sessionId],
  )
  if (rows[0]?.n !== session.learners.length)
    throw new Error(`${rows[0]?.n} of ${session.learners.length} are checked in`)
  rate('check-in by the page, committed', checked, inserted, { rate: 2_000, share: 0.4 })
}

/** The code on the wall right after it changed: half a minute to type it in. */
async function freshCode(code: () => string): Promise<string> {
  const old = code()
  while (code() === old) await new Promise((resolve) => setTimeout(resolve, 50))
  return code()
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

type Target = { rate: number; p99?: number; share?: number }

async function compare(job: string, site: string, bare: string, requests: Asked[], target: Target): Promise<void> {
  say(job)
  await load(site, { seconds: 3, requests })
  const measured = await load(site, { seconds: size.seconds, requests })
  rate(job, measured, await load(bare, { seconds: size.seconds, requests }), target)
}

function rate(job: string, measured: Load, bare: Load, target: Target): void {
  const ratio = measured.perSecond / bare.perSecond
  const { rate: least, p99 = Number.POSITIVE_INFINITY, share = 0 } = target
  table.push({
    job,
    measured: `${measured.perSecond.toFixed(0)}/s, p99 ${measured.p99} ms`,
    bare: `${bare.perSecond.toFixed(0)}/s`,
    ratio: ratio.toFixed(2),
    target: `>= ${least}/s${target.p99 ? `, p99 <= ${p99} ms` : ''}${share ? `, ratio >= ${share}` : ''}`,
    met: measured.perSecond >= least && measured.p99 <= p99 && ratio >= share,
  })
}

/** Long jobs, before the servers run: a roster checked, every claim checked and quoted. */
async function batch(classId: string): Promise<void> {
  say(`a roster of ${size.roster} checked`)
  type Done = { seconds: number; bare: number; memoryMb: number; what: string }
  const roster = (await output('bin/bench-batch.ts', ['import', String(size.roster), classId])) as Done
  say('every claim checked and quoted')
  const claims = (await output('bin/bench-batch.ts', ['claims'])) as Done
  const row = (job: string, done: Done, most: number, memory: number): Row => ({
    job: `${job} (${done.what})`,
    measured: `${done.seconds.toFixed(1)} s, ${done.memoryMb} MB`,
    bare: `${done.bare.toFixed(1)} s`,
    ratio: (done.seconds / done.bare).toFixed(1),
    target: `<= ${most} s, ${memory} MB`,
    met: done.seconds <= most && done.memoryMb <= memory,
  })
  table.push(row(`roster of ${size.roster} checked`, roster, (3 * size.roster) / 5_000, 512))
  table.push(row('controls and quotes', claims, (60 * size.lines) / 60_000, 768))
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
  console.log(`\n${connections} connections, ${processes} processes, ${availableParallelism()} cores\n`)
  console.log(line(head, 'met'))
  for (const row of table) console.log(line(row, row.met ? 'yes' : 'NO'))
}

const installation = await install(config, say)
try {
  await run()
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  print()
  for (const child of children) {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
  }
  await installation.stop()
  if (!values.into) rmSync(folder, { recursive: true, force: true })
}
if (table.some((row) => !row.met)) process.exitCode = 1
