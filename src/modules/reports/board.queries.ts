import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { choicesFor } from '#platform/figures.ts'
import type { ChoiceValue } from '#policy/choices.ts'
import { indicatorOf } from '#policy/clauses.ts'
import type { Indicator } from '#policy/plan.types.ts'
import { dayOf, endOfDay } from '#shared/dates.ts'
import { type Day, day } from '#shared/units.ts'
import { type Count, fold, openQuestions, personsSince, seriesStart } from './board.rules.ts'
import { type BoardFilter, type Dimension, dimensions, type Known, type Series } from './board.schema.ts'
import type { Basis } from './count.schema.ts'
import { type Forecast, forecast, percentOf, windowStart } from './forecast.rules.ts'
import { registryCounts } from './registry.queries.ts'
import { type Statistic, standingStatistics, statistics } from './statistic.queries.ts'
import { eventTallies, firstPersonDay, personTallies, type TallyRow } from './tally.queries.ts'

export type BoardRow = {
  indicator: Indicator
  /** All three bases; null for what the platform does not count. */
  counts: Record<Basis, Count> | null
  /** The basis shown. */
  basis: Basis | null
  /** Null: nothing is on record. Never a guess. */
  value: number | null
  percent: number | null
  reached: boolean
  statistic: Statistic | null
  /** Holders of titles on record that day; null where no title has ever been counted for it. */
  holders: number | null
  forecast: Forecast | null
  /** Open questions that the number depends on and nobody has answered. */
  questions: ChoiceValue[]
}

export type Board = {
  asOf: Day
  from: Day
  series: Series
  /** The answer to D-01. */
  period: ChoiceValue
  /** Set when the board shows what was known at the end of an earlier day. */
  known: Day | null
  rows: BoardRow[]
}

type Asked = Pick<BoardFilter, 'asOf' | 'known' | 'basis' | 'series'>

/**
 * Every indicator with its target, three bases, monthly series and forecast; as of a day, and as known on a day.
 * @clause HZ4-G2 HZ4-G3 HZ4-M15
 */
export async function planBoard(ctx: Ctx, asked: Asked = {}): Promise<Board> {
  const frame = await frameOf(ctx, asked)
  const [sums, standing, holders] = await Promise.all([
    allTallies(ctx, frame),
    standingStatistics(ctx.db, frame.asOf, frame.knowledge),
    registryCounts(ctx, frame.asOf, frame.knowledge?.at),
  ])
  const { asOf, from, series, period, known } = frame
  const rows = ctx.plan.indicators.map((indicator) =>
    boardRow(
      frame,
      asked.basis,
      indicator,
      sums,
      standing.get(indicator.id) ?? null,
      holders.get(indicator.id) ?? null,
    ),
  )
  return { asOf, from, series, period, known, rows }
}

export type OfWhich = { dimension: Dimension; key: string; label: string; counts: Record<Basis, Part> }
export type Part = { value: number; amountFen: number }
export type IndicatorBoard = Omit<Board, 'rows'> & {
  row: BoardRow
  /** Overlapping parts: never to be added up. Empty where persons are counted. */
  ofWhich: OfWhich[]
  /** Everything imported for it, newest first. */
  imports: Statistic[]
}

/** One indicator with its of-which rows. */
export async function indicatorBoard(ctx: Ctx, id: string, asked: Asked = {}): Promise<IndicatorBoard> {
  const indicator = indicatorOf(ctx.plan, id)
  if (!indicator) throw missing('indicator')
  const frame = await frameOf(ctx, asked)
  const parts = indicator.distinct === 'event' ? (Object.keys(dimensions) as Dimension[]) : []
  const span = { from: frame.from, asOf: frame.asOf, indicator: id, ...(frame.knowledge && { known: frame.knowledge }) }
  const [sums, standing, holders, imports, partSums] = await Promise.all([
    allTallies(ctx, frame, id),
    standingStatistics(ctx.db, frame.asOf, frame.knowledge),
    registryCounts(ctx, frame.asOf, frame.knowledge?.at, id),
    statistics(ctx.db, { indicator: id, ...(frame.knowledge && { known: frame.knowledge }) }),
    parts.length > 0 ? eventTallies(ctx.db, span, parts, false) : [],
  ])
  const { asOf, from, series, period, known } = frame
  return {
    ...{ asOf, from, series, period, known },
    row: boardRow(frame, asked.basis, indicator, sums, standing.get(id) ?? null, holders.get(id) ?? null),
    ofWhich: ofWhichRows(ctx, partSums),
    imports,
  }
}

