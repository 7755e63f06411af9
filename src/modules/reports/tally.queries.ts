import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { Day } from '#shared/units.ts'
import type { Dimension, Known } from './board.schema.ts'
import type { Basis } from './count.schema.ts'

type Db = Ctx['db']

export type TallyRow = {
  indicator: string
  basis: Basis
  counting: 'event' | 'person'
  dimension: '' | Dimension
  key: string
  /** `2021-06` */
  month: string
  n: number
  amountFen: number
  /** Of `n`, on or after `recentFrom`. */
  recent: number
}

type Span = { from: Day; asOf: Day; recentFrom?: Day; indicator?: string; known?: Known }

/** Events not yet known: what a board of an earlier day must leave out. */
function unknownTo(known: Known, event: RawBuilder<unknown>): RawBuilder<boolean> {
  const { at, throughEvent } = known
  if (throughEvent !== undefined) return sql`${event}.id > ${throughEvent}`
  return at ? sql`${event}.recorded_at > ${at}` : sql`false`
}

/**
 * Sums by month. Now: straight from the tallies. As known earlier: the same sums less what was recorded since, so the
 * cost of looking back is the size of the difference. Not monthly: one sum for the whole span, in its first month.
 */
export async function eventTallies(
  db: Db,
  span: Span,
  dimensions: readonly ('' | Dimension)[],
  monthly = true,
): Promise<TallyRow[]> {
  const { from, asOf, recentFrom = asOf, indicator = null, known } = span
  const where = sql`dimension = any(${[...dimensions]}::text[]) and on_day between ${from} and ${asOf}
    and (${indicator}::text is null or indicator = ${indicator})`
  const less = known
    ? sql`union all select r.indicator, r.basis, 'event', r.dimension, r.key, r.on_day, -r.n, -r.amount_fen
        from reports.tally_rows r
        where ${unknownTo(known, sql`r`)} and ${where}`
    : sql``
  // the first of the month by plain arithmetic: it is computed for every day, its text only for every month
  const month = monthly ? sql`on_day - extract(day from on_day)::int + 1` : sql`${from}::date`
  const { rows } = await sql<TallyRow>`
    select indicator, basis, counting, dimension, key, to_char(first_day, 'YYYY-MM') as month, n, "amountFen", recent from (
      select indicator, basis, counting, dimension, key, ${month} as first_day,
        sum(n)::int as n, sum(amount_fen)::bigint as "amountFen",
        coalesce(sum(n) filter (where on_day >= ${recentFrom}), 0)::int as recent
      from (
        select indicator, basis, counting, dimension, key, on_day, n, amount_fen from reports.tallies
        where ${where} and (${known === undefined}::boolean or counting = 'event')
        ${less}
      ) t group by 1, 2, 3, 4, 5, 6
    ) m
  `.execute(db)
  return rows
}

/**
 * Persons who began or ceased to count, by month, judged only by events on or after `since`: each person once, whatever
 * happened how often. Used where the tallies (judged by all events, as known now) do not answer the question.
 */
export async function personTallies(db: Db, span: Span & { since: Day }): Promise<TallyRow[]> {
  const { from, asOf, recentFrom = asOf, indicator = null, known, since } = span
  const { rows } = await sql<TallyRow>`
    with daily as (
      select i.indicator, e.basis, e.person_id, e.counted_on as on_day, sum(case when e.negates is null then 1 else -1 end) as n
      from reports.count_events e cross join lateral unnest(e.person_indicators) as i (indicator)
      where e.person_indicators <> '{}' and e.counted_on between ${since} and ${asOf}
        and (${indicator}::text is null or i.indicator = ${indicator}) and not (${known ? unknownTo(known, sql`e`) : sql`false`})
      group by 1, 2, 3, 4
    ), running as (
      select *, sum(n) over (partition by indicator, basis, person_id order by on_day) > 0 as live from daily
    ), steps as (
      select indicator, basis, on_day,
        live::int - coalesce(lag(live) over (partition by indicator, basis, person_id order by on_day), false)::int as delta
      from running
    )
    select indicator, basis, 'person' as counting, '' as dimension, '' as key, to_char(on_day, 'YYYY-MM') as month,
      sum(delta)::int as n, 0 as "amountFen", coalesce(sum(delta) filter (where on_day >= ${recentFrom}), 0)::int as recent
    from steps where delta <> 0 and on_day between ${from} and ${asOf} group by 1, 2, 6
  `.execute(db)
  return rows
}

/** The first day on which anything was counted for persons; before the plan's start it changes how they are judged. */
export async function firstPersonDay(db: Db): Promise<Day | null> {
  const row = await db
    .selectFrom('reports.tallies')
    .select((eb) => eb.fn.min('on_day').as('first'))
    .where('dimension', '=', '')
    .where('counting', '=', 'person')
    .executeTakeFirst()
  return (row?.first as Day | null | undefined) ?? null
}
