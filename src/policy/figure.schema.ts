import { z } from 'zod'
import { dayField as day } from './day.schema.ts'

const text = z.string().trim().min(1)
export const figureId = z.string().regex(/^[A-Za-z][A-Za-z0-9-]*(\.[A-Za-z0-9-]+)+$/, {
  error: '参数编号形如 R04.rate',
})

/** Source tags that are not a document: our own inference, common knowledge, searched and not found. */
export const noDocument = ['INF', 'GK', 'not-found'] as const

const entry = z.strictObject({
  from: day,
  /** Last day, inclusive; null while no end is known. */
  to: day.nullable(),
  value: z.number().nullable(),
  source: text,
  /** Says "not settled" although a source exists (for example an undated guide). */
  decided: z.literal(false).optional(),
  note: text.optional(),
})

export const figuresFile = z.strictObject({
  figures: z.array(
    z.strictObject({
      id: figureId,
      label: text,
      unit: z.enum([
        'fen',
        'fen/person',
        'fen/person/class-hour',
        'fen/person/year',
        'minutes',
        'seconds',
        'class-hours',
        'class-hours/day',
        'days',
        'day-of-month',
        'workdays',
        'months',
        'years',
        'percent',
        'score',
        'count',
        'persons',
        'square-metres',
      ]),
      scope: z.enum(['national', 'province', 'city', 'district', 'platform']),
      /** `operational`: needed by the software, given by no source; the bureau may set it. */
      kind: z.enum(['sourced', 'operational']),
      series: z.array(entry).min(1),
      /** What another place does. Shown to the bureau, never used in arithmetic. */
      hint: z.strictObject({ value: z.number(), source: text, where: text }).optional(),
      note: text.optional(),
    }),
  ),
})

export const sourcesFile = z.strictObject({
  sources: z.array(
    z.strictObject({
      id: text,
      title: text,
      level: z.enum(['national', 'province', 'city', 'district', 'other-district', 'other-city', 'secondary']),
      year: z.int().min(1949).max(2100).nullable(),
      url: z.url().nullable(),
      mirror: z.boolean(),
    }),
  ),
})
