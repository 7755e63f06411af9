import { sql } from 'kysely'
import { z } from 'zod'
import type { Ctx } from '#platform/command.ts'
import { dayOf } from '#shared/dates.ts'
import { watchCourse } from './listing.commands.ts'
import { checkMedia } from './media.commands.ts'

const MediaPayload = z.object({ mediaId: z.uuid() })

export const jobs: Record<string, (ctx: Ctx, payload: unknown) => Promise<void>> = {
  'library.checkMedia': async (ctx, payload) => {
    await checkMedia(ctx, MediaPayload.parse(payload))
  },
  /** Goes on with files whose check was cut off. */
  'library.resumeChecks': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select id from library.media where state = 'checking' and created_at < ${ctx.now}::timestamptz - interval '5 minutes' limit 50
    `.execute(ctx.db)
    for (const { id } of rows) await checkMedia(ctx, { mediaId: id })
  },
  /** Looks at the listed courses for whom something may be due. @clause L02 */
  'library.watchAll': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select id from library.courses where state = 'trial'
        or (state = 'admitted' and (recheck_on <= ${dayOf(ctx.now)}::date or rating_count > 0 or subsidised
          or exists (select from library.conversions v where v.course_id = courses.id and v.state = 'in-force')
          or exists (select from library.complaints p where p.course_id = courses.id and p.finding = 'confirmed')))
    `.execute(ctx.db)
    for (const { id } of rows) await watchCourse(ctx, { courseId: id })
  },
}

export const timetable = { 'library.resumeChecks': '*/5 * * * *', 'library.watchAll': '20 17 * * *' }
