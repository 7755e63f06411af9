import { z } from 'zod'
import { note, type Words } from './application.schema.ts'

const id = z.uuid('编号不对')
const picture = z.object({ name: z.string(), bytes: z.instanceof(Uint8Array) })
export const RecordVisit = z.object({
  applicationId: id,
  visitedOn: z.iso.date('核查日期请填日期，例如 2021-09-15'),
  checks: z.record(z.string(), z.unknown()).default({}),
  finding: z.enum(['pass', 'fail'], '请选择核查结论'),
  note: note(4, '核查情况'),
  companion: z.string().trim().max(60, '一同核查的人不能超过60个字').default(''),
  /** Of the phone that filled it in: the same visit sent again is the same visit. */
  clientKey: z.preprocess((value) => value || undefined, id.optional()),
  files: z
    .object({
      photos: z.array(picture).max(8, '现场照片最多8张').default([]),
      signature: picture.optional(),
      'companion-signature': picture.optional(),
    })
    .prefault({}),
})
export const OpenVisitFile = z.object({ fileId: id })
export const ConfirmVisit = z.object({ visitId: id })
export const Shortlist = z.object({
  callId: id,
  applicationIds: z.preprocess(
    (value) => (typeof value === 'string' ? [value] : (value ?? [])),
    z.array(id).min(1, '请至少选择一件').max(500),
  ),
  reason: z.string().trim().max(2000, '理由不能超过2000个字').default(''),
})

export const reasonText: Words = {
  'visit-open': () => ({ message: '已有一份核查记录等待另一人确认', remedy: '请由一同核查的另一人确认。' }),
  'own-visit': () => ({ message: '记录人不能自己确认', remedy: '现场核查要两人以上，请由另一人确认。' }),
  'visit-future': () => ({ message: '核查日期不能晚于今天', remedy: '请填写实际核查的日期。' }),
  'out-of-order': () => ({ message: '有得分更高的没有列入，需要写明理由', remedy: '请填写没有按得分次序的理由。' }),
  'beyond-share': ({ kind }) => ({
    message: `“${kind}”类人员超过规定的比例，需要写明理由`,
    remedy: '请调整名单，或者填写超过比例的理由。',
  }),
  'not-all-there': ({ count }) => ({
    message: `这次通知还有${count}件没有走到确定名单`,
    remedy: '请等全部评审、核查办结，再一次确定名单。',
  }),
  'list-changed': () => ({ message: '有申请的状态刚刚变了', remedy: '请刷新页面后重新选择。' }),
}
