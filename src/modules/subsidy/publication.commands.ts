/** What publicity does to claims. Module publicity calls these; the claim itself stays in this module. */
import { sql } from 'kysely'
import { z } from 'zod'
import { endClock, mustMove, resumeClock, stopClock } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { claimCycle } from './claim.rules.ts'
import { type ClaimRow, lockClaim, lockClaims, moveClaim, no, runClock } from './desk.commands.ts'
import { applyExclusions, propose } from './exclusion.commands.ts'
import { sendBack } from './opinion.commands.ts'

const claimId = z.uuid('申领编号不对')

/**
 * Reviewed claims go on a public list.
 * @clause HZ4-M16 @clause R33
 */
export const publiciseClaims = command({
  name: 'subsidy.publicise',
  permission: 'publicity.run',
  input: z.object({
    claimIds: z.array(claimId).min(1).max(500),
    listId: z.uuid(),
    opensOn: z.iso.date(),
    closesOn: z.iso.date(),
  }),
  async run(tx, { claimIds, listId, opensOn, closesOn }) {
    const claims = await lockClaims(tx, claimIds)
    for (const claim of claims) mustMove(claimCycle, 'publicise', claim.state)
    await tx.db
      .insertInto('subsidy.publications')
      .values(
        claims.map((claim) => ({
          claim_id: claim.id,
          round: claim.round,
          list_id: listId,
          opened_on: opensOn,
          closes_on: closesOn,
        })),
      )
      .execute()
    for (const claim of claims) {
      tx.about('claim', claim.id)
      await moveClaim(tx, claim, 'publicise')
    }
    return { count: claims.length }
  },
})

/**
 * Somebody objects: the claim waits, its approval clock with it, until the objection is decided. A second objection to the
 * same claim changes nothing here.
 * @clause C24 @clause R33
 */
export const holdClaim = command({
  name: 'subsidy.holdForObjection',
  permission: 'objection.decide',
  input: z.object({ claimId, objection: z.string() }),
  async run(tx, { claimId, objection }) {
    const claim = await lockClaim(tx, claimId)
    if (claim.state === 'objection-held') return { id: claimId, state: claim.state }
    await moveClaim(tx, claim, 'hold', { note: objection })
    await stopClock(tx, 'claim', claimId, 'approve', 'objection')
    await runClock(tx, claim, 'objection')
    return { id: claimId, state: claim.state }
  },
})

/**
 * The last open objection is dismissed: the claim is public again, its clock runs on.
 * @clause C24 @clause R33
 */
export const releaseClaim = command({
  name: 'subsidy.releaseAfterObjection',
  permission: 'objection.decide',
  input: z.object({ claimId, objection: z.string() }),
  async run(tx, { claimId, objection }) {
    const claim = await lockClaim(tx, claimId)
    await release(tx, claim, objection)
    return { id: claimId, state: claim.state }
  },
})

async function release(tx: Tx, claim: ClaimRow, objection: string): Promise<void> {
  await moveClaim(tx, claim, 'release', { note: objection })
  await endClock(tx, 'claim', claim.id, 'objection')
  await resumeClock(tx, 'claim', claim.id, 'approve')
}

/**
 * The objection is right about one person: the line goes, its hours are free again, the claim is worth less. It is public
 * again only if no other objection is open.
 * @clause C24 @clause HZ4-M16
 */
export const excludeAfterObjection = command({
  name: 'subsidy.excludeAfterObjection',
  permission: 'objection.decide',
  input: z.object({
    claimId,
    lineId: z.uuid(),
    reasonCode: z.string(),
    note: z.string(),
    objection: z.string(),
    last: z.boolean(),
  }),
  async run(tx, { claimId, lineId, reasonCode, note, objection, last }) {
    const claim = await lockClaim(tx, claimId)
    if (claim.state !== 'objection-held') no('C24', 'wrong-state', { state: claim.state })
    await propose(tx, claim, { lineId, reasonCode, note, occasion: 'objection' })
    await applyExclusions(tx, claim)
    if (last) await release(tx, claim, objection)
    return { id: claimId, state: claim.state, amountFen: claim.amount_fen }
  },
})

/**
 * The objection is right about the claim: it goes back to the claimant, with the reason.
 * @clause C24 @clause R33
 */
export const returnAfterObjection = command({
  name: 'subsidy.returnAfterObjection',
  permission: 'objection.decide',
  input: z.object({ claimId, reasonCode: z.string(), note: z.string() }),
  async run(tx, { claimId, reasonCode, note }) {
    const claim = await lockClaim(tx, claimId)
    if (claim.state !== 'objection-held') no('C24', 'wrong-state', { state: claim.state })
    await sendBack(tx, claim, 'return', { reasonCodes: [reasonCode], note })
    return { id: claimId, state: claim.state }
  },
})

/**
 * The last public day of a list has passed. Claims without an open objection now wait for approval; doing it twice does
 * nothing.
 * @clause C24 @clause R33
 */
export const endPublication = command({
  name: 'subsidy.endPublication',
  permission: 'publicity.run',
  input: z.object({ listId: z.uuid(), endedOn: z.iso.date() }),
  async run(tx, { listId, endedOn }) {
    const { numAffectedRows } = await sql`
      update subsidy.publications set ended_on = ${endedOn} where list_id = ${listId} and ended_on is null
    `.execute(tx.db)
    tx.about('publicity-list', listId)
    return { count: Number(numAffectedRows ?? 0) }
  },
})
