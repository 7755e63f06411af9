import { z } from 'zod'
import { idField, optionalText, type ReasonTexts, textField } from '#modules/training/input.schema.ts'

export const objectionReasons = {
  'not-qualified': '不符合申报条件',
  'not-himself': '冒名顶替',
  cheated: '考试中作弊',
  'wrong-result': '成绩或结果不对',
  'not-present': '名单中的人没有参加考试',
  other: '其他',
} as const
export type ObjectionReason = keyof typeof objectionReasons
export const objectionStates = { open: '办理中', upheld: '异议成立', dismissed: '异议不成立' } as const
export type ObjectionState = keyof typeof objectionStates

export const LodgeObjection = z.object({
  batchId: idField('认定批次'),
  /** Whose result, by the number of the seat; 0: the batch as a whole. */
  seq: z.coerce.number('考号不对').int('考号不对').min(0, '考号不对').max(100_000, '考号不对'),
  reason: z.enum(Object.keys(objectionReasons) as [ObjectionReason, ...ObjectionReason[]], '请选择异议理由'),
  text: textField('情况', 2000, 10),
  contact: optionalText('联系方式', 60),
})
export const DecideObjection = z.object({
  objectionId: idField('异议'),
  outcome: z.enum(['upheld', 'dismissed'], '请选择异议是否成立'),
  reply: textField('答复', 2000, 10),
})

export const objectionTexts: ReasonTexts = {
  'list-closed': () => ({ message: '公示期已结束，不能再提出异议', remedy: '发现问题仍可随时“举报与投诉”。' }),
  'objection-decided': () => ({ message: '这件异议已经办结', remedy: '请返回列表办理下一件。' }),
  'objection-own': () => ({ message: '您办理过这个批次，不能办理异议', remedy: '请由没有参与的人员办理。' }),
  'objections-open': () => ({ message: '还有异议没有办结', remedy: '请先办结异议，再恢复公示。' }),
}
