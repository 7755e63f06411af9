import { command } from '#platform/command.ts'
import { nextNumber } from '#platform/counters.ts'
import { missing } from '#platform/errors.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { figureNow, hosts, lockEvent, no } from './case.commands.ts'
import { lockOwnEntry } from './eligibility.commands.ts'
import { DecideProtest, LodgeProtest, protestContext } from './entry.schema.ts'

/**
 * An entrant disputes the result within the days of the technical document.
 * @clause R32
 */
export const lodgeProtest = command({
  name: 'competition.lodgeProtest',
  permission: 'public',
  input: LodgeProtest,
  told: ({ entryId }) => ({ entryId }),
  async run(tx, { entryId, text }) {
    const { entry } = await lockOwnEntry(tx, entryId)
    const { event, type } = await lockEvent(tx, entry.event_id, 'share')
    const today = dayOf(tx.now)
    const open = event.state === 'scored' && event.protests_until !== null && today <= (event.protests_until as Day)
    if (!open || !['eligible', 'disqualified'].includes(entry.state)) throw no('protest-closed')
    const series = `JSS-${yearOf(today)}`
    const number = `${series}-${String(await nextNumber(tx, 'competition', series)).padStart(4, '0')}`
    const made = await tx.db
      .insertInto('competition.protests')
      .values({
        ...{ number, event_id: event.id, entry_id: entryId, text_sealed: tx.crypto.seal(text, protestContext) },
        ...{ lodged_by: tx.actor.id, lodged_at: tx.now },
        due_on: addWorkdays(today, await figureNow(tx, type.objectionFigure)).day,
      })
      .onConflict((c) => c.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!made) throw no('protest-again')
    tx.about('protest', made.id)
    return { protestId: made.id, number }
  },
})

/**
 * Answered by the bureau, by nobody who has judged, hosts or stands in the entry. What follows from an upheld protest –
 * another mark, a disqualification – needs its own two people.
 * @clause R32
 */
export const decideProtest = command({
  name: 'competition.decideProtest',
  permission: 'competition.manage',
  input: DecideProtest,
  async run(tx, { protestId, outcome, reply }) {
    const found = await tx.db
      .selectFrom('competition.protests')
      .select('event_id')
      .where('id', '=', protestId)
      .executeTakeFirst()
    if (!found) throw missing('protest')
    const { event } = await lockEvent(tx, found.event_id)
    const protest = await tx.db
      .selectFrom('competition.protests')
      .select(['state', 'lodged_by', 'entry_id'])
      .where('id', '=', protestId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    tx.about('protest', protestId)
    if (protest.state !== 'open') throw no('protest-decided')
    const near =
      tx.actor.personId &&
      (await tx.db
        .selectFrom('competition.members as m')
        .select('m.person_id')
        .where('m.entry_id', '=', protest.entry_id)
        .where('m.person_id', '=', tx.actor.personId)
        .union(
          tx.db
            .selectFrom('competition.judges as j')
            .select('j.person_id')
            .where('j.event_id', '=', event.id)
            .where('j.person_id', '=', tx.actor.personId),
        )
        .executeTakeFirst())
    if (near || protest.lodged_by === tx.actor.id || hosts(tx, event)) throw no('protest-own')
    await tx.db
      .updateTable('competition.protests')
      .set({ state: outcome, reply, decided_by: tx.actor.id, decided_by_name: tx.actor.name, decided_at: tx.now })
      .where('id', '=', protestId)
      .execute()
    return { protestId, eventId: event.id, state: outcome }
  },
})
