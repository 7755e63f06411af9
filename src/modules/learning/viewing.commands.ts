import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { ownPerson } from '#modules/training/enrolment.commands.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import { type AskedQuestion, questionOf } from './beat.commands.ts'
import type { Limits } from './counting.rules.ts'
import { CloseViewing, type EndReason, OpenViewing } from './counting.schema.ts'
import { limitsOn } from './limits.queries.ts'
import { nextQuestionMs, outcomeOf } from './presence.rules.ts'
import { openPresence, viewable } from './viewing.queries.ts'

export type Opened = {
  viewingId: string
  /** Where the learner stopped. */
  resumeMs: number
  /** Length of the timeline that counts; null: nobody has measured it. */
  mediumMs: number | null
  beatMs: number
  topRatePercent: number
  question: AskedQuestion | null
  /** Another page or device was watching and has been told. */
  replaced: boolean
}

/**
 * Opens an item for viewing. Whoever has another viewing open has it ended by this: one live viewing a person. A question
 * that waits for its answer waits here too, so opening the page again puts nothing off.
 * @clause C16 C08
 */
export const openViewing: Command<typeof OpenViewing, Opened> = command({
  name: 'learning.openViewing',
  permission: 'self.check-in',
  input: OpenViewing,
  async run(tx, input) {
    const personId = ownPerson(tx)
    const item = await viewable(tx.db, personId, input)
    if (!item) throw missing('item')
    if (item.kind === 'exam' || item.kind === 'assignment' || item.kind === 'lti') {
      throw refused({ clause: 'C16', reason: 'item-not-viewable', facts: {} })
    }
    const limits = await limitsOn(tx, dayOf(tx.now))
    await takeSeat(tx, personId, limits)
    const replaced = await endLive(tx, personId, 'elsewhere')
    const question = await waitingQuestion(tx, personId, limits)
    const { id: viewingId } = await tx.db
      .insertInto('learning.viewings')
      .values({
        registration_id: input.registrationId,
        person_id: personId,
        item_id: input.itemId,
        medium_ms: item.mediumMs,
        device: input.device ? tx.crypto.blindIndex(input.device, 'device') : null,
        opened_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await sql`update learning.seats set viewing_id = ${viewingId}, at = ${tx.now}, sequence = 0,
      position_ms = ${item.resumeMs}, playing = false, visible = true, rate_percent = 100, slack_ms = 0
      where person_id = ${personId}`.execute(tx.db)
    tx.about('viewing', viewingId)
    tx.about('registration', input.registrationId)
    const { beatMs, topRatePercent } = limits
    return { viewingId, resumeMs: item.resumeMs, mediumMs: item.mediumMs, beatMs, topRatePercent, question, replaced }
  },
  outcome: ({ viewingId, mediumMs, replaced }) => ({ viewingId, mediumMs, replaced }),
})

/** Ends one's own viewing; one that has ended already stays as it ended. */
export const closeViewing: Command<typeof CloseViewing, { viewingId: string; end: EndReason }> = command({
  name: 'learning.closeViewing',
  permission: 'self.check-in',
  input: CloseViewing,
  async run(tx, { viewingId }) {
    const row = await tx.db
      .selectFrom('learning.viewings')
      .select(['end_reason'])
      .where('id', '=', viewingId)
      .where('person_id', '=', ownPerson(tx))
      .forUpdate()
      .executeTakeFirst()
    if (!row) throw missing('viewing')
    tx.about('viewing', viewingId)
    if (row.end_reason) return { viewingId, end: row.end_reason as EndReason }
    await tx.db
      .updateTable('learning.viewings')
      .set({ closed_at: tx.now, end_reason: 'left' })
      .where('id', '=', viewingId)
      .execute()
    return { viewingId, end: 'left' }
  },
})

/** The one row of a person, made at the first viewing, locked from here to the commit. */
export async function takeSeat(tx: Tx, personId: string, limits: Limits): Promise<void> {
  await sql`insert into learning.seats (person_id, at, sequence, position_ms, playing, visible, rate_percent, slack_ms,
      until_question_ms, today_on, today_ms)
    values (${personId}, ${tx.now}, 0, 0, false, true, 100, 0, ${draw(limits)}, ${dayOf(tx.now)}::date, 0)
    on conflict do nothing`.execute(tx.db)
  await sql`select from learning.seats where person_id = ${personId} for update`.execute(tx.db)
}

export const draw = (limits: Limits): number => nextQuestionMs(randomInt(2 ** 40) / 2 ** 40, limits.presence)

export async function endLive(tx: Tx, personId: string, why: EndReason): Promise<boolean> {
  const ended = await tx.db
    .updateTable('learning.viewings')
    .set({ closed_at: tx.now, end_reason: why })
    .where('person_id', '=', personId)
    .where('closed_at', 'is', null)
    .returning('id')
    .execute()
  return ended.length > 0
}

/** The open question, unless even the time for a late answer is over: then it counts as missed. */
async function waitingQuestion(tx: Tx, personId: string, limits: Limits): Promise<AskedQuestion | null> {
  const open = await openPresence(tx.db, personId)
  if (!open) return null
  if (outcomeOf(open.askedAt.getTime(), tx.now.getTime(), limits.presence) !== 'missed') return questionOf(open, limits)
  await missPresence(tx, personId, open.presenceId, limits)
  return null
}

export async function missPresence(tx: Tx, personId: string, presenceId: string, limits: Limits): Promise<void> {
  await sql`update learning.presences set outcome = 'missed', answered_at = ${tx.now} where id = ${presenceId}`.execute(
    tx.db,
  )
  await sql`update learning.seats set until_question_ms = ${draw(limits)} where person_id = ${personId}`.execute(tx.db)
}
