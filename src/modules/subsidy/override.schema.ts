import { z } from 'zod'
import type { Refusal } from '#policy/decision.ts'
import type { ReasonText } from './line.schema.ts'

export const overrideStates = { requested: '待批准', approved: '已批准', refused: '未批准', revoked: '已撤销' } as const
export type OverrideState = keyof typeof overrideStates

export const RequestOverride = z.object({
  claimId: z.uuid('请选择申领'),
  control: z.string('请选择核查项').regex(/^C\d{2}$/, '请选择核查项'),
  /** Left out: for every line of the claim. */
  lineId: z.preprocess((value) => (value === '' ? undefined : value), z.uuid('请选择学员').optional()),
  reason: z
    .string('请写明放行的理由和依据')
    .trim()
    .min(10, '请写明放行的理由和依据，至少10个字')
    .max(1000, '理由不能超过1000个字'),
  expiresOn: z.iso.date('请填写到期日，例如 2021-10-15'),
})
export const DecideOverride = z.object({
  overrideId: z.uuid('请选择放行申请'),
  decision: z.enum(['approve', 'refuse'], '请选择批准或不批准'),
  note: z.string().trim().max(500, '意见不能超过500个字').default(''),
})
export const RevokeOverride = z.object({
  overrideId: z.uuid('请选择放行申请'),
  reason: z.string('请写明撤销原因').trim().min(4, '请写明撤销原因，至少4个字').max(500, '原因不能超过500个字'),
})

export const overrideReasonText: Record<string, (facts: Refusal['facts']) => ReasonText> = {
  'claim-not-at-bureau': () => ({
    message: '申领不在区人社局手中，不能放行',
    remedy: '申领提交后、拨付前才能申请放行。',
  }),
  'control-not-failing': (f) => ({
    message: `核查项 ${f.control} 最近一次核查没有发现问题`,
    remedy: '没有问题的核查项无需放行；请先重新核查。',
  }),
  'override-too-long': (f) => ({
    message: `放行最长 ${f.days} 天，到期日不能晚于 ${f.latest}`,
    remedy: '请缩短有效期；到期仍需放行的，重新申请。',
  }),
  'override-past': () => ({ message: '到期日早于今天', remedy: '请填写今天或以后的日期。' }),
  'override-exists': () => ({
    message: '同一核查项已有待批准或有效的放行',
    remedy: '请先处理已有的放行申请。',
  }),
  'same-person': () => ({
    message: '申请人不能批准自己的放行申请',
    remedy: '请由另一位有权限的人员批准。',
  }),
  'own-organisation': () => ({ message: '不能放行本人所在单位的申领', remedy: '请由其他人员办理。' }),
}
