/**
 * `node bin/measure-records.ts [seconds] [statements]`: statement posts of 1 and of 50 and queries, over HTTP with 16
 * connections, in a throw-away database with the durability of a real one; then the same inserts by a bare server in the
 * same run. With `statements` (for example 5000000) the store is filled first to a tenth and then to the whole of it, and
 * queries are timed at both sizes. No seconds: queries only.
 */
import { type ChildProcess, execFile, fork } from 'node:child_process'
import cluster from 'node:cluster'
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import pg from 'pg'
import { createXapi } from '#api/xapi/xapi.ts'
import { keyOf, secretHash } from '#modules/records/client.queries.ts'
import { cryptoFrom } from '#platform/crypto.ts'
import { openDb } from '#platform/db.ts'
import { loadPlan } from '#policy/plan.ts'
import { processorSeconds, type Row, serverProcess, spread, tell, withDatabase } from './measuring.ts'

const { MEASURE_PART, MEASURE_URL = '', PORT = '0' } = process.env
const [seconds = 8, wanted = 0] = process.argv.slice(2).map(Number)
const connections = 16
// so few that each has statements already at the smaller size
const agents = Math.min(50_000, Math.ceil(wanted / 100))
const activities = Math.min(5_000, Math.ceil(wanted / 1_000))
let serial = 0
const home = 'https://measure.example'
const crypto = cryptoFrom({ current: 'm', keys: { m: Buffer.alloc(32, 1) }, indexKey: Buffer.alloc(32, 2) })

if (MEASURE_PART && cluster.isPrimary) {
  const workers = Array.from({ length: 2 }, () => cluster.fork())
  await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('listening', resolve))))
  process.send?.('ready')
} else if (MEASURE_PART === 'store') product()
else if (MEASURE_PART === 'bare') bare()
else await withDatabase(measure)

/** The store as the product serves it, without the pages beside it. */
function product(): void {
  const { db } = openDb(MEASURE_URL, 10)
  const clock = { offsetMs: 0, now: () => new Date() }
  const xapi = createXapi({ db, plan: loadPlan('plan/haizhu-2020'), crypto, clock, home, report: console.error })
  serve({ fetch: new Hono().route('/xapi', xapi).fetch, port: Number(PORT) })
}

/** The same inserts – ids, statements with every index, terms, a row of the trail – and nothing checked, digested or decided. */
function bare(): void {
  const pool = new pg.Pool({ connectionString: MEASURE_URL, max: 10 })
  pool.on('error', () => {}) // the database ends before we do
  const text = `with n as (select nextval('records.batches') as base),
      i as (insert into records.ids select $1::uuid, u.id, $2, base + u.n from n, unnest($3::uuid[]) with ordinality u (id, n)),
      t as (insert into records.terms select u.key, $2, base + u.n from n, unnest($4::uuid[]) with ordinality u (key, n)),
      s as (insert into records.statements select $2, base + u.n, u.id, $1::uuid, $5::uuid, u.id, $6::uuid, $7::uuid, $7::uuid, false, u.body
        from n, unnest($3::uuid[], string_to_array($8, chr(30))) with ordinality u (id, body, n))
    insert into audit.entries (at, actor_kind, actor_id, actor_name, command, subjects, input, outcome, request_id)
      values ($2, 'api-key', 'x', 'x', 'bare', array['xapi-client:x', 'organisation:x', 'statement:' || ($3::uuid[])[1]], '{}', '{}', 'x')`
  const key = randomUUID()
  createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const body = Buffer.concat(parts).toString()
      const statements = JSON.parse(body) as unknown[]
      const ids = statements.map(() => randomUUID())
      const bodies = statements.map((one) => JSON.stringify(one)).join('\u001e')
      const values = [key, new Date(), ids, ids, key, key, key, bodies]
      pool.query({ name: 'bare', text, values }).then(
        () => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(ids)),
        (error) => response.writeHead(500).end(String(error)),
      )
    })
  }).listen(Number(PORT))
}

type Client = { organisationId: string; clientId: string; authorization: string }

