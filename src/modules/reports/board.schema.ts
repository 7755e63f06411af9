import { z } from 'zod'
import type { CountingBasis } from '#policy/plan.types.ts'
import { type Day, isDay } from '#shared/units.ts'

/** From which day the cumulative series runs (D-01). */
export const seriesTexts = {
  plan: '计划期累计',
  action: '自2019年起累计',
  year: '当年',
} as const
export type Series = keyof typeof seriesTexts

/** Of-which rows. They overlap and are never added up. */
export const dimensions = {
  programme: '按培训项目',
  group: '按重点群体',
  venue: '按培训地点所在街道',
  employer: '按用人单位所在街道',
  residence: '按学员居住街道',
  industry: '按行业',
} as const
export type Dimension = keyof typeof dimensions

/** Which of-which row answers the territory question (D-02). Where somebody is insured is not on record. */
export const territoryOf: Record<string, Dimension | null> = {
  venue: 'venue',
  employer: 'employer',
  residence: 'residence',
  insured: null,
}

const blank = (value: unknown) => (value === '' || value === null ? undefined : value)
const day = z.preprocess(
  blank,
  z.custom<Day>((v) => typeof v === 'string' && isDay(v), { error: '日期写作 2021-09-15' }).optional(),
)
const basis = z.enum(['enrolled', 'completedAndPassed', 'subsidyPaid'] satisfies CountingBasis[], '请选择计数口径')

/** What a board may be asked for in its address. Anything else falls back to the default. */
export const BoardFilter = z.object({
  asOf: day.catch(undefined),
  /** Show what was known at the end of this day. */
  known: day.catch(undefined),
  basis: z.preprocess(blank, basis.optional()).catch(undefined),
  series: z.preprocess(blank, z.enum(['plan', 'action', 'year']).optional()).catch(undefined),
})
export type BoardFilter = z.infer<typeof BoardFilter>

export const EventFilter = z.object({
  basis: z.preprocess(blank, basis.optional()).catch(undefined),
  month: z
    .preprocess(
      blank,
      z
        .string()
        .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
        .optional(),
    )
    .catch(undefined),
  dimension: z
    .preprocess(blank, z.enum(['programme', 'group', 'venue', 'employer', 'residence', 'industry']).optional())
    .catch(undefined),
  key: z.string().max(120).optional().catch(undefined),
  classId: z.preprocess(blank, z.uuid().optional()).catch(undefined),
  /** Only what was recorded after this day: the difference that a board of an earlier knowledge shows. */
  since: day.catch(undefined),
  asOf: day.catch(undefined),
  cursor: z.string().max(200).optional().catch(undefined),
})
export type EventFilter = z.infer<typeof EventFilter>

/** How far knowledge reached: up to an instant (a board of that day), or up to rows (a frozen report). */
export type Known = { at?: Date; throughEvent?: number; throughStatistic?: number }
