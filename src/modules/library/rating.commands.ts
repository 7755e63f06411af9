import { sql } from 'kysely'
import { type Command, command } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { figureToday, lockCourse } from './course.commands.ts'
import { listed } from './course.rules.ts'
import { HideRemark, NoteProgress, RateCourse } from './listing.schema.ts'

/**
 * How much of a course somebody has learnt. Called by whoever counts hours, inside the transaction that counts them; it
 * only ever grows.
 * @clause L04
 */
export const noteProgress: Command<typeof NoteProgress, { courseId: string }> = command({
  name: 'library.noteProgress',
  permission: 'library.manage',
  input: NoteProgress,
  async run(tx, { courseId, personId, percent }) {
    tx.about('course', courseId)
    await sql`
      insert into library.progress as p (course_id, person_id, percent, updated_at) values (${courseId}, ${personId}, ${percent}, ${tx.now})
      on conflict (course_id, person_id) do update set percent = greatest(p.percent, excluded.percent), updated_at = excluded.updated_at
    `.execute(tx.db)
    return { courseId }
  },
})

/**
 * One rating a person and course, which he may change; only after so many percent learnt, and not for one's own
 * organisation's course.
 * @clause L04
 */
export const rateCourse: Command<typeof RateCourse, { courseId: string }> = command({
  name: 'library.rate',
  permission: 'self.rate',
  input: RateCourse,
  async run(tx, input) {
    const personId = tx.actor.onBehalfOf?.personId ?? tx.actor.personId
    if (!personId) throw missing('person')
    const record = await lockCourse(tx, input.courseId, 'self.rate')
    if (!listed.includes(record.state)) throw missing('course')
    if (tx.actor.holdings.some(({ organisationId }) => organisationId === record.organisationId)) {
      throw refused({ clause: 'L04', reason: 'own-course', facts: {} })
    }
    const progress = await tx.db
      .selectFrom('library.progress')
      .select('percent')
      .where('course_id', '=', record.id)
      .where('person_id', '=', personId)
      .executeTakeFirst()
    if (!progress) throw refused({ clause: 'L04', reason: 'not-learning', facts: {} })
    const percent = (await figureToday(tx, 'LIB.rateAfterPercent')) ?? 0
    if (progress.percent < percent) {
      throw refused({
        clause: 'L04',
        reason: 'rate-too-early',
        facts: { percent, learnt: Math.floor(progress.percent) },
      })
    }
    await sql`
      insert into library.ratings (course_id, person_id, stars, remark, rated_at) values (${record.id}, ${personId}, ${input.stars}, ${input.remark}, ${tx.now})
      on conflict (course_id, person_id) do update set stars = excluded.stars, remark = excluded.remark, rated_at = excluded.rated_at, hidden_at = null
    `.execute(tx.db)
    return { courseId: record.id }
  },
})

/** Hides insulting words; the stars go on counting. @clause L04 */
export const hideRemark: Command<typeof HideRemark, { courseId: string }> = command({
  name: 'library.hideRemark',
  permission: 'library.manage',
  input: HideRemark,
  async run(tx, { courseId, personId }) {
    const done = await tx.db
      .updateTable('library.ratings')
      .set({ hidden_at: tx.now })
      .where('course_id', '=', courseId)
      .where('person_id', '=', personId)
      .returning('course_id')
      .executeTakeFirst()
    if (!done) throw missing('rating')
    tx.about('course', courseId)
    return { courseId }
  },
})
