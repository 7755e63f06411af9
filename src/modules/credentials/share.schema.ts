import { z } from 'zod'
import type { ReasonTexts } from '#modules/training/input.schema.ts'

/** For how long a share may be open, in days. */
export const shareDays = { '1': '1 天', '7': '7 天', '30': '30 天', '90': '90 天' } as const

/** So many links of one person may be open at a time. */
export const openShares = 20

const some = (what: string) =>
  z.preprocess(
    (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
    z.array(z.uuid(`请选择${what}`)).max(200, '一次最多选 200 项'),
  )

export const MakeShare = z
  .object({
    credentials: some('证书'),
    hours: some('班级'),
    showName: z.preprocess((value) => value === true || value === 'yes', z.boolean()),
    days: z.enum(Object.keys(shareDays) as [keyof typeof shareDays], '请选择公开多久'),
  })
  .refine((input) => input.credentials.length + input.hours.length > 0, {
    path: ['credentials'],
    error: '请至少选一张证书或一个班的课时',
  })
export const RevokeShare = z.object({ id: z.uuid('链接编号不对') })
export const CountOpening = z.object({ id: z.uuid() })

export type ShareState = 'open' | 'expired' | 'revoked'
export const shareStates: Record<ShareState, string> = { open: '公开中', expired: '已到期', revoked: '已收回' }

/** Reasons of shares in words. */
export const shareReasonText: ReasonTexts = {
  'already-revoked': () => ({ message: '这个链接已经收回', remedy: '请刷新页面查看。' }),
  'too-many': (f) => ({ message: `公开中的链接已有 ${f.limit} 个`, remedy: '请先收回不用的链接。' }),
}
