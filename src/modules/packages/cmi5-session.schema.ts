import { z } from 'zod'
import { idField, keysOf } from '#modules/library/input.schema.ts'
import type { Statement, Version } from '#modules/records/statement.schema.ts'

export const LaunchAu = z.object({
  launchId: z.uuid(),
  /** The public address of this installation: the home of its accounts. */
  home: z.url(),
  /** Where the AU is, without the parameters of the launch. */
  address: z.url(),
  returnAddress: z.url(),
})
export const FetchToken = z.object({ launchId: z.uuid() })
export const TellStatements = z.object({
  launchId: z.uuid(),
  version: z.custom<Version>((value) => value === '1.0.3' || value === '2.0.0'),
  statements: z.custom<Statement[]>((value) => Array.isArray(value)),
  files: z.custom<{ sha2: string; mediaType: string; content: Uint8Array }[]>((value) => Array.isArray(value)),
})

/** Why an AU is spared (section 9.5.5.2), in the words of the standard and in ours. */
export const waiveReasons = {
  'Tested Out': '已通过测验',
  'Equivalent AU': '已学过本课程中相当的单元',
  'Equivalent Outside Activity': '已在别处学过相当的内容',
  Administrative: '管理人员免修',
} as const
export const WaiveUnit = z.object({
  registrationId: idField('选课'),
  itemId: idField('课程内容'),
  unitId: z.string().min(1, '请选择单元').max(4000),
  reason: z.enum(keysOf(waiveReasons), '请选择理由'),
  home: z.url(),
})
