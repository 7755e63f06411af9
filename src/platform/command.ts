import { createHash } from 'node:crypto'
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import type { z } from 'zod'
import type { Plan } from '#policy/plan.ts'
import { type Actor, system } from './actor.ts'
import type { CryptoProvider } from './crypto.ts'
import { type Database, hot } from './db.ts'
import { AppError, conflict, type FieldFaults } from './errors.ts'
import type { Permission } from './permissions.ts'
import { redact } from './redact.ts'
import type { Files } from './uploads.ts'

/** Everything a query or command may know about the request. Nothing else reads the clock, the keys or the plan. */
export type Ctx = {
  db: Kysely<Database>
  actor: Actor
  now: Date
  requestId: string
  plan: Plan
  crypto: CryptoProvider
  /** Where large files lie; asked for with `filesOf`. */
  files?: Files
  /** Present when the caller sent an idempotency key: the same key gets the same answer, once. */
  idempotency?: { scope: string; key: string }
}

export type Tx = Omit<Ctx, 'db' | 'idempotency'> & {
  db: Transaction<Database>
  /** Queues a job that starts only if this transaction commits. `key` makes it one job, however often queued. */
  enqueue(job: string, payload: object, options?: { key?: string; runAt?: Date }): Promise<void>
  /** Names what this command touched, for the trail: `about('class', id)`. The first is the main subject. */
  about(kind: string, id: string): void
}

export type Command<I extends z.ZodType, O> = ((ctx: Ctx | Tx, raw: z.input<I> | unknown) => Promise<O>) & {
  readonly commandName: string
  readonly permission: Permission | 'public'
  readonly input: I
}

/**
 * The same transaction with the platform itself acting, for what follows by rule from what somebody did. The trail names
 * the command that set it off; whether the person may do that, the command has judged.
 */
export const byRule = (tx: Tx, command: string): Tx => ({ ...tx, actor: system(command) })

/** Every command, by name: the access tests walk this list. */
export const commands = new Map<string, Command<z.ZodType, unknown>>()

/**
 * Everything that changes data is a command: permission checked, input checked, one transaction, one audit row.
 * Called with another command's `Tx` it joins that transaction and still writes its own audit row.
 *
 * Throws `AppError`: invalid, forbidden, and whatever `run` refuses.
 */
export function command<I extends z.ZodType, O>(
  spec: Door<I, O> & { run(tx: Tx, input: z.output<I>): Promise<O> },
): Command<I, O> {
  return register(spec, async (ctx, raw) => {
    const input = admit(spec, ctx, raw)
    const work = (db: Transaction<Database>) => runAudited(spec, { ...ctx, db }, input)
    if (ctx.db.isTransaction) return work(ctx.db as Transaction<Database>)
    const idempotency = 'idempotency' in ctx ? ctx.idempotency : undefined
    return ctx.db
      .transaction()
      .execute((db) => (idempotency ? once(db, idempotency, spec.name, input, ctx.now, () => work(db)) : work(db)))
  })
}

/** What every command says about itself. */
export type Door<I extends z.ZodType, O> = {
  name: string
  permission: Permission | 'public'
  input: I
  /** What of the input the trail keeps; by default all of it, redacted. */
  told?(input: z.output<I>): Record<string, unknown>
  /** What of the result the trail keeps; by default the ids and states in it. */
  outcome?: (result: O) => Record<string, unknown>
}

/** Permission first: somebody who may not do a thing learns nothing of its form. */
export function admit<I extends z.ZodType>(spec: Door<I, never>, ctx: Ctx | Tx, raw: unknown): z.output<I> {
  if (spec.permission !== 'public' && !ctx.actor.can(spec.permission)) {
    throw new AppError(
      ctx.actor.kind === 'anonymous' ? { kind: 'unauthenticated' } : { kind: 'forbidden', permission: spec.permission },
    )
  }
  const parsed = spec.input.safeParse(raw)
  if (!parsed.success) throw new AppError({ kind: 'invalid', fields: fieldFaults(parsed.error) })
  return parsed.data
}

export function register<I extends z.ZodType, O>(
  spec: Door<I, O>,
  call: (ctx: Ctx | Tx, raw: unknown) => Promise<O>,
): Command<I, O> {
  const made = Object.assign(call, { commandName: spec.name, permission: spec.permission, input: spec.input })
  if (commands.has(spec.name)) throw new Error(`two commands are named ${spec.name}`)
  commands.set(spec.name, made as Command<z.ZodType, unknown>)
  return made as Command<I, O>
}

