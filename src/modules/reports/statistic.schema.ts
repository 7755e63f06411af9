import { z } from 'zod'
import type { Refusal } from '#policy/decision.ts'
import type { Indicator } from '#policy/plan.types.ts'
import { type Day, isDay } from '#shared/units.ts'

/** What the platform itself does not record; said wherever such a number stands. */
export const importedKinds = {
  statistic: '统计数据，由统计部门或主管部门提供，平台不推算',
  registry: '登记数，由认定单位提供名单或数目；平台尚未在线办理认定',
  ratio: '平台尚未记录，采用主管部门填报的数据',
  declaration: '平台尚未记录，采用企业年度申报汇总的数据',
} as const satisfies Record<Exclude<Indicator['kind'], 'events'>, string>

const whole = (words: string) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.replaceAll(',', '').trim() : value),
    z
      .union([z.number(), z.string().regex(/^\d{1,15}$/)], { error: words })
      .transform(Number)
      .pipe(z.int(words).min(0, words)),
  )

export const ImportStatistic = z.object({
  indicator: z.string('请选择指标').trim().min(1, '请选择指标').max(20, '指标编号太长'),
  numerator: whole('请填写不小于0的整数'),
  denominator: z.preprocess((value) => (value === '' ? null : (value ?? null)), whole('请填写大于0的整数').nullable()),
  asOf: z.custom<Day>((value) => typeof value === 'string' && isDay(value), {
    error: '请填写统计截止日期，格式如 2021-06-30',
  }),
  method: z.string('请写明口径和算法').trim().min(4, '请写明口径和算法，至少4个字').max(1000, '口径说明太长'),
  sourceBody: z.string('请填写提供单位').trim().min(2, '请填写提供单位').max(120, '单位名称太长'),
  source: z.string('请填写文件名称或文号').trim().min(4, '请填写文件名称或文号，至少4个字').max(300, '出处太长'),
})

export const WithdrawStatistic = z.object({
  id: z.coerce.number('编号不对').int('编号不对').positive('编号不对'),
  reason: z.string('请写明撤回理由').trim().min(4, '请写明撤回理由，至少4个字').max(300, '理由太长'),
})

type Facts = Refusal['facts']
export const reasonText: Record<string, (facts: Facts) => { message: string; remedy: string }> = {
  'not-imported': ({ indicator }) => ({
    message: `指标${indicator}由平台记录计数，不能填报`,
    remedy: '请从清单中选择采用外部数据的指标。',
  }),
  'in-future': () => ({ message: '统计截止日期不能晚于今天', remedy: '请填写数据实际截止的日期。' }),
  'needs-denominator': () => ({ message: '比例指标要同时填写分子和分母', remedy: '请按出处填写分母，分母须大于0。' }),
  'no-denominator': () => ({ message: '计数指标只填数目，不填分母', remedy: '请清空分母。' }),
  'part-exceeds-whole': () => ({ message: '分子不能大于分母', remedy: '请核对出处中的两个数。' }),
  'already-withdrawn': () => ({ message: '这条数据已经撤回', remedy: '请刷新页面。' }),
}
