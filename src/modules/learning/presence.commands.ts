import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { ownPerson } from '#modules/training/enrolment.commands.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { refused } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import { type AskedQuestion, questionOf } from './beat.commands.ts'
import { type StretchRow, stretchInsert } from './beat-rows.commands.ts'
import { type Limits, release } from './counting.rules.ts'
import { AnswerPresence } from './counting.schema.ts'
import { limitsOn } from './limits.queries.ts'
import { outcomeOf, questionFrom } from './presence.rules.ts'
import { lengthMs, type Span, spansFrom, spansText, union } from './span.rules.ts'
import { draw, endLive, missPresence, takeSeat } from './viewing.commands.ts'
import { type OpenPresence, openPresence } from './viewing.queries.ts'

const tries = 3

export type PresenceAnswer = {
  outcome: 'answered' | 'remedied' | 'missed' | 'wrong'
  /** Milliseconds given back. */
  releasedMs: number
  /** After a wrong answer: another question, and how many answers are left. */
  question: AskedQuestion | null
  left: number
}

/**
 * Answers the presence question. What was held since it was asked is given back, also after the time for the answer, as
 * long as the time for a late answer lasts. Three wrong answers are as none.
 * @clause C16
 */
export const answerPresence: Command<typeof AnswerPresence, PresenceAnswer> = command({
  name: 'learning.answerPresence',
  permission: 'self.check-in',
  input: AnswerPresence,
  async run(tx, { presenceId, choice }) {
    const personId = ownPerson(tx)
    const limits = await limitsOn(tx, dayOf(tx.now))
    await takeSeat(tx, personId, limits)
    const open = await openPresence(tx.db, personId)
    if (open?.presenceId !== presenceId) throw refused({ clause: 'C16', reason: 'presence-gone', facts: {} })
    tx.about('presence', presenceId)
    tx.about('viewing', open.viewingId)
    const outcome = outcomeOf(open.askedAt.getTime(), tx.now.getTime(), limits.presence)
    const wrong = choice !== open.answer
    if (outcome !== 'missed' && wrong && open.tries + 1 < tries) return askAgain(tx, open, limits)
    if (outcome === 'missed' || wrong) {
      await missPresence(tx, personId, presenceId, limits)
      await endLive(tx, personId, 'presence-missed')
      return { outcome: 'missed', releasedMs: 0, question: null, left: 0 }
    }
    await sql`update learning.presences set outcome = ${outcome}, answered_at = ${tx.now} where id = ${presenceId}`.execute(
      tx.db,
    )
    const releasedMs = await giveBack(tx, personId, presenceId, limits)
    return { outcome, releasedMs, question: null, left: 0 }
  },
  outcome: ({ outcome, releasedMs }) => ({ outcome, releasedMs }),
})

async function askAgain(tx: Tx, open: OpenPresence, limits: Limits): Promise<PresenceAnswer> {
  const { prompt, options, answer } = questionFrom((below) => randomInt(below))
  await sql`update learning.presences set prompt = ${prompt}, options = ${JSON.stringify(options)}::jsonb,
    answer = ${answer}, tries = tries + 1 where id = ${open.presenceId}`.execute(tx.db)
  const question = questionOf({ ...open, prompt, options }, limits)
  return { outcome: 'wrong', releasedMs: 0, question, left: tries - open.tries - 1 }
}

type Held = { viewing_id: string; registration_id: string; item_id: string; held: string; covered: string | null }

/** What was held under the question, by item; the day it counts for is the day of the answer. */
async function giveBack(tx: Tx, personId: string, presenceId: string, limits: Limits): Promise<number> {
  const on = dayOf(tx.now)
  const { rows: held } = await sql<Held>`
    select t.viewing_id, t.registration_id, t.item_id, t.held::text, c.covered::text
    from learning.stretches t left join learning.coverage c using (registration_id, item_id)
    where t.presence_id = ${presenceId} and t.verdict = 'held' order by t.id`.execute(tx.db)
  const seat = await tx.db
    .selectFrom('learning.seats')
    .select(['today_on', 'today_ms'])
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow()
  let today = seat.today_on === on ? seat.today_ms : 0
  let sum = 0
  for (const rows of Map.groupBy(held, (row) => `${row.registration_id}:${row.item_id}`).values()) {
    const [first] = rows
    if (!first) continue
    const covered = spansFrom(first.covered ?? '')
    const wanted = union(
      [],
      rows.flatMap((row) => spansFrom(row.held)),
    )
    const granted = release(wanted, covered, limits.dailyCapMs - today)
    if (granted.length === 0) continue
    today += lengthMs(granted)
    sum += lengthMs(granted)
    await keep(tx, { ...first, person_id: personId, presence_id: presenceId, on_day: on }, granted, covered)
  }
  await sql`update learning.seats set until_question_ms = ${draw(limits)}, today_on = ${on}::date, today_ms = ${today}
    where person_id = ${personId}`.execute(tx.db)
  return sum
}

type Where = Pick<StretchRow, 'viewing_id' | 'registration_id' | 'item_id' | 'person_id' | 'presence_id' | 'on_day'>

async function keep(tx: Tx, where: Where, granted: readonly Span[], covered: readonly Span[]): Promise<void> {
  const { viewing_id, registration_id, item_id, person_id, presence_id, on_day } = where
  const [from] = granted[0] as Span
  const [, to] = granted.at(-1) as Span
  const row: StretchRow = {
    ...{ viewing_id, registration_id, item_id, person_id, presence_id, on_day },
    ...{ sequence: null, at: tx.now.toISOString(), wall_ms: 0, from_ms: from, to_ms: to, rate_percent: 100 },
    ...{ verdict: 'released', reason: '', held: '{}', granted: spansText(granted) },
  }
  await stretchInsert([row]).execute(tx.db)
  await sql`insert into learning.coverage (registration_id, item_id, covered)
    values (${registration_id}, ${item_id}, ${spansText(union(covered, granted))}::int4multirange)
    on conflict (registration_id, item_id) do update set covered = excluded.covered`.execute(tx.db)
}
