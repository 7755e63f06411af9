import { checkCode, checkHold } from '#modules/training/code.rules.ts'
import { command } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { keepPaper, openPaper } from '#platform/files.ts'
import { heldBy } from '#platform/held.ts'
import { offerById } from './exchange.queries.ts'
import { AddSheet, OpenSheet, SignIn } from './exchange.schema.ts'
import { lockOffer, ownSeats, ownSlot } from './offer.commands.ts'
import { signInOf, signInOpen } from './sign-in.queries.ts'

const no = (reason: string) => refused({ clause: 'X02', reason, facts: {} })
const purpose = 'exchange-sheet'

/**
 * Somebody who came signs in with the code on the wall, which changes by itself: from some minutes before the beginning to
 * the end. Whoever scanned in time and was slow to sign in counts from the scan.
 * @clause X02
 */
export const signIn = command({
  name: 'exchange.signIn',
  permission: 'self.check-in',
  input: SignIn,
  told: ({ offerId, bookingId }) => ({ offerId, bookingId }),
  async run(tx, { offerId, bookingId, code, hold, device }) {
    const personId = tx.actor.onBehalfOf?.personId ?? tx.actor.personId
    const offer = await offerById(tx.db, offerId)
    const booking = await tx.db
      .selectFrom('exchange.bookings')
      .select('id')
      .where('id', '=', bookingId)
      .where('offer_id', '=', offerId)
      .where('state', '=', 'booked')
      .executeTakeFirst()
    if (!offer || !booking || !personId) throw missing('sharing-offer')
    tx.about('sharing-offer', offerId)
    const { keyed, figures } = await signInOf(tx, offerId)
    const read = hold
      ? checkHold(keyed, hold, device, tx.now, figures.holdMinutes)
      : checkCode(keyed, code, tx.now, figures.rotation)
    const at = read.ok ? (read.value ?? tx.now) : tx.now
    if (!signInOpen(offer, at, figures.earlyMinutes)) throw no('not-now')
    if (!read.ok) throw no(read.refusal.reason)
    await heldBy(
      tx.db
        .insertInto('exchange.sign_ins')
        .values({ offer_id: offerId, booking_id: bookingId, person_id: personId, at })
        .execute(),
      { sign_ins_pkey: ['X02', 'signed-in'] },
    )
    return { offerId }
  },
})

/**
 * The list signed on paper by who could not sign in by phone, kept by the host: evidence beside the phones.
 * @clause X02
 */
export const addSheet = command({
  name: 'exchange.addSheet',
  permission: 'public',
  input: AddSheet,
  told: ({ offerId, persons }) => ({ offerId, persons }),
  async run(tx, { offerId, persons, file }) {
    const offer = await lockOffer(tx, offerId, (one) => ownSlot(tx)(one) || ownSeats(tx)(one))
    if (offer.state !== 'open') throw no('offer-closed')
    if (tx.now < offer.from) throw no('not-begun')
    const about = { field: 'file', purpose, ...(offer.organisationId && { organisationId: offer.organisationId }) }
    const { id } = await tx.db
      .insertInto('exchange.sheets')
      .values({
        offer_id: offerId,
        file_id: await keepPaper(tx, file, about),
        persons,
        added_by: tx.actor.hand.id,
        added_by_name: tx.actor.name,
        added_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { sheetId: id, offerId }
  },
})

/** A signed list read by its host or at the desk; the row in the trail is the record of the reading. @clause X02 */
export const openSheet = command({
  name: 'exchange.openSheet',
  permission: 'public',
  input: OpenSheet,
  async run(tx, { sheetId }) {
    const sheet = await tx.db
      .selectFrom('exchange.sheets')
      .select(['file_id', 'offer_id'])
      .where('id', '=', sheetId)
      .executeTakeFirst()
    if (!sheet) throw missing('sheet')
    const offer = await offerById(tx.db, sheet.offer_id)
    const may = offer && (tx.actor.can('recognition.read') || ownSlot(tx)(offer) || ownSeats(tx)(offer))
    if (!may) throw missing('sheet')
    tx.about('sharing-offer', offer.id)
    return openPaper(tx, sheet.file_id, purpose)
  },
  outcome: () => ({}),
})
