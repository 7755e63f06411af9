import { z } from 'zod'
import type { ReasonText } from '#modules/people/identity.schema.ts'

export const partnerStates = {
  proposed: '待批准',
  active: '使用中',
  suspended: '已暂停',
  rejected: '未批准',
  ended: '已停用',
} as const
export type PartnerState = keyof typeof partnerStates

const text = (what: string, least: number, most: number) =>
  z.string(`请填写${what}`).trim().min(least, `请填写${what}，至少${least}个字`).max(most, `${what}不能超过${most}个字`)
const domain = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/

export const ProposePartner = z.object({
  organisationId: z.uuid('请选择单位'),
  name: text('名称', 2, 80),
  purpose: text('用途', 4, 500),
  issuer: text('签发方地址', 8, 500),
  clientId: text('客户端编号', 1, 255),
  clientSecret: text('客户端密钥', 8, 500),
  domains: z.preprocess(
    (value) =>
      typeof value === 'string'
        ? value
            .toLowerCase()
            .split(/[\s,，、]+/)
            .filter((one) => one !== '')
        : (value ?? []),
    z.array(z.string().regex(domain, '邮箱域名写成 example.com.cn，多个用空格隔开')).max(10, '邮箱域名最多10个'),
  ),
  subjectPrefix: z.string().trim().max(60, '账号前缀太长').default(''),
})
export const DecidePartner = z.object({ id: z.uuid('请选择登记'), note: z.string().trim().max(500).default('') })
export const StopPartner = z.object({ id: z.uuid('请选择登记'), note: text('理由', 4, 500) })
export const EndPartnerLink = z.object({ id: z.uuid('请选择关联') })
export const BeginTrip = z.object({
  providerId: z.uuid(),
  browser: z.string().min(20).max(200),
  link: z.boolean(),
})
export const FinishTrip = z.object({
  providerId: z.uuid(),
  state: z.string().min(20).max(200),
  subject: z.string().min(1).max(255),
  address: z.string().max(100).default(''),
  agent: z.string().max(400).default(''),
})

export type Partner = {
  id: string
  organisationId: string
  organisation: string
  name: string
  purpose: string
  issuer: string
  clientId: string
  domains: string[]
  subjectPrefix: string
  state: PartnerState
  proposedBy: string
  proposedByName: string
  proposedAt: Date
  decidedByName: string | null
  decidedAt: Date | null
  decisionNote: string
}

export const partnerReasons: Record<string, (facts: Record<string, unknown>) => ReasonText> = {
  'partner-open': () => ({ message: '本单位已登记过单位账号登录', remedy: '要更换，请先停用原来的。' }),
  'partner-address': () => ({
    message: '签发方地址不能用',
    remedy: '请填写以 https:// 开头、用域名书写的地址，不带用户名、密码和 # 后的部分。',
  }),
  'same-person': () => ({ message: '登记人不能批准自己的登记', remedy: '请换另一位安全管理员处理。' }),
  'wrong-state': () => ({ message: '这项登记已经处理过了', remedy: '请刷新页面看最新结果。' }),
  'partner-unreachable': () => ({
    message: '贵单位的登录服务没有应答，或答复不对',
    remedy: '请稍后再试；一直不行请联系贵单位管理员。也可以用手机验证码登录。',
  }),
  'partner-failed': () => ({
    message: '单位账号登录没有完成',
    remedy: '请重新登录；不要使用以前的链接。也可以用手机验证码登录。',
  }),
  'partner-outside': () => ({
    message: '贵单位的这个账号不在允许的范围内',
    remedy: '请用单位邮箱对应的账号登录，或联系贵单位管理员。',
  }),
  'partner-unlinked': () => ({
    message: '贵单位的这个账号还没有和本平台的账号连接',
    remedy: '请先用手机验证码登录，到“我的账号”按“连接单位账号”，只需一次。',
  }),
  'partner-not-member': () => ({
    message: '您现在不是这个单位的成员',
    remedy: '请联系单位管理员在“成员和角色”里登记您。个人事务请用手机验证码登录。',
  }),
  'partner-official': () => ({ message: '工作人员账号不能用单位账号登录', remedy: '请用登录名、密码和动态口令登录。' }),
  'partner-taken': () => ({
    message: '这个账号已经连接过',
    remedy: '一个单位账号只能连接一个本平台账号。要更换，请先在原账号里解除。',
  }),
  'partner-own-session': () => ({ message: '请先用自己的方式登录', remedy: '请用手机验证码登录后再连接单位账号。' }),
}
