import { sql } from 'kysely'
import { realTime } from '#platform/clock.ts'
import { type Command, command } from '#platform/command.ts'
import { conflict } from '#platform/errors.ts'
import { backOffSeconds, mostTries } from './delivery.rules.ts'
import { NoteDelivery, QueueDeliveries, Sweep } from './delivery.schema.ts'
import { inSeconds } from './launch.queries.ts'
import { scopeUrls } from './vocabulary.schema.ts'

/** Queues the result of everybody who has learnt a course to the end, where a platform takes one. Each once. @clause HZ4-M13 */
export const queueDeliveries: Command<typeof QueueDeliveries, { count: number }> = command({
  name: 'connect.queueDeliveries',
  permission: 'system.operate',
  input: QueueDeliveries,
  async run(tx) {
    const { rows } = await sql<{ id: string }>`
      insert into connect.deliveries (placement_id, score, reached_at)
      select m.id, 100, d.at from connect.placements m join learning.completions d on d.registration_id = m.registration_id
      where ${scopeUrls.score} = any(m.scopes)
        and (m.line_item_url is not null or m.line_items_url is not null and ${scopeUrls.lineitem} = any(m.scopes))
      on conflict do nothing returning id`.execute(tx.db)
    for (const { id } of rows) tx.about('grade-delivery', id)
    return { count: rows.length }
  },
})

/** Notes what came of one try. Two workers that tried at once note one try. */
export const noteDelivery: Command<typeof NoteDelivery, { deliveryId: string; state: string }> = command({
  name: 'connect.noteDelivery',
  permission: 'system.operate',
  input: NoteDelivery,
  told: ({ deliveryId, tries, came }) => ({ deliveryId, tries, came }),
  async run(tx, { deliveryId, tries, came, answer, lineItemUrl }) {
    const now = tries + 1
    const state = came === 'sent' ? 'sent' : came === 'refused' || now >= mostTries ? 'given-up' : 'queued'
    const noted = await tx.db
      .updateTable('connect.deliveries')
      .set({
        state,
        tries: now,
        last_answer: answer,
        next_at: inSeconds(backOffSeconds(now)),
        ...(state === 'sent' && { sent_at: realTime() }),
      })
      .where('id', '=', deliveryId)
      .where('state', '=', 'queued')
      .where('tries', '=', tries)
      .returning('placement_id')
      .executeTakeFirst()
    if (!noted) throw conflict('grade-delivery')
    if (lineItemUrl !== null) {
      await tx.db
        .updateTable('connect.placements')
        .set({ line_item_url: lineItemUrl })
        .where('id', '=', noted.placement_id)
        .execute()
    }
    tx.about('grade-delivery', deliveryId)
    return { deliveryId, state }
  },
})

/** Takes away what has run out: numbers of messages, tokens, sign-ins nobody finished. */
export const sweep: Command<typeof Sweep, { count: number }> = command({
  name: 'connect.sweep',
  permission: 'system.operate',
  input: Sweep,
  async run(tx) {
    const before = realTime()
    const gone = await Promise.all([
      tx.db.deleteFrom('connect.seen').where('expires_at', '<', before).executeTakeFirst(),
      tx.db.deleteFrom('connect.tokens').where('expires_at', '<', before).executeTakeFirst(),
      tx.db.deleteFrom('connect.logins').where('expires_at', '<', before).executeTakeFirst(),
      tx.db.deleteFrom('connect.arrivals').where('expires_at', '<', before).executeTakeFirst(),
    ])
    return { count: gone.reduce((sum, { numDeletedRows }) => sum + Number(numDeletedRows), 0) }
  },
})
