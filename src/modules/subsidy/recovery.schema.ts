import { z } from 'zod'
import type { Refusal } from '#policy/decision.ts'
import { yuanField } from './budget.schema.ts'

export const recoveryStates = {
  opened: '已立案，待听取陈述',
  heard: '已听取陈述，待决定',
  dropped: '不予追回',
  decided: '已决定，待送达',
  demanded: '追缴中',
  recovered: '已全部收回',
  'written-off': '已核销',
  transferred: '已移送',
} as const
export type RecoveryState = keyof typeof recoveryStates

export const receiptKinds = {
  received: '收到退款',
  offset: '抵扣后续补贴',
  'written-off': '核销',
  transferred: '移送',
} as const
export type ReceiptKind = keyof typeof receiptKinds

const recoveryId = z.uuid('追回编号不对')
const dayField = (what: string) => z.iso.date(`请填写${what}，格式如2021-09-15`)
const amount = (what: string) => yuanField(what).refine((value) => value > 0, `${what}要大于零`)
/** A form sends one amount a line, by the line's id; a line left without an amount is left out. */
function gatherLines(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || !('amounts' in raw) || 'lines' in raw) return raw
  const amounts = Object.entries((raw.amounts ?? {}) as Record<string, unknown>)
  const lines = amounts.map(([lineId, amount]) => ({ lineId, amount: String(amount).trim() }))
  return { ...raw, lines: lines.filter((line) => line.amount !== '') }
}

const lines = z.array(
  z.object({ lineId: z.uuid('明细编号不对'), amount: yuanField('金额').refine((value) => value >= 0, '金额不能为负') }),
)

export const openRecoveryInput = z.preprocess(
  gatherLines,
  z.object({
    claimId: z.uuid('申领编号不对'),
    reasonCode: z.string().trim().min(1, '请选择追回原因').max(60),
    finding: z.string().trim().min(10, '请写明查明的事实（至少10个字）').max(4000, '最多4000个字'),
    lines: lines
      .min(1, '请至少填写一人的追回金额')
      .max(2000)
      .refine((all) => all.every((line) => line.amount > 0), '追回金额要大于零')
      .refine((all) => new Set(all.map((line) => line.lineId)).size === all.length, '同一人只能填一次'),
  }),
)

export const hearInput = z.object({
  recoveryId,
  heardOn: dayField('听取陈述的日期'),
  statement: z.string().trim().min(2, '请记录当事人陈述；放弃陈述的请写明').max(4000, '最多4000个字'),
})

/** Lines not named keep what was asked; a line may be lowered, to nothing. */
export const decideRecoveryInput = z.preprocess(
  gatherLines,
  z.object({
    recoveryId,
    reason: z.string().trim().min(10, '请写明决定理由（至少10个字）').max(4000, '最多4000个字'),
    legalBasis: z.string().trim().min(4, '请写明法律依据').max(1000, '最多1000个字'),
    lines: lines.max(2000).default([]),
  }),
)

export const dropInput = z.object({
  recoveryId,
  reason: z.string().trim().min(10, '请写明不予追回的理由（至少10个字）').max(4000, '最多4000个字'),
})

export const recoveryIdInput = z.object({ recoveryId })

export const receiveInput = z.object({
  recoveryId,
  amount: amount('收到的金额'),
  onDay: dayField('到账日期'),
  reference: z.string().trim().min(2, '请填写缴款书或银行流水号').max(200),
})

export const offsetInput = z.object({
  recoveryId,
  claimId: z.uuid('请选择用来抵扣的申领'),
  amount: amount('抵扣金额'),
})

export const closeInput = z.object({
  recoveryId,
  outcome: z.enum(['written-off', 'transferred'], '请选择核销或移送'),
  reference: z.string().trim().min(2, '请填写批准文号或移送文书号').max(200),
})

const filled = (row: { dueOn?: unknown; amount?: unknown } | undefined) => Boolean(row?.dueOn || row?.amount)

/** Dates and amounts of a plan of instalments; rows left empty in a form are left out. */
export const instalmentsInput = z.object({
  recoveryId,
  instalments: z.preprocess(
    (value) => (Array.isArray(value) ? value.filter(filled) : value),
    z
      .array(z.object({ dueOn: dayField('缴款日期'), amount: amount('每期金额') }), '请填写每期的日期和金额')
      .min(2, '分期至少两期')
      .max(36, '分期最多36期')
      .refine(
        (all) => all.every((one, i) => i === 0 || (all[i - 1]?.dueOn ?? '') < one.dueOn),
        '各期日期要一期比一期晚',
      ),
  ),
})

type Facts = Refusal['facts']
export const reasonText: Record<string, (facts: Facts) => { message: string; remedy: string }> = {
  'wrong-state': () => ({ message: '这件追回的状态已经变化，不能这样办理', remedy: '请刷新页面，按当前状态办理。' }),
  'not-paid': () => ({ message: '补贴还没有拨付，不需要追回', remedy: '未拨付的申领请在审核环节退回或不予补贴。' }),
  'over-paid-amount': (f) => ({
    message: `追回金额超过该人员已拨付、尚未追回的金额（${f.leftFen} 分）`,
    remedy: '请按尚可追回的金额填写。',
  }),
  'line-not-of-claim': () => ({ message: '人员不在这件申领中', remedy: '请从列表中选择人员。' }),
  'reason-unknown': () => ({ message: '原因不在列表中', remedy: '请从列表中选择原因。' }),
  'decision-raises': () => ({
    message: '决定金额不能高于告知当事人的金额',
    remedy: '需要提高的，请另行立案并重新听取陈述。',
  }),
  'decision-empty': () => ({ message: '决定金额为零', remedy: '没有需要追回的，请改为“不予追回”。' }),
  'same-receiver': () => ({
    message: '立案人不能自己记收款',
    remedy: '请由财政确认岗位对照银行回单记收款。',
  }),
  'same-closer': () => ({
    message: '立案人和作出追回决定的人不能办理核销、移送',
    remedy: '请由财政确认岗位，或者没有办理过这件追回的另一位局领导办理。',
  }),
  'same-person': () => ({ message: '立案人不能自己作出决定', remedy: '请由局领导决定。' }),
  'figure-undecided': (f) => ({
    message: `“${f.label}”区人社局尚未明确`,
    remedy: '请规则管理员在“参数设置”中提出，经批准后再办理。',
  }),
  'over-remaining': (f) => ({
    message: `金额超过尚未收回的金额（${f.leftFen} 分）`,
    remedy: '请按尚未收回的金额填写。',
  }),
  'instalments-differ': (f) => ({
    message: `各期合计与尚未收回的金额（${f.leftFen} 分）不一致`,
    remedy: '请调整各期金额。',
  }),
  'not-yet-due': (f) => ({ message: `缴款期限是 ${f.dueOn}，还没有过`, remedy: '期限过后仍未缴清的，才能通知抵扣。' }),
  'no-notice': () => ({ message: '还没有通知当事人将要抵扣', remedy: '请先发出抵扣通知，第二天起才能抵扣。' }),
  'not-theirs': () => ({ message: '用来抵扣的申领不属于同一单位', remedy: '只能用同一单位的补贴抵扣。' }),
  'not-offsettable': (f) => ({
    message: `申领 ${f.claim} 现在不能抵扣`,
    remedy: '只有已审批、还没有编入付款批次的申领可以抵扣。',
  }),
  'over-award': (f) => ({ message: `抵扣金额超过该申领应付金额（${f.leftFen} 分）`, remedy: '请减少抵扣金额。' }),
}
