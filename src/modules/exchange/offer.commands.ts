import { randomBytes } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { mustMove, recordMove } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { heldBy } from '#platform/held.ts'
import { centreTitles, mentorTitle, type Offer, offerById } from './exchange.queries.ts'
import { checkSlot, offerCycle, placeKey } from './exchange.rules.ts'
import { CancelOffer, centreSchemes, OfferSeats, OfferSlot, type OfferState } from './exchange.schema.ts'

const no = (clause: string, reason: string, facts: Record<string, string | number> = {}) =>
  refused({ clause, reason, facts })
const held = { mentor_elsewhere: ['X01', 'mentor-elsewhere'], place_taken: ['X01', 'place-taken'] } as const

/** What the rotating code of a room is made with, beside the installation's key: digits and capitals. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

type Slot = {
  industry: string
  subject: string
  summary: string
  subdistrict?: string | undefined
  on: string
  from: string
  to: string
  capacity: number
}
type Host = {
  kind: 'mentor' | 'seats'
  designation_id: string
  organisation_id: string | null
  mentor_person_id: string | null
  host_name: string
  place: string
  place_key: string | null
  room_id: string | null
}

async function insert(tx: Tx, slot: Slot, host: Host): Promise<string> {
  const { id } = await heldBy(
    tx.db
      .insertInto('exchange.offers')
      .values({
        ...host,
        industry: slot.industry,
        subject: slot.subject,
        summary: slot.summary,
        subdistrict: slot.subdistrict ?? null,
        during: spanOf(slot),
        capacity: slot.capacity,
        free: true,
        sign_in_code: Array.from(randomBytes(6), (byte) => letters.charAt(byte & 31)).join(''),
        offered_by: tx.actor.hand.id,
        offered_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow(),
    held,
  )
  tx.about('sharing-offer', id)
  await recordMove(tx, { kind: 'sharing-offer', id, move: 'create', from: '', to: 'open' })
  return id
}

const instants = ({ on, from, to }: Pick<Slot, 'on' | 'from' | 'to'>) => ({
  begins: new Date(`${on}T${from}:00+08:00`),
  ends: new Date(`${on}T${to}:00+08:00`),
})
const spanOf = (slot: Slot): RawBuilder<string> => {
  const { begins, ends } = instants(slot)
  return sql<string>`tstzrange(${begins}, ${ends}, '[)')`
}
function mustFit(tx: Tx, slot: Slot) {
  const { begins, ends } = instants(slot)
  const decision = checkSlot(begins, ends, tx.now)
  if (!decision.ok) throw refused(decision.refusal)
}

/**
 * A mentor in term offers a slot. Neither he nor the place is ever taken twice at one time, whoever writes.
 * @clause X01 @clause R24 @clause HZ4-M06
 */
export const offerSlot = command({
  name: 'exchange.offerSlot',
  permission: 'self.offer',
  input: OfferSlot,
  async run(tx, input) {
    const personId = tx.actor.personId
    const title = personId ? await mentorTitle(tx.db, personId) : undefined
    if (!title) throw no('R24', 'not-mentor')
    mustFit(tx, input)
    const offerId = await insert(tx, input, {
      kind: 'mentor',
      designation_id: title.id,
      organisation_id: null,
      mentor_person_id: personId,
      host_name: title.name,
      place: input.place,
      place_key: input.mode === 'online' ? null : placeKey(input.place),
      room_id: null,
    })
    return { offerId }
  },
})

/**
 * A centre with a title opens seats of one of its rooms to other firms, at a time when no class is taught there.
 * @clause X01 @clause HZ4-M07
 */
export const offerSeats = command({
  name: 'exchange.offerSeats',
  permission: 'exchange.use',
  input: OfferSeats,
  async run(tx, input) {
    const { organisationId } = input
    if (!tx.actor.can('exchange.use', { organisationId })) throw missing('organisation')
    const title = (await centreTitles(tx.db, organisationId, centreSchemes)).find(
      (one) => one.id === input.designationId,
    )
    if (!title) throw no('X01', 'not-centre')
    mustFit(tx, input)
    const room = await tx.db
      .selectFrom('training.rooms as r')
      .innerJoin('training.venues as v', 'v.id', 'r.venue_id')
      .innerJoin('people.organisations as o', 'o.id', 'v.organisation_id')
      .select(['r.id', 'r.name', 'r.seats', 'v.name as venue', 'v.address', 'o.name as organisation'])
      .where('r.id', '=', input.roomId)
      .where('v.organisation_id', '=', organisationId)
      .forUpdate('r')
      .executeTakeFirst()
    if (!room) throw missing('room')
    if (input.capacity > room.seats) throw no('X01', 'capacity-over', { seats: room.seats })
    const { rows } = await sql`
      select 1 from training.sessions s where s.room_id = ${room.id} and s.state <> 'cancelled' and s.during && ${spanOf(input)}
    `.execute(tx.db)
    if (rows.length > 0) throw no('X01', 'room-teaches')
    const offerId = await insert(tx, input, {
      kind: 'seats',
      designation_id: title.id,
      organisation_id: organisationId,
      mentor_person_id: null,
      host_name: room.organisation,
      place: `${room.venue}${room.name}（${room.address}）`.slice(0, 160),
      place_key: `room:${room.id}`,
      room_id: room.id,
    })
    return { offerId }
  },
})

/** The offer, locked to commit; missing when it is not the host's own. */
export async function lockOffer(tx: Tx, id: string, mine: (offer: Offer) => boolean): Promise<Offer> {
  await tx.db.selectFrom('exchange.offers').select('id').where('id', '=', id).forUpdate().executeTakeFirst()
  const found = await offerById(tx.db, id)
  if (!found || !mine(found)) throw missing('sharing-offer')
  tx.about('sharing-offer', id)
  return found
}
export const ownSlot = (tx: Tx) => (offer: Offer) =>
  offer.mentorPersonId !== null && offer.mentorPersonId === tx.actor.personId
export const ownSeats = (tx: Tx) => (offer: Offer) =>
  offer.organisationId !== null && tx.actor.can('exchange.use', { organisationId: offer.organisationId })

export async function moveOffer(tx: Tx, offer: Offer, move: keyof typeof offerCycle, note = ''): Promise<OfferState> {
  const to = mustMove(offerCycle, move, offer.state)
  await tx.db
    .updateTable('exchange.offers')
    .set({ state: to, ...(move === 'cancel' && { cancel_note: note }) })
    .where('id', '=', offer.id)
    .execute()
  await recordMove(tx, { kind: 'sharing-offer', id: offer.id, move, from: offer.state, to, note })
  return to
}

async function cancel(tx: Tx, offer: Offer, note: string) {
  if (offer.from <= tx.now) throw no('X01', 'too-late')
  return { offerId: offer.id, state: await moveOffer(tx, offer, 'cancel', note) }
}
export const cancelSlot = command({
  name: 'exchange.cancelSlot',
  permission: 'self.offer',
  input: CancelOffer,
  run: async (tx, { offerId, note }) => cancel(tx, await lockOffer(tx, offerId, ownSlot(tx)), note),
})
export const cancelSeats = command({
  name: 'exchange.cancelSeats',
  permission: 'exchange.use',
  input: CancelOffer,
  run: async (tx, { offerId, note }) => cancel(tx, await lockOffer(tx, offerId, ownSeats(tx)), note),
})
