import { z } from 'zod'
import { command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { heldBy } from '#platform/held.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { bookingsOn, mentorYear, type Offer } from './exchange.queries.ts'
import { creditedMinutes, remindIn } from './exchange.rules.ts'
import { ConfirmGiven, ReverseHours, SayGiven } from './exchange.schema.ts'
import { lockOffer, moveOffer, ownSeats, ownSlot } from './offer.commands.ts'

const no = (clause: string, reason: string) => refused({ clause, reason, facts: {} })
const once = {
  host_once: ['X02', 'said-once'],
  guest_once: ['X02', 'said-once'],
  found_for: ['X02', 'found-for'],
} as const

type Said = { minutes: number; persons: number; words: string }

async function say(tx: Tx, offer: Offer, said: Said, guest: { booking: string; rating: number } | null) {
  if (tx.now < offer.to) throw no('X02', 'not-over')
  if (offer.state === 'cancelled') throw no('X02', 'offer-closed')
  if (offer.state === 'lapsed') throw no('X02', 'found-for')
  await heldBy(
    tx.db
      .insertInto('exchange.accounts')
      .values({
        offer_id: offer.id,
        side: guest ? 'guest' : 'host',
        booking_id: guest?.booking ?? null,
        minutes: said.minutes,
        persons: said.persons,
        rating: guest?.rating ?? null,
        words: said.words,
        free: true,
        given_by: tx.actor.hand.id,
        given_by_name: tx.actor.name,
        given_at: tx.now,
      })
      .execute(),
    once,
  )
  return enter(tx, offer)
}

/**
 * Once the host and every firm that booked have spoken – or the desk has found in a firm's place – the hours are entered.
 * Where nobody is left who could say so, the slot ends without hours.
 */
export async function enter(tx: Tx, offer: Offer): Promise<number> {
  const accounts = await tx.db
    .selectFrom('exchange.accounts')
    .select(['id', 'side', 'booking_id', 'minutes', 'persons'])
    .where('offer_id', '=', offer.id)
    .execute()
  const findings = await tx.db
    .selectFrom('exchange.findings')
    .select(['id', 'booking_id', 'outcome', 'minutes', 'persons'])
    .where('offer_id', '=', offer.id)
    .where('state', '=', 'approved')
    .execute()
  const settled = new Set([...accounts, ...findings].map((one) => one.booking_id))
  const booked = await bookingsOn(tx.db, [offer.id])
  const host = accounts.find((one) => one.side === 'host')
  if (!host || booked.some((one) => !settled.has(one.id)) || offer.state !== 'open') return 0
  const guests = [
    ...accounts.filter((one) => one.side === 'guest'),
    ...findings.flatMap(({ id, minutes, persons }) =>
      minutes === null ? [] : [{ id, side: 'finding', minutes, persons: persons ?? 0 }],
    ),
  ]
  if (guests.length === 0) {
    await moveOffer(tx, offer, 'lapse')
    return 0
  }
  const minutes = creditedMinutes(
    offer.minutes,
    host.minutes,
    guests.map((one) => one.minutes),
  )
  const persons = Math.min(
    host.persons,
    guests.reduce((sum, one) => sum + one.persons, 0),
  )
  await heldBy(
    tx.db
      .insertInto('exchange.given_hours')
      .values({
        offer_id: offer.id,
        designation_id: offer.designationId,
        given_on: offer.on,
        minutes,
        persons,
        evidence: JSON.stringify({
          planned: offer.minutes,
          accounts: [host, ...guests].map(({ id, side, minutes: m, persons: p }) => ({
            id,
            side,
            minutes: m,
            persons: p,
          })),
          released: findings.filter((one) => one.outcome === 'release').map((one) => one.id),
          signedIn: offer.signedIn,
          onPaper: offer.onPaper,
        }),
        entered_by: tx.actor.hand.id,
        entered_by_name: tx.actor.name,
        entered_at: tx.now,
      })
      .execute(),
    { hours_by_both: ['X02', 'hours-by-both'] },
  )
  await moveOffer(tx, offer, 'give')
  return minutes
}

/**
 * The host says what took place: how long, how many came, that nobody paid. It counts once the firms say so too.
 * @clause X02 @clause R24
 */
export const saySlot = command({
  name: 'exchange.saySlot',
  permission: 'self.offer',
  input: SayGiven,
  async run(tx, input) {
    const offer = await lockOffer(tx, input.offerId, ownSlot(tx))
    if ((await bookingsOn(tx.db, [offer.id])).length === 0) throw no('X02', 'nobody-booked')
    return { offerId: offer.id, minutesCount: await say(tx, offer, input, null) }
  },
})
export const saySeats = command({
  name: 'exchange.saySeats',
  permission: 'exchange.use',
  input: SayGiven,
  async run(tx, input) {
    const offer = await lockOffer(tx, input.offerId, ownSeats(tx))
    if ((await bookingsOn(tx.db, [offer.id])).length === 0) throw no('X02', 'nobody-booked')
    return { offerId: offer.id, minutesCount: await say(tx, offer, input, null) }
  },
})

/**
 * The firm says the same from its side, with its rating.
 * @clause X02
 */
export const confirmGiven = command({
  name: 'exchange.confirmGiven',
  permission: 'exchange.use',
  input: ConfirmGiven,
  async run(tx, input) {
    const booking = await tx.db
      .selectFrom('exchange.bookings')
      .select(['organisation_id', 'offer_id', 'state'])
      .where('id', '=', input.bookingId)
      .executeTakeFirst()
    if (booking?.state !== 'booked' || !tx.actor.can('exchange.use', { organisationId: booking.organisation_id }))
      throw missing('booking')
    const offer = await lockOffer(tx, booking.offer_id, () => true)
    const minutesCount = await say(tx, offer, input, { booking: input.bookingId, rating: input.rating })
    return { bookingId: input.bookingId, offerId: offer.id, minutesCount }
  },
})

/**
 * Hours entered wrongly are taken back by a line of their own; the first one stays.
 * @clause X02
 */
export const reverseHours = command({
  name: 'exchange.reverseHours',
  permission: 'recognition.manage',
  input: ReverseHours,
  async run(tx, { entryId, reason }) {
    const entry = await tx.db
      .selectFrom('exchange.given_hours')
      .selectAll()
      .where('id', '=', entryId)
      .where('reverses', 'is', null)
      .executeTakeFirst()
    if (!entry) throw missing('hours')
    tx.about('sharing-offer', entry.offer_id)
    await heldBy(
      tx.db
        .insertInto('exchange.given_hours')
        .values({
          offer_id: entry.offer_id,
          designation_id: entry.designation_id,
          given_on: entry.given_on,
          minutes: -entry.minutes,
          persons: -entry.persons,
          evidence: JSON.stringify({}),
          reverses: entry.id,
          reason,
          entered_by: tx.actor.hand.id,
          entered_by_name: tx.actor.name,
          entered_at: tx.now,
        })
        .execute(),
      { given_hours_reverses_key: ['X02', 'already-reversed'] },
    )
    return { offerId: entry.offer_id }
  },
})

/**
 * In the last quarter, once a month, whoever is short of the year's minutes is reminded on the page of his hours.
 * @clause R24
 */
export const remindShort = command({
  name: 'exchange.remindShort',
  permission: 'system.operate',
  input: z.object({}),
  async run(tx) {
    const today = dayOf(tx.now)
    const month = Number(today.slice(5, 7))
    if (!remindIn(month)) return { count: 0 }
    const { needed, short } = await mentorYear(tx, yearOf(today))
    for (const one of short) {
      await tx.db
        .insertInto('exchange.reminders')
        .values({
          designation_id: one.designationId,
          year: yearOf(today),
          month,
          given_minutes: one.minutes,
          needed_minutes: needed ?? 0,
          at: tx.now,
        })
        .onConflict((c) => c.doNothing())
        .execute()
    }
    return { count: short.length }
  },
})
