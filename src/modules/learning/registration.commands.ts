import { sql } from 'kysely'
import { ownPerson } from '#modules/training/enrolment.commands.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { Register } from './registration.schema.ts'

export type Registered = { registrationId: string; already: boolean }

/**
 * Begins a course of the library: for a class with online hours that one is enrolled in, or for oneself. Begun twice it is
 * one registration, on the version that was current at first.
 * @clause HZ4-M13 R01
 */
export const register: Command<typeof Register, Registered> = command({
  name: 'learning.register',
  permission: 'self.check-in',
  input: Register,
  async run(tx, input) {
    const personId = ownPerson(tx)
    const course = await tx.db
      .selectFrom('library.courses')
      .select(['id', 'current_version_id', 'state'])
      .where('id', '=', input.courseId)
      .executeTakeFirst()
    if (!course) throw missing('course')
    tx.about('course', course.id)
    tx.about('person', personId)
    const found = await own(tx, personId, input)
    if (found) return { registrationId: found, already: true }
    if (!course.current_version_id || !['trial', 'admitted'].includes(course.state)) {
      throw refused({ clause: 'HZ4-M13', reason: 'course-not-open', facts: {} })
    }
    const classId = input.enrolmentId ? await mustTakeOnline(tx, personId, input.enrolmentId) : null
    await tx.db
      .insertInto('learning.registrations')
      .values({
        person_id: personId,
        course_id: course.id,
        version_id: course.current_version_id,
        enrolment_id: input.enrolmentId ?? null,
        class_id: classId,
        registered_at: tx.now,
      })
      .onConflict((c) => c.doNothing())
      .execute()
    const made = await own(tx, personId, input)
    if (!made) throw missing('registration')
    return { registrationId: made, already: false }
  },
})

async function own(tx: Tx, personId: string, input: { courseId: string; enrolmentId?: string | undefined }) {
  const { rows } = await sql<{ id: string }>`select id from learning.registrations where person_id = ${personId}
    and course_id = ${input.courseId} and enrolment_id is not distinct from ${input.enrolmentId ?? null}::uuid`.execute(
    tx.db,
  )
  return rows[0]?.id
}

/** The class of one's own enrolment, if it takes online hours. */
async function mustTakeOnline(tx: Tx, personId: string, enrolmentId: string): Promise<string> {
  const row = await tx.db
    .selectFrom('training.enrolments as e')
    .innerJoin('training.classes as c', 'c.id', 'e.class_id')
    .select(['c.id', 'c.mode', 'c.title', 'e.state'])
    .where('e.id', '=', enrolmentId)
    .where('e.person_id', '=', personId)
    .executeTakeFirst()
  if (!row) throw missing('enrolment')
  if (row.mode === 'offline') {
    throw refused({ clause: 'HZ4-M13', reason: 'class-takes-no-online', facts: { title: row.title } })
  }
  if (row.state !== 'enrolled') throw refused({ clause: 'R01', reason: 'enrolment-over', facts: {} })
  return row.id
}
