import { command } from '#platform/command.ts'
import { lockClaim, no } from './desk.commands.ts'
import { callbackInput } from './review.schema.ts'

/**
 * What a trainee said when called or visited. Recorded as long as the claim is not paid; the
 * controls read it.
 * @clause C21
 */
export const recordCallback = command({
  name: 'review.recordCallback',
  permission: 'class.inspect',
  input: callbackInput,
  async run(tx, { claimId, lineId, method, outcome, note }) {
    const claim = await lockClaim(tx, claimId)
    if (!['submitted', 'under-review', 'reviewed', 'publicised', 'objection-held'].includes(claim.state)) {
      no('R33', 'wrong-state', { state: claim.state })
    }
    const line = await tx.db
      .selectFrom('subsidy.claim_lines')
      .select('person_id')
      .where('id', '=', lineId)
      .where('claim_id', '=', claimId)
      .executeTakeFirst()
    if (!line) return no('R33', 'line-gone')
    tx.about('person', line.person_id)
    const { id } = await tx.db
      .insertInto('subsidy.callbacks')
      .values({
        claim_id: claimId,
        line_id: lineId,
        method,
        outcome,
        note,
        by_user: tx.actor.id,
        by_name: tx.actor.name,
        at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { id, state: outcome }
  },
})
