import { z } from 'zod'
import type { ReasonText } from './identity.schema.ts'

/** What an organisation is to the platform. The same company may train its own staff without being a provider. */
export const organisationTypes = {
  enterprise: '企业',
  provider: '培训机构',
  school: '职业（技工）院校',
  association: '行业组织',
  'assessment-org': '评价机构',
} as const

export type OrganisationType = keyof typeof organisationTypes
export const organisationType = z.enum(Object.keys(organisationTypes) as [OrganisationType, ...OrganisationType[]])

/** First two characters of a code → what registered it. Others exist and are accepted; they only have no label. */
export const registrations: Record<string, string> = {
  '11': '机关',
  '12': '事业单位',
  '51': '社会团体',
  '52': '民办非企业单位',
  '53': '基金会',
  '91': '企业',
  '92': '个体工商户',
  '93': '农民专业合作社',
}

export type Uscc = {
  /** 18 characters, upper case. */
  code: string
  /** `registrations` of its first two characters, or `null`. */
  registration: string | null
  /** Six digits of the division it was registered in. */
  division: string
}

/** Every reason of `organisation.rules.ts` in words. */
export const reasonText: Record<string, (facts: Record<string, unknown>) => ReasonText> = {
  'uscc-empty': () => ({ message: '没有填写统一社会信用代码', remedy: '请对照营业执照或登记证书填写18位代码。' }),
  'uscc-old-number': () => ({
    message: '这是旧的注册号或组织机构代码，不是统一社会信用代码',
    remedy: '请填写营业执照上的18位统一社会信用代码。',
  }),
  'uscc-length': (f) => ({
    message: `统一社会信用代码应为18位，实际为${f.actual}位`,
    remedy: '请检查是否少输、多输或夹带了其他字符。',
  }),
  'uscc-characters': (f) => ({
    message: `统一社会信用代码第${f.position}位不能是“${f.character}”`,
    remedy: '代码中没有字母I、O、S、V、Z，第3至8位只能是数字；请检查是否把数字0、1、5、2输成了字母。',
  }),
  'uscc-check': (f) => ({
    message: `校验码不符：按前17位计算，最后一位应为 ${f.expected}，实际为 ${f.actual}`,
    remedy: '代码中至少有一位输错，请对照证照逐位核对；不要只改最后一位。',
  }),
  'account-empty': () => ({ message: '没有填写银行账号', remedy: '请填写单位基本存款账户的账号。' }),
  'account-scientific': () => ({
    message: '银行账号被表格软件改成了科学计数法，原账号已丢失',
    remedy: '请先把该列设为“文本”格式，再重新录入完整账号。',
  }),
  'account-characters': () => ({
    message: '银行账号中有数字以外的字符',
    remedy: '请只填写数字，不要填写户名或开户行。',
  }),
  'account-length': (f) => ({
    message: `银行账号应为8至30位数字，实际为${f.actual}位`,
    remedy: '请对照开户许可证或银行回单核对账号。',
  }),
}
