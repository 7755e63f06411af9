import { randomBytes } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import type { Ctx, Tx } from '#platform/command.ts'
import { AppError, conflict } from '#platform/errors.ts'
import { type Answer, quickCommand } from '#platform/quick.ts'
import { keyOf } from './client.queries.ts'
import type { Client } from './client.schema.ts'
import { sameStatement } from './compare.rules.ts'
import { statementsByIds } from './statement.queries.ts'
import type { Statement, Version } from './statement.schema.ts'
import { definitionsOf, termsOf } from './term.rules.ts'

export type NewFile = { sha2: string; mediaType: string; content: Uint8Array }
/** The checked statements of one request. */
export type Batch = {
  client: Pick<Client, 'id' | 'organisationId' | 'authority'>
  version: Version
  statements: Statement[]
  files: NewFile[]
}
export type Stored = { ids: string[]; count: number }

const isBatch = (value: unknown) =>
  typeof value === 'object' && value !== null && 'client' in value && 'statements' in value && 'files' in value

/**
 * Stores all statements of one request or none. An id that is taken by the same statement is passed over; by another one,
 * the whole request is refused as `conflict`.
 * @clause HZ4-M13
 */
const store = quickCommand({
  name: 'records.store',
  permission: 'record.write',
  input: z.custom<Batch>(isBatch, '缺少学习记录'),
  // The trail keeps which and how many, never what people did.
  told: ({ client, statements, files }) => ({ client: client.id, count: statements.length, files: files.length }),
  look: async (db, _, { client, statements }) => {
    const { rows } = await sql`select from records.clients where id = ${client.id} and revoked_at is null`.execute(db)
    if (rows.length === 0) throw new AppError({ kind: 'unauthenticated' })
    return statementsByIds(
      db,
      client.organisationId,
      statements.flatMap(({ id }) => id ?? []),
    )
  },
  recall: () => new Map<string, Statement>(),
  decide({ now }, batch, taken): Answer<Stored> {
    const fresh = batch.statements.filter((one) => {
      const kept = one.id && taken.get(one.id.toLowerCase())
      if (kept && !sameStatement(one, kept)) throw conflict(`statement ${one.id}`)
      return !kept
    })
    const prepared = prepare(batch, fresh, now)
    const { id, organisationId } = batch.client
    const given = new Map(fresh.map((one, i) => [one, prepared.ids[i] ?? '']))
    const ids = batch.statements.map((one) => given.get(one) ?? one.id?.toLowerCase() ?? '')
    return {
      result: { ids, count: fresh.length },
      write: fresh.length > 0 ? prepared.write : null,
      subjects: sql`array[${`xapi-client:${id}`}::text, ${`organisation:${organisationId}`}, 'statement:' || written.first_id]`,
    }
  },
  outcome: ({ ids, count }) => ({ count, ids }),
})

const monthsThere = new WeakMap<object, Set<string>>()

export async function storeStatements(ctx: Ctx | Tx, batch: Batch): Promise<Stored> {
  await ensureMonth(ctx.db, ctx.now)
  try {
    const stored = await store(ctx, batch)
    rememberDefinitions(batch)
    return stored
  } catch (error) {
    // Somebody else stored one of the ids in between; the second try sees it.
    if ((error as { code?: string }).code !== '23505' || ctx.db.isTransaction) throw error
    return store(ctx, batch)
  }
}

/** The tables of the month, made when its first statement comes; a job makes the next ones ahead. */
export async function ensureMonth(db: Ctx['db'], at: Date): Promise<void> {
  const month = at.toISOString().slice(0, 7)
  const there = monthsThere.get(db) ?? new Set()
  if (there.has(month)) return
  await sql`select records.ensure_month(${at})`.execute(db)
  if (db.isTransaction) return
  monthsThere.set(db, there.add(month))
}

/** Time first, so that new ids lie together in the index. */
function newId(now: Date): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(now.getTime(), 0, 6)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const versionOf: Record<Version, string> = { '1.0.3': '1.0.0', '2.0.0': '2.0.0' }
const separator = '\u001e'
const list = (items: readonly (string | number | boolean | null)[]) =>
  `{${items.map((one) => one ?? 'null').join(',')}}`

