import { z } from 'zod'
import { reasonField, text } from '#modules/people/person.schema.ts'

export const forwardStates = { running: '正在转发', stopped: '已停止' } as const

export const StartForward = z.object({
  organisationId: z.uuid('请选择单位'),
  name: text('名称', 60),
  endpoint: z.string('请填写转发地址').trim().max(500, '转发地址太长'),
  key: text('对方的 key', 200),
  secret: text('对方的 secret', 200),
  /** From the beginning, or only what comes from now on. */
  from: z.enum(['beginning', 'now'], '请选择从何时起转发'),
})

export const StopForward = z.object({ forwardId: z.uuid('请选择转发'), reason: reasonField })

/** What came of one batch, told by the sender. */
export const Advance = z.object({
  forwardId: z.uuid(),
  /** Where the batch began: another worker may have been faster. */
  from: z.object({ stored: z.date(), seq: z.number().int() }),
  to: z.object({ stored: z.date(), seq: z.number().int() }),
  sent: z.number().int().min(0),
  letters: z.array(z.object({ statementId: z.uuid(), status: z.number().int(), answer: z.string().max(500) })),
  failure: z.string().max(500).nullable(),
})
export type Advance = z.output<typeof Advance>
