import { endClock } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { refused } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { lockClaim, moveClaim, no } from './desk.commands.ts'
import { book } from './ledger.commands.ts'
import { offsetPostings, postings, takeBack, total } from './ledger.rules.ts'
import { awardsOf, orderedOf } from './payment.queries.ts'
import { dueOf } from './payment.rules.ts'
import { lockRecovery, moveRecovery, type RecoveryRow } from './recovery.commands.ts'
import { openByFund } from './recovery.queries.ts'
import { mayOffset } from './recovery.rules.ts'
import {
  closeInput,
  instalmentsInput,
  offsetInput,
  type ReceiptKind,
  receiveInput,
  recoveryIdInput,
} from './recovery.schema.ts'

type Open = { fundSource: string; year: number; amountFen: number }

const mustBeDemanded = (recovery: RecoveryRow) => {
  if (recovery.state !== 'demanded') no('HZ4-M16', 'wrong-state', { state: recovery.state })
}

/**
 * Money that came in, in one sum or many, booked by finance against the bank's paper and never by who opened the case. The
 * same reference is booked once; more than is owed is refused.
 * @clause HZ4-M16
 */
export const receiveRecovery = command({
  name: 'recovery.receive',
  permission: 'payment.confirm',
  input: receiveInput,
  async run(tx, { recoveryId, amount, onDay, reference }) {
    const recovery = await lockRecovery(tx, recoveryId)
    if (recovery.opened_by === tx.actor.id) no('HZ4-M16', 'same-receiver')
    const known = await tx.db
      .selectFrom('subsidy.recovery_receipts')
      .select(['id', 'amount_fen'])
      .where('recovery_id', '=', recoveryId)
      .where('kind', '=', 'received')
      .where('reference', '=', reference)
      .executeTakeFirst()
    if (known && known.amount_fen === amount)
      return { id: recoveryId, state: recovery.state, same: true, leftFen: await left(tx, recoveryId) }
    mustBeDemanded(recovery)
    const open = await openByFund(tx.db, recoveryId)
    if (amount > total(open)) no('HZ4-M16', 'over-remaining', { leftFen: total(open) })
    await close(tx, recovery, 'received', amount, { onDay, reference }, open)
    const leftFen = total(open) - amount
    if (leftFen === 0) await moveRecovery(tx, recovery, 'settle', { closed_at: tx.now })
    return { id: recoveryId, state: recovery.state, same: false, leftFen }
  },
})

const left = async (tx: Tx, recoveryId: string) => total(await openByFund(tx.db, recoveryId))

async function close(
  tx: Tx,
  recovery: RecoveryRow,
  kind: Exclude<ReceiptKind, 'offset'>,
  amountFen: number,
  paper: { onDay: string; reference: string },
  open: readonly Open[],
): Promise<void> {
  const id = await addReceipt(tx, recovery.id, kind, amountFen, paper)
  await book(tx, [
    {
      kind,
      key: `${kind}:${id}`,
      subject: { kind: 'recovery', id: recovery.id },
      claimId: recovery.claim_id,
      memo: paper.reference,
      postings: postings(kind, takeBack([...open].reverse(), amountFen)),
    },
  ])
}

