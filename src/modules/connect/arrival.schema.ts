import { z } from 'zod'

export const BeginLogin = z.object({
  platformId: z.uuid(),
  /** What ties the answer to this browser. */
  browser: z.string().min(20).max(200),
})

/** What a platform's message said, judged by `arrivalOf` after its signature was good. */
export const Arrive = z.object({
  state: z.string().min(20).max(200),
  platformId: z.uuid(),
  kind: z.enum(['resource', 'deep-linking']),
  subject: z.string().min(1).max(255),
  teaches: z.boolean(),
  deploymentId: z.string().min(1).max(255),
  resourceLinkId: z.string().max(255).nullable(),
  courseId: z.uuid().nullable(),
  grades: z
    .object({ lineItem: z.string().nullable(), lineItems: z.string().nullable(), scopes: z.array(z.string()) })
    .nullable(),
  picking: z.object({ returnUrl: z.string(), data: z.string().nullable(), multiple: z.boolean() }).nullable(),
})
export type Arrive = z.output<typeof Arrive>

const code = z.string().min(20).max(200)
export const Enter = z.object({ code, browser: code, agree: z.boolean().default(false) })
export const AnswerPicking = z.object({
  code,
  browser: code,
  courseIds: z.array(z.uuid()).min(1).max(50),
  origin: z.url(),
})
export const EndLink = z.object({ id: z.uuid() })
