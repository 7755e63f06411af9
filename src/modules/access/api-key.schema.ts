import { z } from 'zod'
import type { ReasonText } from '#modules/people/identity.schema.ts'
import { reasonField } from '#modules/people/person.schema.ts'

/** What a program may be allowed to do for its organisation, in words. Never people's powers over people or money's last step. */
export const scopes = {
  'organisation.read': '查看本单位资料、班级和进度',
  'plan.edit': '编制培训计划',
  'class.edit': '编制开班资料',
  'roster.edit': '导入和维护学员名单',
  'session.edit': '维护课表',
  'session.run': '开课、签到和结课',
  'score.enter': '录入成绩',
  'claim.prepare': '编制补贴申请（不含提交）',
} as const
export type Scope = keyof typeof scopes
const scope = z.enum(Object.keys(scopes) as [Scope, ...Scope[]], '请选择权限')

export const CreateApiKey = z.object({
  organisationId: z.uuid('请选择单位'),
  name: z
    .string('请填写名称')
    .trim()
    .min(2, '名称至少2个字')
    .max(60, '名称不能超过60个字')
    .regex(/^\P{Cc}*$/u, '名称写在一行里'),
  scopes: z.preprocess(
    (value) => (typeof value === 'string' ? [value] : (value ?? [])),
    z.array(scope).min(1, '请至少选择一项权限'),
  ),
  expiresOn: z.iso.date('请填写到期日期，例如 2022-06-30'),
})

export const RevokeApiKey = z.object({ keyId: z.uuid('请选择密钥'), reason: reasonField })

type Facts = Record<string, string | number | boolean | null>
export const reasonText: Record<string, (facts: Facts) => ReasonText> = {
  'key-expiry': (f) => ({
    message: `到期日期应在今天之后、${f.latest}之前`,
    remedy: '密钥最长一年，到期前请换新。',
  }),
  'key-many': (f) => ({ message: `有效的密钥已有${f.most}个`, remedy: '请先停用不再使用的密钥。' }),
  'key-revoked': () => ({ message: '该密钥已停用', remedy: '不需要重复停用。' }),
}
