/**
 * `npm run bench [-- --quick]`: how fast the jobs of docs/architecture.md are, each beside a bare limit measured in the
 * same run, as a table. Makes a throw-away installation with the durability of a real one, serves it with one process
 * per core, and loads it from processes apart. Nothing here passes or fails; the numbers are for people.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { sql } from 'kysely'
import { openBase } from '#demo/seed.ts'
import { readConfig } from '#platform/config.ts'
import { install } from '#platform/installation.ts'
import { sessionCookie } from '#platform/session.ts'

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const seconds = values.quick ? 4 : 10
const events = values.quick ? 1_000 : 60_000
const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'skills-bench-'))
const port = 4600 + Math.floor(Math.random() * 300)
const run = promisify(execFile)
const node = (file: string, ...args: string[]) =>
  run(process.execPath, [join(root, 'bin', file), ...args], { cwd: root, maxBuffer: 64 * 1024 * 1024 })

type Row = { job: string; measured: string; bare: string; target: string }
const table: Row[] = []

type Load = { requests: { average: number }; latency: { p99: number }; non2xx: number }
async function load(url: string, cookie?: string): Promise<Load> {
  const args = ['-c', '16', '-d', String(seconds), '-j', ...(cookie ? ['-H', `cookie: ${cookie}`] : []), url]
  const { stdout } = await run(join(root, 'node_modules/.bin/autocannon'), args, { maxBuffer: 64 * 1024 * 1024 })
  return JSON.parse(stdout) as Load
}
const shown = (l: Load) =>
  `${Math.round(l.requests.average)} req/s, p99 ${l.latency.p99} ms${l.non2xx > 0 ? `, ${l.non2xx} failed` : ''}`

/** A server that does nothing but send so many bytes: the ceiling for a page of that size on this machine, now. */
async function bare(bytes: number): Promise<Load> {
  const body = Buffer.alloc(bytes, 'x')
  const server = createServer((_, response) => response.end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  const answer = await load(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`)
  server.close()
  return answer
}

async function page(job: string, path: string, target: string, cookie?: string): Promise<void> {
  const url = `http://127.0.0.1:${port}${path}`
  const first = await fetch(url, { redirect: 'manual', headers: cookie ? { cookie } : {} })
  const size = (await first.arrayBuffer()).byteLength
  if (first.status !== 200) throw new Error(`${path} answers ${first.status}`)
  await load(url, cookie) // warm
  const measured = await load(url, cookie)
  table.push({ job, measured: shown(measured), bare: `${shown(await bare(size))} (${size} bytes, no work)`, target })
}

/** A signed-in trainee who is in a class, as the sign-in pages would leave him. */
async function trainee(): Promise<{ cookie: string; classId: string }> {
  const config = readConfig({ ...process.env, DATA_DIR: folder })
  const installation = await install(config, () => {})
  const base = openBase(config, installation.appUrl)
  const { rows } = await sql<{ user_id: string; class_id: string }>`
    select u.id as user_id, e.class_id from auth.users u join training.enrolments e on e.person_id = u.person_id
    where e.state = 'enrolled' and u.kind = 'person' limit 1`.execute(base.db)
  const found = rows[0]
  if (!found) throw new Error('the demonstration district has no trainee in a class')
  const token = randomBytes(24).toString('base64url')
  await sql`insert into auth.sessions (user_id, token, expires_at) values (${found.user_id}, ${token}, now() + interval '1 day')`.execute(
    base.db,
  )
  await base.pool.end()
  return {
    cookie: sessionCookie({ crypto: base.crypto, secure: false }, token).split(';', 1)[0] as string,
    classId: found.class_id,
  }
}

async function started(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(root, 'bin/start.ts')], {
    cwd: root,
    env: { ...process.env, DATA_DIR: folder, PORT: String(port), LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => String(chunk).includes('Ready') && resolve())
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
  })
  return child
}

let server: ChildProcess | undefined
try {
  console.log(`A district of ${events} countable events …`)
  const began = Date.now()
  await node('district.ts', '--events', String(events), '--into', folder)
  table.push({
    job: `district of ${events} events`,
    measured: `${Math.round((Date.now() - began) / 1000)} s`,
    bare: '–',
    target: 'minutes',
  })
  server = await started()
  console.log('Pages …')
  await page('class catalogue', '/classes', '≥ 1,100 req/s, p99 ≤ 60 ms')
  const { cookie, classId } = await trainee()
  await page("signed-in trainee's class page", `/my/classes/${classId}`, '≥ 500 req/s', cookie)
  await page(`plan board, ${events} events`, '/plan', 'p99 ≤ 50 ms')
  const ended = new Promise((resolve) => server?.once('exit', resolve))
  server.kill('SIGINT')
  await ended
  server = undefined
  for (const row of table)
    console.log(`\n${row.job}\n  measured ${row.measured}\n  bare     ${row.bare}\n  target   ${row.target}`)
  console.log('\nattendance check-in: committed, authorised, audited (target ≥ 2,000/s, ≥ 40 % of bare inserts)')
  console.log((await node('measure-check-in.ts', '16', values.quick ? '4000' : '20000')).stdout)
  console.log('\nplan board by number of events (target p99 ≤ 50 ms, ≤ 2 × at ten times as many)')
  console.log((await node('measure-board.ts', ...(values.quick ? ['6000', '60000'] : []))).stdout)
} finally {
  server?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
}
