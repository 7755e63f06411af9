import { z } from 'zod'
import type { ReasonTexts } from '#modules/training/input.schema.ts'

export const keyStates = {
  proposed: '待批准',
  active: '签名中',
  retired: '已停用，仍可查验',
  withdrawn: '已作废，不再可信',
  rejected: '未批准',
} as const
export type KeyState = keyof typeof keyStates

export const keyReasons = {
  first: '安装时生成',
  routine: '定期更换',
  compromised: '原密钥可能泄露',
} as const
export type KeyReason = keyof typeof keyReasons

export const ProposeKey = z.object({
  reason: z.enum(['routine', 'compromised'], '请选择更换的原因'),
  note: z.string('请写明依据').trim().min(4, '请写明依据，至少4个字').max(500, '依据太长，请缩短到500字以内'),
})
export const DecideKey = z.object({ id: z.uuid('密钥编号不对') })
export const FirstKey = z.object({})

export const keyReasonText: ReasonTexts = {
  'already-proposed': (f) => ({ message: `${f.by}提出的新密钥在等批准`, remedy: '请先批准或退回，再提新的。' }),
  'same-person': () => ({ message: '提出人不能批准自己的密钥', remedy: '请换另一位有批准权限的人处理。' }),
  'wrong-state': () => ({ message: '这个密钥已经处理过了', remedy: '请刷新页面看最新结果。' }),
}
