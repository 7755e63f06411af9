import { z } from 'zod'
import { keysOf } from '#modules/library/input.schema.ts'
import { scopeUrls } from './vocabulary.schema.ts'

export const GiveToken = z.object({
  toolId: z.uuid(),
  number: z.string().min(1).max(300),
  expiresAt: z.date(),
  scopes: z.array(z.enum(keysOf(scopeUrls))).min(1),
})
