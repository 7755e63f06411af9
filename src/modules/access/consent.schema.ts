import { z } from 'zod'
import type { ReasonText } from '#modules/people/identity.schema.ts'
import { optional, personFields } from '#modules/people/person.schema.ts'

export const consentMinutes = 30

/** What people come to the counter for; the words are spoken to them and printed on the form. */
export const purposes = {
  enrol: '帮助报名参加培训',
  attend: '帮助办理签到或补签',
  records: '帮助查询本人培训记录、证书和补贴进度',
  object: '帮助对公示提出异议',
} as const
export type Purpose = keyof typeof purposes

export const evidences = { 'sms-code': '本人手机验证码', paper: '本人签名的纸质同意书' } as const
export const endReasons = {
  done: '办理完毕',
  expired: '到时自动结束',
  replaced: '开始了另一次帮办',
  cancelled: '未取得同意',
} as const

const file = z.preprocess(
  (value) =>
    value && typeof value === 'object' && 'bytes' in value && (value.bytes as Uint8Array).length === 0
      ? undefined
      : value,
  z.object({ name: z.string(), bytes: z.instanceof(Uint8Array) }).optional(),
)

export const AskConsent = z
  .object({
    name: personFields.name,
    documentKind: personFields.documentKind,
    documentNumber: personFields.documentNumber,
    phone: personFields.phone,
    subdistrict: optional(z.string().regex(/^\d{9}$/)),
    purpose: z.enum(Object.keys(purposes) as [Purpose, ...Purpose[]], '请选择办理事项'),
    evidence: z.enum(['sms-code', 'paper'], '请选择同意方式'),
    paper: file,
  })
  .refine((value) => value.evidence !== 'paper' || value.paper, { path: ['paper'], message: '请上传本人签名的同意书' })

export const StartAssist = z.object({
  consentId: z.uuid('请先登记办事人'),
  code: optional(
    z
      .string()
      .trim()
      .regex(/^\d{6}$/, '验证码是6位数字'),
  ),
})
export const EndAssist = z.object({ consentId: z.uuid('没有进行中的帮办') })

type Facts = Record<string, string | number | boolean | null>
export const reasonText: Record<string, (facts: Facts) => ReasonText> = {
  'assist-self': () => ({ message: '不能为自己帮办', remedy: '请用自己的账号办理。' }),
  'assist-name-differs': () => ({
    message: '该证件已登记，但姓名不一致',
    remedy: '请核对证件原件；已更名的，请先到区受理窗口办理姓名变更。',
  }),
  'assist-no-phone': () => ({
    message: '该人员没有登记手机号，不能用验证码取得同意',
    remedy: '请改用本人签名的纸质同意书。',
  }),
  'assist-phone-differs': () => ({
    message: '填写的手机号与登记的不一致',
    remedy: '验证码只发到已登记的手机号；换号的请到区受理窗口更正，或改用纸质同意书。',
  }),
  'assist-decided': () => ({ message: '这次同意已使用或已结束', remedy: '一次同意只办一次，请重新取得同意。' }),
  'assist-code': () => ({ message: '还没有验证本人手机验证码', remedy: '请输入本人刚收到的6位验证码。' }),
  'assist-late': () => ({ message: '同意登记已超过10分钟', remedy: '请重新登记办事人。' }),
}
