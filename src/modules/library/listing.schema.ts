import { z } from 'zod'
import { dayField, idField, optional, reasonField, textField, wholeField } from './input.schema.ts'

export const conversionStates = { proposed: '待批准', 'in-force': '有效', rejected: '未批准' } as const
export type ConversionState = keyof typeof conversionStates

export const ProposeConversion = z
  .object({
    courseId: idField('课程'),
    programme: textField('培训项目', 60),
    classHours: wholeField('课时', 1, 2000),
    from: dayField('起始日期'),
    to: optional(dayField('截止日期')),
    source: textField('依据', 500, 2),
  })
  .refine((value) => !value.to || value.to >= value.from, { path: ['to'], message: '截止日期不能早于起始日期' })
export const DecideConversion = z.object({
  conversionId: idField('记录'),
  decision: z.enum(['approve', 'reject'], '请选择'),
})
export const EndConversion = z.object({ conversionId: idField('记录'), to: dayField('截止日期') })
export const SuspendCourse = z.object({ courseId: idField('课程'), reason: reasonField })
export const WatchCourse = z.object({ courseId: idField('课程') })

export const NoteProgress = z.object({
  courseId: idField('课程'),
  personId: idField('学员'),
  percent: z.number().min(0).max(100),
})
export const RateCourse = z.object({
  courseId: idField('课程'),
  stars: z.preprocess(
    (value) => (typeof value === 'string' ? Number(value) : value),
    z.int('请选择几颗星').min(1, '请选择几颗星').max(5),
  ),
  remark: z.string().trim().max(500, '评语不能超过500个字').default(''),
})
export const HideRemark = z.object({ courseId: idField('课程'), personId: idField('学员') })

export const complaintKinds = {
  'wrong-content': '内容有错误或过时',
  copyright: '侵犯著作权、肖像权或隐私',
  advertising: '有广告或引导付费',
  unlawful: '内容违法或不安全',
  hours: '课时与内容不符',
  access: '没有字幕、看不清或打不开',
  other: '其他',
} as const
export type ComplaintKind = keyof typeof complaintKinds
export const complaintStates = { open: '办理中', answered: '已答复' } as const
export type ComplaintState = keyof typeof complaintStates
export const findings = {
  confirmed: '情况属实，已处理',
  unfounded: '经核实不属实',
  'cannot-tell': '现有线索无法核实',
  'passed-on': '已转有权处理的部门',
} as const
export type Finding = keyof typeof findings

export const MakeComplaint = z.object({
  courseId: idField('课程'),
  kind: z.enum(Object.keys(complaintKinds) as [ComplaintKind, ...ComplaintKind[]], '请选择一类问题'),
  text: textField('情况', 2000, 10),
  contact: z.string().trim().max(60, '联系方式不能超过60个字').default(''),
})
export const AnswerComplaint = z.object({
  complaintId: idField('投诉'),
  finding: z.enum(Object.keys(findings) as [Finding, ...Finding[]], '请选择核查结果'),
  reply: textField('答复', 2000, 10),
})
