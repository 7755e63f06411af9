import { z } from 'zod'
import { ownPerson } from '#modules/training/enrolment.commands.ts'
import { idField, reasonField } from '#modules/training/input.schema.ts'
import { byRule, type Command, command } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { completionFacts, sourceKeyOf } from './completion.queries.ts'
import { coursePage } from './course.queries.ts'
import { tellProgress } from './posting.commands.ts'

const Complete = z.object({ registrationId: idField('课程') })

/**
 * Declares a course learnt when everything that it asks for is there; refuses with the first things that are not. Declared
 * twice, the first stands. The credential is made by a job of the same commit, what is learnt becomes known to the library.
 * @clause HZ4-M13 L04
 */
export const completeCourse: Command<typeof Complete, { registrationId: string; already: boolean }> = command({
  name: 'learning.complete',
  permission: 'self.check-in',
  input: Complete,
  async run(tx, { registrationId }) {
    const personId = ownPerson(tx)
    const page = await coursePage(tx.db, personId, registrationId)
    tx.about('registration', registrationId)
    tx.about('course', page.courseId)
    if (page.withdrawn) throw refused({ clause: 'HZ4-M13', reason: 'completion-withdrawn', facts: {} })
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
    if (made) {
      await tellProgress(byRule(tx, 'learning.complete'), registrationId, { ...page, personId })
      const facts = await completionFacts(tx, registrationId)
      await tx.enqueue('credentials.completed', facts, { key: facts.sourceKey })
      // somebody else's platform may wait for the result; `connect` knows which
      await tx.enqueue('connect.passBack', {}, { key: 'connect.passBack' })
    }
    return { registrationId, already: !made }
  },
})

const Withdraw = z.object({ registrationId: idField('课程'), reason: reasonField })

/**
 * Takes a completion back that should not have been, with the reason and for ever; its credential is revoked by a job of
 * the same commit. What was counted stays as it was counted.
 * @clause HZ4-M13 C16
 */
export const withdrawCompletion: Command<typeof Withdraw, { registrationId: string }> = command({
  name: 'learning.withdrawCompletion',
  permission: 'certificate.revoke',
  input: Withdraw,
  async run(tx, { registrationId, reason }) {
    const found = await tx.db
      .selectFrom('learning.completions')
      .select('registration_id')
      .where('registration_id', '=', registrationId)
      .executeTakeFirst()
    if (!found) throw missing('registration')
    tx.about('registration', registrationId)
    const made = await tx.db
      .insertInto('learning.withdrawals')
      .values({ registration_id: registrationId, at: tx.now, by_user: tx.actor.id, by_name: tx.actor.name, reason })
      .onConflict((c) => c.doNothing())
      .returning('registration_id')
      .executeTakeFirst()
    if (!made) throw refused({ clause: 'HZ4-M13', reason: 'completion-withdrawn', facts: {} })
    const sourceKey = sourceKeyOf(registrationId)
    await tx.enqueue('credentials.completionWithdrawn', { sourceKey, reason }, { key: `${sourceKey}:withdrawn` })
    return { registrationId }
  },
})
