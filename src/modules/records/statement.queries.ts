import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { hot } from '#platform/db.ts'
import { identifierOf } from './actor.rules.ts'
import { keyOf } from './client.queries.ts'
import type { Agent, Definition, Statement } from './statement.schema.ts'

type Db = Ctx['db']
export type Filter = {
  organisationId: string
  /** Only what this client wrote. */
  clientId?: string | undefined
  agent?: Agent | undefined
  relatedAgents: boolean
  verb?: string | undefined
  activity?: string | undefined
  relatedActivities: boolean
  registration?: string | undefined
  /** Exclusive. */
  since?: Date | undefined
  /** Inclusive. */
  until?: Date | undefined
  ascending: boolean
}
export type Place = { stored: Date; seq: number }
export type Row = Place & { id: string; body: string }

/** The statement as it goes out: as it was kept, and when. */
export const textOf = (row: Pick<Row, 'body' | 'stored'>): string =>
  `${row.body.slice(0, -1)},"stored":"${row.stored.toISOString()}"}`

type Condition = { column: RawBuilder<unknown> | null; keys: string[]; authority: string | null }

/** The filter's parts, the one expected to find least first: by it the statements are walked. */
function conditionsOf(f: Filter): Condition[] {
  const key = (kind: Parameters<typeof keyOf>[1], value: string) => keyOf(f.organisationId, kind, value)
  const found: Condition[] = []
  if (f.registration) {
    const own = key('registration', f.registration.toLowerCase())
    found.push({ column: sql`s.registration`, keys: [own], authority: null })
  }
  if (f.agent) {
    const identifier = identifierOf(f.agent) ?? ''
    const keys = [key('agent', identifier)]
    if (f.relatedAgents) keys.push(key('agent+', identifier))
    found.push({ column: sql`s.agent`, keys, authority: f.relatedAgents ? key('agent+', identifier) : null })
  }
  if (f.activity) {
    const keys = [key('activity', f.activity)]
    if (f.relatedActivities) keys.push(key('activity+', f.activity))
    found.push({ column: sql`s.activity`, keys, authority: null })
  }
  if (f.verb) found.push({ column: sql`s.verb`, keys: [key('verb', f.verb)], authority: null })
  return found
}

/**
 * One page, newest first unless `ascending`. Each way to be found is walked along its own index in the order of the answer,
 * so a page costs the same in a small store and in a large one. Voided statements are left out.
 */
export async function statementPage(db: Db, f: Filter, after: Place | null, most: number): Promise<Row[]> {
  const direction = f.ascending ? sql`asc` : sql`desc`
  const [first, ...others] = conditionsOf(f)
  const tail = (alias: 's' | 't') => {
    const a = sql.ref(alias)
    return sql`${bounds(f, after, a)} order by ${a}.stored ${direction}, ${a}.seq ${direction} limit ${most}`
  }
  const rest = sql`${mine(f)} ${visible} ${sql.join(others.map(also), sql` `)}`
  const columns = sql`s.stored, s.seq, s.id, s.body`
  const byClient = (which: RawBuilder<unknown>) => sql`(select l.* from records.clients c cross join lateral (
    select ${columns} from records.statements s where s.client_id = c.id ${rest} ${tail('s')}) l
    where c.organisation_id = ${f.organisationId} and ${which})`
  const branches: RawBuilder<unknown>[] = []
  if (!first) branches.push(byClient(f.clientId ? sql`c.id = ${f.clientId}` : sql`true`))
  else {
    branches.push(
      sql`(select ${columns} from records.statements s where ${first.column} = ${first.keys[0]}::uuid ${rest} ${tail('s')})`,
    )
    for (const key of first.keys)
      branches.push(
        sql`(select ${columns} from records.terms t join records.statements s on s.stored = t.stored and s.seq = t.seq
          where t.key = ${key}::uuid ${rest} ${tail('t')})`,
      )
    if (first.authority) branches.push(byClient(sql`c.authority_key = ${first.authority}::uuid`))
  }
  const { rows } = await sql<Row>`${sql.raw(hot)} select distinct on (u.stored, u.seq) u.*
    from (${sql.join(branches, sql` union all `)}) u
    order by u.stored ${direction}, u.seq ${direction} limit ${most}`.execute(db)
  return rows
}

