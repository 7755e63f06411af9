import { z } from 'zod'
import type { Refusal } from '#policy/decision.ts'
import type { FigureUnit } from '#policy/plan.types.ts'
import { type Day, isDay } from '#shared/units.ts'

export const settingKinds = { figure: '参数', decision: '待定事项' } as const
export type SettingKind = keyof typeof settingKinds

export const settingStates = { proposed: '待批准', 'in-force': '已生效', rejected: '未批准' } as const
export type SettingState = keyof typeof settingStates

/** How a figure is typed and shown, and what it may be. Money is typed in yuan and kept in fen. */
export const unitTexts: Record<FigureUnit, { label: string; min: number; max: number; money?: true }> = {
  fen: { label: '元', min: 0, max: 100_000_000_000, money: true },
  'fen/person': { label: '元/人', min: 0, max: 10_000_000, money: true },
  'fen/person/class-hour': { label: '元/人/课时', min: 0, max: 1_000_000, money: true },
  'fen/person/year': { label: '元/人/年', min: 0, max: 10_000_000, money: true },
  minutes: { label: '分钟', min: 0, max: 100_000 },
  seconds: { label: '秒', min: 1, max: 86_400 },
  'class-hours': { label: '课时', min: 0, max: 10_000 },
  'class-hours/day': { label: '课时/天', min: 1, max: 24 },
  days: { label: '天', min: 0, max: 3_650 },
  'day-of-month': { label: '日', min: 1, max: 28 },
  workdays: { label: '个工作日', min: 1, max: 365 },
  months: { label: '个月', min: 0, max: 240 },
  years: { label: '年', min: 0, max: 120 },
  percent: { label: '%', min: 0, max: 100 },
  score: { label: '分', min: 0, max: 100 },
  count: { label: '次（个）', min: 0, max: 1_000_000 },
  persons: { label: '人', min: 0, max: 1_000_000 },
  'square-metres': { label: '平方米', min: 0, max: 1_000_000 },
}

const blank = (value: unknown) => (value === '' || value === undefined ? null : value)
const day = (missing: string) =>
  z.custom<Day>((value) => typeof value === 'string' && isDay(value), { error: `${missing}，格式如 2021-09-15` })

/** `value` as typed: a number, an option's code, or empty with `undecided` to withdraw a figure's own value. */
export const ProposeSetting = z
  .object({
    kind: z.enum(['figure', 'decision'], '请选择要设置参数还是待定事项'),
    key: z.string('请选择要设置的事项').trim().min(1, '请选择要设置的事项').max(60, '编号太长'),
    value: z.preprocess(
      (value) => (typeof value === 'number' ? String(value) : (value ?? '')),
      z.string().trim().max(60, '内容太长'),
    ),
    undecided: z.preprocess((value) => value === true || value === 'yes', z.boolean()),
    from: day('请填写开始日期'),
    to: z.preprocess(blank, day('请填写正确的结束日期').nullable()),
    source: z
      .string('请填写依据的文件或会议决定')
      .trim()
      .min(4, '请填写依据的文件或会议决定，至少4个字')
      .max(500, '依据太长，请缩短到500字以内'),
  })
  .refine((input) => input.to === null || input.from <= input.to, {
    path: ['to'],
    error: '结束日期不能早于开始日期',
  })

export const ApproveSetting = z.object({ id: z.uuid('设置编号不对') })
export const RejectSetting = z.object({
  id: z.uuid('设置编号不对'),
  reason: z
    .string('请写明不批准的理由')
    .trim()
    .min(4, '请写明不批准的理由，至少4个字')
    .max(500, '理由太长，请缩短到500字以内'),
})

type Facts = Refusal['facts']
export const reasonText: Record<string, (facts: Facts) => { message: string; remedy: string }> = {
  'unknown-setting': ({ key }) => ({
    message: `计划里没有编号为“${key}”的事项`,
    remedy: '请从“参数与待定事项”清单中选择。',
  }),
  'bad-value': ({ unit, min, max }) => ({
    message: `请填写 ${min} 到 ${max} 之间的数，单位：${unit}`,
    remedy: '金额按元填写，最多两位小数；其他参数填整数。',
  }),
  'bad-option': () => ({ message: '请选择列出的一个选项', remedy: '选项来自计划的待定事项清单，不能另写。' }),
  'withdraw-decision': () => ({
    message: '待定事项不能设为“尚未明确”',
    remedy: '待定事项一经明确即有答案；要改，请另提一项新的设置。',
  }),
  'already-proposed': ({ by }) => ({
    message: `这一项已有${by}提出的设置在等批准`,
    remedy: '请等批准人处理完再提，或请批准人先退回。',
  }),
  'same-person': () => ({ message: '提出人不能批准自己的设置', remedy: '请换另一位有批准权限的人处理。' }),
  'wrong-state': () => ({ message: '这项设置已经处理过了', remedy: '请刷新页面看最新结果。' }),
}
