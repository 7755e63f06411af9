import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { addDays } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { type Counted, countedThings } from './competition.schema.ts'
import type { CompetitionRow } from './report.schema.ts'

/**
 * What competitions came to on a day; with `known`, as it was on record at that instant. Nothing ever counted is absent.
 * @clause R35 @clause HZ4-M09
 */
export async function competitionCounts(
  { db }: Pick<Ctx, 'db'>,
  asOf: Day,
  known?: Date,
): Promise<Partial<Record<Counted, number>>> {
  const { rows } = await sql<{ what: Counted; n: number }>`
    select what, sum(delta)::int as n from reports.competition_events
    where counted_on <= ${asOf} and (${known ?? null}::timestamptz is null or recorded_at <= ${known ?? null}) group by what
  `.execute(db)
  return Object.fromEntries(rows.map((row) => [row.what, row.n]))
}

/** The lines of a report: this period and all until its end. Nothing was ever counted: no lines. */
export async function competitionRows(
  ctx: Pick<Ctx, 'db'>,
  period: { from: Day; to: Day },
  known?: Date,
): Promise<CompetitionRow[]> {
  const [total, before] = [
    await competitionCounts(ctx, period.to, known),
    await competitionCounts(ctx, addDays(period.from, -1), known),
  ]
  return (Object.keys(countedThings) as Counted[]).flatMap((what) => {
    const n = total[what]
    return n === undefined ? [] : [{ what, within: n - (before[what] ?? 0), total: n }]
  })
}

export type CompetitionCount = {
  eventId: string
  title: string
  host: string
  number: string
  countedOn: Day
  event: number
  entrant: number
  prize: number
  upward: number
}

/** The same by competition: each number leads to its records. */
export async function countsByCompetition({ db }: Pick<Ctx, 'db'>, asOf: Day): Promise<CompetitionCount[]> {
  const { rows } = await sql<CompetitionCount>`
    select c.event_id as "eventId", e.title, o.name as host, e.number, min(c.counted_on)::text as "countedOn",
      coalesce(sum(delta) filter (where what = 'event'), 0)::int as event,
      coalesce(sum(delta) filter (where what = 'entrant'), 0)::int as entrant,
      coalesce(sum(delta) filter (where what = 'prize'), 0)::int as prize,
      coalesce(sum(delta) filter (where what = 'upward'), 0)::int as upward
    from reports.competition_events c join competition.events e on e.id = c.event_id
    join people.organisations o on o.id = e.organisation_id
    where c.counted_on <= ${asOf} group by c.event_id, e.title, o.name, e.number order by min(c.counted_on) desc limit 500
  `.execute(db)
  return rows
}