async function measure({
  ownerUrl,
  appUrl,
  folder,
}: {
  ownerUrl: string
  appUrl: string
  folder: string
}): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl })
  owner.on('error', () => {}) // the cluster stops before we do when something failed
  await owner.connect()
  const client = await makeClient(owner)
  const headers = {
    authorization: client.authorization,
    'x-experience-api-version': '1.0.3',
    'content-type': 'application/json',
  }
  const postmaster = await serverProcess(owner)
  const load = async (port: number, size: number, door: number) => {
    const requests = Array.from({ length: 200 }, () => ({
      method: 'POST',
      path: '/xapi/statements',
      headers,
      body: JSON.stringify(Array.from({ length: size }, made)),
    }))
    const file = join(folder, 'load.json')
    writeFileSync(file, JSON.stringify({ url: `http://127.0.0.1:${port}`, connections, seconds, requests }))
    const before = { postgres: processorSeconds(postmaster), node: processorSeconds(door) }
    const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'bench-load.ts'), file])
    const result = JSON.parse(stdout) as { perSecond: number; total: number; p50: number; p99: number; failed: number }
    const each = (seconds: number) => (seconds * 1e6) / (result.total * size)
    const cpu = {
      postgres: each(processorSeconds(postmaster) - before.postgres),
      node: each(processorSeconds(door) - before.node),
    }
    return { ...result, statements: result.perSecond * size, ...cpu }
  }
  await owner.query('select records.ensure_month(now())')
  if (seconds > 0) {
    const sizes = [1, 50]
    const ours: Record<number, Awaited<ReturnType<typeof load>>> = {}
    for (const [part, port] of [
      ['store', 3901],
      ['bare', 3902],
    ] as const) {
      const child = await started(part, port, appUrl)
      for (const size of sizes) {
        await load(port, size, child.pid ?? 0) // warm
        const result = await load(port, size, child.pid ?? 0)
        const own = ours[size]
        ours[size] ??= result
        if (result.failed > 0) throw new Error(`${result.failed} posts of ${size} failed (${part})`)
        if (own) tell(rowOf(size, own, result))
      }
      child.kill()
    }
  }
  if (wanted > 0) await queries(owner, appUrl, client, headers)
  await owner.end()
}

type Posted = { statements: number; p99: number; node: number; postgres: number }
function rowOf(size: number, own: Posted, bare: Posted): Row {
  const target = size === 1 ? 3_000 : 15_000
  const ratio = own.statements / bare.statements
  const each = `${own.node.toFixed(0)} µs node, ${own.postgres.toFixed(0)} µs postgres each`
  return {
    job: `statements posted ${size} at a time`,
    measured: `${own.statements.toFixed(0)}/s, p99 ${own.p99} ms (${each})`,
    bare: `${bare.statements.toFixed(0)}/s (${bare.node.toFixed(0)} µs, ${bare.postgres.toFixed(0)} µs)`,
    ratio: ratio.toFixed(2),
    target: `>= ${target}/s, ratio >= 0.4`,
    met: own.statements >= target && ratio >= 0.4,
  }
}

async function started(part: string, port: number, url: string): Promise<ChildProcess> {
  const child = fork(import.meta.filename, [], {
    env: { ...process.env, MEASURE_PART: part, MEASURE_URL: url, PORT: String(port) },
  })
  await new Promise((resolve) => child.once('message', resolve))
  return child
}

async function makeClient(owner: pg.Client): Promise<Client> {
  const {
    rows: [organisation],
  } = await owner.query<{ id: string }>(
    `insert into people.organisations (uscc, name, type, address, subdistrict, registered_on, created_at)
     values ('91440105MA59A0000A', '测量机构', 'provider', '测量路', '440105001', '2015-01-01', now()) returning id`,
  )
  const organisationId = organisation?.id ?? ''
  const authority = { objectType: 'Agent', account: { homePage: home, name: 'measure' } }
  const {
    rows: [client],
  } = await owner.query<{ id: string }>(
    `insert into records.clients (organisation_id, name, key, secret_hash, scopes, authority, authority_key, created_by, created_by_name, created_at)
     values ($1, '测量', 'measure', $2, array['statements/write', 'statements/read'], $3, $4, 'x', 'x', now()) returning id`,
    [
      organisationId,
      secretHash(crypto, 'secret'),
      JSON.stringify(authority),
      keyOf(organisationId, 'agent+', `account ${home} measure`),
    ],
  )
  return {
    organisationId,
    clientId: client?.id ?? '',
    authorization: `Basic ${Buffer.from('measure:secret').toString('base64')}`,
  }
}

/** A statement of the middle size, as a course sends it. */
function made() {
  const n = serial++
  return {
    actor: { objectType: 'Agent', account: { homePage: 'https://sys.example.org', name: `learner-${n % 20_000}` } },
    verb: { id: `http://adlnet.gov/expapi/verbs/v${n % 12}`, display: { en: 'answered', 'zh-CN': '作答' } },
    object: {
      objectType: 'Activity',
      id: `https://sys.example.org/activities/${n % 3000}`,
      definition: { type: 'http://adlnet.gov/expapi/activities/lesson', name: { 'zh-CN': '平焊练习' } },
    },
    result: { score: { scaled: 0.8, raw: 80, min: 0, max: 100 }, success: true, duration: 'PT2M30S' },
    context: {
      registration: '5f1c5bd4-6f3b-4a55-9a4e-0a3a2f0c1b7d',
      contextActivities: { parent: [{ id: `https://sys.example.org/courses/${n % 100}` }] },
      platform: '焊接仿真',
    },
    timestamp: '2021-09-14T08:00:00.000Z',
  }
}

