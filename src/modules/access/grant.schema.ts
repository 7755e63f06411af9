import { z } from 'zod'
import type { ReasonText } from '#modules/people/identity.schema.ts'
import { optional, personFields, reasonField } from '#modules/people/person.schema.ts'
import { Place } from './account.schema.ts'

export const grantStates = { proposed: '待批准', 'in-force': '有效', rejected: '未批准', revoked: '已收回' } as const
export type GrantState = keyof typeof grantStates

/** The roles an organisation may give, by its type; the first is its administrator's. */
export const memberRoles = (type: string): readonly string[] =>
  type === 'enterprise'
    ? ['enterprise-hr', 'enterprise-finance', 'trainer']
    : ['provider-admin', 'provider-academic', 'provider-finance', 'trainer']
export const adminRoles: readonly string[] = ['provider-admin', 'enterprise-hr']

/** Where a role is held, in words. */
export const heldIn = { organisation: '单位', subdistrict: '街道', body: '部门', district: '全区' } as const

export const ProposeRole = Place.extend({
  accountId: z.uuid('请选择账号'),
  from: z.iso.date('请填写起始日期，例如 2021-09-15'),
  to: optional(z.iso.date('请填写截止日期，例如 2022-09-14')),
  reason: reasonField,
}).refine((value) => !value.to || value.to >= value.from, { path: ['to'], message: '截止日期不能早于起始日期' })

export const DecideRole = z.object({ grantId: z.uuid('请选择授权'), reason: reasonField })
export const ApproveRole = z.object({ grantId: z.uuid('请选择授权') })

/** One of an organisation's own people, named by document and reached by phone. */
export const AddMember = z.object({
  organisationId: z.uuid('请选择单位'),
  role: z.string('请选择角色').min(1, '请选择角色').max(40),
  name: personFields.name,
  documentKind: personFields.documentKind,
  documentNumber: personFields.documentNumber,
  phone: z.string('请填写手机号').trim().min(1, '请填写手机号').max(40, '手机号太长'),
  to: optional(z.iso.date('请填写截止日期，例如 2022-09-14')),
})

type Facts = Record<string, string | number | boolean | null>

export const reasonText: Record<string, (facts: Facts) => ReasonText> = {
  'grant-own-account': () => ({
    message: '不能为自己授权、批准，也不能停用或重置自己的账号',
    remedy: '请由另一名安全管理员办理。',
  }),
  'grant-same-hand': () => ({ message: '提出授权的人不能自己批准', remedy: '请由另一名安全管理员批准。' }),
  'grant-incompatible': (f) => ({
    message: `“${f.role}”与该账号的“${f.other}”不能由同一人担任`,
    remedy: '请先收回原角色，或把新角色授予其他人。',
  }),
  'grant-twice': () => ({ message: '该账号已有同样的角色，或已有待批准的申请', remedy: '请先查看现有授权。' }),
  'grant-place': (f) => ({ message: `“${f.role}”要写明所在的${f.held}`, remedy: `请选择${f.held}后再提交。` }),
  'grant-role-unknown': () => ({ message: '没有这个角色', remedy: '请从列表中选择。' }),
  'grant-not-official': () => ({
    message: '部门和全区角色只能授予实名的工作人员账号',
    remedy: '请先为其开立工作人员账号。',
  }),
  'reset-open': () => ({ message: '已有一项待批准的重置', remedy: '请由另一名安全管理员批准或退回后再提出。' }),
  'reset-decided': () => ({ message: '这项重置已经处理过', remedy: '请刷新页面查看结果。' }),
  'reset-same-hand': () => ({ message: '提出重置的人不能自己批准', remedy: '请由另一名安全管理员批准。' }),
  'grant-decided': () => ({ message: '这项授权已经处理过', remedy: '请刷新列表查看结果。' }),
  'grant-last-admin': () => ({
    message: '这是本单位最后一名管理员',
    remedy: '请先增加另一名管理员，再收回这一项。',
  }),
  'member-phone-differs': () => ({
    message: '该人登记的手机号不是填写的这一个',
    remedy: '请填写本人登记的手机号；换号的请本人到受理窗口更正后再添加。',
  }),
  'member-kind': () => ({
    message: '该人是工作人员账号，不能兼任单位角色',
    remedy: '请使用另一名人员。',
  }),
}
