import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { addDays } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { allTallies, frameOf, labelOf } from './board.queries.ts'
import { openQuestions } from './board.rules.ts'
import { type Dimension, type Known, territoryOf } from './board.schema.ts'
import { competitionRows } from './competition.queries.ts'
import { later } from './count.rules.ts'
import { type Basis, basisList } from './count.schema.ts'
import { percentOf } from './forecast.rules.ts'
import { registryCounts } from './registry.queries.ts'
import { canonical, checksOf, differences, type Period, periodOf, previousPeriod } from './report.rules.ts'
import type { Cell, Check, FundRow, ReportCells, ReportKind, ReportPart, ReportRow } from './report.schema.ts'
import { type Statistic, standingStatistics } from './statistic.queries.ts'
import { eventTallies, type TallyRow } from './tally.queries.ts'
import { workRows } from './work.queries.ts'

export const hashOf = (cells: ReportCells): string => createHash('sha256').update(canonical(cells)).digest('hex')

/** Every cell of a report, from the records, as known now or as known earlier. */
export async function reportCells(ctx: Ctx, period: Period, known?: Known): Promise<ReportCells> {
  const { from: seriesFrom, since, answer } = await frameOf(ctx, { asOf: period.to }, known)
  const whole = { from: seriesFrom, asOf: period.to, knowledge: known, since }
  const parts = partDimensions(answer('D-02', period.to).code)
  const span = { from: seriesFrom, asOf: period.to, recentFrom: period.from, ...(known && { known }) }
  const [total, before, within, ofWhich, standing, holders, funds, competitions, worked] = await Promise.all([
    allTallies(ctx, whole),
    allTallies(ctx, { ...whole, asOf: addDays(period.from, -1) }),
    allTallies(ctx, { ...whole, from: later(period.from, seriesFrom) }),
    eventTallies(ctx.db, span, parts, false),
    standingStatistics(ctx.db, period.to, known),
    registryCounts(ctx, period.to, known?.at),
    fundRows(ctx, period, known),
    competitionRows(ctx, period, known?.at),
    workRows(ctx, period, known?.at),
  ])
  const rows = ctx.plan.indicators.map((indicator): ReportRow => {
    const counted = indicator.kind === 'events'
    const counting = indicator.distinct ?? 'event'
    const own = (sums: readonly TallyRow[]) =>
      sums.filter((row) => row.indicator === indicator.id && row.counting === counting)
    const counts = counted ? cellsOf(own(before), own(within), own(total)) : null
    const statistic = standing.get(indicator.id)
    const held = holders.get(indicator.id)
    const value = counts && indicator.basis ? counts[indicator.basis].total : (held ?? statistic?.value ?? null)
    return {
      indicator: indicator.id,
      title: indicator.title,
      clause: indicator.clause,
      owner: indicator.owner,
      unit: indicator.unit,
      target: indicator.target,
      deadline: indicator.deadline,
      kind: indicator.kind,
      basis: indicator.basis,
      counts,
      percent: value === null ? null : percentOf(value, indicator.target),
      ofWhich: counting === 'event' && indicator.basis ? partsOf(ctx, own(ofWhich), indicator.basis) : [],
      statistic: statistic ? statisticCell(statistic) : null,
      // absent where nothing was ever counted, so that reports frozen before titles were counted keep their hash
      ...(held !== undefined && { holders: held }),
      questions: openQuestions(indicator, period.to, answer).map((question) => question.id),
    }
  })
  const { id, docNo, title } = ctx.plan
  return {
    version: 1,
    plan: { id, docNo, title },
    kind: period.kind,
    ...{ from: period.from, to: period.to, seriesFrom, rows, funds },
    ...(competitions.length > 0 && { competitions }),
    ...(worked.length > 0 && { works: worked }),
  }
}

function partDimensions(territory: string | null): Dimension[] {
  const place = territoryOf[territory ?? ''] ?? null
  return ['group', 'programme', ...(place ? [place] : [])]
}

function cellsOf(before: readonly TallyRow[], within: readonly TallyRow[], total: readonly TallyRow[]) {
  const sum = (rows: readonly TallyRow[], basis: Basis) =>
    rows.filter((row) => row.basis === basis).reduce((all, row) => all + row.n, 0)
  return Object.fromEntries(
    basisList.map((basis): [Basis, Cell] => [
      basis,
      { before: sum(before, basis), within: sum(within, basis), total: sum(total, basis) },
    ]),
  ) as Record<Basis, Cell>
}

function partsOf(ctx: Pick<Ctx, 'plan'>, rows: readonly TallyRow[], basis: Basis): ReportPart[] {
  const parts = new Map<string, ReportPart>()
  for (const row of rows) {
    if (row.basis !== basis || row.dimension === '') continue
    const { dimension, key } = row
    const part = parts.get(`${dimension}\n${key}`) ?? {
      ...{ dimension, key, label: labelOf(ctx, dimension, key) },
      ...{ within: 0, total: 0 },
    }
    parts.set(`${dimension}\n${key}`, { ...part, within: part.within + row.recent, total: part.total + row.n })
  }
  return [...parts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part)
}

