import { randomBytes } from 'node:crypto'
import { recordMove } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { nextNumber } from '#platform/counters.ts'
import { sha256 } from '#platform/digest.ts'
import { missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { ChooseCall, DraftCall, seedContext } from './call.schema.ts'
import { keepVersion, schemeInForce, schemeVersion } from './scheme.queries.ts'

/**
 * A call is written by one person. The scheme's text is kept with it: whatever the plan folder says later, this call is
 * judged by what stood on the day.
 * @clause A01 @clause HZ4-M02
 */
export const draftCall = command({
  name: 'recognition.draftCall',
  permission: 'recognition.manage',
  input: DraftCall,
  async run(tx, input) {
    const inForce = await schemeInForce(tx, input.scheme)
    if (!inForce) throw refused({ clause: 'A01', reason: 'scheme-unknown', facts: {} })
    const { scheme } = inForce
    const series = `RD-${yearOf(dayOf(tx.now))}`
    const { id } = await tx.db
      .insertInto('recognition.calls')
      .values({
        number: `${series}-${String(await nextNumber(tx, 'recognition', series)).padStart(3, '0')}`,
        scheme: scheme.code,
        version_id: await keepVersion(tx, scheme),
        title: input.title,
        announcement: input.announcement,
        opens_on: input.opensOn,
        closes_on: input.closesOn,
        drafted_by: tx.actor.id,
        drafted_by_name: tx.actor.name,
        drafted_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('call', id)
    await recordMove(tx, { kind: 'call', id, move: 'create', from: '', to: 'draft' })
    return { callId: id }
  },
})

/**
 * Another person publishes it. From here on the sizes of its quotas stand, and the seed of its draws is fixed: everybody
 * sees its SHA-256 now, and the seed itself once it has been used.
 * @clause A01 @clause A02 @clause R23
 */
export const publishCall = command({
  name: 'recognition.publishCall',
  permission: 'recognition.decide',
  input: ChooseCall,
  async run(tx, { callId }) {
    const call = await lockCall(tx, callId)
    if (call.state !== 'draft') throw refused({ clause: 'A01', reason: 'call-state', facts: {} })
    if (call.drafted_by === tx.actor.id) throw refused({ clause: 'A01', reason: 'own-call', facts: {} })
    const scheme = await schemeVersion(tx.db, call.version_id)
    const figure = await figuresFor(tx)
    const seed = randomBytes(32).toString('hex')
    await tx.db
      .updateTable('recognition.calls')
      .set({
        state: 'published',
        published_by: tx.actor.id,
        published_by_name: tx.actor.name,
        published_at: tx.now,
        seed_sealed: tx.crypto.seal(seed, seedContext),
        seed_commitment: sha256(seed),
      })
      .where('id', '=', callId)
      .execute()
    if (scheme.quotas.length > 0) {
      await tx.db
        .insertInto('recognition.call_limits')
        .values(
          scheme.quotas.map((quota) => ({
            call_id: callId,
            quota: quota.id,
            scope: quota.scope,
            holds: quota.holds,
            most: figure(quota.figure, dayOf(tx.now)).value,
            figure: quota.figure,
          })),
        )
        .execute()
    }
    await recordMove(tx, { kind: 'call', id: callId, move: 'publish', from: 'draft', to: 'published' })
    return { callId, state: 'published' }
  },
})

/** A draft that is not wanted; or a published call that takes no more applications. */
export const closeCall = command({
  name: 'recognition.closeCall',
  permission: 'recognition.manage',
  input: ChooseCall,
  async run(tx, { callId }) {
    const call = await lockCall(tx, callId)
    const to = call.state === 'draft' ? 'dropped' : 'closed'
    if (call.state !== 'draft' && call.state !== 'published') {
      throw refused({ clause: 'A01', reason: 'call-state', facts: {} })
    }
    await tx.db.updateTable('recognition.calls').set({ state: to }).where('id', '=', callId).execute()
    await recordMove(tx, { kind: 'call', id: callId, move: 'close', from: call.state, to })
    return { callId, state: to }
  },
})

export async function lockCall(tx: Tx, callId: string) {
  const call = await tx.db
    .selectFrom('recognition.calls')
    .selectAll()
    .where('id', '=', callId)
    .forUpdate()
    .executeTakeFirst()
  if (!call) throw missing('call')
  tx.about('call', callId)
  return call
}
