import { z } from 'zod'
import type { Decision } from '#policy/decision.ts'
import { type Day, isDay } from '#shared/units.ts'
import type { FigureFact, Line } from './line.schema.ts'

/** What the calculator asks. Texts of an address or a form. */
export const EstimateInput = z.object({
  programme: z.string('请选择培训项目').min(1, '请选择培训项目').max(60, '请选择培训项目'),
  on: z
    .string('请填写培训结束日期')
    .refine(isDay, '请填写培训结束日期，例如 2021-09-15')
    .transform((text) => text as Day),
  hours: z.preprocess(
    (value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value),
    z.number('请填写课时数，用阿拉伯数字').int('课时应为整数').min(1, '课时至少为1').max(2000, '课时不能超过2000'),
  ),
})

export type YearUse = { year: number; capFen: number | null; usedFen: number; leftFen: number | null }

export type Estimate = {
  programme: { code: string; name: string; clause: string; legalLine: string; undertaker: string }
  on: Day
  hours: number
  figures: FigureFact[]
  line: Decision<Line>
  /** Of the person who asks; null for a stranger or where the cap is not by year. */
  use: YearUse | null
}
