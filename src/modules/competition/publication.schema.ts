import { z } from 'zod'
import { idField, note, type Words } from './event.schema.ts'

export const Publicise = z.object({
  eventId: idField,
  title: z.string('请填写公示标题').trim().min(4, '请填写公示标题，至少4个字').max(120, '标题不能超过120个字'),
})
export const objectionReasons = {
  'not-eligible': '选手不符合参赛条件',
  'not-himself': '冒名顶替',
  'judged-unfairly': '评分不公',
  cheated: '比赛中作弊',
  other: '其他',
} as const
export type ObjectionReason = keyof typeof objectionReasons
export const objectionStates = { open: '办理中', upheld: '异议成立', dismissed: '异议不成立' } as const
export type ObjectionState = keyof typeof objectionStates
export const LodgeObjection = z.object({
  rowId: z.uuid('请从公示名单中选择一行'),
  reason: z.enum(Object.keys(objectionReasons) as [ObjectionReason, ...ObjectionReason[]], '请选择异议理由'),
  text: note('情况', 10, 2000),
  contact: z.string().trim().max(60, '联系方式不能超过60个字').default(''),
})
export const DecideObjection = z.object({
  objectionId: idField,
  outcome: z.enum(['upheld', 'dismissed'], '请选择异议是否成立'),
  reply: note('答复', 10, 2000),
})
export const ReadReply = z.object({ receipt: z.string('请填写回执码').trim().min(1, '请填写回执码').max(40) })
export const ClosePublication = z.object({ publicationId: idField })
export const RecommendUpward = z.object({
  entryId: idField,
  target: z.string('请选择推荐到哪一级').min(1, '请选择推荐到哪一级').max(60),
  note: z.string().trim().max(1000, '说明不能超过1000个字').default(''),
})

export const reasonText: Words = {
  'nothing-listed': () => ({
    message: '没有进入名次的选手，不能公示',
    remedy: '请核对成绩；没有人合格的，请领导取消竞赛。',
  }),
  'objection-open': ({ count }) => ({ message: `还有${count}件异议没有办结`, remedy: '请先办结异议。' }),
  'list-closed': () => ({ message: '公示期已结束，不能再提出异议', remedy: '发现问题仍可随时“举报与投诉”。' }),
  'objection-decided': () => ({ message: '这件异议已经办结', remedy: '请返回列表办理下一件。' }),
  'objection-own': () => ({ message: '您参与过这场竞赛，不能办理异议', remedy: '请由没有参与的人员办理。' }),
  'receipt-unknown': () => ({ message: '没有这个回执码', remedy: '请核对回执码，字母不分大小写。' }),
  'target-unknown': () => ({ message: '不能推荐到这一级', remedy: '请从列表中选择。' }),
  'not-winner': () => ({ message: '没有获奖，不能推荐', remedy: '推荐获奖的选手和团队。' }),
  'recommended-already': () => ({ message: '已经推荐过', remedy: '不需要再推荐。' }),
}
