import { z } from 'zod'
import {
  dayField,
  flag,
  idField,
  listOf,
  optional,
  type ReasonTexts,
  textField,
  wholeField,
} from '#modules/training/input.schema.ts'

/** The title of the plan folder without which nobody assesses. */
export const assessorScheme = 'assessment-organisation'

export const assessorKinds = { Y: '用人单位（Y）', S: '社会培训评价组织（S）' } as const
export type AssessorKind = keyof typeof assessorKinds

export const filingStates = { proposed: '待核准', 'in-force': '有效', rejected: '未核准' } as const
export type FilingState = keyof typeof filingStates

export const examParts = { theory: '理论知识', skill: '技能操作', review: '综合评审' } as const
export type ExamPart = keyof typeof examParts
export const examPartList = Object.keys(examParts) as ExamPart[]

/** What a candidate may declare under: so many years in the trade, and what he shows for it. */
export type Condition = { id: string; text: string; yearsLeast: number | null }

export const ProposeAssessor = z.object({
  organisationId: idField('机构'),
  kind: z.enum(['Y', 'S'], '请选择机构类别'),
  filingCode: z
    .string('请填写机构代码')
    .trim()
    .regex(/^\d{4}$/, '机构代码为4位数字，在省备案的填0000'),
  province: z
    .string('请填写省级代码')
    .trim()
    .regex(/^\d{2}$/, '省级代码为2位数字'),
  serial: z
    .string('请填写机构序列码')
    .trim()
    .regex(/^\d{6}$/, '机构序列码为6位数字'),
  filingNo: textField('备案编号', 80, 2),
})

const decision = z.enum(['approve', 'reject'], '请选择核准或不予核准')
export const DecideAssessor = z.object({ organisationId: idField('机构'), decision })

/** One condition a line: `累计从事本职业工作1年以上｜1`; the number after the bar is years, if any. */
const conditionLines = z
  .string('请填写申报条件')
  .trim()
  .min(4, '请填写申报条件，一行一条')
  .max(3000, '申报条件太长')
  .transform((text, ctx): Condition[] => {
    const lines = text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '')
    if (lines.length > 12) ctx.addIssue({ code: 'custom', message: '申报条件最多12条' })
    return lines.map((line, at) => {
      const [words = '', years = ''] = line.split(/[｜|]/).map((one) => one.trim())
      if (years !== '' && !/^\d{1,2}$/.test(years))
        ctx.addIssue({ code: 'custom', message: `第${at + 1}条竖线后应为年数，例如“累计从事本职业工作1年以上｜1”` })
      if (words.length < 4) ctx.addIssue({ code: 'custom', message: `第${at + 1}条太短` })
      return { id: String(at + 1), text: words, yearsLeast: /^\d{1,2}$/.test(years) ? Number(years) : null }
    })
  })

export const ProposeScope = z.object({
  organisationId: idField('机构'),
  occupation: z.string('请选择职业').min(3, '请选择职业'),
  level: textField('等级', 20),
  parts: listOf(z.enum(['theory', 'skill', 'review'], '请选择考核部分'), '请至少选择一个考核部分', 3),
  standard: textField('所依据的职业标准', 120, 2),
  conditions: conditionLines,
  from: dayField('有效期开始'),
  to: optional(dayField('有效期结束')),
  source: textField('备案文件', 200, 2),
})
export const DecideScope = z.object({ scopeId: idField('评价范围'), decision })
export const EndScope = z.object({ scopeId: idField('评价范围'), lastDay: dayField('最后一天') })

export const AddSite = z.object({
  organisationId: idField('机构'),
  name: textField('考点名称', 80, 2),
  address: textField('考点地址', 200, 4),
  tenure: z.enum(['owned', 'leased'], '请选择自有或租赁'),
  leasedTo: optional(dayField('租期截止')),
})
export const AddRoom = z.object({
  siteId: idField('考点'),
  name: textField('考场名称', 60),
  part: z.enum(['theory', 'skill', 'review'], '请选择考核部分'),
  seats: wholeField('座位或工位数', 1, 500),
  video: flag,
})
export const DecideSite = z.object({
  siteId: idField('考点'),
  decision,
  inspectedOn: optional(dayField('现场核查日期')),
})
export const AddExaminer = z.object({
  organisationId: idField('机构'),
  name: textField('姓名', 60, 2),
  documentNumber: textField('身份证号码', 30, 6),
  role: z.enum(['examiner', 'supervisor'], '请选择考评员或内部质量督导员'),
  cardNo: textField('考评员证或督导员证编号', 60, 2),
  validTo: optional(dayField('证件有效期')),
})
export const examinerRoles = { examiner: '考评员', supervisor: '内部质量督导员' } as const

/** Reasons of `assessor.rules.ts` and `assessor.commands.ts` in words. */
export const reasonText: ReasonTexts = {
  'no-title': () => ({
    message: '该单位没有在期的“职业技能等级认定机构”登记',
    remedy: '请先在“认定和聘任”中办结登记，再登记评价信息。',
  }),
  'own-proposal': () => ({ message: '登记的人不能自己核准', remedy: '请由另一位有核准权限的人办理。' }),
  'already-decided': () => ({ message: '这一项已经办理', remedy: '请刷新页面查看结果。' }),
  'assessor-in-force': () => ({
    message: '机构信息已经核准，不能再登记一次',
    remedy: '编码变更的，请先与省级备案核对。',
  }),
  'number-taken': () => ({ message: '这个机构编码已登记在别的单位名下', remedy: '请核对备案文件上的编码。' }),
  'level-unknown': (f) => ({ message: `“${f.title}”没有“${f.level}”这一等级`, remedy: '请按该职业的等级设置选择。' }),
  'scope-overlaps': () => ({
    message: '同一职业、同一等级在这段时间里已经登记',
    remedy: '请改开始日期，或者先结束原来的范围。',
  }),
  'lease-short': (f) => ({
    message: `租期到${f.leasedTo}，自登记之日起不足${f.months}个月`,
    remedy: '考点须自有，或者租期不短于规定；请续租后再登记。',
  }),
  'lease-missing': () => ({ message: '租赁的考点要写租期截止日', remedy: '请按租赁合同填写。' }),
  'inspection-missing': () => ({ message: '核准考点要写现场核查日期', remedy: '请填写核查日期，不能晚于今天。' }),
  'no-rooms': () => ({ message: '考点还没有登记考场', remedy: '请先登记考场和座位数。' }),
  'room-known': () => ({ message: '考点里已有同名考场', remedy: '请换一个名称。' }),
  'site-known': () => ({ message: '本机构已有同名考点', remedy: '请换一个名称。' }),
  'site-closed': () => ({ message: '考点已经办理，不能再加考场', remedy: '场地有变化的，请登记为新的考点。' }),
  'examiner-known': () => ({ message: '这个人已经登记为同一角色', remedy: '不用再登记。' }),
  'end-in-past': () => ({
    message: '结束日期不能早于今天，也不能晚于原有效期',
    remedy: '已经考过的批次按当时的范围算。',
  }),
}
