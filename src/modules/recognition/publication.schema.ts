import { z } from 'zod'
import type { Words } from './application.schema.ts'

const id = z.uuid('编号不对')
export const Publicise = z.object({
  callId: id,
  title: z.string('请填写公示标题').trim().min(4, '请填写公示标题，至少4个字').max(120, '标题不能超过120个字'),
})
export const objectionReasons = {
  'not-eligible': '不符合申报条件',
  'false-achievement': '业绩、成果不真实',
  'false-apprentices': '带徒、培训情况不真实',
  dishonest: '有违法失信行为',
  other: '其他',
} as const
export type ObjectionReason = keyof typeof objectionReasons
export const objectionStates = { open: '办理中', upheld: '异议成立', dismissed: '异议不成立' } as const
export type ObjectionState = keyof typeof objectionStates

export const LodgeObjection = z.object({
  rowId: z.uuid('请从公示名单中选择一行'),
  reason: z.enum(Object.keys(objectionReasons) as [ObjectionReason, ...ObjectionReason[]], '请选择异议理由'),
  text: z.string('请写明情况').trim().min(10, '请写明情况，至少10个字').max(2000, '情况不能超过2000个字'),
  contact: z.string().trim().max(60, '联系方式不能超过60个字').default(''),
})
export const DecideObjection = z.object({
  objectionId: id,
  outcome: z.enum(['upheld', 'dismissed'], '请选择异议是否成立'),
  reply: z.string('请填写答复').trim().min(10, '请填写答复，至少10个字').max(2000, '答复不能超过2000个字'),
})
export const ReadReply = z.object({ receipt: z.string('请填写回执码').trim().min(1, '请填写回执码').max(40) })
export const ClosePublication = z.object({ publicationId: id })

export const reasonText: Words = {
  'nothing-listed': () => ({ message: '没有等待公示的人选', remedy: '请先确定拟认定名单。' }),
  'list-closed': () => ({ message: '公示期已结束，不能再提出异议', remedy: '发现问题仍可随时“举报与投诉”。' }),
  'row-left': () => ({ message: '这一行已不再公示', remedy: '不需要再提出异议。' }),
  'objection-decided': () => ({ message: '这件异议已经办结', remedy: '请返回列表办理下一件。' }),
  'judge-took-part': () => ({
    message: '您参与过这件申请的审查，不能办理异议',
    remedy: '请由没有参与审查的人员办理。',
  }),
  'receipt-unknown': () => ({ message: '没有这个回执码', remedy: '请核对回执码，字母不分大小写。' }),
}
