import { byRule, command } from '#platform/command.ts'
import { nextNumber } from '#platform/counters.ts'
import { missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { takeTurn } from '#platform/limits.ts'
import { newReceipt } from '#platform/receipts.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { moveBatch } from './batch.commands.ts'
import { batchById } from './batch.queries.ts'
import { contactContext, receiptContext, textContext } from './objection.queries.ts'
import { DecideObjection, LodgeObjection } from './objection.schema.ts'

const no = (reason: string, facts: Record<string, string | number> = {}) => refused({ clause: 'V04', reason, facts })
/** As the holder of a batch that waits for an objection. */
export const heldByObjection = 'rule:certification.objection'

/**
 * Anybody objects while the results are public, with or without a name. The publicity stands still until it is decided.
 * @clause V04 @clause C24
 */
export const lodgeObjection = command({
  name: 'certification.lodgeObjection',
  permission: 'public',
  input: LodgeObjection,
  told: ({ batchId, seq, reason }) => ({ batchId, seq, reason }),
  async run(tx, { batchId, seq, reason, text, contact }) {
    await takeTurn(tx.db, `certification-objection:${batchId}`, { tries: 40, seconds: 86_400 })
    await tx.db.selectFrom('certification.batches').select('id').where('id', '=', batchId).forUpdate().execute()
    const batch = await batchById(tx.db, batchId)
    if (!batch || !['publicised', 'held', 'cleared', 'issued'].includes(batch.state)) throw missing('batch')
    const today = dayOf(tx.now)
    const open = batch.publicityEndsOn !== null && today <= batch.publicityEndsOn
    if (!open || !['publicised', 'held'].includes(batch.state)) throw no('list-closed')
    if (seq > 0) {
      const listed = await tx.db
        .selectFrom('certification.results as r')
        .innerJoin('certification.candidates as k', 'k.id', 'r.candidate_id')
        .select('k.id')
        .where('r.batch_id', '=', batchId)
        .where('r.round', '=', batch.round)
        .where('k.seq', '=', seq)
        .executeTakeFirst()
      if (!listed) throw missing('candidate')
    }
    const days = (await figuresFor(tx))('OP.objectionDays', today)
    if (days.value === null) throw no('figure-undecided', { label: days.label })
    const receipt = newReceipt()
    const series = `RY-${yearOf(today)}`
    const number = `${series}-${String(await nextNumber(tx, 'certification', series)).padStart(4, '0')}`
    const { id } = await tx.db
      .insertInto('certification.objections')
      .values({
        ...{ number, batch_id: batchId, round: batch.round, seq: seq === 0 ? null : seq, reason, lodged_at: tx.now },
        receipt_index: tx.crypto.blindIndex(receipt, receiptContext),
        text_sealed: tx.crypto.seal(text, textContext),
        contact_sealed: contact === '' ? null : tx.crypto.seal(contact, contactContext),
        due_on: addWorkdays(today, days.value).day,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('assessment-batch', batchId)
    tx.about('assessment-objection', id)
    // the objector may do nothing to a batch; the house holds it because of the objection
    if (batch.state === 'publicised')
      await moveBatch(byRule(tx, 'certification.objection'), batch, 'hold', { held_by: heldByObjection }, number)
    return { id, number, receipt }
  },
  outcome: ({ id, number }) => ({ id, number }),
})

/**
 * Decided by somebody who took no part. Upheld: the results are marked anew in a further round. Dismissed, and no other
 * open: public again, with at least a day left.
 * @clause V04 @clause C24
 */
export const decideObjection = command({
  name: 'certification.decideObjection',
  permission: 'objection.decide',
  input: DecideObjection,
  async run(tx, { objectionId, outcome, reply }) {
    const known = await tx.db
      .selectFrom('certification.objections')
      .select('batch_id')
      .where('id', '=', objectionId)
      .executeTakeFirst()
    if (!known) throw missing('objection')
    await tx.db.selectFrom('certification.batches').select('id').where('id', '=', known.batch_id).forUpdate().execute()
    const batch = await batchById(tx.db, known.batch_id)
    if (!batch) throw missing('batch')
    const objection = await tx.db
      .selectFrom('certification.objections')
      .select(['state', 'number', 'round'])
      .where('id', '=', objectionId)
      .executeTakeFirstOrThrow()
    if (objection.state !== 'open') throw no('objection-decided')
    const took = await tx.db
      .selectFrom('platform.moves')
      .select('id')
      .where('subject_kind', '=', 'assessment-batch')
      .where('subject_id', '=', batch.id)
      .where('actor_id', '=', tx.actor.id)
      .executeTakeFirst()
    if (took || tx.actor.can('certification.plan', { organisationId: batch.organisationId })) throw no('objection-own')
    await tx.db
      .updateTable('certification.objections')
      .set({
        ...{ state: outcome, reply, decided_by: tx.actor.hand.id, decided_by_name: tx.actor.name },
        decided_at: tx.now,
      })
      .where('id', '=', objectionId)
      .execute()
    tx.about('assessment-batch', batch.id)
    tx.about('assessment-objection', objectionId)
    if (batch.state !== 'held' || objection.round !== batch.round) return { objectionId, state: outcome }
    const rule = byRule(tx, 'certification.objection')
    if (outcome === 'upheld') {
      const anew = { held_by: null, round: batch.round + 1, sheet_version: 0 }
      const unseen = { publicised_on: null, publicity_ends_on: null }
      await moveBatch(rule, batch, 'redo', { ...anew, ...unseen }, objection.number)
      return { objectionId, state: outcome }
    }
    const open = await tx.db
      .selectFrom('certification.objections')
      .select('id')
      .where('batch_id', '=', batch.id)
      .where('state', '=', 'open')
      .executeTakeFirst()
    if (!open && batch.heldBy === heldByObjection) {
      const soon = addWorkdays(dayOf(tx.now), 1).day
      const ends = batch.publicityEndsOn !== null && batch.publicityEndsOn > soon ? batch.publicityEndsOn : soon
      await moveBatch(rule, batch, 'release', { held_by: null, publicity_ends_on: ends }, objection.number)
    }
    return { objectionId, state: outcome }
  },
})
