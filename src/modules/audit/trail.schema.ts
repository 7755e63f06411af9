import { z } from 'zod'

/** One line of an exported trail. `text` is what the hash covers; the other fields are the same facts, for reading. */
export const TrailLine = z.object({
  seq: z.number().int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  id: z.uuid(),
  at: z.string(),
  actor: z.string(),
  command: z.string(),
  subjects: z.array(z.string()),
  text: z.string(),
})
export type TrailLine = z.infer<typeof TrailLine>

export const TrailFilter = z.object({
  subject: z.string().trim().max(120).optional(),
  actor: z.string().trim().max(120).optional(),
  command: z.string().trim().max(80).optional(),
  from: z.iso.date('日期写作 2021-09-15').optional(),
  to: z.iso.date('日期写作 2021-09-15').optional(),
  cursor: z.string().max(200).optional(),
})
export type TrailFilter = z.infer<typeof TrailFilter>

export const ExportTrail = z.object({
  reason: z
    .string('请写明导出理由')
    .trim()
    .min(4, '请写明导出理由，至少 4 个字')
    .max(500, '理由太长，请缩短到 500 字以内'),
})
