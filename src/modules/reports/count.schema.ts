import { z } from 'zod'
import type { Refusal } from '#policy/decision.ts'
import type { CountingBasis } from '#policy/plan.types.ts'

/** On what a person-time is counted. Pages always say which one they show. */
export const bases = {
  enrolled: { label: '按报名', help: '报名参加、未退出的，按报名且班级获批的当天计' },
  completedAndPassed: { label: '按结业合格', help: '结业考核合格的，按结果确认当天计' },
  subsidyPaid: { label: '按补贴已发', help: '补贴已到账的，按拨付完成当天计' },
} as const satisfies Record<CountingBasis, { label: string; help: string }>
export type Basis = CountingBasis
export const basisList = Object.keys(bases) as Basis[]

/** Why a count was taken back. Stored with the reversal. */
export const reversalReasons = {
  'enrolment-withdrawn': '学员退出',
  'class-cancelled': '班级取消',
  'result-changed': '成绩更正，不再合格',
  'certificate-revoked': '证书撤销',
  recovered: '补贴追回',
  'claim-unpaid': '补贴未到账',
} as const
export type ReversalReason = keyof typeof reversalReasons

export const reversalText = (reason: string): string =>
  (reversalReasons as Record<string, string>)[reason.split('：')[0] ?? ''] ?? reason

export const CountClass = z.object({ classId: z.uuid('班级编号不对') })
export const CountClaim = z.object({ claimId: z.uuid('申领编号不对') })

/** Either one certificate, or lines of claims with the words of why. */
export const Negate = z
  .object({
    certificateId: z.uuid('证书编号不对').optional(),
    claimLineIds: z.array(z.uuid('申领明细编号不对')).max(5_000, '一次最多冲减5000条').optional(),
    reason: z.string().trim().max(300, '理由太长').optional(),
  })
  .refine((input) => (input.certificateId === undefined) !== (input.claimLineIds === undefined), {
    error: '请指明证书或申领明细之一',
  })

type Facts = Refusal['facts']
/** Why records of a class are not counted at all. */
export const reasonText: Record<string, (facts: Facts) => { message: string; remedy: string }> = {
  'unknown-programme': ({ programme }) => ({
    message: `“${programme}”不是本计划的培训项目，不计入人次`,
    remedy: '以工代训等是否计入，见待定事项 D-06。',
  }),
  'online-undecided': () => ({
    message: '只上网课的培训是否计入人次，区人社局尚未明确',
    remedy: '请规则管理员就待定事项 D-07 提出设置，批准后重新计数。',
  }),
  'online-not-counted': () => ({ message: '只上网课的培训不计入人次', remedy: '依据待定事项 D-07 的决定。' }),
  'figure-undecided': () => ({
    message: '已定按最低课时计数，但最低课时数区人社局尚未明确',
    remedy: '请规则管理员设置参数 OP.minClassHours，批准后重新计数。',
  }),
  'too-short': ({ hours, least }) => ({
    message: `本班 ${hours} 课时，少于计入人次的最低 ${least} 课时`,
    remedy: '依据待定事项 D-08 的决定。',
  }),
}
