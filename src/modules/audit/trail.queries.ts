import { type SqlBool, sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { Db } from '#platform/db.ts'
import { missing } from '#platform/errors.ts'
import { addDays, startOfDay } from '#shared/dates.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import type { Day } from '#shared/units.ts'
import type { TrailFilter, TrailLine } from './trail.schema.ts'

const pageSize = 50

export type TrailRow = {
  id: string
  at: Date
  actor_id: string
  actor_name: string
  command: string
  subjects: string[]
  input: unknown
  outcome: unknown
  request_id: string
  on_behalf_of: string | null
  /** Place in the hash chain; null while the row is at the unsealed tail. */
  seq: number | null
}

/** The trail, newest first, 50 to a page. */
export async function trailFor(db: Ctx['db'], filter: TrailFilter): Promise<Page<TrailRow>> {
  let query = db
    .selectFrom('audit.entries as e')
    .leftJoin('audit.links as l', 'l.entry_id', 'e.id')
    .select([
      'e.id',
      'e.at',
      'e.actor_id',
      'e.actor_name',
      'e.command',
      'e.subjects',
      'e.input',
      'e.outcome',
      'e.request_id',
      'e.on_behalf_of',
      'l.seq',
    ])
    .orderBy('e.at', 'desc')
    .orderBy('e.id', 'desc')
    .limit(pageSize + 1)
  if (filter.subject) query = query.where(sql<SqlBool>`e.subjects @> ${[filter.subject]}`)
  if (filter.actor)
    query = query.where((eb) =>
      eb.or([eb('e.actor_id', '=', filter.actor as string), eb('e.actor_name', '=', filter.actor as string)]),
    )
  if (filter.command) query = query.where('e.command', '=', filter.command)
  if (filter.from) query = query.where('e.at', '>=', startOfDay(filter.from as Day))
  if (filter.to) query = query.where('e.at', '<', startOfDay(addDays(filter.to as Day, 1)))
  const after = decodeCursor(filter.cursor, ['time', 'id'])
  if (after) query = query.where(sql<SqlBool>`(e.at, e.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  return pageOf(await query.execute(), pageSize, (row) => [row.at.toISOString(), row.id])
}

/** One row with its place in the chain. */
export async function trailEntry(db: Ctx['db'], id: string): Promise<TrailRow & { hash: string | null }> {
  const row = await db
    .selectFrom('audit.entries as e')
    .leftJoin('audit.links as l', 'l.entry_id', 'e.id')
    .select(['e.id', 'e.at', 'e.actor_id', 'e.actor_name', 'e.command', 'e.subjects', 'e.input', 'e.outcome'])
    .select(['e.request_id', 'e.on_behalf_of', 'l.seq', 'l.hash'])
    .where('e.id', '=', id)
    .executeTakeFirst()
  if (!row) throw missing('trail-entry')
  return row
}

/** How far the chain reaches, and how many rows wait at its tail: all that have no link, whatever time they bear. */
export async function chainStatus(db: Ctx['db']): Promise<{ sealed: number; hash: string | null; tail: number }> {
  const { rows } = await sql<{ sealed: number; hash: string | null; tail: number }>`
    select coalesce((select max(seq) from audit.links), 0) as sealed,
      (select hash from audit.links order by seq desc limit 1) as hash,
      (select count(*) from audit.entries) - (select count(*) from audit.links) as tail
  `.execute(db)
  return rows[0] ?? { sealed: 0, hash: null, tail: 0 }
}

/** The sealed trail in chain order, in pieces, so that a large one never stands in memory whole. */
export async function* exportedTrail(db: Db | Ctx['db'], batch = 2000): AsyncGenerator<TrailLine[]> {
  for (let after = 0; ; ) {
    const { rows } = await sql<TrailLine>`
      select l.seq, l.hash, e.id, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
        e.actor_id as actor, e.command, e.subjects, audit.canonical(e) as text
      from audit.links l join audit.entries e on e.id = l.entry_id
      where l.seq > ${after} order by l.seq limit ${batch}
    `.execute(db)
    if (rows.length === 0) return
    yield rows
    after = rows.at(-1)?.seq ?? after
  }
}
