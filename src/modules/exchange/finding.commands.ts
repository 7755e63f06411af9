import { command } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { heldBy } from '#platform/held.ts'
import { dayOf } from '#shared/dates.ts'
import { mayFind } from './exchange.rules.ts'
import { DecideFinding, ProposeFinding } from './exchange.schema.ts'
import { hostSaidOn } from './finding.queries.ts'
import { enter } from './given.commands.ts'
import { lockOffer } from './offer.commands.ts'

const no = (reason: string) => refused({ clause: 'X02', reason, facts: {} })

/**
 * A firm that booked says nothing: once its days are over the desk says on evidence what took place, or takes its booking
 * out, so that the mentor's hours are not held for ever. Nothing counts until somebody else agrees.
 * @clause X02 @clause R24
 */
export const proposeFinding = command({
  name: 'exchange.proposeFinding',
  permission: 'recognition.manage',
  input: ProposeFinding,
  async run(tx, input) {
    const booking = await tx.db
      .selectFrom('exchange.bookings')
      .select(['id', 'offer_id', 'state'])
      .where('id', '=', input.bookingId)
      .executeTakeFirst()
    if (booking?.state !== 'booked') throw missing('booking')
    const offer = await lockOffer(tx, booking.offer_id, () => true)
    if (offer.state !== 'open') throw no('offer-closed')
    const today = dayOf(tx.now)
    const saidOn = await hostSaidOn(tx.db, offer.id)
    const decision = mayFind({
      hostSaidOn: saidOn,
      workdays: (await figuresFor(tx))('X02.confirmDays', today).value,
      today,
      handReason: input.handReason,
    })
    if (!decision.ok) {
      throw refused({ ...decision.refusal, facts: { ...decision.refusal.facts, undecided: tx.plan.undecidedText } })
    }
    const { id } = await heldBy(
      tx.db
        .insertInto('exchange.findings')
        .values({
          offer_id: offer.id,
          booking_id: booking.id,
          outcome: input.outcome,
          minutes: input.outcome === 'confirm' ? (input.minutes ?? null) : null,
          persons: input.outcome === 'confirm' ? (input.persons ?? null) : null,
          evidence: input.evidence,
          host_said_on: saidOn ?? today,
          due_on: decision.value.dueOn,
          hand_reason: decision.value.dueOn === null ? input.handReason : '',
          proposed_by: tx.actor.hand.id,
          proposed_by_name: tx.actor.name,
          proposed_at: tx.now,
        })
        .returning('id')
        .executeTakeFirstOrThrow(),
      { finding_once: ['X02', 'finding-once'], firm_spoke: ['X02', 'firm-spoke'] },
    )
    return { findingId: id, offerId: offer.id }
  },
})

/**
 * Somebody else agrees or not. With the last firm settled the hours are entered; with none left that could confirm, the
 * slot ends without hours.
 * @clause X02
 */
export const decideFinding = command({
  name: 'exchange.decideFinding',
  permission: 'recognition.manage',
  input: DecideFinding,
  async run(tx, { findingId, outcome, note }) {
    const known = await tx.db
      .selectFrom('exchange.findings')
      .select(['offer_id'])
      .where('id', '=', findingId)
      .executeTakeFirst()
    if (!known) throw missing('finding')
    const offer = await lockOffer(tx, known.offer_id, () => true)
    const found = await tx.db
      .selectFrom('exchange.findings')
      .select(['state', 'proposed_by'])
      .where('id', '=', findingId)
      .executeTakeFirstOrThrow()
    if (found.state !== 'proposed') throw no('finding-decided')
    if (found.proposed_by === tx.actor.hand.id) throw no('by-another')
    if (outcome === 'decline' && note.length < 4) throw no('note-missing')
    await heldBy(
      tx.db
        .updateTable('exchange.findings')
        .set({
          state: outcome === 'approve' ? 'approved' : 'declined',
          decided_by: tx.actor.hand.id,
          decided_by_name: tx.actor.name,
          decided_at: tx.now,
          note,
        })
        .where('id', '=', findingId)
        .execute(),
      { firm_spoke: ['X02', 'firm-spoke'] },
    )
    return { findingId, offerId: offer.id, minutesCount: outcome === 'approve' ? await enter(tx, offer) : 0 }
  },
})
