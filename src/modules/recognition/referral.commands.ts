import { command } from '#platform/command.ts'
import { nextNumber } from '#platform/counters.ts'
import { refused } from '#platform/errors.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { lockDesignation } from './designation.commands.ts'
import { Refer } from './designation.schema.ts'

/**
 * A holder is referred to the department that owns a benefit of the title. The department decides by its own rules; the
 * platform keeps that, when and for what somebody was referred.
 * @clause A03 @clause HZ4-M02
 */
export const referHolder = command({
  name: 'recognition.referHolder',
  permission: 'recognition.manage',
  input: Refer,
  async run(tx, { designationId, benefit, docNo, note }) {
    const { row, scheme } = await lockDesignation(tx, designationId)
    if (row.ended_on !== null) throw refused({ clause: 'A03', reason: 'ended', facts: { state: row.state } })
    const found = scheme.benefits.find((one) => one.label === benefit)
    if (!found?.body) throw refused({ clause: 'A03', reason: 'benefit-unknown', facts: {} })
    const series = `RZ-${yearOf(dayOf(tx.now))}`
    const { id } = await tx.db
      .insertInto('recognition.referrals')
      .values({
        ...{ designation_id: designationId, benefit: found.label, body: found.body, doc_no: docNo, note },
        number: `${series}-${String(await nextNumber(tx, 'recognition', series)).padStart(4, '0')}`,
        ...{ by_user: tx.actor.id, by_name: tx.actor.name, at: tx.now },
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { designationId, referralId: id }
  },
})
