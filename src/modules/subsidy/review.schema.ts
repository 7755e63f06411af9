import { z } from 'zod'
import type { Refusal } from '#policy/decision.ts'

export const stages = { first: '初审', second: '复核', approve: '审批' } as const
export type Stage = keyof typeof stages

export const reviewDecisions = { agree: '同意', return: '退回补正', reject: '不予补贴' } as const
export type ReviewDecision = keyof typeof reviewDecisions

/** A claim taken to a desk stays there so long after the last action, then anybody may take it. */
export const leaseMinutes = 30

export const callMethods = { phone: '电话回访', video: '视频回访', visit: '上门回访' } as const
export const callOutcomes = {
  confirmed: '本人确认，与申领一致',
  denied: '本人否认参加培训',
  differs: '参加过，但情况与申领不一致',
  unreachable: '三次未接通',
  declined: '本人不愿回答',
} as const
export type CallOutcome = keyof typeof callOutcomes

/** Fields of a claim a reviewer may point at. */
export const claimFields = {
  '': '整件申领',
  hours: '课时',
  roster: '人员',
  attendance: '签到记录',
  result: '考核结果',
  account: '收款账户',
  materials: '材料',
} as const

/** One thing wrong: with the claim, a field of it, or one person's line. */
export type Finding = { lineId: string | null; field: string; reasonCode: string; note: string }

/** A form always sends its rows of findings; those without a reason were left empty. */
const findings = z.preprocess(
  (value) => (Array.isArray(value) ? value.filter((row: { reasonCode?: unknown } | undefined) => row?.reasonCode) : []),
  z
    .array(
      z.object({
        lineId: z.preprocess((id) => id || null, z.uuid('明细编号不对').nullable()).default(null),
        field: z.enum(Object.keys(claimFields) as [keyof typeof claimFields], '请选择有问题的项目').default(''),
        reasonCode: z.string().trim().min(1, '请选择原因').max(60),
        note: z.string().trim().max(1000, '说明最多1000个字').default(''),
      }),
    )
    .max(200, '一次最多列200处问题'),
)

const claimId = z.uuid('申领编号不对')
export const claimIdInput = z.object({ claimId })

/** `round` is the submission the reviewer read: a file that was corrected meanwhile is not decided by accident. */
export const reviewInput = z
  .object({
    claimId,
    round: z.coerce.number().int().min(1, '请从审核页面提交'),
    decision: z.enum(['agree', 'return', 'reject'], '请选择同意、退回补正或不予补贴'),
    note: z.string().trim().max(2000, '意见最多2000个字').default(''),
    findings,
  })
  .refine((input) => input.decision === 'agree' || input.findings.length > 0, {
    path: ['findings'],
    error: '退回或不予补贴时，请至少写明一处问题和原因',
  })

export const revokeInput = z.object({
  claimId,
  reasonCode: z.string().trim().min(1, '请选择原因').max(60),
  note: z.string().trim().min(10, '请写明撤销批准的理由（至少10个字）').max(2000, '理由最多2000个字'),
})

export const excludeInput = z.object({
  claimId,
  lineId: z.uuid('请选择要剔除的人员'),
  reasonCode: z.string().trim().min(1, '请选择原因').max(60),
  note: z.string().trim().min(2, '请写明剔除理由').max(1000, '理由最多1000个字'),
})

export const keepInput = z.object({ claimId, lineId: z.uuid('请选择人员') })

export const callbackInput = z.object({
  claimId,
  lineId: z.uuid('请选择回访的人员'),
  method: z.enum(['phone', 'video', 'visit'], '请选择回访方式'),
  outcome: z.enum(Object.keys(callOutcomes) as [CallOutcome, ...CallOutcome[]], '请选择回访结果'),
  note: z.string().trim().max(1000, '说明最多1000个字').default(''),
})

type Facts = Refusal['facts']
export const reasonText: Record<string, (facts: Facts) => { message: string; remedy: string }> = {
  'wrong-state': () => ({ message: '申领的状态已经变化，不能这样办理', remedy: '请刷新页面，按当前状态办理。' }),
  'taken-by-other': (f) => ({
    message: `${f.by} 正在办理这件申领，到 ${f.until} 为止`,
    remedy: '请先办理别的申领，或与对方商量。',
  }),
  'not-taken': () => ({
    message: '请先领取这件申领再办理',
    remedy: '请点“领取办理”。领取后30分钟内没有操作会自动释放。',
  }),
  resubmitted: () => ({ message: '申领已重新提交，您看到的是旧内容', remedy: '请刷新页面，看过新内容后再办理。' }),
  'reviewer-is-claimant': () => ({ message: '申领的编制、提交人不能参与审核', remedy: '请由其他人员办理。' }),
  'reviewer-in-organisation': () => ({ message: '您是申领单位的人员，不能参与审核', remedy: '请由其他人员办理。' }),
  'reviewed-before': (f) => ({
    message: `您已办理过这件申领的${f.stage}`,
    remedy: '同一件申领的初审、复核、审批须由不同的人办理。',
  }),
  'first-review-first': () => ({ message: '初审还没有同意，不能复核', remedy: '请等待初审。' }),
  'first-review-done': () => ({ message: '初审已经同意，等待复核', remedy: '请由复核人员办理。' }),
  'controls-block': (f) => ({
    message: `有 ${f.count} 项核查未通过，不能同意`,
    remedy: '请剔除有关人员、退回补正，或由两人办理人工放行。',
  }),
  'nothing-left': () => ({ message: '剔除后没有可补贴的人员', remedy: '请改为“不予补贴”。' }),
  'line-gone': () => ({ message: '这一行已不在申领中', remedy: '请刷新页面。' }),
  'reason-unknown': () => ({ message: '原因不在列表中', remedy: '请从列表中选择原因。' }),
  'figure-undecided': (f) => ({
    message: `“${f.label}”区人社局尚未明确`,
    remedy: '请规则管理员在“参数设置”中提出，经批准后再办理。',
  }),
  'order-out': () => ({
    message: '已编入付款批次，不能撤销批准',
    remedy: '请先作废付款批次；已送银行的，付款后按追回办理。',
  }),
  'offset-taken': () => ({ message: '已有一部分抵扣了欠款，不能撤销批准', remedy: '请付款后按追回办理。' }),
  'objection-open': () => ({ message: '有公示异议还没有处理完', remedy: '请先处理异议。' }),
  'still-public': () => ({ message: '公示期还没有结束', remedy: '公示期满且没有未处理的异议后再审批。' }),
  'budget-insufficient': () => ({ message: '可用预算不足，不能批准', remedy: '请先追加预算。' }),
}