function prepare({ client, version, files }: Batch, statements: Statement[], now: Date) {
  const { organisationId } = client
  const nowText = now.toISOString()
  const ids: string[] = []
  const bodies: string[] = []
  const columns = { agent: [], verb: [], activity: [], registration: [] } as Record<string, (string | null)[]>
  const voids: boolean[] = []
  const terms = { of: [] as number[], keys: [] as string[] }
  const refs = { of: [] as number[], targets: [] as string[] }
  for (const [i, statement] of statements.entries()) {
    const id = statement.id?.toLowerCase() ?? newId(now)
    const { id: _, stored: __, authority: ___, ...own } = statement
    own.timestamp ??= nowText
    own.version ??= versionOf[version]
    ids.push(id)
    bodies.push(`{"id":"${id}",${JSON.stringify(own).slice(1, -1)},"authority":${client.authority}}`)
    const found = termsOf(statement)
    for (const kind of ['agent', 'verb', 'activity', 'registration'] as const) {
      const value = found[kind]
      columns[kind]?.push(value === null ? null : keyOf(organisationId, kind, value))
    }
    voids.push(found.voiding)
    for (const [kind, value] of found.more) {
      terms.of.push(i + 1)
      terms.keys.push(keyOf(organisationId, kind, value))
    }
    if (found.target) {
      refs.of.push(i + 1)
      refs.targets.push(found.target)
    }
  }
  const definitions = newDefinitions(organisationId, statements)
  const write: RawBuilder<unknown> = sql`select * from records.store(${client.id}::uuid, ${organisationId}::uuid, ${now}::timestamptz,
    ${list(ids)}::uuid[], ${statements.some(({ id }) => id)}::boolean, ${bodies.join(separator)}::text,
    ${list(columns.agent ?? [])}::uuid[], ${list(columns.verb ?? [])}::uuid[], ${list(columns.activity ?? [])}::uuid[],
    ${list(columns.registration ?? [])}::uuid[], ${list(voids)}::boolean[], ${list(terms.of)}::int[], ${list(terms.keys)}::uuid[],
    ${list(refs.of)}::int[], ${list(refs.targets)}::uuid[], ${definitions}::jsonb, ${filesOf(files)}::jsonb)`
  return { ids, write }
}

const filesOf = (files: readonly NewFile[]): string | null =>
  files.length === 0
    ? null
    : JSON.stringify(
        files.map(({ sha2, mediaType, content }) => ({
          sha2: sha2.toLowerCase(),
          media_type: mediaType,
          content: Buffer.from(content).toString('base64'),
        })),
      )

const definitionsKept = new Map<string, string>()
const mostDefinitions = 20_000

/** Definitions that this process has not stored last; most statements bring one that came a moment ago. */
function newDefinitions(organisationId: string, statements: readonly Statement[]): string | null {
  const found = new Map<string, { key: string; id: string; definition: unknown }>()
  for (const statement of statements) {
    for (const { id, definition } of definitionsOf(statement)) {
      if (definitionsKept.get(`${organisationId} ${id}`) === JSON.stringify(definition)) continue
      const earlier = found.get(id)?.definition as object | undefined
      found.set(id, { key: keyOf(organisationId, 'activity', id), id, definition: { ...earlier, ...definition } })
    }
  }
  if (found.size === 0) return null
  // What jsonb cannot hold: the character zero and half characters.
  return JSON.stringify([...found.values()]).replace(/\\u(0000|d[89a-f][0-9a-f]{2})/g, '\\ufffd')
}

function rememberDefinitions({ client, statements }: Batch): void {
  for (const statement of statements) {
    for (const { id, definition } of definitionsOf(statement)) {
      if (definitionsKept.size >= mostDefinitions) definitionsKept.clear()
      definitionsKept.set(`${client.organisationId} ${id}`, JSON.stringify(definition))
    }
  }
}
