import { z } from 'zod'
import { optional, personFields, reasonField } from '#modules/people/person.schema.ts'

export const accountKinds = { person: '劳动者', staff: '单位人员', official: '工作人员' } as const
export const identityLevels = { none: '未实名', declared: '已填报', verified: '已核验' } as const

const username = z
  .string('请填写登录名')
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9._-]{3,30}$/, '登录名为3至30位小写字母、数字、点、横线或下划线')

export const ClaimIdentity = z.object({
  name: personFields.name,
  documentKind: personFields.documentKind,
  documentNumber: personFields.documentNumber,
})

export const CreateOfficial = z.object({
  username,
  name: personFields.name,
  documentKind: personFields.documentKind,
  documentNumber: personFields.documentNumber,
  phone: personFields.phone,
})

export const AccountAndReason = z.object({ accountId: z.uuid('请选择账号'), reason: reasonField })
export const DecideReset = z.object({ requestId: z.uuid('请选择重置申请') })
export const SessionChoice = z.object({ sessionId: z.uuid('请选择登录记录') })

/** A role and where it is held; the district's own roles are held nowhere in particular. */
export const Place = z.object({
  role: z.string('请选择角色').min(1, '请选择角色').max(40),
  organisationId: optional(z.uuid('请选择单位')),
  body: optional(z.string().max(60)),
  subdistrict: optional(z.string().regex(/^\d{9}$/, '请选择街道')),
})
export type Place = z.infer<typeof Place>

/** Everything about a new account at once: for the installer, the demonstration district and tests. */
export const CreateAccount = z.object({
  kind: z.enum(['person', 'staff', 'official']),
  person: z.object(personFields),
  username: username.optional(),
  password: z.string().min(12).max(128).optional(),
  /** Raw secret of the one-time password; known beforehand only in a demonstration. */
  totpSecret: z.string().min(16).max(64).optional(),
  identity: z.enum(['declared', 'verified']).default('verified'),
  roles: z.array(Place).default([]),
})

export const FirstAdmins = z.object({ admins: z.array(CreateOfficial).length(2, '要两名安全管理员，互相批准') })
