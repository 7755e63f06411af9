import { endClock, recordMove, startClock } from '#platform/casework.ts'
import { type Command, command } from '#platform/command.ts'
import { nextNumber } from '#platform/counters.ts'
import { missing, refused } from '#platform/errors.ts'
import { takeTurn } from '#platform/limits.ts'
import { newReceipt } from '#platform/receipts.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { contactContext, receiptContext, textContext } from './complaint.queries.ts'
import { figureToday } from './course.commands.ts'
import { courses } from './course.queries.ts'
import { AnswerComplaint, type ComplaintState, MakeComplaint } from './listing.schema.ts'

const perHour = { tries: 60, seconds: 3600 }

/**
 * Anybody complains about a published course, with or without a name; the clock of the answer starts. The code on the
 * receipt is told once and kept only as an index.
 * @clause L02
 */
export const makeComplaint: Command<typeof MakeComplaint, { complaintId: string; number: string; receipt: string }> =
  command({
    name: 'library.makeComplaint',
    permission: 'public',
    input: MakeComplaint,
    outcome: ({ complaintId, number }) => ({ complaintId, number }),
    async run(tx, input) {
      const course = await courses(tx.db).where('c.id', '=', input.courseId).executeTakeFirst()
      if (!course || course.currentVersionId === null) throw missing('course')
      const who = tx.actor.kind === 'anonymous' ? 'strangers' : tx.actor.id
      await takeTurn(tx.db, `course-complaint:${who}`, who === 'strangers' ? perHour : { ...perHour, tries: 5 })
      const receipt = newReceipt()
      const series = `KT${yearOf(dayOf(tx.now))}`
      const number = `${series}-${String(await nextNumber(tx, 'library', series)).padStart(4, '0')}`
      const { id } = await tx.db
        .insertInto('library.complaints')
        .values({
          number,
          course_id: course.id,
          kind: input.kind,
          text_sealed: tx.crypto.seal(input.text, textContext),
          contact_sealed: input.contact === '' ? null : tx.crypto.seal(input.contact, contactContext),
          receipt_index: tx.crypto.blindIndex(receipt, receiptContext),
          made_at: tx.now,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      tx.about('complaint', id)
      tx.about('course', course.id)
      const workdays = await figureToday(tx, 'LIB.complaintDays')
      if (workdays !== null)
        await startClock(tx, { kind: 'complaint', id, clock: 'objection', workdays, ruleId: 'L02' })
      await recordMove(tx, { kind: 'complaint', id, move: 'complain', from: '', to: 'open' })
      return { complaintId: id, number, receipt }
    },
  })

/** The answer is given once and stands. A confirmed one counts against the course the same night. @clause L02 */
export const answerComplaint: Command<typeof AnswerComplaint, { complaintId: string; state: ComplaintState }> = command(
  {
    name: 'library.answerComplaint',
    permission: 'library.manage',
    input: AnswerComplaint,
    async run(tx, input) {
      const row = await tx.db
        .selectFrom('library.complaints')
        .select(['id', 'course_id', 'state', 'answered_by_name'])
        .where('id', '=', input.complaintId)
        .forUpdate()
        .executeTakeFirst()
      if (!row) throw missing('complaint')
      tx.about('complaint', row.id)
      tx.about('course', row.course_id)
      if (row.state === 'answered') {
        throw refused({ clause: 'L02', reason: 'already-answered', facts: { by: row.answered_by_name } })
      }
      await tx.db
        .updateTable('library.complaints')
        .set({
          state: 'answered',
          finding: input.finding,
          reply: input.reply,
          answered_by: tx.actor.id,
          answered_by_name: tx.actor.name,
          answered_at: tx.now,
        })
        .where('id', '=', row.id)
        .execute()
      await endClock(tx, 'complaint', row.id, 'objection')
      await recordMove(tx, { kind: 'complaint', id: row.id, move: 'answer', from: 'open', to: 'answered' })
      return { complaintId: row.id, state: 'answered' }
    },
  },
)
