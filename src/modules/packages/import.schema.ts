import { z } from 'zod'
import { idField, optionalText, textField } from '#modules/library/input.schema.ts'
import type { Fault } from './archive.schema.ts'
import { type PackageFound, packageKinds } from './package.schema.ts'

export const packageStates = {
  checking: '正在检查',
  checked: '检查通过，等待确认',
  refused: '没有通过检查',
  importing: '正在导入',
  ready: '可以使用',
  discarded: '已放弃',
} as const
export type PackageState = keyof typeof packageStates

export const PackageStep = z.object({ packageId: idField('课件包') })
export const ReceivePackage = z.object({ mediaId: idField('文件') })
export const ConfirmPackage = z.object({
  packageId: idField('课件包'),
  /** Only for questions: the group of the bank that they go to. */
  pool: optionalText('题库分组', 60),
})
const kinds = Object.keys(packageKinds) as [PackageFound['kind'], ...PackageFound['kind'][]]
export const SettleCheck = z.object({
  packageId: idField('课件包'),
  kind: z.enum(kinds).nullable(),
  title: z.string().max(400),
  found: z.custom<PackageFound | null>((value) => value === null || typeof value === 'object'),
  faults: z.custom<Fault[]>((value) => Array.isArray(value)),
})
export const SettleImport = z.object({ packageId: idField('课件包') })
export const AddQuestions = z.object({ packageId: idField('课件包'), pool: textField('题库分组', 60) })
