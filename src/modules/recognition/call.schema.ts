import { z } from 'zod'
import type { Words } from './application.schema.ts'

export const callStates = { draft: '草稿', published: '已发布', closed: '已截止', dropped: '已作废' } as const
export type CallState = keyof typeof callStates
const id = z.uuid('编号不对')
const day = (what: string) => z.iso.date(`${what}请填日期，例如 2021-09-15`)

export const DraftCall = z
  .object({
    scheme: z.string('请选择认定项目').min(1, '请选择认定项目').max(60),
    title: z.string('请填写通知标题').trim().min(4, '请填写通知标题，至少4个字').max(120, '标题不能超过120个字'),
    announcement: z
      .string('请填写通知正文')
      .trim()
      .min(10, '请填写通知正文，至少10个字')
      .max(4000, '通知正文不能超过4000个字'),
    opensOn: day('开始日期'),
    closesOn: z.preprocess((value) => value || null, day('截止日期').nullable()),
  })
  .refine((input) => input.closesOn === null || input.closesOn >= input.opensOn, {
    path: ['closesOn'],
    error: '截止日期不能早于开始日期',
  })
export const ChooseCall = z.object({ callId: id })

export const reasonText: Words = {
  'scheme-unknown': () => ({ message: '计划里没有这个认定项目', remedy: '请从列表中选择。' }),
  'call-state': () => ({ message: '通知已经发布或者作废', remedy: '请刷新页面。' }),
  'own-call': () => ({ message: '起草人不能自己发布', remedy: '请由局领导发布。' }),
}

/** What the seed of a call's draws is sealed for. */
export const seedContext = 'recognition.seed'
