import { z } from 'zod'
import type { Refusal } from '#policy/decision.ts'
import { reasonText as lineReasons, type ReasonText } from './line.schema.ts'

/** States of a claim with the words people see. */
export const claimStates = {
  draft: '草稿',
  submitted: '已提交',
  returned: '退回补正',
  'under-review': '审核中',
  reviewed: '已复核',
  publicised: '公示中',
  'objection-held': '异议处理中',
  approved: '已审批',
  ordered: '拨付中',
  paid: '已拨付',
  bounced: '银行退回',
  rejected: '不予补贴',
  withdrawn: '已撤回',
} as const

export type ClaimState = keyof typeof claimStates

/** What was done to a claim, as histories say it. */
export const claimMoves: Record<string, string> = {
  draft: '生成申领',
  submit: '提交申领',
  resubmit: '补正后再次提交',
  recall: '撤回修改',
  withdraw: '撤销申领',
  take: '开始审核',
  return: '退回补正',
  review: '复核通过',
  publicise: '开始公示',
  hold: '因异议暂停',
  release: '异议处理完毕',
  approve: '批准',
  order: '发出拨付',
  bounce: '银行退回',
  pay: '已拨付',
  reject: '不予补贴',
}

export const ClassInput = z.object({ classId: z.uuid('请选择班级') })
export const ClaimInput = z.object({ claimId: z.uuid('请选择申领') })

export const commitmentText =
  '本单位承诺：本申领所涉学员、课时、考核等信息真实，学员未缴纳培训费用；如有虚假，愿退回全部补贴并承担相应责任。'

export const SubmitClaim = z.object({
  claimId: z.uuid('请选择申领'),
  /** The claim as the claimant saw it: had it changed since, it is shown again first. */
  version: z.coerce.number('请刷新页面后再提交').int().min(1),
  commitment: z.preprocess(
    (value) => value === true || value === 'on' || value === 'yes',
    z.literal(true, '请阅读并勾选承诺'),
  ),
})

const reason = z.string('请写明原因').trim().min(2, '请写明原因，至少2个字').max(500, '原因不能超过500个字')
export const WithdrawClaim = z.object({ claimId: z.uuid('请选择申领'), reason })
export const LineInput = z.object({ lineId: z.uuid('请选择学员') })
export const DropLine = z.object({ lineId: z.uuid('请选择学员'), reason })

/** Reasons of `claim.commands.ts` in words; those of a line stand in `line.schema.ts`. */
export const claimReasonText: Record<string, (facts: Refusal['facts']) => ReasonText> = {
  ...lineReasons,
  'wrong-state': (f) => ({
    message: `申领现在的状态（${claimStates[f.state as ClaimState] ?? f.state}）不能办这一步`,
    remedy: '请刷新页面，按最新状态办理。',
  }),
  'class-not-closed': () => ({
    message: '班级还没有结业，不能申领',
    remedy: '请先完成全部课程、考核和结业，再生成申领。',
  }),
  'programme-unknown': (f) => ({
    message: `补贴计划中没有“${f.programme}”这个项目`,
    remedy: '请联系区人社局。',
  }),
  'claim-exists': (f) => ({
    message: `本班已有申领 ${f.number}`,
    remedy: '一个班级同一时间只能有一件申领，请打开已有的申领办理。',
  }),
  'nobody-payable': () => ({
    message: '本班没有可以申领的学员',
    remedy: '请查看各学员未计入的原因；有补考的，合格后再生成申领。',
  }),
  'late-claim': (f) => ({
    message: `已超过申领期限（${f.closedOn}）`,
    remedy: '如有不可抗力，请附证明向区人社局说明。',
  }),
  'amount-changed': (f) => ({
    message: `金额有变化：您看到的是 ${f.was} 元，按现在的记录是 ${f.is} 元`,
    remedy: '请点“重新计算”，查看变化的原因后再提交。',
  }),
  'controls-block': (f) => ({
    message: `有 ${f.count} 项核查没有通过（${f.controls}）`,
    remedy: '请按下面各项的说明更正，或移除有问题的学员后再提交。',
  }),
  'no-account': () => ({ message: '还没有登记收款账户', remedy: '请先在单位信息中登记本单位的银行账户。' }),
  'picked-up': () => ({
    message: '审核人员已经开始办理，不能再撤回修改',
    remedy: '如需更正，请联系审核人员退回补正。',
  }),
  'line-gone': () => ({ message: '该学员已不在本申领中', remedy: '请刷新页面。' }),
  'last-line': () => ({ message: '这是最后一名学员，不能移除', remedy: '如不再申领，请撤回整件申领。' }),
}
