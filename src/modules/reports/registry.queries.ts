import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { Day } from '#shared/units.ts'

/**
 * Holders of titles on a day, by indicator: each holder once, however many titles it has. With `known`, as it was on
 * record at that instant. An indicator that never had an event is absent: nothing is on record, which is not zero.
 * @clause R35
 */
export async function registryCounts(
  { db }: Pick<Ctx, 'db'>,
  asOf: Day,
  known?: Date,
  indicator?: string,
): Promise<Map<string, number>> {
  const { rows } = await sql<{ indicator: string; n: number }>`
    select indicator, count(*) filter (where standing > 0)::int as n from (
      select indicator, holder, sum(delta) as standing from reports.registry_events
      where counted_on <= ${asOf} and (${known ?? null}::timestamptz is null or recorded_at <= ${known ?? null})
        and (${indicator ?? null}::text is null or indicator = ${indicator ?? null})
      group by 1, 2
    ) h group by 1
  `.execute(db)
  return new Map(rows.map((row) => [row.indicator, row.n]))
}

export type RegistryEvent = {
  id: number
  designationId: string
  holder: string
  name: string
  organisation: string
  call: string
  number: string
  scheme: string
  delta: 1 | -1
  countedOn: Day
  reason: string
  recordedAt: Date
}

/** The events behind such a number, newest first; each leads to its designation. */
export async function registryEvents({ db }: Pick<Ctx, 'db'>, indicator: string, asOf: Day): Promise<RegistryEvent[]> {
  const { rows } = await sql<RegistryEvent>`
    select e.id, e.designation_id as "designationId", e.holder, d.holder_name as name, coalesce(o.name, '') as organisation, c.title as call, d.number, d.scheme,
      e.delta, e.counted_on as "countedOn", e.reason, e.recorded_at as "recordedAt"
    from reports.registry_events e join recognition.designations d on d.id = e.designation_id
    join recognition.calls c on c.id = d.call_id left join people.organisations o on o.id = d.organisation_id
    where e.indicator = ${indicator} and e.counted_on <= ${asOf}
    order by e.counted_on desc, e.id desc limit 500
  `.execute(db)
  return rows
}
