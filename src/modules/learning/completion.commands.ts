import { z } from 'zod'
import { ownPerson } from '#modules/training/enrolment.commands.ts'
import { idField } from '#modules/training/input.schema.ts'
import { type Command, command } from '#platform/command.ts'
import { refused } from '#platform/errors.ts'
import { coursePage } from './course.queries.ts'

const Complete = z.object({ registrationId: idField('课程') })

/**
 * Declares a course learnt when everything that it asks for is there; refuses with the first things that are not. Declared
 * twice, the first stands.
 * @clause HZ4-M13
 */
export const completeCourse: Command<typeof Complete, { registrationId: string; already: boolean }> = command({
  name: 'learning.complete',
  permission: 'self.check-in',
  input: Complete,
  async run(tx, { registrationId }) {
    const page = await coursePage(tx.db, ownPerson(tx), registrationId)
    tx.about('registration', registrationId)
    tx.about('course', page.courseId)
    if (page.completedAt) return { registrationId, already: true }
    const open = page.requirements.filter((one) => !one.met)
    if (open.length > 0) {
      const list = open.slice(0, 3).map((one) => `“${one.title}”要${one.needed}，${one.found}`)
      throw refused({
        clause: 'HZ4-M13',
        reason: 'not-complete',
        facts: { count: open.length, list: list.join('；') },
      })
    }
    const made = await tx.db
      .insertInto('learning.completions')
      .values({ registration_id: registrationId, at: tx.now, explanation: JSON.stringify(page.requirements) })
      .onConflict((c) => c.doNothing())
      .returning('registration_id')
      .executeTakeFirst()
    return { registrationId, already: !made }
  },
})
