import type { Ctx } from '#platform/command.ts'
import { AppError } from '#platform/errors.ts'
import { advanceForward, privateAllowed, secretContext } from './forward.commands.ts'
import { type Due, dueForwards } from './forward.queries.ts'
import { meaningOf } from './forward.rules.ts'
import type { Advance } from './forward.schema.ts'
import { bodyOf, post, type Target } from './send.queries.ts'
import { oldestWriterMs, type Place, type Row, statementPage } from './statement.queries.ts'

const batch = 50
const marginMs = 1_000
/** So many batches a forward and run; the rest in the next minute, so that one organisation does not hold the queue. */
const batches = 40

/**
 * Sends on what was stored since, a batch at a time. A batch that is refused is sent one by one, so that only the statement
 * that is refused for good stays behind, as a dead letter. Anything else that fails is tried again later, from there on.
 */
export async function forward(ctx: Ctx, due: Due, allowPrivate = privateAllowed()): Promise<number> {
  const { endpoint, key, organisationId } = due
  const target = { endpoint, key, secret: ctx.crypto.open(due.secretSealed, secretContext), allowPrivate }
  const filter = { organisationId, relatedAgents: false, relatedActivities: false, ascending: true }
  // What is stored at this moment may be seen later than what is stored after it.
  const until = new Date(ctx.now.getTime() - (await oldestWriterMs(ctx.db)) - marginMs)
  let from: Place = due.from
  let sum = 0
  for (let i = 0; i < batches; i++) {
    const rows = await statementPage(ctx.db, { ...filter, until }, from, batch)
    if (rows.length === 0) return sum
    const came = await sendAll(ctx, target, organisationId, rows, from)
    try {
      await advanceForward(ctx, { forwardId: due.id, from, ...came })
    } catch (error) {
      if (error instanceof AppError && error.fault.kind === 'conflict') return sum // somebody else is at it, or it was stopped
      throw error
    }
    sum += came.sent
    if (came.failure !== null) return sum
    from = came.to
  }
  return sum
}

type Came = Pick<Advance, 'to' | 'sent' | 'letters' | 'failure'>

async function sendAll(ctx: Ctx, target: Target, organisationId: string, rows: Row[], from: Place): Promise<Came> {
  const place = ({ stored, seq }: Place) => ({ stored, seq })
  const send = async (some: Row[]) => post(target, await bodyOf(ctx.db, organisationId, some))
  const came: Came = { to: place(from), sent: 0, letters: [], failure: null }
  try {
    const whole = await send(rows)
    if (meaningOf(whole.status) === 'taken') return { ...came, to: place(rows.at(-1) ?? from), sent: rows.length }
    if (meaningOf(whole.status) === 'later') return { ...came, failure: told(whole.status, whole.text) }
    for (const row of rows) {
      const { status, text } = await send([row])
      if (meaningOf(status) === 'later') return { ...came, failure: told(status, text) }
      if (meaningOf(status) === 'taken') came.sent++
      else came.letters.push({ statementId: row.id, status, answer: text.slice(0, 500) })
      came.to = place(row)
    }
  } catch (error) {
    came.failure = (error as Error).message.slice(0, 500) || 'no connection'
  }
  return came
}

const told = (status: number, text: string) => `${status} ${text}`.slice(0, 500)

export const jobs: Record<string, (ctx: Ctx, payload: unknown) => Promise<void>> = {
  'records.forward': async (ctx) => {
    for (const due of await dueForwards(ctx.db, ctx.now)) await forward(ctx, due)
  },
}

export const timetable: Record<string, string> = { 'records.forward': '* * * * *' }