function ofWhichRows(ctx: Pick<Ctx, 'plan'>, sums: readonly TallyRow[]): OfWhich[] {
  const groups = Map.groupBy(sums, (row) => `${row.dimension}\n${row.key}`)
  return [...groups.values()]
    .flatMap((rows) => {
      const [first] = rows
      if (!first || first.dimension === '') return []
      const { dimension, key } = first
      return [{ dimension, key, label: labelOf(ctx, dimension, key), counts: partsPerBasis(rows) }]
    })
    .sort((a, b) => b.counts.completedAndPassed.value - a.counts.completedAndPassed.value || (a.key < b.key ? -1 : 1))
}

function partsPerBasis(rows: readonly TallyRow[]): Record<Basis, Part> {
  const part = (basis: Basis): Part => {
    const own = rows.filter((row) => row.basis === basis)
    const sum = (of: (row: TallyRow) => number) => own.reduce((all, row) => all + of(row), 0)
    return { value: sum((row) => row.n), amountFen: sum((row) => row.amountFen) }
  }
  return {
    enrolled: part('enrolled'),
    completedAndPassed: part('completedAndPassed'),
    subsidyPaid: part('subsidyPaid'),
  }
}

/** The words for a code of an of-which row. */
export function labelOf({ plan }: Pick<Ctx, 'plan'>, dimension: Dimension, key: string): string {
  if (key === '') return '未登记'
  if (dimension === 'programme') return plan.programmes.find((one) => one.code === key)?.name ?? key
  if (dimension === 'group') return plan.groups.find((one) => one.id === key)?.label ?? key
  if (dimension === 'industry') return key
  return plan.subdistricts.find((one) => one.code === key)?.name ?? `区外（${key}）`
}

type Frame = Omit<Board, 'rows'> & {
  knowledge: Known | undefined
  /** From which day events are judged when persons are counted; null: all. */
  since: Day | null
  answer: (id: string, on: Day) => ChoiceValue
}

/** Also used by the reports, which know up to a row instead of up to a day. */
export async function frameOf(ctx: Ctx, asked: Asked, through?: Known): Promise<Frame> {
  const today = dayOf(ctx.now)
  const known = asked.known && asked.known < today ? asked.known : null
  const knowledge = through ?? (known ? { at: endOfDay(known) } : undefined)
  const answer = await choicesFor(ctx, knowledge?.at)
  const asOf = earlier(asked.asOf ?? today, known ?? today)
  const period = answer('D-01', asOf)
  const series = asked.series ?? ((period.code as Series | null) || 'plan')
  const from = seriesStart(ctx.plan, series, asOf)
  const since = personsSince(ctx.plan, answer('D-04', asOf).code, from)
  return { asOf, from, series, period, known, knowledge, since, answer }
}

const earlier = (a: Day, b: Day): Day => (a < b ? a : b)

/** Sums of the whole for one indicator or all: events, and persons judged as D-04 says. */
export async function allTallies(
  ctx: Ctx,
  frame: Pick<Frame, 'from' | 'asOf' | 'knowledge' | 'since'>,
  indicator?: string,
): Promise<TallyRow[]> {
  const { from, asOf, knowledge, since } = frame
  const span = {
    from,
    asOf,
    recentFrom: windowStart(asOf, from),
    ...(indicator && { indicator }),
    ...(knowledge && { known: knowledge }),
  }
  const [events, first] = await Promise.all([eventTallies(ctx.db, span, ['']), firstPersonDay(ctx.db)])
  const fromTallies = knowledge === undefined && (since === null || first === null || first >= since)
  if (fromTallies) return events
  const persons = await personTallies(ctx.db, { ...span, since: since ?? day('1970-01-01') })
  return [...events.filter((row) => row.counting === 'event'), ...persons]
}

function boardRow(
  { from, asOf, answer }: Frame,
  asked: Basis | undefined,
  indicator: Indicator,
  sums: readonly TallyRow[],
  statistic: Statistic | null,
  holders: number | null,
): BoardRow {
  const questions = openQuestions(indicator, asOf, answer)
  const { target, deadline } = indicator
  if (indicator.kind !== 'events') {
    // what the platform itself has on record goes before what was reported to it
    const value = holders ?? statistic?.value ?? null
    const percent = value === null ? null : percentOf(value, target)
    return {
      ...{ indicator, counts: null, basis: null, value, percent },
      ...{ reached: value !== null && value >= target, statistic, holders, forecast: null, questions },
    }
  }
  const counting = indicator.distinct ?? 'event'
  const own = sums.filter((row) => row.indicator === indicator.id && row.counting === counting)
  const counts = fold(own, from, asOf)
  const basis = asked ?? indicator.basis ?? 'completedAndPassed'
  const { value: current, recent } = counts[basis]
  return {
    ...{ indicator, counts, basis, value: current, percent: percentOf(current, target) },
    reached: current >= target,
    statistic: null,
    holders: null,
    forecast: forecast({ current, recent, asOf, began: from, target, deadline }),
    questions,
  }
}
