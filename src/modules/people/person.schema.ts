import { z } from 'zod'
import type { Day } from '#shared/units.ts'
import type { Sex } from './identity.schema.ts'
import { type DocumentKind, documentKind, reasonText as identityReasons, type ReasonText } from './identity.schema.ts'

export const text = (what: string, most = 200) =>
  z.string(`请填写${what}`).trim().min(1, `请填写${what}`).max(most, `${what}不能超过${most}个字`)

/** A field left empty on a form counts as not given. */
export const optional = <T extends z.ZodType>(inner: T) =>
  z.preprocess((value) => (typeof value === 'string' && value.trim() === '' ? undefined : value), inner.optional())

export const personFields = {
  name: text('姓名', 120),
  documentKind: documentKind.catch('resident-id'),
  documentNumber: text('证件号码', 60),
  phone: optional(z.string().max(40, '手机号太长')),
  subdistrict: optional(z.string().regex(/^\d{9}$/, '请选择居住街道')),
  hukouArea: optional(z.string().trim().max(40, '户籍地不能超过40个字')),
}

export const RegisterPerson = z.object(personFields)
export type PersonInput = {
  name: string
  documentKind: DocumentKind
  documentNumber: string
  phone?: string | undefined
  subdistrict?: string | undefined
  hukouArea?: string | undefined
}

export const reasonField = z
  .string('请写明理由')
  .trim()
  .min(4, '请写明理由，至少 4 个字')
  .max(500, '理由不能超过 500 个字')

export const ChangeName = z.object({
  personId: z.uuid('请选择人员'),
  name: text('新姓名', 120),
  from: z.iso.date('请填写更名日期，例如 2021-09-15'),
  evidence: text('更名证明（证明名称和编号）', 300),
})

export const CorrectPhone = z.object({
  personId: z.uuid('请选择人员'),
  phone: z.string('请填写手机号').max(40, '手机号太长'),
  reason: reasonField,
})

const paper = z.object(
  { name: z.string(), bytes: z.instanceof(Uint8Array) },
  '请上传更名证明（户口簿变更页或公安机关证明）',
)

export const AskNameChange = z.object({
  name: text('新姓名', 120),
  from: z.iso.date('请填写更名日期，例如 2021-09-15'),
  note: z.string().trim().max(500, '说明不能超过500个字').default(''),
  paper,
})

export const NameRequestChoice = z.object({ requestId: z.uuid('请选择申请') })
export const DecideNameRequest = NameRequestChoice.extend({
  decision: z.enum(['accept', 'refuse'], '请选择同意或不同意'),
  words: z.string('请写明核对情况').trim().min(2, '请写明核对情况').max(300, '不能超过300个字'),
})

export const UnmaskPerson = z.object({ personId: z.uuid('请选择人员'), reason: reasonField })

/** What is shown of a person by default. */
export type PersonCard = {
  id: string
  name: string
  documentKind: DocumentKind
  document: string
  phone: string | null
  subdistrict: string | null
  hukouArea: string | null
  version: number
}

/** Everything about a person. Only commands that record the reading hand it out. */
export type OpenPerson = {
  id: string
  name: string
  documentKind: DocumentKind
  documentNumber: string
  phone: string | null
  bornOn: Day | null
  sex: Sex | null
}

/** Reasons of `person.commands.ts` and `identity.rules.ts` in words. */
export const reasonText: Record<string, (facts: Record<string, string | number | boolean | null>) => ReasonText> = {
  ...identityReasons,
  'person-name-differs': () => ({
    message: '该证件号码已登记，但登记的姓名与填写的不一致',
    remedy: '请核对姓名和证件号码；如已更名，请持更名证明到受理窗口办理姓名变更。',
  }),
  'person-name-same': () => ({ message: '新姓名与现在登记的姓名相同', remedy: '请核对后填写变更后的姓名。' }),
  'person-name-future': () => ({ message: '更名日期晚于今天', remedy: '请填写证明上的更名日期。' }),
  'name-request-open': () => ({
    message: '您已有一份更名申请在办理',
    remedy: '请等待受理窗口核对；需要补材料的会联系您。',
  }),
  'name-request-own': () => ({ message: '不能办理自己提出的更名申请', remedy: '请由另一名受理人员核对。' }),
}
