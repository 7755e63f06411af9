import { z } from 'zod'
import { reasonField } from '#modules/library/input.schema.ts'

export const RotateKey = z.object({})
export const WithdrawKey = z.object({ reason: reasonField })

export const keyStates = { active: '签名中', retired: '已更换，仍可查验', withdrawn: '已作废' } as const
export type KeyState = keyof typeof keyStates