function statisticCell(s: Statistic): NonNullable<ReportRow['statistic']> {
  const { id, value, numerator, denominator, asOf, source, sourceBody, method } = s
  return { id, value, numerator, denominator, asOf, source, sourceBody, method }
}

/** Money paid and come back, by fund, from the double-entry ledger. */
async function fundRows(ctx: Ctx, { from, to }: Period, known?: Known): Promise<FundRow[]> {
  const at = known?.at ?? null
  const { rows } = await sql<Omit<FundRow, 'label'>>`
    select a.fund_source as "fundSource",
      coalesce(sum(e.amount_fen) filter (where a.kind = 'paid' and e.amount_fen > 0 and j.on_day >= ${from}), 0)::bigint as "paidWithinFen",
      coalesce(sum(e.amount_fen) filter (where a.kind = 'paid' and e.amount_fen > 0), 0)::bigint as "paidTotalFen",
      coalesce(sum(e.amount_fen) filter (where a.kind = 'returned' and e.amount_fen > 0), 0)::bigint as "returnedTotalFen"
    from subsidy.entries e join subsidy.journals j on j.id = e.journal_id join subsidy.accounts a on a.id = e.account_id
    where a.kind in ('paid', 'returned') and j.on_day <= ${to} and (${at}::timestamptz is null or j.at <= ${at})
    group by 1
  `.execute(ctx.db)
  return ctx.plan.fundSources.map(({ id, label }) => {
    const found = rows.find((row) => row.fundSource === id)
    const none = { paidWithinFen: 0, paidTotalFen: 0, returnedTotalFen: 0 }
    return { ...none, ...found, fundSource: id, label }
  })
}

export type Snapshot = {
  id: string
  kind: ReportKind
  from: Day
  to: Day
  revision: number
  cells: ReportCells
  hash: string
  throughEvent: number
  throughStatistic: number
  chainSeq: number
  chainHash: string | null
  problems: string
  nextSteps: string
  reason: string
  madeAt: Date
  madeByName: string
}

const snapshots = (db: Ctx['db']) =>
  db
    .selectFrom('reports.snapshots')
    .select(['id', 'kind', 'period_from as from', 'period_to as to', 'revision', 'cells', 'hash'])
    .select(['through_event as throughEvent', 'through_statistic as throughStatistic'])
    .select(['chain_seq as chainSeq', 'chain_hash as chainHash', 'problems', 'next_steps as nextSteps', 'reason'])
    .select(['made_at as madeAt', 'made_by_name as madeByName'])
    .$castTo<Snapshot>()

export async function snapshotById(db: Ctx['db'], id: string): Promise<Snapshot> {
  const row = await snapshots(db).where('id', '=', id).executeTakeFirst()
  if (!row) throw missing('report')
  return row
}

/** Every revision of one period, newest first. */
export const snapshotsOf = (db: Ctx['db'], kind: ReportKind, from: Day): Promise<Snapshot[]> =>
  snapshots(db).where('kind', '=', kind).where('period_from', '=', from).orderBy('revision', 'desc').execute()

/** What has been frozen, without the cells. */
export const frozenReports = (db: Ctx['db']) =>
  db
    .selectFrom('reports.snapshots')
    .select(['id', 'kind', 'period_from as from', 'period_to as to', 'revision', 'hash', 'made_at as madeAt'])
    .select(['made_by_name as madeByName'])
    .orderBy('period_from', 'desc')
    .orderBy('revision', 'desc')
    .execute()

const knownTo = (snapshot: Snapshot): Known => ({
  at: snapshot.madeAt,
  throughEvent: snapshot.throughEvent,
  throughStatistic: snapshot.throughStatistic,
})

/** A frozen report, computed again from the records as they were known then. */
export async function cellsAgain(ctx: Ctx, snapshot: Snapshot): Promise<ReportCells> {
  const { works, ...again } = await reportCells(
    ctx,
    periodOf(snapshot.kind, snapshot.from) as Period,
    knownTo(snapshot),
  )
  // a report from before this was counted says nothing of it
  return snapshot.cells.works && works ? { ...again, works } : again
}

export type Verified = { hashHolds: boolean; comesOut: boolean; differences: string[] }

/** Does the frozen report still hash to what it said, and do the records still give it. */
export async function verifySnapshot(ctx: Ctx, snapshot: Snapshot): Promise<Verified> {
  const again = await cellsAgain(ctx, snapshot)
  const found = differences(snapshot.cells, again)
  return { hashHolds: hashOf(snapshot.cells) === snapshot.hash, comesOut: found.length === 0, differences: found }
}

/** A report of a period as the records say now, with its checks against itself and the last frozen one. */
export async function liveReport(ctx: Ctx, period: Period): Promise<{ cells: ReportCells; checks: Check[] }> {
  const cells = await reportCells(ctx, period)
  const before = previousPeriod(period)
  const [last] = await snapshotsOf(ctx.db, before.kind, before.from)
  const previous = last && { frozen: last.cells, again: await cellsAgain(ctx, last) }
  return { cells, checks: checksOf(cells, previous) }
}
