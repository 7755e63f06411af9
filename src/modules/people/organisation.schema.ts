import { z } from 'zod'
import type { ReasonText } from './identity.schema.ts'
import { optional, reasonField, text } from './person.schema.ts'

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

export const statuses = { active: '正常', suspended: '暂停办理', closed: '已注销' } as const
export type OrganisationStatus = keyof typeof statuses

export const licenceKinds = {
  'school-permit': '民办学校办学许可证',
  filing: '培训备案',
  'own-staff': '自有职工培训（不需许可）',
} as const
export type LicenceKind = keyof typeof licenceKinds

const day = (what: string) => z.iso.date(`请填写${what}，例如 2021-09-15`)
const subdistrict = z.string('请选择所在街道').regex(/^\d{9}$/, '请选择所在街道')

export const RegisterOrganisation = z.object({
  uscc: text('统一社会信用代码', 40),
  name: text('单位名称', 120).min(2, '单位名称至少2个字'),
  type: z.enum(Object.keys(organisationTypes) as [OrganisationType, ...OrganisationType[]], '请选择单位类型'),
  address: text('单位地址'),
  subdistrict,
  industry: z.string().trim().max(60, '行业不能超过60个字').default(''),
  legalRepresentative: z.string().trim().max(60, '法定代表人不能超过60个字').default(''),
  contactName: z.string().trim().max(60, '联系人不能超过60个字').default(''),
  contactPhone: optional(z.string().max(40, '联系电话太长')),
  registeredOn: day('成立日期'),
})

/** What an organisation may change about itself. */
export const EditOrganisation = z.object({
  organisationId: z.uuid('请选择单位'),
  version: z.coerce.number().int(),
  address: text('单位地址'),
  subdistrict,
  industry: z.string().trim().max(60, '行业不能超过60个字').default(''),
  contactName: text('联系人', 60),
  contactPhone: optional(z.string().max(40, '联系电话太长')),
})

/** What only the bureau changes, by the registration certificate. */
export const AmendOrganisation = z.object({
  organisationId: z.uuid('请选择单位'),
  version: z.coerce.number().int(),
  name: text('单位名称', 120).min(2, '单位名称至少2个字'),
  legalRepresentative: z.string().trim().max(60, '法定代表人不能超过60个字').default(''),
  tags: z.preprocess(
    (value) => (typeof value === 'string' ? value.split(/[,，、\s]+/).filter(Boolean) : (value ?? [])),
    z.array(z.string().max(20, '标签不能超过20个字')).max(10, '标签不能超过10个'),
  ),
  reason: reasonField,
})

export const SetOrganisationStatus = z.object({
  organisationId: z.uuid('请选择单位'),
  status: z.enum(['active', 'suspended', 'closed'], '请选择状态'),
  reason: reasonField,
})

export const AddLicence = z
  .object({
    organisationId: z.uuid('请选择单位'),
    number: text('证书或备案编号', 80),
    kind: z.enum(['school-permit', 'filing', 'own-staff'], '请选择种类'),
    /** `edition:code`; none means any occupation. */
    occupations: z.preprocess(
      (value) => (typeof value === 'string' ? value.split(/[,，、\s]+/).filter(Boolean) : (value ?? [])),
      z.array(z.string().regex(/^[^:\s]+:[^:\s]+$/, '职业写成“版本:代码”，例如 2015:4-10-01-02')).max(200, '职业太多'),
    ),
    validFrom: day('有效期起'),
    validTo: optional(day('有效期止')),
    issuer: text('发证或备案机关', 80),
  })
  .refine((value) => !value.validTo || value.validTo >= value.validFrom, {
    path: ['validTo'],
    message: '有效期止不能早于有效期起',
  })

export const EndLicence = z.object({
  licenceId: z.uuid('请选择许可'),
  on: day('终止日期'),
  reason: reasonField,
})

export const AddBankAccount = z.object({
  organisationId: z.uuid('请选择单位'),
  holder: text('户名', 120),
  bank: text('开户银行', 80),
  branch: text('开户网点（支行）', 80),
  account: text('银行账号', 60),
})

export const VerifyBankAccount = z.object({ bankAccountId: z.uuid('请选择账户'), basis: text('核实依据', 200) })

/** Every reason of `organisation.rules.ts` and `organisation.commands.ts` in words. */
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
  'account-holder': (f) => ({
    message: '户名与单位登记的名称不一致',
    remedy: `补贴只付给本单位的对公账户，户名应为“${f.name}”；单位更名的，请先由区人社局更正名称。`,
  }),
  'account-same': () => ({ message: '这就是现在登记的账户', remedy: '不需要重复登记。' }),
  'account-decided': () => ({ message: '该账户已核实或已停用', remedy: '请刷新页面查看最新状态。' }),
  'account-same-hand': () => ({ message: '录入账户的人不能自己核实', remedy: '请由区人社局另一名人员核实。' }),
  'organisation-known': (f) => ({
    message: `该统一社会信用代码已登记为“${f.name}”`,
    remedy: '请在单位列表中查找并使用已有的登记。',
  }),
  'organisation-closed': () => ({
    message: '单位已注销',
    remedy: '已注销的单位不能再恢复；重新设立的请按新代码登记。',
  }),
  'organisation-future': () => ({ message: '成立日期晚于今天', remedy: '请对照营业执照核对成立日期。' }),
  'licence-ended': () => ({ message: '该许可在此日期之前已经终止', remedy: '请核对终止日期。' }),
  'occupation-unknown': (f) => ({
    message: `职业目录中没有 ${f.occupation}`,
    remedy: '请从职业目录中选择版本和代码。',
  }),
}
