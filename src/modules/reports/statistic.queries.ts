import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { Day } from '#shared/units.ts'
import type { Known } from './board.schema.ts'
import { statisticValue } from './statistic.rules.ts'

export type Statistic = {
  id: number
  indicator: string
  numerator: number
  denominator: number | null
  value: number
  asOf: Day
  method: string
  sourceBody: string
  source: string
  importedAt: Date
  importedByName: string
  withdrawnAt: Date | null
  withdrawnByName: string | null
  withdrawReason: string | null
}

/** Everything imported, newest first; withdrawn numbers with their reason. */
export async function statistics(
  db: Ctx['db'],
  filter: { indicator?: string; asOf?: Day; known?: Known } = {},
): Promise<Statistic[]> {
  const throughStatistic = filter.known?.throughStatistic ?? null
  const at = throughStatistic === null ? (filter.known?.at ?? null) : null
  const { rows } = await sql<Omit<Statistic, 'value'>>`
    select s.id, s.indicator, s.numerator, s.denominator, s.as_of as "asOf", s.method, s.source_body as "sourceBody", s.source,
      s.imported_at as "importedAt", s.imported_by_name as "importedByName",
      w.imported_at as "withdrawnAt", w.imported_by_name as "withdrawnByName", w.reason as "withdrawReason"
    from reports.statistics s
    left join reports.statistics w on w.withdraws = s.id
      and (${at}::timestamptz is null or w.imported_at <= ${at}) and (${throughStatistic}::bigint is null or w.id <= ${throughStatistic})
    where s.withdraws is null
      and (${filter.indicator ?? null}::text is null or s.indicator = ${filter.indicator ?? null})
      and (${filter.asOf ?? null}::date is null or s.as_of <= ${filter.asOf ?? null})
      and (${at}::timestamptz is null or s.imported_at <= ${at}) and (${throughStatistic}::bigint is null or s.id <= ${throughStatistic})
    order by s.as_of desc, s.id desc
  `.execute(db)
  return rows.map((row) => ({ ...row, value: statisticValue(row.numerator, row.denominator) }))
}

/** The number that stands on a day for each indicator: latest date, then latest import, withdrawn ones left out. */
export async function standingStatistics(db: Ctx['db'], asOf: Day, known: Known = {}): Promise<Map<string, Statistic>> {
  const standing = new Map<string, Statistic>()
  for (const row of await statistics(db, { asOf, known })) {
    if (row.withdrawnAt === null && !standing.has(row.indicator)) standing.set(row.indicator, row)
  }
  return standing
}
