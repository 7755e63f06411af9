import { z } from 'zod'

/** Shapes that many endpoints share, described for the document. */
export const id = z.uuid().describe('编号（UUID）')
export const day = z.iso.date().describe('日期，如 2021-09-15')
export const instant = z.iso.datetime().describe('时刻，UTC')
export const time = z.string().describe('时间，如 09:00（广州）')
export const text = z.string()
export const count = z.int()

export const PageQuery = z.object({ cursor: z.string().max(2000).optional().describe('上一页的 next') })

export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable().describe('下一页的 cursor；null 表示没有了') })

/** A page of rows as the API gives it. */
export const paged = <T>({ rows, next }: { rows: readonly T[]; next: string | null }) => ({ items: rows, next })
/** A list that is never long enough for pages. */
export const whole = <T>(items: readonly T[]) => ({ items, next: null })

export const ClassParams = z.object({ classId: id })
export const SessionParams = z.object({ sessionId: id })
