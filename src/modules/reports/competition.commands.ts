import { sql } from 'kysely'
import { z } from 'zod'
import { command } from '#platform/command.ts'
import { AppError, missing } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import { lock } from './count.commands.ts'

/**
 * Counts a competition: the event and its entrants on the day it began, its prizes on the day they were given, each
 * recommendation on its day; all of it out again where it was cancelled. Run twice it writes nothing the second time.
 * @clause R35 @clause HZ4-M09
 */
export const countCompetition = command({
  name: 'reports.countCompetition',
  permission: 'system.operate',
  input: z.object({ eventId: z.uuid('编号不对') }),
  async run(tx, { eventId }) {
    if (tx.actor.kind !== 'system') throw new AppError({ kind: 'forbidden', permission: 'system.operate' })
    await lock(tx)
    const event = await tx.db
      .selectFrom('competition.events')
      .select(['id', 'state'])
      .where('id', '=', eventId)
      .executeTakeFirst()
    if (!event) throw missing('competition')
    tx.about('competition', eventId)
    // what is written after a report was frozen must not seem to have been known to it
    const { rows: frozen } = await sql<{ at: Date | null }>`select max(made_at) as at from reports.snapshots`.execute(
      tx.db,
    )
    const last = frozen[0]?.at ? new Date(frozen[0].at).getTime() : 0
    const at = last >= tx.now.getTime() ? new Date(last + 1) : tx.now
    const { numAffectedRows: count } = await sql`
      insert into reports.competition_events (what, key, event_id, delta, counted_on, recorded_at, recorded_by)
      select what, key, ${eventId}::uuid, 1, on_day, ${at}::timestamptz, ${tx.actor.id} from (
        select 'event' as what, ${eventId}::text as key, (opened_at at time zone 'Asia/Shanghai')::date as on_day
          from competition.rounds where event_id = ${eventId} and seq = 1
        union all select 'entrant', m.id::text, (r.opened_at at time zone 'Asia/Shanghai')::date from competition.members m
          join competition.round_entries x on x.entry_id = m.entry_id join competition.rounds r on r.id = x.round_id and r.seq = 1
          where m.event_id = ${eventId} and m.left_at is null
        union all select 'prize', a.id::text, a.awarded_on from competition.awards a where a.event_id = ${eventId}
        union all select 'upward', u.id::text, (u.at at time zone 'Asia/Shanghai')::date from competition.upward u where u.event_id = ${eventId}
      ) found order by what, key on conflict do nothing
    `.execute(tx.db)
    if (event.state === 'cancelled') {
      await sql`
        insert into reports.competition_events (what, key, event_id, delta, counted_on, reason, recorded_at, recorded_by)
        select what, key, event_id, -1, ${dayOf(tx.now)}, 'cancelled', ${at}::timestamptz, ${tx.actor.id}
        from reports.competition_events where event_id = ${eventId} and delta = 1 order by id on conflict do nothing
      `.execute(tx.db)
    }
    return { count: Number(count ?? 0) }
  },
})
