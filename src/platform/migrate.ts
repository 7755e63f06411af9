import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runMigrations } from 'graphile-worker'
import pg from 'pg'

const folder = join(import.meta.dirname, '../db/migrations')

export type Migration = { name: string; sql: string; hash: string }

export function migrations(): Migration[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name), 'utf8')
      return { name, sql, hash: createHash('sha256').update(sql).digest('hex') }
    })
}

/**
 * Brings the database at `ownerUrl` up to date: forward only, each file in its own transaction, a changed old file
 * refused. The application's role in `appRole` may log in with `appPassword` and owns nothing.
 */
export async function migrate(
  ownerUrl: string,
  appRole: { name: string; password: string } | undefined,
): Promise<number> {
  await runMigrations({ connectionString: ownerUrl })
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    // Two processes that start together must not both run a migration.
    await client.query("select pg_advisory_lock(hashtextextended('migrate', 0))")
    if (appRole) await ensureRole(client, appRole)
    await client.query(
      'create table if not exists public.migrations (name text primary key, hash text not null, applied_at timestamptz not null default now())',
    )
    await client.query(`grant select on public.migrations to ${pg.escapeIdentifier(appRole?.name ?? 'skills_app')}`)
    const done = new Map<string, string>(
      (await client.query('select name, hash from public.migrations')).rows.map((row) => [row.name, row.hash]),
    )
    let applied = 0
    for (const { name, sql, hash } of migrations()) {
      if (done.has(name)) {
        if (done.get(name) !== hash)
          throw new Error(`migration ${name} was changed after it ran; add a new file instead`)
        continue
      }
      await client.query('begin')
      try {
        await client.query('insert into public.migrations (name, hash) values ($1, $2)', [name, hash])
        await client.query(sql)
        await client.query('commit')
      } catch (error) {
        await client.query('rollback')
        throw new Error(`migration ${name} failed: ${(error as Error).message}`, { cause: error })
      }
      applied++
    }
    if (applied > 0) await client.query(temporaryLast)
    return applied
  } finally {
    await client.end()
  }
}

/**
 * A type made in the temporary schema would hide the built-in one of the same name from a function that runs as the owner,
 * and run anybody's code as the owner: for all of ours that schema comes last, whatever their migration says.
 */
const temporaryLast = `
  do $$ declare f regprocedure; begin
    for f in
      select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema', 'graphile_worker')
        and 'search_path=pg_catalog, pg_temp' <> all (coalesce(p.proconfig, '{}'))
    loop
      execute format('alter function %s set search_path = pg_catalog, pg_temp', f);
    end loop;
  end $$`

async function ensureRole(client: pg.Client, { name, password }: { name: string; password: string }): Promise<void> {
  const role = pg.escapeIdentifier(name)
  const database = pg.escapeIdentifier((client as { database?: string }).database ?? 'postgres')
  await client.query(`do $$ begin create role ${role} login; exception when duplicate_object then null; end $$`)
  await client.query(`alter role ${role} with login password ${pg.escapeLiteral(password)}`)
  await client.query(`grant connect on database ${database} to ${role}`)
  // Nothing of ours needs a temporary schema, and what is made there can hide what functions of the owner mean.
  await client.query(`revoke temporary on database ${database} from public`)
}
