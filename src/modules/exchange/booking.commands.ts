import { mustMove } from '#platform/casework.ts'
import { command } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { heldBy } from '#platform/held.ts'
import { dayOf } from '#shared/dates.ts'
import { offerById } from './exchange.queries.ts'
import { wishCycle } from './exchange.rules.ts'
import { AskTopic, Book, ChooseBooking, ChooseWish, type WishState } from './exchange.schema.ts'

const no = (clause: string, reason: string) => refused({ clause, reason, facts: {} })

/**
 * A firm says what it would learn, where and when.
 * @clause X01 @clause HZ4-M06
 */
export const askTopic = command({
  name: 'exchange.askTopic',
  permission: 'exchange.use',
  input: AskTopic,
  async run(tx, input) {
    const { organisationId } = input
    if (!tx.actor.can('exchange.use', { organisationId })) throw missing('organisation')
    if (input.to < dayOf(tx.now)) throw no('X01', 'in-past')
    const { id } = await tx.db
      .insertInto('exchange.wishes')
      .values({
        organisation_id: organisationId,
        industry: input.industry,
        subject: input.subject,
        detail: input.detail,
        subdistrict: input.subdistrict ?? null,
        from_on: input.from,
        to_on: input.to,
        persons: input.persons,
        asked_by: tx.actor.hand.id,
        asked_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('sharing-wish', id)
    return { wishId: id }
  },
})

export const withdrawWish = command({
  name: 'exchange.withdrawWish',
  permission: 'exchange.use',
  input: ChooseWish,
  async run(tx, { wishId }) {
    const wish = await tx.db
      .selectFrom('exchange.wishes')
      .select(['organisation_id', 'state'])
      .where('id', '=', wishId)
      .forUpdate()
      .executeTakeFirst()
    if (!wish || !tx.actor.can('exchange.use', { organisationId: wish.organisation_id })) throw missing('wish')
    tx.about('sharing-wish', wishId)
    const state = mustMove(wishCycle, 'withdraw', wish.state as WishState)
    await tx.db.updateTable('exchange.wishes').set({ state }).where('id', '=', wishId).execute()
    return { wishId, state }
  },
})

/**
 * A firm takes places of an offer; the database keeps to the capacity. A wish it answers is met.
 * @clause X01
 */
export const book = command({
  name: 'exchange.book',
  permission: 'exchange.use',
  input: Book,
  async run(tx, input) {
    const { organisationId, offerId } = input
    if (!tx.actor.can('exchange.use', { organisationId })) throw missing('organisation')
    const offer = await offerById(tx.db, offerId)
    if (!offer) throw missing('sharing-offer')
    tx.about('sharing-offer', offerId)
    if (offer.from <= tx.now) throw no('X01', 'offer-closed')
    if (input.wishId) {
      const wish = await tx.db
        .selectFrom('exchange.wishes')
        .select(['organisation_id', 'state'])
        .where('id', '=', input.wishId)
        .forUpdate()
        .executeTakeFirst()
      if (wish?.organisation_id !== organisationId) throw missing('wish')
      if (wish.state !== 'open') throw no('X01', 'wish-closed')
      await tx.db.updateTable('exchange.wishes').set({ state: 'met' }).where('id', '=', input.wishId).execute()
    }
    const { id } = await heldBy(
      tx.db
        .insertInto('exchange.bookings')
        .values({
          offer_id: offerId,
          organisation_id: organisationId,
          wish_id: input.wishId ?? null,
          seats: input.seats,
          booked_by: tx.actor.hand.id,
          booked_at: tx.now,
        })
        .returning('id')
        .executeTakeFirstOrThrow(),
      {
        booked_once: ['X01', 'booked-once'],
        places_left: ['X01', 'places-left'],
        offer_closed: ['X01', 'offer-closed'],
        own_offer: ['X01', 'own-offer'],
      },
    )
    return { bookingId: id, offerId }
  },
})

export const cancelBooking = command({
  name: 'exchange.cancelBooking',
  permission: 'exchange.use',
  input: ChooseBooking,
  async run(tx, { bookingId }) {
    const found = await tx.db
      .selectFrom('exchange.bookings')
      .select(['organisation_id', 'offer_id', 'state'])
      .where('id', '=', bookingId)
      .forUpdate()
      .executeTakeFirst()
    if (!found || !tx.actor.can('exchange.use', { organisationId: found.organisation_id })) throw missing('booking')
    tx.about('sharing-offer', found.offer_id)
    const offer = await offerById(tx.db, found.offer_id)
    if (found.state !== 'booked' || !offer || offer.from <= tx.now) throw no('X01', 'too-late')
    await tx.db
      .updateTable('exchange.bookings')
      .set({ state: 'cancelled', cancelled_at: tx.now })
      .where('id', '=', bookingId)
      .execute()
    return { bookingId }
  },
})