async function queries(owner: pg.Client, url: string, client: Client, headers: Record<string, string>): Promise<void> {
  let have = 0
  const before: Record<string, number> = {}
  for (const size of [wanted / 10, wanted]) {
    await fill(owner, client, have, size)
    have = size
    console.log(`${size} statements stored`)
    const child = await started('store', 3903, url)
    for (const [name, query] of Object.entries(questions())) {
      const { p50, p99 } = await timed(name, query, headers)
      console.log(`${size} statements, by ${name}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`)
      const small = before[name]
      before[name] ??= p99
      if (small === undefined) continue
      tell({
        job: `statements by ${name}, ${size.toLocaleString('en')}`,
        measured: `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
        bare: `p99 ${small.toFixed(1)} ms at a tenth`,
        ratio: (p99 / small).toFixed(2),
        target: 'p99 <= 50 ms, flat',
        met: p99 <= 50 && (p99 / small <= 2 || p99 <= 10),
      })
    }
    child.kill()
  }
}

function questions(): Record<string, () => string> {
  const any = (n: number) => Math.floor(Math.random() * n)
  const agent = () =>
    encodeURIComponent(JSON.stringify({ account: { homePage: 'https://sys.example.org', name: `a${any(agents)}` } }))
  return {
    agent: () => `agent=${agent()}&limit=50`,
    verb: () => `verb=${encodeURIComponent(`https://e.example/v${any(12)}`)}&limit=50`,
    activity: () => `activity=${encodeURIComponent(`https://e.example/a${any(activities)}`)}&limit=50`,
    'related activity': () =>
      `activity=${encodeURIComponent(`https://e.example/c${any(100)}`)}&related_activities=true&limit=50`,
    'agent and verb': () => `agent=${agent()}&verb=${encodeURIComponent(`https://e.example/v${any(12)}`)}&limit=50`,
    'no filter': () => 'limit=50',
  }
}

async function timed(name: string, query: () => string, headers: Record<string, string>) {
  const times: number[] = []
  for (let i = 0; i < 700; i++) {
    const began = performance.now()
    const answer = await fetch(`http://127.0.0.1:3903/xapi/statements?${query()}`, { headers })
    const { statements } = (await answer.json()) as { statements: unknown[] }
    const rare = name === 'agent and verb' // of some pairs nothing is there
    if (answer.status !== 200 || (statements.length === 0 && !rare))
      throw new Error(`${name}: ${answer.status}, ${statements.length}`)
    if (i >= 200) times.push(performance.now() - began)
  }
  return spread(times)
}

/** Statements over the last twelve months, straight into the tables; keys as the product makes them. */
async function fill(owner: pg.Client, { organisationId, clientId }: Client, from: number, to: number): Promise<void> {
  const keys = (kind: Parameters<typeof keyOf>[1], n: number, value: (i: number) => string) =>
    Array.from({ length: n }, (_, i) => keyOf(organisationId, kind, value(i)))
  for (let back = 0; back < 13; back++)
    await owner.query(`select records.ensure_month(now() - make_interval(months => ${back}))`)
  await owner.query('create temporary table k (kind text, n int, key uuid, primary key (kind, n))').catch(() => {})
  await owner.query('truncate k')
  for (const [kind, list] of Object.entries({
    agent: keys('agent', agents, (i) => `account https://sys.example.org a${i}`),
    verb: keys('verb', 12, (i) => `https://e.example/v${i}`),
    activity: keys('activity', activities, (i) => `https://e.example/a${i}`),
    course: keys('activity+', 100, (i) => `https://e.example/c${i}`),
  }))
    await owner.query('insert into k select $1, n - 1, key from unnest($2::uuid[]) with ordinality u (key, n)', [
      kind,
      list,
    ])
  const body = JSON.stringify({
    id: randomUUID(),
    ...made(),
    authority: { account: { homePage: home, name: 'measure' } },
  })
  for (let n = from; n < to; n += 250_000) {
    await owner.query(
      `with g as (select n, now() - make_interval(secs => (random() * 360 * 86400)::int) as at, 1e14::bigint + n as seq, uuidv7() as id,
          (hashint8(n) & 2147483647) % ${agents} as a, (hashint8(n + 7) & 2147483647) % 12 as v, (hashint8(n + 13) & 2147483647) % ${activities} as o,
          (hashint8(n + 31) & 2147483647) % 100 as c from generate_series($1::bigint, $2::bigint) n),
        i as (insert into records.ids select $3, id, at, seq from g),
        t as (insert into records.terms select k.key, at, seq from g join k on k.kind = 'course' and k.n = g.c)
      insert into records.statements select at, seq, id, $3, $4, a.key, v.key, o.key, null, false, $5
      from g join k a on a.kind = 'agent' and a.n = g.a join k v on v.kind = 'verb' and v.n = g.v join k o on o.kind = 'activity' and o.n = g.o`,
      [n, Math.min(n + 250_000, to) - 1, organisationId, clientId, body],
    )
  }
  await owner.query('vacuum (analyze) records.statements')
  await owner.query('vacuum (analyze) records.terms')
  await owner.query('vacuum (analyze) records.ids')
}