async function addReceipt(
  tx: Tx,
  recoveryId: string,
  kind: ReceiptKind,
  amountFen: number,
  paper: { onDay: string; reference: string; claimId?: string },
): Promise<string> {
  const { id } = await tx.db
    .insertInto('subsidy.recovery_receipts')
    .values({
      recovery_id: recoveryId,
      kind,
      amount_fen: amountFen,
      on_day: paper.onDay,
      reference: paper.reference,
      claim_id: paper.claimId ?? null,
      by_user: tx.actor.id,
      by_name: tx.actor.name,
      at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/**
 * A plan of instalments for what is still owed, agreed by the leader. A new plan takes the place of the old one.
 * @clause HZ4-M16
 */
export const planInstalments = command({
  name: 'recovery.planInstalments',
  permission: 'recovery.decide',
  input: instalmentsInput,
  async run(tx, { recoveryId, instalments }) {
    const recovery = await lockRecovery(tx, recoveryId)
    mustBeDemanded(recovery)
    const leftFen = await left(tx, recoveryId)
    const sum = instalments.reduce((all, one) => all + one.amount, 0)
    if (sum !== leftFen) no('HZ4-M16', 'instalments-differ', { leftFen })
    await tx.db.deleteFrom('subsidy.recovery_instalments').where('recovery_id', '=', recoveryId).execute()
    await tx.db
      .insertInto('subsidy.recovery_instalments')
      .values(
        instalments.map((one, i) => ({
          recovery_id: recoveryId,
          seq: i + 1,
          due_on: one.dueOn,
          amount_fen: one.amount,
        })),
      )
      .execute()
    const last = instalments.at(-1)?.dueOn as string
    await tx.db.updateTable('subsidy.recoveries').set({ due_on: last }).where('id', '=', recoveryId).execute()
    return { id: recoveryId, count: instalments.length, dueOn: last }
  },
})

/**
 * Tells the party that later awards will be held back. Only once the term has passed; it works from the next day.
 * @clause HZ4-M16
 */
export const noticeOffset = command({
  name: 'recovery.noticeOffset',
  permission: 'recovery.open',
  input: recoveryIdInput,
  async run(tx, { recoveryId }) {
    const recovery = await lockRecovery(tx, recoveryId)
    mustBeDemanded(recovery)
    const today = dayOf(tx.now)
    const dueOn = recovery.due_on as Day
    if (today <= dueOn) no('HZ4-M16', 'not-yet-due', { dueOn })
    if (recovery.offset_notice_on === null) {
      await tx.db
        .updateTable('subsidy.recoveries')
        .set({ offset_notice_on: today })
        .where('id', '=', recoveryId)
        .execute()
    }
    return { id: recoveryId, noticeOn: recovery.offset_notice_on ?? today }
  },
})

/**
 * Takes from a later award what an earlier one owes, after notice. The award counts as paid by so much, the debt as
 * returned; what is left of the award goes to the bank as usual, and if nothing is left the claim is paid.
 * @clause HZ4-M16
 */
export const offsetRecovery = command({
  name: 'recovery.offset',
  permission: 'payment.batch',
  input: offsetInput,
  async run(tx, { recoveryId, claimId, amount }) {
    const claim = await lockClaim(tx, claimId)
    const recovery = await lockRecovery(tx, recoveryId)
    mustBeDemanded(recovery)
    const ordered = (await orderedOf(tx.db, [claimId])).get(claimId) ?? []
    if (claim.state !== 'approved' || ordered.length > 0) no('HZ4-M16', 'not-offsettable', { claim: claim.number })
    const due = dueOf((await awardsOf(tx.db, [claimId])).get(claimId) ?? [], ordered)
    const open = await openByFund(tx.db, recoveryId)
    const today = dayOf(tx.now)
    const decision = mayOffset({
      dueOn: recovery.due_on as Day,
      noticeOn: recovery.offset_notice_on as Day | null,
      today,
      sameOrganisation: claim.organisation_id === recovery.organisation_id,
      amountFen: amount,
      debtFen: total(open),
      awardFen: total(due),
    })
    if (!decision.ok) throw refused(decision.refusal)
    const receiptId = await addReceipt(tx, recoveryId, 'offset', amount, {
      onDay: today,
      reference: claim.number,
      claimId,
    })
    const [award, debt] = [takeBack([...due].reverse(), amount), takeBack([...open].reverse(), amount)]
    await book(tx, [
      {
        kind: 'offset',
        key: `offset:${receiptId}`,
        subject: { kind: 'recovery', id: recoveryId },
        claimId,
        programme: claim.programme,
        memo: `${recovery.number} ${claim.number}`,
        postings: offsetPostings(award, debt),
      },
    ])
    if (amount === total(open)) await moveRecovery(tx, recovery, 'settle', { closed_at: tx.now })
    if (amount === total(due)) {
      // nothing is left for the bank: ordered and paid by the offset itself
      await moveClaim(tx, claim, 'order', { note: recovery.number })
      await moveClaim(tx, claim, 'pay', { note: recovery.number })
      await endClock(tx, 'claim', claimId, 'payment')
      await tx.enqueue('reports.countPaid', { claimId }, { key: `reports.countPaid:${claimId}` })
    }
    return { id: recoveryId, state: recovery.state, claimState: claim.state, leftFen: total(open) - amount }
  },
})

/**
 * Ends a recovery for what is still owed: written off by a document, or handed to another authority (移送).
 * @clause HZ4-M16
 */
export const closeRecovery = command({
  name: 'recovery.close',
  permission: 'recovery.close',
  input: closeInput,
  async run(tx, { recoveryId, outcome, reference }) {
    const recovery = await lockRecovery(tx, recoveryId)
    if ([recovery.opened_by, recovery.decided_by].includes(tx.actor.id)) no('HZ4-M16', 'same-closer')
    mustBeDemanded(recovery)
    const open = await openByFund(tx.db, recoveryId)
    await close(tx, recovery, outcome, total(open), { onDay: dayOf(tx.now), reference }, open)
    await moveRecovery(
      tx,
      recovery,
      outcome === 'written-off' ? 'write-off' : 'transfer',
      { closed_at: tx.now },
      reference,
    )
    return { id: recoveryId, state: recovery.state, amountFen: total(open) }
  },
})
