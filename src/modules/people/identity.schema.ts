import { z } from 'zod'
import type { Refusal } from '#policy/decision.ts'
import type { Day } from '#shared/units.ts'

/** Kinds of identity document a trainee may show, with the words on the form. */
export const documentKinds = {
  'resident-id': '居民身份证',
  'hmt-residence-permit': '港澳台居民居住证',
  'hm-travel-permit': '港澳居民来往内地通行证',
  'tw-travel-permit': '台湾居民来往大陆通行证',
  'foreign-residence-permit': '外国人永久居留身份证',
  passport: '护照',
} as const

export type DocumentKind = keyof typeof documentKinds
export const documentKind = z.enum(Object.keys(documentKinds) as [DocumentKind, ...DocumentKind[]])

export type Sex = 'male' | 'female'
export const sexes: Record<Sex, string> = { male: '男', female: '女' }

export type IdentityDocument = {
  kind: DocumentKind
  /** Normalised: half-width, upper case, no spaces. */
  number: string
  birthOn: Day | null
  sex: Sex | null
  /** The six digits of first registration; not where the person lives now. */
  areaCode: string | null
}

/** What is wrong, and how to mend it. */
export type ReasonText = { message: string; remedy: string }
type Facts = Refusal['facts']

/** Every reason of `identity.rules.ts` in words. None of them repeats the document number. */
export const reasonText: Record<string, (facts: Facts) => ReasonText> = {
  'document-empty': (f) => ({ message: `没有填写${f.document}号码`, remedy: '请对照证件原件填写号码。' }),
  'document-length': (f) => ({
    message: `${f.document}号码应为${f.expected}位，实际为${f.actual}位`,
    remedy: '请检查是否少输、多输或夹带了其他字符。',
  }),
  'document-first-generation': () => ({
    message: '15位的第一代身份证已停止使用',
    remedy: '请填写第二代居民身份证的18位号码。',
  }),
  'document-characters': (f) => ({
    message: `${f.document}号码第${f.position}位的字符不对`,
    remedy: '前17位只能是数字，最后一位是数字或字母X；注意区分数字0与字母O、数字1与字母l。',
  }),
  'document-scientific': () => ({
    message: '证件号码被表格软件改成了科学计数法，原号码已丢失',
    remedy: '请先把该列设为“文本”格式，再重新录入完整号码；只改格式不能恢复末尾的数字。',
  }),
  'document-format': (f) => ({ message: `${f.document}号码格式不对`, remedy: `正确格式：${f.format}。` }),
  'area-unknown': (f) => ({
    message: `号码开头的地区代码 ${f.area} 不存在`,
    remedy: '请对照证件原件检查前6位。',
  }),
  'area-residence-permit': () => ({
    message: '这是港澳台居民居住证的号码，不是居民身份证',
    remedy: '请把证件类型改为“港澳台居民居住证”。',
  }),
  'area-not-residence-permit': () => ({
    message: '港澳台居民居住证号码应以810000、820000或830000开头',
    remedy: '请检查号码；如果是居民身份证，请把证件类型改为“居民身份证”。',
  }),
  'birth-missing-day': (f) => ({
    message: `号码中的出生日期 ${f.date} 不存在`,
    remedy: '请对照证件原件检查第7至14位。',
  }),
  'birth-future': (f) => ({
    message: `号码中的出生日期 ${f.date} 晚于今天`,
    remedy: '请对照证件原件检查第7至14位。',
  }),
  'birth-too-early': (f) => ({
    message: `号码中的出生日期 ${f.date} 距今超过130年`,
    remedy: '请对照证件原件检查第7至14位。',
  }),
  'check-digit': (f) => ({
    message: `校验码不符：按前17位计算，最后一位应为 ${f.expected}，实际为 ${f.actual}`,
    remedy: '号码中至少有一位输错，请对照证件原件逐位核对；不要只改最后一位。',
  }),
  'phone-empty': () => ({ message: '没有填写手机号', remedy: '请填写本人的11位手机号，用于接收通知和核实培训。' }),
  'phone-characters': () => ({ message: '手机号中有数字以外的字符', remedy: '请只填写11位数字。' }),
  'phone-length': (f) => ({ message: `手机号应为11位，实际为${f.actual}位`, remedy: '请检查是否少输或多输。' }),
  'phone-landline': () => ({ message: '这是固定电话号码', remedy: '请填写手机号，固定电话收不到短信。' }),
  'phone-prefix': () => ({ message: '手机号的号段不存在', remedy: '手机号以13至19开头，请核对前两位。' }),
  'name-empty': () => ({ message: '没有填写姓名', remedy: '请填写与证件一致的姓名。' }),
  'name-digits': () => ({ message: '姓名中有数字', remedy: '请填写与证件一致的姓名，并检查姓名与号码是否填反。' }),
  'name-characters': (f) => ({
    message: `姓名中有不能使用的字符“${f.character}”`,
    remedy: '中文姓名只用汉字，少数民族姓名用间隔号“·”；外文姓名用字母、空格、连字符。',
  }),
  'name-private-character': () => ({
    message: '姓名中有只在个别电脑上显示的自造字',
    remedy: '请用支持生僻字的输入法重新输入该字，或向受理窗口提供证件由工作人员录入。',
  }),
  'name-mixed': () => ({ message: '姓名中同时有汉字和字母', remedy: '请按证件只填写一种文字的姓名。' }),
  'name-dot': () => ({ message: '姓名中间隔号的位置不对', remedy: '间隔号“·”只放在两段名字之间，且不要连续使用。' }),
  'name-short': () => ({ message: '姓名只有一个字', remedy: '请填写证件上的完整姓名。' }),
  'name-long': (f) => ({ message: `姓名超过${f.limit}个字`, remedy: '请检查是否把其他内容填进了姓名栏。' }),
}
