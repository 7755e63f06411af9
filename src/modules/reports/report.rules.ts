import { allow, type Decision, refuse } from '#policy/decision.ts'
import type { Plan } from '#policy/plan.types.ts'
import { addDays, addMonths, quarterOf, yearOf } from '#shared/dates.ts'
import { type Day, day } from '#shared/units.ts'
import { basisList } from './count.schema.ts'
import type { Check, ReportCells, ReportKind, ReportRow } from './report.schema.ts'

export type Period = { kind: ReportKind; from: Day; to: Day; label: string }

/** The report period that begins on the day, or nothing. */
export function periodOf(kind: ReportKind, from: Day): Period | undefined {
  const quarter = quarterOf(from)
  const year = yearOf(from)
  if (kind === 'year') {
    if (from.slice(5) !== '01-01') return undefined
    return { kind, from, to: day(`${year}-12-31`), label: `${year}年年报` }
  }
  if (quarter.from !== from) return undefined
  return { kind, from, to: quarter.to, label: `${year}年第${'一二三四'[quarter.quarter - 1]}季度季报` }
}

/** Quarters and years from the plan's start to today, newest first. */
export function periodsUpTo(plan: Plan, today: Day): Period[] {
  const periods: Period[] = []
  for (let at = quarterOf(plan.startsOn).from; at <= today; at = addMonths(at, 3)) {
    periods.push(periodOf('quarter', at) as Period)
    const yearStart = day(`${yearOf(at)}-01-01`)
    if (quarterOf(at).quarter === 4) periods.push(periodOf('year', yearStart) as Period)
  }
  return periods.reverse()
}

/** The period before this one. */
export function previousPeriod({ kind, from }: Period): Period {
  return periodOf(kind, addMonths(from, kind === 'quarter' ? -3 : -12)) as Period
}

/** The day by which the report is due: so many days into the month after the period. */
export const dueOn = ({ to }: Period, reportDay: number): Day => addDays(to, reportDay)

/**
 * A report is frozen after its period has ended, and only when its sums come out.
 * @clause HZ4-M15 R35
 */
export function mayFreeze(plan: Plan, period: Period | undefined, today: Day): Decision<Period> {
  if (!period || period.to < plan.startsOn) return refuse('HZ4-M15', 'unknown-period', {})
  return period.to >= today ? refuse('HZ4-M15', 'period-open', { to: period.to }) : allow(period)
}

/**
 * Every sum of a report: before + within = total on every basis; each of-which row within its whole (of-which rows
 * overlap, so nothing is said about their sum); what the last frozen report said still comes out as it was known then.
 * @clause R35 HZ4-M15 跨期核对
 */
export function checksOf(cells: ReportCells, previous?: { frozen: ReportCells; again: ReportCells }): Check[] {
  return [
    ...cells.rows.flatMap(rowChecks),
    ...(previous ? cells.rows.flatMap((row) => againstPrevious(row, previous.frozen, previous.again)) : []),
  ]
}

function rowChecks(row: ReportRow): Check[] {
  if (!row.counts) return []
  const { counts } = row
  const sums = basisList.map((basis): Check => {
    const { before, within, total } = counts[basis]
    const ok = before + within === total
    return { code: 'adds-up', indicator: row.indicator, ok, text: `期前 ${before} + 本期 ${within} = 累计 ${total}` }
  })
  const whole = row.basis ? counts[row.basis].total : 0
  const parts = row.ofWhich.map((part): Check => {
    const ok = part.total >= 0 && part.total <= whole
    return {
      code: 'part-within-whole',
      indicator: row.indicator,
      ok,
      text: `其中“${part.label}” ${part.total} ≤ ${whole}`,
    }
  })
  return [...sums, ...parts]
}

function againstPrevious(row: ReportRow, frozen: ReportCells, again: ReportCells): Check[] {
  const then = frozen.rows.find((one) => one.indicator === row.indicator)?.counts
  const now = again.rows.find((one) => one.indicator === row.indicator)?.counts
  if (!then || !now || !row.basis) return []
  const [said, comes] = [then[row.basis].total, now[row.basis].total]
  const text = `上期归档累计 ${said}，按当时所知重算 ${comes}`
  return [{ code: 'previous-report', indicator: row.indicator, ok: said === comes, text }]
}

/** The same text for the same cells, whatever the order of their keys: this is what is hashed. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical((value as Record<string, unknown>)[key])}`).join(',')}}`
}

/** Where two reports differ: `K01 completedAndPassed total: 41000 → 41002`. */
export function differences(a: ReportCells, b: ReportCells): string[] {
  const found: string[] = []
  const walk = (path: string, x: unknown, y: unknown) => {
    if (canonical(x ?? null) === canonical(y ?? null)) return
    const both = [x, y].every((one) => typeof one === 'object' && one !== null)
    if (!both) return void found.push(`${path}：${JSON.stringify(x ?? null)} → ${JSON.stringify(y ?? null)}`)
    const keys = new Set([...Object.keys(x as object), ...Object.keys(y as object)])
    for (const key of keys) {
      walk(path ? `${path}.${key}` : key, (x as Record<string, unknown>)[key], (y as Record<string, unknown>)[key])
    }
  }
  walk('', a, b)
  return found
}
