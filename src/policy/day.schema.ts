import { z } from 'zod'
import { type Day, isDay } from '#shared/units.ts'

/** A calendar day in a plan file. */
export const dayField = z.custom<Day>((value) => typeof value === 'string' && isDay(value), {
  error: '须为真实日期，格式 YYYY-MM-DD',
})
