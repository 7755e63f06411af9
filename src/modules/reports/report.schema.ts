import { z } from 'zod'
import type { Refusal } from '#policy/decision.ts'
import type { CountingBasis, Indicator } from '#policy/plan.types.ts'
import { type Day, isDay } from '#shared/units.ts'
import type { Dimension } from './board.schema.ts'
import type { Counted } from './competition.schema.ts'
import type { Work } from './work.schema.ts'

export const reportKinds = { quarter: '季报', year: '年报' } as const
export type ReportKind = keyof typeof reportKinds

/** Before the period, within it, and both together: the third is summed on its own, so that the check means something. */
export type Cell = { before: number; within: number; total: number }

export type ReportPart = { dimension: Dimension; key: string; label: string; within: number; total: number }

export type ReportRow = {
  indicator: string
  title: string
  clause: string
  owner: string
  unit: string
  target: number
  deadline: Day | null
  kind: Indicator['kind']
  /** The basis that the percentage and the of-which rows use. */
  basis: CountingBasis | null
  counts: Record<CountingBasis, Cell> | null
  percent: number | null
  ofWhich: ReportPart[]
  statistic: {
    id: number
    value: number
    numerator: number
    denominator: number | null
    asOf: Day
    source: string
    sourceBody: string
    method: string
  } | null
  /** Holders of titles on the platform's own record. */
  holders?: number
  /** Open questions nobody had answered. */
  questions: string[]
}

/** Paid out and come back, by fund. */
export type FundRow = {
  fundSource: string
  label: string
  paidWithinFen: number
  paidTotalFen: number
  returnedTotalFen: number
}

export type ReportCells = {
  version: 1
  plan: { id: string; docNo: string; title: string }
  kind: ReportKind
  from: Day
  to: Day
  seriesFrom: Day
  rows: ReportRow[]
  funds: FundRow[]
  /** Competitions, by what is counted; absent in reports from before there were any. */
  competitions?: CompetitionRow[]
  /** Work that the plan gives no number; absent in reports from before it was counted. */
  works?: WorkRow[]
}

export type WorkRow = { what: Work; within: number; total: number }
export type CompetitionRow = { what: Counted; within: number; total: number }

/** One sum that must come out. */
export type Check = {
  code: 'adds-up' | 'part-within-whole' | 'previous-report'
  indicator: string
  ok: boolean
  text: string
}

export const FreezeReport = z.object({
  kind: z.enum(['quarter', 'year'], '请选择季报或年报'),
  from: z.custom<Day>((value) => typeof value === 'string' && isDay(value), { error: '请选择报告期' }),
  problems: z.preprocess((v) => v ?? '', z.string().trim().max(4000, '“存在问题”太长，请缩短到4000字以内')),
  nextSteps: z.preprocess((v) => v ?? '', z.string().trim().max(4000, '“下一步工作”太长，请缩短到4000字以内')),
  reason: z.preprocess((v) => v ?? '', z.string().trim().max(300, '更正理由太长')),
})

type Facts = Refusal['facts']
export const reasonText: Record<string, (facts: Facts) => { message: string; remedy: string }> = {
  'unknown-period': () => ({ message: '没有这个报告期', remedy: '请从报告期清单中选择。' }),
  'period-open': ({ to }) => ({ message: `报告期到${to}才结束`, remedy: '请在报告期结束后归档；现在可以先看预览。' }),
  'checks-fail': ({ indicator }) => ({
    message: `指标${indicator}的校验没有通过`,
    remedy: '请看“数据校验”，联系系统管理员核对计数记录后再归档。',
  }),
}
