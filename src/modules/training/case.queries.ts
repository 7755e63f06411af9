import type { Ctx } from '#platform/command.ts'
import { type Clock, clock } from '#policy/workdays.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'

/** One step of a record's history. */
export type CaseMove = {
  move: string
  from: string
  to: string
  at: Date
  actorName: string
  reasonCodes: string[]
  note: string
}

export async function movesOf(db: Ctx['db'], kind: string, id: string): Promise<CaseMove[]> {
  return db
    .selectFrom('platform.moves')
    .select([
      'move',
      'from_state as from',
      'to_state as to',
      'at',
      'actor_name as actorName',
      'reason_codes as reasonCodes',
      'note',
    ])
    .where('subject_kind', '=', kind)
    .where('subject_id', '=', id)
    .orderBy('at')
    .orderBy('id')
    .execute()
}

/** A statutory clock of a record as it stands today. */
export type CaseClock = Clock & { kind: string; startedOn: Day; workdays: number; endedOn: Day | null; ruleId: string }

/** @clause R33 */
export async function clocksOf(ctx: Pick<Ctx, 'db' | 'now'>, kind: string, id: string): Promise<CaseClock[]> {
  const rows = await ctx.db
    .selectFrom('platform.clocks')
    .selectAll()
    .where('subject_kind', '=', kind)
    .where('subject_id', '=', id)
    .orderBy('started_on')
    .orderBy('id')
    .execute()
  if (rows.length === 0) return []
  const stops = await ctx.db
    .selectFrom('platform.clock_stops')
    .selectAll()
    .where(
      'clock_id',
      'in',
      rows.map((row) => row.id),
    )
    .execute()
  return rows.map((row) => ({
    ...clock({
      start: row.started_on as Day,
      workdays: row.workdays,
      stops: stops
        .filter((stop) => stop.clock_id === row.id)
        .map((stop) => ({ from: stop.from_on as Day, to: stop.to_on as Day | null })),
      today: (row.ended_on as Day | null) ?? dayOf(ctx.now),
    }),
    kind: row.kind,
    startedOn: row.started_on as Day,
    workdays: row.workdays,
    endedOn: row.ended_on as Day | null,
    ruleId: row.rule_id,
  }))
}
