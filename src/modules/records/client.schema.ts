import { z } from 'zod'
import type { ReasonText } from '#modules/people/identity.schema.ts'
import { reasonField } from '#modules/people/person.schema.ts'

/** What a client of the store may do, in words. Names as the standard's OAuth scopes. */
export const scopes = {
  'statements/write': '写入学习记录',
  'statements/read/mine': '读取自己写入的学习记录',
  'statements/read': '读取本单位全部学习记录',
  state: '读写学习状态文档',
  profile: '读写活动档案和人员档案文档',
  'all/read': '读取本单位全部内容',
} as const
export type Scope = keyof typeof scopes
const scope = z.enum(Object.keys(scopes) as [Scope, ...Scope[]], '请选择权限')

/** A client as a request comes with it. */
export type Client = { id: string; organisationId: string; name: string; scopes: Scope[]; authority: string }

export const CreateClient = z.object({
  organisationId: z.uuid('请选择单位'),
  name: z.string('请填写名称').trim().min(2, '名称至少2个字').max(60, '名称不能超过60个字'),
  scopes: z.preprocess(
    (value) => (typeof value === 'string' ? [value] : (value ?? [])),
    z.array(scope).min(1, '请至少选择一项权限'),
  ),
  /** Where the program's account lives: the public address of this installation. */
  homePage: z.url('缺少平台网址'),
})

export const RevokeClient = z.object({ clientId: z.uuid('请选择客户端'), reason: reasonField })

type Facts = Record<string, string | number | boolean | null>
export const reasonText: Record<string, (facts: Facts) => ReasonText> = {
  'client-many': (f) => ({ message: `有效的客户端已有${f.most}个`, remedy: '请先停用不再使用的客户端。' }),
  'client-revoked': () => ({ message: '该客户端已停用', remedy: '不需要重复停用。' }),
  'forward-many': (f) => ({ message: `转发目标已有${f.most}个`, remedy: '请先停止不再使用的转发。' }),
  'forward-stopped': () => ({ message: '该转发已停止', remedy: '需要时请新建转发。' }),
  'forward-address': () => ({
    message: '转发地址不能用',
    remedy: '请填写 https 开头、公网可达的 xAPI 地址，例如 https://lrs.example.com/xapi。',
  }),
}
