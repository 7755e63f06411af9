import { z } from 'zod'
import { idField } from '#modules/library/input.schema.ts'

export const OpenTool = z.object({ registrationId: idField('课程'), itemId: idField('内容') })
export const PickInTool = z.object({ courseId: idField('课程'), toolId: idField('外部工具') })

/** What a tool asks at the authorization address, once its form was judged. */
export const FulfilLaunch = z.object({
  token: z.string().min(20).max(200),
  clientId: z.string().max(255),
  loginHint: z.string().max(255),
  redirectUri: z.string().max(1000),
  nonce: z.string().min(1).max(1000),
  origin: z.url(),
})

export const TakePicked = z.object({
  launchId: z.uuid(),
  toolId: z.uuid(),
  /** Number of the message and when it runs out: it is taken once. */
  number: z.string().min(1).max(300),
  expiresAt: z.date(),
  items: z.unknown(),
})

export type LaunchSeed = { token: string; launchId: string }