const visible = sql`and (s.voiding or not exists (select from records.refs r
  where r.organisation_id = s.organisation_id and r.target = s.id and r.voiding))`
const mine = (f: Filter) => (f.clientId ? sql`and s.client_id = ${f.clientId}` : sql``)

function bounds(f: Filter, after: Place | null, a: RawBuilder<unknown>): RawBuilder<unknown> {
  const since = f.since ? sql`and ${a}.stored > ${f.since}` : sql``
  const until = f.until ? sql`and ${a}.stored <= ${f.until}` : sql``
  if (!after) return sql`${since} ${until}`
  // The plain comparison beside the pair's lets whole months be passed over.
  const from = f.ascending
    ? sql`and ${a}.stored >= ${after.stored} and (${a}.stored, ${a}.seq) > (${after.stored}, ${after.seq})`
    : sql`and ${a}.stored <= ${after.stored} and (${a}.stored, ${a}.seq) < (${after.stored}, ${after.seq})`
  return sql`${since} ${until} ${from}`
}

function also({ column, keys, authority }: Condition): RawBuilder<unknown> {
  return sql`and (${column} = ${keys[0]}::uuid or exists (select from records.terms x
    where x.key = any(${keys}::uuid[]) and x.stored = s.stored and x.seq = s.seq)
    ${authority ? sql`or s.client_id in (select id from records.clients where authority_key = ${authority}::uuid)` : sql``})`
}

export type Wanted = { organisationId: string; clientId?: string | undefined; id: string }

/** One statement, and whether it is voided. */
export async function statementById(db: Db, wanted: Wanted): Promise<(Row & { voided: boolean }) | undefined> {
  const { rows } = await sql<Row & { voided: boolean }>`${sql.raw(hot)}
    select s.stored, s.seq, s.id, s.body, not s.voiding and exists (select from records.refs r
      where r.organisation_id = s.organisation_id and r.target = s.id and r.voiding) as voided
    from records.ids i join records.statements s on s.stored = i.stored and s.seq = i.seq
    where i.organisation_id = ${wanted.organisationId} and i.id = ${wanted.id}
      and (${wanted.clientId ?? null}::uuid is null or s.client_id = ${wanted.clientId ?? null}::uuid)`.execute(db)
  return rows[0]
}

/** Which of these ids are taken, and by what. */
export async function statementsByIds(db: Db, organisationId: string, ids: string[]): Promise<Map<string, Statement>> {
  const { rows } = await sql<{ id: string; body: string }>`
    select i.id, s.body from records.ids i join records.statements s on s.stored = i.stored and s.seq = i.seq
    where i.organisation_id = ${organisationId} and i.id = any(${ids}::uuid[])`.execute(db)
  return new Map(rows.map(({ id, body }) => [id, JSON.parse(body) as Statement]))
}

export async function definitionsOfActivities(db: Db, organisationId: string, ids: string[]) {
  if (ids.length === 0) return new Map<string, Definition>()
  const keys = [...new Set(ids)].map((id) => keyOf(organisationId, 'activity', id))
  const { rows } = await sql<{ id: string; definition: Definition }>`
    select id, definition from records.activities
    where organisation_id = ${organisationId} and key = any(${keys}::uuid[])`.execute(db)
  return new Map(rows.map(({ id, definition }) => [id, definition]))
}

export type StoredFile = { sha2: string; mediaType: string; content: Uint8Array<ArrayBuffer> }
export async function attachmentsBySha2(db: Db, organisationId: string, sha2: string[]): Promise<StoredFile[]> {
  const rows = await db
    .selectFrom('records.attachments')
    .select(['sha2', 'media_type as mediaType', 'content'])
    .where('organisation_id', '=', organisationId)
    .where('sha2', 'in', sha2)
    .execute()
  return rows.map((row) => ({ ...row, content: new Uint8Array(row.content) }))
}

/**
 * For how long the oldest transaction of ours has been open, in milliseconds: what it stores may carry a time from before
 * it began. Whatever was stored earlier is there to be read.
 */
export async function oldestWriterMs(db: Db): Promise<number> {
  const { rows } = await sql<{ ms: number | null }>`
    select (extract(epoch from clock_timestamp() - min(xact_start)) * 1000)::int as ms from pg_stat_activity
    where usename = current_user and datname = current_database() and pid <> pg_backend_pid()`.execute(db)
  return Math.max(rows[0]?.ms ?? 0, 0)
}
