import { sql } from 'kysely'
import { ownPerson } from '#modules/training/enrolment.commands.ts'
import { type Command, command } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { examItem } from './exam.queries.ts'
import { GradeAssignment, SubmitAssignment } from './exam.schema.ts'

/** Hands an assignment in; again only after it was marked and did not pass. @clause HZ4-M13 */
export const submitAssignment: Command<typeof SubmitAssignment, { submissionId: string; number: number }> = command({
  name: 'learning.submitAssignment',
  permission: 'self.check-in',
  input: SubmitAssignment,
  async run(tx, { registrationId, itemId, text }) {
    const personId = ownPerson(tx)
    const item = await examItem(tx.db, personId, registrationId, itemId)
    if (item?.kind !== 'assignment') throw missing('item')
    await sql`select pg_advisory_xact_lock(hashtextextended(${registrationId}, 22))`.execute(tx.db)
    const { rows } = await sql<{ number: number; passed: boolean | null }>`
      select s.number, g.passed from learning.submissions s left join learning.gradings g on g.submission_id = s.id
      where s.registration_id = ${registrationId} and s.item_id = ${itemId} order by s.number desc`.execute(tx.db)
    if (rows.some((row) => row.passed)) throw refused({ clause: 'HZ4-M13', reason: 'assignment-passed', facts: {} })
    if (rows[0]?.passed === null) throw refused({ clause: 'HZ4-M13', reason: 'assignment-waits', facts: {} })
    const number = (rows[0]?.number ?? 0) + 1
    const { id } = await tx.db
      .insertInto('learning.submissions')
      .values({ registration_id: registrationId, person_id: personId, item_id: itemId, number, text, at: tx.now })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('submission', id)
    tx.about('registration', registrationId)
    return { submissionId: id, number }
  },
})

/** The provider's teacher says whether it will do, and why; once. @clause HZ4-M13 */
export const gradeAssignment: Command<typeof GradeAssignment, { submissionId: string; passed: boolean }> = command({
  name: 'learning.gradeAssignment',
  permission: 'score.enter',
  input: GradeAssignment,
  async run(tx, { submissionId, passed, remark }) {
    const row = await tx.db
      .selectFrom('learning.submissions as s')
      .innerJoin('learning.registrations as r', 'r.id', 's.registration_id')
      .innerJoin('library.courses as c', 'c.id', 'r.course_id')
      .select(['c.organisation_id as organisationId', 's.person_id as personId', 'r.id as registrationId'])
      .where('s.id', '=', submissionId)
      .executeTakeFirst()
    if (!row || !tx.actor.can('score.enter', { organisationId: row.organisationId })) throw missing('submission')
    if (row.personId === tx.actor.personId) throw missing('submission')
    tx.about('submission', submissionId)
    tx.about('registration', row.registrationId)
    const made = await tx.db
      .insertInto('learning.gradings')
      .values({ submission_id: submissionId, passed, remark, by_user: tx.actor.id, by_name: tx.actor.name, at: tx.now })
      .onConflict((c) => c.doNothing())
      .returning('submission_id')
      .executeTakeFirst()
    if (!made) throw refused({ clause: 'HZ4-M13', reason: 'assignment-graded', facts: {} })
    return { submissionId, passed }
  },
})
