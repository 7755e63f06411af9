import { z } from 'zod'
import { reasonText as courseReasons } from './course-reasons.schema.ts'
import { idField, listOf, type ReasonTexts, textField, wholeField } from './input.schema.ts'

export const roundKinds = { admission: '首次入库', 'new-version': '新版本', recheck: '到期复审' } as const
export type RoundKind = keyof typeof roundKinds
export const roundStates = {
  waiting: '等待评审人',
  'under-review': '评审中',
  decided: '已有结论',
  'called-back': '已撤回',
} as const
export type RoundState = keyof typeof roundStates
export const outcomes = { pass: '通过', return: '退回修改', reject: '不予入库' } as const
export type Outcome = keyof typeof outcomes

export const scoreWords = ['0 没有', '1 差', '2 勉强', '3 合格', '4 好', '5 很好'] as const

export const TakeReview = z.object({ roundId: idField('评审') })
export const PutBackReview = z.object({ roundId: idField('评审'), reason: textField('理由', 500, 4) })
export const GiveReview = z.object({
  roundId: idField('评审'),
  /** Criterion → 0–5. */
  scores: z.record(z.string(), wholeField('分数', 0, 5)).default({}),
  remarks: z.record(z.string(), z.string().trim().max(1000, '意见不能超过1000个字')).default({}),
  vetoes: listOf(z.string().max(40), 20),
  opinion: textField('总的意见', 4000, 10),
})
export const OpenRecheck = z.object({ courseId: idField('课程') })

export const reasonText: ReasonTexts = {
  ...courseReasons,
  'round-closed': () => ({ message: '这一轮评审已经结束', remedy: '请返回列表，评审其他课程。' }),
  'seats-taken': () => ({ message: '这一轮已有两名评审人', remedy: '请返回列表，评审其他课程。' }),
  'own-organisation': () => ({ message: '您与课程提供单位是同一单位', remedy: '请由其他单位的评审人评审。' }),
  'same-affiliation': (f) => ({
    message: `${f.name}与您同一单位，已在评审这门课程`,
    remedy: '两名评审人须来自不同单位，请评审其他课程。',
  }),
  'own-submission': () => ({ message: '不能评审自己提交的课程', remedy: '请由其他评审人评审。' }),
  'already-given': () => ({ message: '您的评审意见已经提交，不能再改', remedy: '请等待另一名评审人。' }),
  'not-taken': () => ({ message: '您还没有领取这门课程的评审', remedy: '请先领取。' }),
  'no-standard': () => ({ message: '当天没有生效的入库标准', remedy: '请先在计划目录里写明入库标准和生效日期。' }),
}
