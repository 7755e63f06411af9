import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { DB } from '#db/types.ts'
import { invalid } from './errors.ts'

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
 * A statement that begins with this mark is planned once a connection from its first run on. For the few that run
 * thousands of times a minute; their text must never vary.
 */
export const hot = '/*hot*/'

/** Runs after which any other statement is planned once a connection too, and how many may be. */
const often = 5
const mostNames = 250
const names = new Map<string, string>()
const runs = new Map<string, number>()

/**
 * Planning a page's statements costs PostgreSQL more than running them, so what comes again and again gets a name. Not
 * those with lists in them: a plan made for any length of list fits none.
 */
function nameOf(text: string, values: unknown): string | undefined {
  const known = names.get(text)
  const lists = Array.isArray(values) && values.some(Array.isArray)
  if (text.startsWith(hot)) return known ?? named(text)
  if (lists || !Array.isArray(values) || values.length === 0) return undefined
  if (known || names.size >= mostNames || text.length > 8_000) return known
  const times = (runs.get(text) ?? 0) + 1
  if (runs.size > 5_000) runs.clear()
  if (times < often) {
    runs.set(text, times)
    return undefined
  }
  runs.delete(text)
  return named(text)
}

function named(text: string): string {
  const name = `s${names.size}`
  names.set(text, name)
  return name
}

/** A letter that no text can hold (NUL, half a surrogate pair) was typed by somebody: their fault to mend, not ours. */
function notText(error: unknown): never {
  const { code } = error as { code?: string }
  throw code === '22021' || code === '22P05' ? invalid({ form: ['文字里有不能保存的字符，请删除后重新填写'] }) : error
}

function plannedOnce(client: pg.PoolClient): void {
  const ask = client.query.bind(client) as (...args: unknown[]) => unknown
  const query = (...args: unknown[]) => {
    const answer = ask(...args)
    return answer instanceof Promise ? answer.catch(notText) : answer
  }
  const byName = (text: unknown, values: unknown, ...rest: unknown[]) => {
    const name = typeof text === 'string' ? nameOf(text, values) : undefined
    return name === undefined ? query(text, values, ...rest) : query({ name, text, values }, ...rest)
  }
  client.query = byName as typeof client.query
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
