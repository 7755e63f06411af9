import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { DB } from '#db/types.ts'

export type Database = DB
export type Db = Kysely<Database>

// A `date` is a calendar day, not an instant: as a string it cannot shift by a time zone.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)
// Sums and identities are far below 2^53; a number that is not safe must stop the program, not lose a fen.
pg.types.setTypeParser(pg.types.builtins.INT8, checkedInteger)
pg.types.setTypeParser(pg.types.builtins.NUMERIC, checkedInteger)

function checkedInteger(text: string): number {
  const n = Number(text)
  if (Number.isInteger(n) && !Number.isSafeInteger(n)) throw new RangeError(`number too large: ${text}`)
  return n
}

/**
 * A statement that begins with this mark is planned once a connection instead of every time it runs. For the few that run
 * thousands of times a minute; their text must never vary.
 */
export const hot = '/*hot*/'
const hotNames = new Map<string, string>()

function plannedOnce(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown
  const named = (text: unknown, values: unknown, ...rest: unknown[]) => {
    if (typeof text !== 'string' || !text.startsWith(hot)) return query(text, values, ...rest)
    const name = hotNames.get(text) ?? `hot_${hotNames.size}`
    hotNames.set(text, name)
    return query({ name, text, values }, ...rest)
  }
  client.query = named as typeof client.query
}

/** One pool a process. `max` connections of all processes must stay below the server's limit. */
export function openDb(url: string, max = 10): { db: Db; pool: pg.Pool } {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    idleTimeoutMillis: 30_000,
    application_name: 'skills-cloud',
    // PostgreSQL 18.4 crashes on some queries when it removes a self-join on a table that a lateral union also reads.
    options: '-c enable_self_join_elimination=off',
  })
  pool.on('connect', plannedOnce)
  pool.on('error', () => {}) // an idle connection that dies is replaced at the next use
  return { db: new Kysely<Database>({ dialect: new PostgresDialect({ pool }) }), pool }
}
