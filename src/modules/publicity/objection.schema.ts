import { z } from 'zod'
import type { Refusal } from '#policy/decision.ts'

/** Why somebody objects. */
export const objectionReasons = {
  'not-attended': '没有参加培训，或没有上够课时',
  'not-eligible': '不符合享受条件（如已退休、在编、在校）',
  'wrong-amount': '人数或金额不对',
  'false-materials': '材料不真实',
  'not-me': '名单中是我，但我不知情',
  other: '其他',
} as const
export type ObjectionReason = keyof typeof objectionReasons

export const objectionStates = { open: '办理中', upheld: '异议成立', dismissed: '异议不成立' } as const
export type ObjectionState = keyof typeof objectionStates

export const objectionRemedies = { return: '整件退回申领单位更正', exclude: '剔除该人员' } as const
export type ObjectionRemedy = keyof typeof objectionRemedies

export const lodgeInput = z.object({
  rowId: z.uuid('请从公示名单中选择一行'),
  reason: z.enum(Object.keys(objectionReasons) as [ObjectionReason, ...ObjectionReason[]], '请选择异议理由'),
  text: z.string('请写明情况').trim().min(10, '请写明情况，至少10个字').max(2000, '情况不能超过2000个字'),
  /** Left empty: nobody will ask back; the answer is found with the receipt. */
  contact: z.string().trim().max(60, '联系方式不能超过60个字').default(''),
})

export const decideObjectionInput = z
  .object({
    objectionId: z.uuid('异议编号不对'),
    outcome: z.enum(['upheld', 'dismissed'], '请选择异议是否成立'),
    remedy: z.preprocess((value) => value || undefined, z.enum(['return', 'exclude'], '请选择怎样处理').optional()),
    reasonCode: z.preprocess((value) => value || undefined, z.string().trim().max(60).default('objection-upheld')),
    reply: z.string('请填写答复').trim().min(10, '请填写答复，至少10个字').max(2000, '答复不能超过2000个字'),
  })
  .refine((input) => input.outcome === 'dismissed' || input.remedy !== undefined, {
    path: ['remedy'],
    error: '异议成立的，请选择怎样处理',
  })

type Facts = Refusal['facts']
export const reasonText: Record<string, (facts: Facts) => { message: string; remedy: string }> = {
  'list-closed': () => ({ message: '公示期已结束，不能再提出公示异议', remedy: '发现问题仍可随时“举报与投诉”。' }),
  'claim-left': () => ({ message: '这件申领已退回或不再公示', remedy: '不需要再提出异议；重新公示时可以再提。' }),
  'already-decided': () => ({ message: '这件异议已经办结', remedy: '请返回列表办理下一件。' }),
  'row-is-unit': () => ({
    message: '异议针对整个单位，不能只剔除一人',
    remedy: '请改为“整件退回申领单位更正”，或不成立。',
  }),
  'judge-is-reviewer': () => ({
    message: '您参与过这件申领的审核，不能办理异议',
    remedy: '请由没有参与审核的人员办理。',
  }),
  'reason-unknown': () => ({ message: '原因不在列表中', remedy: '请从列表中选择原因。' }),
  'figure-undecided': (f) => ({
    message: `“${f.label}”区人社局尚未明确`,
    remedy: '请规则管理员在“参数设置”中提出，经批准后再办理。',
  }),
  'nothing-left': () => ({ message: '剔除后申领中没有可补贴的人员', remedy: '请改为“整件退回申领单位更正”。' }),
}
