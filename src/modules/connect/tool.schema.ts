import { z } from 'zod'
import { idField, keysOf, listOf, optional, optionalText } from '#modules/library/input.schema.ts'
import { addressField, linesField, namedFields, optionalAddress } from './registration.schema.ts'
import type { Scope } from './vocabulary.schema.ts'

export const scopeLabels: Record<Scope, string> = {
  score: '交回成绩',
  'result.readonly': '查看自己交回的成绩',
  lineitem: '在课程里增减自己的成绩项',
  'lineitem.readonly': '查看自己的成绩项',
  membership: '查看课程学员名单（只有化名）',
}
export const tellLabels = { name: '姓名' } as const
export type Tell = keyof typeof tellLabels

export const openings = { window: '新窗口', frame: '嵌在课程页面里' } as const
export type Opening = keyof typeof openings

export const ProposeTool = z
  .object({
    /** Left out: the district's own, for every course. */
    organisationId: optional(idField('单位')),
    ...namedFields,
    loginUrl: addressField('登录发起地址'),
    targetUrl: addressField('打开地址'),
    deepLinkUrl: optionalAddress('选内容地址'),
    redirectUris: linesField('回跳地址', 10),
    jwksUrl: optionalAddress('公钥地址'),
    jwks: optionalText('公钥', 20_000),
    scopes: listOf(z.enum(keysOf(scopeLabels), '请选择权限'), 5),
    tells: listOf(z.enum(keysOf(tellLabels), '请选择要告诉工具的信息'), 1),
    custom: optionalText('自定义参数', 2000),
    opens: z.enum(keysOf(openings), '请选择打开方式').default('window'),
  })
  .refine((value) => Boolean(value.jwksUrl) !== Boolean(value.jwks), {
    path: ['jwksUrl'],
    message: '请填写公钥地址，或粘贴公钥，二选一',
  })

export type Tool = {
  id: string
  organisationId: string | null
  organisation: string | null
  name: string
  purpose: string
  clientId: string
  deploymentId: string
  loginUrl: string
  targetUrl: string
  deepLinkUrl: string | null
  redirectUris: string[]
  jwksUrl: string | null
  publicJwks: unknown
  scopes: Scope[]
  tells: Tell[]
  custom: Record<string, string>
  opens: Opening
  state: import('./registration.schema.ts').RegistrationState
  proposedBy: string
  proposedByName: string
  proposedAt: Date
  decidedByName: string | null
  decidedAt: Date | null
  decisionNote: string
}
