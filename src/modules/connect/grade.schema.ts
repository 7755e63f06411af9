import { z } from 'zod'

const instant = z.iso.datetime({ offset: true })
const day = z.union([instant, z.literal('').transform(() => null), z.null()])

/** A line item as a tool writes it. Members that we do not know are passed over, as the document asks. */
export const LineItemBody = z.object({
  scoreMaximum: z.number().positive().max(1_000_000),
  label: z.string().trim().min(1).max(200),
  resourceLinkId: z.string().max(255).optional(),
  resourceId: z.string().max(255).default(''),
  tag: z.string().max(255).default(''),
  startDateTime: day.optional(),
  endDateTime: day.optional(),
})
export type LineItemBody = z.output<typeof LineItemBody>

export const ScoreBody = z
  .object({
    userId: z.string().min(1).max(255),
    scoreGiven: z.number().min(0).max(1_000_000).optional(),
    scoreMaximum: z.number().positive().max(1_000_000).optional(),
    activityProgress: z.enum(['Initialized', 'Started', 'InProgress', 'Submitted', 'Completed']),
    gradingProgress: z.enum(['FullyGraded', 'Pending', 'PendingManual', 'Failed', 'NotReady']),
    timestamp: instant,
    comment: z.string().max(2000).default(''),
  })
  .refine((score) => score.scoreGiven === undefined || score.scoreMaximum !== undefined, {
    path: ['scoreMaximum'],
    message: 'is required with scoreGiven',
  })

const place = { toolId: z.uuid(), courseId: z.uuid() }
export const MakeLineItem = z.object({ ...place, item: LineItemBody })
export const ChangeLineItem = z.object({ ...place, lineItemId: z.uuid(), item: LineItemBody })
export const RemoveLineItem = z.object({ ...place, lineItemId: z.uuid() })
export const TakeScore = z.object({ ...place, lineItemId: z.uuid(), score: ScoreBody })
export const NameMembers = z.object(place)

export type LineItem = {
  id: string
  linkId: string | null
  label: string
  maximum: number
  resourceId: string
  tag: string
  startsAt: Date | null
  endsAt: Date | null
}

export const gradingLabels: Record<string, string> = {
  FullyGraded: '已评定',
  Pending: '等待评定',
  PendingManual: '等待人工评定',
  Failed: '评定失败',
  NotReady: '还没有成绩',
}
export const activityLabels: Record<string, string> = {
  Initialized: '已打开',
  Started: '已开始',
  InProgress: '进行中',
  Submitted: '已提交',
  Completed: '已完成',
}
