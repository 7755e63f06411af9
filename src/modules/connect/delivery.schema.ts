import { z } from 'zod'

export const QueueDeliveries = z.object({})
export const NoteDelivery = z.object({
  deliveryId: z.uuid(),
  tries: z.int().min(0),
  came: z.enum(['sent', 'later', 'refused']),
  answer: z.string().max(500),
  lineItemUrl: z.string().nullable(),
})
export const Sweep = z.object({})
