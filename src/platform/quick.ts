import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import type { z } from 'zod'
import { admit, type Command, type Ctx, type Door, entryColumns, entryOf, once, register } from './command.ts'
import { type Database, hot } from './db.ts'
import { AppError, conflict } from './errors.ts'

/** A request without its transaction: there is none. */
export type Moment = Pick<Ctx, 'actor' | 'now' | 'requestId' | 'plan' | 'crypto'>
export type Answer<O> = {
  result: O
  /** The one statement, an `insert … returning`; `null` when there is nothing to do. */
  write: RawBuilder<unknown> | null
  /** What it touches, a `text[]` of `kind:id`, the main one first; columns that `write` returns are in `written`. */
  subjects: RawBuilder<unknown>
}

/**
 * A command for the moment when a thousand people press one button: one look and one statement – or, from what is still
 * remembered, the statement alone – instead of a transaction of five round trips. The statement also writes the audit
 * row, so both are there or neither.
 *
 * Its price: the `where` of `write` must repeat, with a row lock, whatever may be otherwise by now. When it writes nothing,
 * or when remembered facts lead to a refusal, the command looks and decides again, which then tells why. Only for
 * commands that add one row.
 */
export function quickCommand<I extends z.ZodType, F, O>(
  spec: Door<I, O> & {
    look(db: Kysely<Database>, moment: Moment, input: z.output<I>): Promise<F>
    /** What an earlier look found and `write` will find out to be wrong. */
    recall?: (moment: Moment, input: z.output<I>) => F | undefined
    /** Throws a refusal, or says what to write. */
    decide(moment: Moment, input: z.output<I>, facts: F): Answer<O>
    /** Turns a constraint of the database into a refusal; returns when it is not one of its own. */
    explain?: (error: unknown) => void
  },
): Command<I, O> {
  return register(spec, async (ctx, raw) => {
    const input = admit(spec, ctx, raw)

    const settle = async (db: Kysely<Database>, { result, subjects, write }: Answer<O>): Promise<boolean> => {
      if (write === null) return true
      const entry = entryOf(spec, ctx, input, subjects, result)
      const { rows } = await sql`${sql.raw(hot)} with written as (${write})
        insert into audit.entries ${entryColumns} select ${entry} from written returning id`
        .execute(db)
        .catch((error: unknown) => {
          spec.explain?.(error)
          throw error
        })
      return rows.length > 0
    }

    const work = async (db: Kysely<Database>): Promise<O> => {
      const remembered = fromMemory(() => {
        const facts = spec.recall?.(ctx, input)
        return facts === undefined ? undefined : spec.decide(ctx, input, facts)
      })
      if (remembered && (await settle(db, remembered))) return remembered.result
      for (let tries = 0; tries < 3; tries++) {
        const answer = spec.decide(ctx, input, await spec.look(db, ctx, input))
        if (await settle(db, answer)) return answer.result
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

/** What memory says is never a refusal: that needs a look. */
function fromMemory<T>(decide: () => T | undefined): T | undefined {
  try {
    return decide()
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}
