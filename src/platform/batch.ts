import { type Kysely, sql, type Transaction } from 'kysely'
import type { z } from 'zod'
import { system } from './actor.ts'
import { admit, type Command, type Ctx, type Door, entryColumns, entryOf, register } from './command.ts'
import { type Database, hot } from './db.ts'
import { AppError } from './errors.ts'
import type { Moment } from './quick.ts'

/** One call that waits with others: who asked what at which moment of the server's clock. */
export type BatchCall<I> = { moment: Moment; input: I }
export type BatchAnswers<O> = {
  /** One answer per call, in order; a fault refuses that call alone. */
  answers: (O | AppError)[]
  /** What the trail keeps of the whole batch. */
  outcome: Record<string, unknown>
}

/** Calls that arrive while a lane works are settled together next; more lanes keep both the database and us busy. */
const lanesPerDb = 4
const most = 256
type Waiting<I, O> = { call: BatchCall<I>; done(answer: O): void; failed(error: unknown): void }
type Lane<I, O> = { waiting: Waiting<I, O>[]; working: boolean }

/**
 * A command for what thousands of people send every few seconds: the calls of the moment share one transaction, one look,
 * one statement and one audit row, which counts them and names their digest; each call's own row is whatever `settle`
 * writes for it. Nobody is answered before the commit. A batch that fails is tried again call by call.
 *
 * Calls with one `laneOf` are settled in the order in which they came.
 */
export function batchCommand<I extends z.ZodType, O>(
  spec: Door<I, O> & {
    laneOf(call: BatchCall<z.output<I>>): string
    settle(
      db: Transaction<Database>,
      calls: readonly BatchCall<z.output<I>>[],
      shared: Pick<Ctx, 'plan' | 'crypto'>,
    ): Promise<BatchAnswers<O>>
  },
): Command<I, O> {
  type Input = z.output<I>
  const lanes = new WeakMap<Kysely<Database>, Lane<Input, O>[]>()

  const settleIn = async (db: Transaction<Database>, calls: readonly BatchCall<Input>[]): Promise<(O | AppError)[]> => {
    const { moment } = calls.at(-1) as BatchCall<Input>
    const { answers, outcome } = await spec.settle(db, calls, moment)
    const about = {
      now: moment.now,
      actor: calls.length === 1 ? moment.actor : system('batch'),
      requestId: moment.requestId,
    }
    const entry = entryOf<Record<string, unknown>>({ name: spec.name, outcome: (all) => all }, about, {}, [], outcome)
    await sql`${sql.raw(hot)} insert into audit.entries ${entryColumns} values (${entry})`.execute(db)
    return answers
  }
  const inTransaction = (db: Kysely<Database>, calls: readonly BatchCall<Input>[]) =>
    db.transaction().execute((tx) => settleIn(tx, calls))

  const work = async (db: Kysely<Database>, lane: Lane<Input, O>): Promise<void> => {
    lane.working = true
    while (lane.waiting.length > 0) {
      const batch = lane.waiting.splice(0, most)
      const tell = (one: Waiting<Input, O>, answer: O | AppError | undefined) =>
        answer instanceof AppError ? one.failed(answer) : one.done(answer as O)
      try {
        const answers = await inTransaction(
          db,
          batch.map((one) => one.call),
        )
        batch.forEach((one, i) => {
          tell(one, answers[i])
        })
      } catch (error) {
        if (batch.length === 1) batch[0]?.failed(error)
        else
          for (const one of batch) await inTransaction(db, [one.call]).then(([answer]) => tell(one, answer), one.failed)
      }
    }
    lane.working = false
  }

  return register(spec, async (ctx, raw) => {
    const call = { moment: ctx, input: admit(spec as Door<I, never>, ctx, raw) }
    if (ctx.db.isTransaction) {
      const [answer] = await settleIn(ctx.db as Transaction<Database>, [call])
      if (answer instanceof AppError) throw answer
      return answer as O
    }
    const db = ctx.db as Kysely<Database>
    const own = lanes.get(db) ?? Array.from({ length: lanesPerDb }, () => ({ waiting: [], working: false }))
    lanes.set(db, own)
    const lane = own[laneNumber(spec.laneOf(call), own.length)] as Lane<Input, O>
    return new Promise<O>((done, failed) => {
      lane.waiting.push({ call, done, failed })
      // what arrives in the same turn of the event loop travels together
      if (!lane.working) {
        lane.working = true
        setImmediate(() => void work(db, lane))
      }
    })
  })
}

/** The same key always falls on the same lane; the last characters of an id vary most. */
const laneNumber = (key: string, lanes: number): number =>
  [...key.slice(-4)].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % lanes
