import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { type Clock, clockAt } from './clock.ts'
import type { Config } from './config.ts'
import { migrate } from './migrate.ts'
import { type Cluster, startCluster } from './postgres.ts'

/** The database, made ready: running, migrated, its two doors known. */
export type Installation = {
  /** Owner of the schema: migrations, the job queue. Never used to answer a request. */
  ownerUrl: string
  /** The application's own role, which owns nothing. */
  appUrl: string
  applied: number
  stop(): Promise<void>
}

const role = 'skills_app'

/** Starts the embedded database (or takes DATABASE_URL) and migrates it. Safe to run from several machines at once. */
export async function install(config: Config, log: (line: string) => void): Promise<Installation> {
  mkdirSync(config.dataDir, { recursive: true })
  const cluster: Cluster | undefined = config.databaseUrl
    ? undefined
    : await startCluster(config.dataDir, { settings: serverSettings, log })
  const ownerUrl = config.databaseUrl ?? (cluster as Cluster).urlFor('postgres')
  try {
    const password = config.appDatabaseUrl ? undefined : appPassword(config.dataDir)
    const applied = await migrate(ownerUrl, password ? { name: role, password } : undefined)
    const appUrl = config.appDatabaseUrl ?? asRole(ownerUrl, password as string)
    return { ownerUrl, appUrl, applied, stop: async () => cluster?.stop() }
  } catch (error) {
    await cluster?.stop()
    throw error
  }
}

/** For a machine of a few gigabytes; a real cluster has its own settings. Durability stays as PostgreSQL ships it. */
export const serverSettings = [
  'max_connections=200',
  'shared_buffers=256MB',
  'effective_cache_size=1GB',
  'work_mem=16MB',
  'wal_compression=on',
  'max_wal_size=2GB',
  'random_page_cost=1.1',
  'jit=off', // our statements are short; compiling them costs more than it saves
]

function appPassword(dataDir: string): string {
  const file = join(dataDir, 'app.password')
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 })
  return readFileSync(file, 'utf8')
}

function asRole(ownerUrl: string, password: string): string {
  const url = new URL(ownerUrl)
  url.username = role
  url.password = password
  return url.href
}

/** Facts about this installation, such as the offset of a demonstration clock. */
export async function installationFacts(url: string): Promise<Record<string, unknown>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ key: string; value: unknown }>('select key, value from platform.installation')
    return Object.fromEntries(rows.map((row) => [row.key, row.value]))
  } finally {
    await client.end()
  }
}

export async function setInstallationFact(ownerUrl: string, key: string, value: unknown): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(
      'insert into platform.installation (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value',
      [key, JSON.stringify(value)],
    )
  } finally {
    await client.end()
  }
}

export function clockOf(facts: Record<string, unknown>): Clock {
  const offset = facts.clockOffsetMs
  return clockAt(typeof offset === 'number' ? offset : 0)
}