async function runAudited<I extends z.ZodType, O>(
  spec: Door<I, O> & { run(tx: Tx, input: z.output<I>): Promise<O> },
  ctx: Omit<Ctx, 'db'> & { db: Transaction<Database> },
  input: z.output<I>,
): Promise<O> {
  const subjects: string[] = []
  const tx: Tx = {
    db: ctx.db,
    actor: ctx.actor,
    now: ctx.now,
    requestId: ctx.requestId,
    plan: ctx.plan,
    crypto: ctx.crypto,
    ...(ctx.files && { files: ctx.files }),
    about: (kind, id) => {
      const subject = `${kind}:${id}`
      if (!subjects.includes(subject)) subjects.push(subject)
    },
    enqueue: (job, payload, options) => enqueue(ctx.db, job, payload, options),
  }
  const result = await spec.run(tx, input)
  await sql`${sql.raw(hot)} insert into audit.entries ${entryColumns} values (${entryOf(spec, ctx, input, subjects, result)})`.execute(
    ctx.db,
  )
  return result
}

export const entryColumns = sql.raw(
  '(at, actor_kind, actor_id, actor_name, on_behalf_of, command, subjects, input, outcome, request_id)',
)

/** The audit row of a command that came to `result`, as the values of `entryColumns`. */
export function entryOf<O>(
  spec: {
    name: string
    told?(input: never): Record<string, unknown>
    outcome?: (result: O) => Record<string, unknown>
  },
  ctx: Pick<Ctx, 'now' | 'actor' | 'requestId'>,
  input: unknown,
  subjects: string[] | RawBuilder<unknown>,
  result: O,
) {
  const { actor } = ctx
  const outcome = spec.outcome ? spec.outcome(result) : plainOutcome(result)
  return sql`${ctx.now}::timestamptz, ${actor.kind}::text, ${actor.id}::text, ${actor.name}::text,
    ${actor.onBehalfOf?.personId ?? null}::uuid, ${spec.name}::text, ${Array.isArray(subjects) ? sql`${subjects}::text[]` : subjects},
    ${JSON.stringify(redact(spec.told ? spec.told(input as never) : input))}::jsonb, ${JSON.stringify(redact(outcome))}::jsonb, ${ctx.requestId}::text`
}

export async function enqueue(
  db: Kysely<Database>,
  job: string,
  payload: object,
  options: { key?: string; runAt?: Date } = {},
): Promise<void> {
  await sql`select platform.enqueue(${job}, ${JSON.stringify(payload)}::json, ${options.key ?? null}, ${options.runAt ?? null})`.execute(
    db,
  )
}

/** The row with the key is inserted first: a second request with the same key waits for the first to commit. */
export async function once<O>(
  db: Transaction<Database>,
  { scope, key }: { scope: string; key: string },
  name: string,
  input: unknown,
  now: Date,
  work: () => Promise<O>,
): Promise<O> {
  const fingerprint = createHash('sha256')
    .update(`${name}\n${JSON.stringify(input, bytesByDigest)}`)
    .digest('hex')
  const inserted = await sql`
    insert into platform.idempotency (scope, key, command, fingerprint, at) values (${scope}, ${key}, ${name}, ${fingerprint}, ${now})
    on conflict do nothing returning key
  `.execute(db)
  if (inserted.rows.length === 0) {
    const { rows } = await sql<{ fingerprint: string; response: O }>`
      select fingerprint, response from platform.idempotency where scope = ${scope} and key = ${key}
    `.execute(db)
    if (rows[0]?.fingerprint !== fingerprint) throw conflict('idempotency-key')
    return rows[0].response
  }
  const result = await work()
  await sql`update platform.idempotency set response = ${JSON.stringify(result ?? null)}::jsonb where scope = ${scope} and key = ${key}`.execute(
    db,
  )
  return result
}

/** A file stands for itself by its digest: spelling out its bytes as JSON would take ten times its size. */
const bytesByDigest = (_: string, value: unknown) =>
  value instanceof Uint8Array ? createHash('sha256').update(value).digest('hex') : value

export function fieldFaults(error: z.ZodError): FieldFaults {
  const fields: FieldFaults = {}
  for (const issue of error.issues) {
    const path = issue.path.join('.') || 'form'
    fields[path] = [...(fields[path] ?? []), issue.message]
  }
  return fields
}

/** Ids, numbers and states of a result; never free text. */
function plainOutcome(result: unknown): Record<string, unknown> {
  if (typeof result !== 'object' || result === null) return {}
  const kept = Object.entries(result).filter(
    ([key, value]) =>
      /(^id$|Id$|_id$|state|count|number|_fen$|Fen$)/.test(key) &&
      ['string', 'number', 'boolean'].includes(typeof value),
  )
  return Object.fromEntries(kept)
}
