/** What the measurements share: a throw-away database, processor time, and rows of the table that `bench` prints. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { serverSettings } from '#platform/installation.ts'
import { migrate } from '#platform/migrate.ts'
import { type Cluster, startCluster } from '#platform/postgres.ts'

/** One line of the table: what was asked, what came, what the machine gives without the product, and what is wanted. */
export type Row = { job: string; measured: string; bare: string; ratio: string; target: string; met: boolean }

const mark = 'ROW '
/** Hands a line to `bench`, which reads what its parts print. */
export const tell = (row: Row): void => console.log(`${mark}${JSON.stringify(row)}`)
export const rowsIn = (text: string): Row[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith(mark))
    .map((line) => JSON.parse(line.slice(mark.length)))

/** Runs with a database server of its own, and leaves nothing. */
export async function withServer(
  settings: string[],
  work: (server: Cluster, folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'skills-measure-'))
  const server = await startCluster(folder, { settings })
  try {
    await work(server, folder)
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const role = { name: 'skills_app', password: 'app' }

/** The same with one migrated database, as durable as a real one. */
export const withDatabase = (
  work: (place: { ownerUrl: string; appUrl: string; folder: string }) => Promise<void>,
): Promise<void> =>
  withServer([...serverSettings], async (server, folder) => {
    const ownerUrl = server.urlFor('postgres')
    await migrate(ownerUrl, role)
    await work({ ownerUrl, appUrl: `postgres://skills_app:app@${new URL(ownerUrl).host}/postgres`, folder })
  })

/** The address of a new, migrated database on a server. */
export async function databaseNamed(server: Cluster, name: string): Promise<string> {
  const admin = new pg.Client({ connectionString: server.urlFor('postgres') })
  await admin.connect()
  await admin.query(`create database ${name}`)
  await admin.end()
  const url = server.urlFor(name)
  await migrate(url, role)
  return url
}

/** Processor seconds that a process and its children have used: other work on the machine does not spoil them. */
export function processorSeconds(pid: number): number {
  return (
    readdirSync('/proc')
      .filter((id) => /^\d+$/.test(id))
      .map((id) => ({ id: Number(id), fields: statOf(id) }))
      .filter(({ id, fields }) => id === pid || fields[1] === pid)
      // utime, stime, and those of children that have ended
      .reduce((sum, { fields }) => sum + [11, 12, 13, 14].reduce((all, at) => all + (fields[at] ?? 0), 0), 0) / 100
  )
}

function statOf(id: number | string): number[] {
  try {
    return readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1]?.split(' ').map(Number) ?? []
  } catch {
    return [] // it ended while we looked
  }
}

/** The database server's first process, whose children do the work. */
export async function serverProcess(owner: pg.Client | pg.Pool): Promise<number> {
  const { rows } = await owner.query<{ pid: number }>('select pg_backend_pid() as pid')
  return statOf(rows[0]?.pid ?? 0)[1] ?? 0
}

/** Committed inserts of `rows` plain rows in one statement, a second: what the machine can do at best. */
export async function bareInserts(
  owner: pg.Client | pg.Pool,
  pool: pg.Pool,
  { count, clients, rows }: { count: number; clients: number; rows: 1 | 2 },
): Promise<number> {
  await owner.query(`create table if not exists public.bare (id uuid primary key default uuidv7(), at timestamptz not null, body text);
    grant insert, select on public.bare to skills_app`)
  const insert = () =>
    pool.query({
      name: 'bare',
      text:
        rows === 1
          ? 'insert into public.bare (at, body) values ($1, $2)'
          : 'insert into public.bare (at, body) values ($1, $2), ($1, $2)',
      values: [new Date(0), 'x'.repeat(300)],
    })
  for (let i = 0; i < 500; i++) await insert()
  let next = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (next++ < count) await insert()
    }),
  )
  return count / ((performance.now() - began) / 1000)
}

/** The middle and the slowest hundredth of so many runs, in milliseconds. */
export function spread(took: number[]): { p50: number; p99: number } {
  const sorted = took.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? 0
  return { p50: at(0.5), p99: at(0.99) }
}

/** Runs so many times, some at once, after five for nothing; prints the spread and gives the slowest hundredth in ms. */
export async function timed(what: string, times: number, run: () => Promise<unknown>, atOnce = 1): Promise<number> {
  for (let i = 0; i < 5; i++) await run()
  const took: number[] = []
  for (let i = 0; i < times; i += atOnce) {
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        const began = performance.now()
        await run()
        took.push(performance.now() - began)
      }),
    )
  }
  const { p50, p99 } = spread(took)
  console.log(`  ${what.padEnd(32)} p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms`)
  return p99
}
