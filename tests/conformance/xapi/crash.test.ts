import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient } from '#modules/records/client.commands.ts'
import { type Db, openDb } from '#platform/db.ts'
import { migrate } from '#platform/migrate.ts'
import { type Cluster, startCluster } from '#platform/postgres.ts'
import { ctxFor } from '#platform/testing.ts'
import { member } from '../../fixtures/training.ts'
import { home, organisationIn } from '../../fixtures/xapi.ts'

/** A database of its own, durable as in production: here the point is what survives. */
const folder = mkdtempSync(join(tmpdir(), 'skills-records-crash-'))
const root = join(import.meta.dirname, '../../..')
let cluster: Cluster
let db: Db
let authorization: string
const appUrl = () => `postgres://skills_app:app@${new URL(cluster.urlFor('postgres')).host}/postgres`

beforeAll(async () => {
  cluster = await startCluster(folder)
  await migrate(cluster.urlFor('postgres'), { name: 'skills_app', password: 'app' })
  db = openDb(appUrl(), 4).db
  const organisationId = await organisationIn(db)
  const admin = member('陈管理', 'provider-admin', organisationId)
  const made = await createClient(ctxFor(db, admin), {
    organisationId,
    name: '平台',
    scopes: ['statements/write'],
    homePage: home,
  })
  authorization = `Basic ${btoa(`${made.key}:${made.secret}`)}`
})
afterAll(async () => {
  await db.destroy()
  await cluster.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Lets the process post until so many statements are acknowledged, then ends it or the database without warning. */
async function murder(whom: 'process' | 'database'): Promise<string[]> {
  const child = spawn(process.execPath, [join(root, 'tests/crash/statements.ts'), appUrl(), authorization], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let out = ''
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      out += chunk
      if (out.length > 500 * 41) resolve()
    })
    child.once('exit', () => resolve())
  })
  if (whom === 'database') process.kill(cluster.pid, 'SIGKILL')
  else child.kill('SIGKILL')
  await new Promise((resolve) => setTimeout(resolve, 300))
  child.kill('SIGKILL')
  return out
    .slice(0, out.lastIndexOf('\n') + 1)
    .split('\n')
    .flatMap((line) => (line.startsWith('ack ') ? [line.slice(4)] : []))
}

async function faults(acked: string[]) {
  const { rows } = await sql<{ lost: number; half: number; twice: number; untold: number }>`
    select (select count(*)::int from unnest(${acked}::uuid[]) a where not exists (select from records.statements s where s.id = a)) as lost,
      (select count(*)::int from records.ids i where not exists (select from records.statements s where s.stored = i.stored and s.seq = i.seq and s.id = i.id)) as half,
      (select count(*)::int - count(distinct id)::int from records.statements) as twice,
      (select (select count(*) from records.statements) - (select coalesce(sum((outcome->>'count')::int), 0)
        from audit.entries where command = 'records.store'))::int as untold`.execute(db)
  return rows[0]
}

describe('kill -9 during statement posts', () => {
  test('C2.1.2 of the process: nothing acknowledged is lost, nothing is half there, the trail has every one', async () => {
    const acked = await murder('process')
    expect(acked.length).toBeGreaterThanOrEqual(400)
    expect(await faults(acked)).toEqual({ lost: 0, half: 0, twice: 0, untold: 0 })
  })

  test('C2.1.2 of the database: nothing acknowledged is lost', async () => {
    const acked = await murder('database')
    expect(acked.length).toBeGreaterThanOrEqual(400)
    await db.destroy()
    await cluster.stop().catch(() => {})
    cluster = await startCluster(folder)
    db = openDb(appUrl(), 4).db
    expect(await faults(acked)).toEqual({ lost: 0, half: 0, twice: 0, untold: 0 })
  })
})
