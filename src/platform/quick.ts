import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import type { z } from 'zod'
import { admit, type Command, type Ctx, type Door, entryColumns, entryOf, once, register } from './command.ts'
import { type Database, hot } from './db.ts'
import { conflict } from './errors.ts'

/** A request without its transaction: there is none. */
export type Moment = Pick<Ctx, 'actor' | 'now' | 'requestId' | 'plan' | 'crypto'>
export type Answer<O> = {
  result: O
  /** `kind:id`, the main one first. */
  subjects: string[]
  /** The one statement, an `insert … returning`; `null` when there is nothing to do. */
  write: RawBuilder<unknown> | null
}

/**
 * A command for the moment when a thousand people press one button: one look, one statement, instead of a transaction of
 * five round trips. The statement also writes the audit row, so both are there or neither.
 *
 * Its price: `write` must repeat in its `where` – with a row lock – whatever may have changed since the look. When it
 * writes nothing, the command looks and decides again, which then tells why. Only for commands that add one row.
 */
export function quickCommand<I extends z.ZodType, F, O>(
  spec: Door<I, O> & {
    look(db: Kysely<Database>, moment: Moment, input: z.output<I>): Promise<F>
    /** Throws a refusal, or says what to write. */
    decide(moment: Moment, input: z.output<I>, facts: F): Answer<O>
    /** Turns a constraint of the database into a refusal; returns when it is not one of its own. */
    explain?: (error: unknown) => void
  },
): Command<I, O> {
  return register(spec, async (ctx, raw) => {
    const input = admit(spec, ctx, raw)
    const work = async (db: Kysely<Database>): Promise<O> => {
      for (let tries = 0; tries < 3; tries++) {
        const { result, subjects, write } = spec.decide(ctx, input, await spec.look(db, ctx, input))
        if (write === null) return result
        const { rows } = await sql<{ id: string }>`${sql.raw(hot)}
          with written as (${write})
          insert into audit.entries ${entryColumns}
          select ${entryOf(spec, ctx, input, subjects, result)} from written returning id
        `
          .execute(db)
          .catch((error: unknown) => {
            spec.explain?.(error)
            throw error
          })
        if (rows.length > 0) return result
      }
      throw conflict(spec.name)
    }
    const idempotency = 'idempotency' in ctx ? ctx.idempotency : undefined
    if (ctx.db.isTransaction || !idempotency) return work(ctx.db as Kysely<Database>)
    return ctx.db
      .transaction()
      .execute((db: Transaction<Database>) => once(db, idempotency, spec.name, input, ctx.now, () => work(db)))
  })
}
