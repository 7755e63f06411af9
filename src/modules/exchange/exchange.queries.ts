import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { figuresFor } from '#platform/figures.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { type Day, day } from '#shared/units.ts'
import { type Figures, type Match, match, shortOf } from './exchange.rules.ts'
import { mentorScheme, type OfferKind, type OfferState, type ReturnState, type WishState } from './exchange.schema.ts'

type Db = Ctx['db']

export type Offer = {
  id: string
  kind: OfferKind
  designationId: string
  designation: string
  organisationId: string | null
  mentorPersonId: string | null
  host: string
  industry: string
  subject: string
  summary: string
  place: string
  online: boolean
  subdistrict: string | null
  from: Date
  to: Date
  on: Day
  minutes: number
  capacity: number
  left: number
  state: OfferState
  hostSaid: boolean
  guestsSaid: number
  signedIn: number
  onPaper: number
}
const offerRows = (where: ReturnType<typeof sql>) => sql<Offer>`
  select o.id, o.kind, o.designation_id as "designationId", d.number as designation, o.organisation_id as "organisationId",
    o.mentor_person_id as "mentorPersonId", o.host_name as host, o.industry, o.subject, o.summary, o.place, o.place_key is null as online,
    o.subdistrict, lower(o.during) as from, upper(o.during) as to, (lower(o.during) at time zone 'Asia/Shanghai')::date as on,
    (extract(epoch from upper(o.during) - lower(o.during)) / 60)::int as minutes, o.capacity,
    o.capacity - coalesce((select sum(b.seats)::int from exchange.bookings b where b.offer_id = o.id and b.state = 'booked'), 0) as left,
    o.state,
    exists (select from exchange.accounts a where a.offer_id = o.id and a.side = 'host') as "hostSaid",
    (select count(*)::int from exchange.accounts a where a.offer_id = o.id and a.side = 'guest') as "guestsSaid",
    (select count(*)::int from exchange.sign_ins s where s.offer_id = o.id) as "signedIn",
    (select coalesce(sum(h.persons), 0)::int from exchange.sheets h where h.offer_id = o.id) as "onPaper"
  from exchange.offers o join recognition.designations d on d.id = o.designation_id
  where ${where} order by lower(o.during), o.id limit 300`

/** What is open and still to come. */
export async function openOffers(ctx: Pick<Ctx, 'db' | 'now'>): Promise<Offer[]> {
  return (await offerRows(sql`o.state = 'open' and lower(o.during) > ${ctx.now}`).execute(ctx.db)).rows
}
/** An offer to its host: who has booked, and where its time stands now. */
export type OwnOffer = Offer & { begun: boolean; over: boolean; firms: string[] }
export const offersOfMentor = (ctx: Pick<Ctx, 'db' | 'now'>, personId: string): Promise<OwnOffer[]> =>
  ownOffers(ctx, sql`o.mentor_person_id = ${personId}`)
export const offersOfCentre = (ctx: Pick<Ctx, 'db' | 'now'>, organisationId: string): Promise<OwnOffer[]> =>
  ownOffers(ctx, sql`o.organisation_id = ${organisationId}`)

async function ownOffers({ db, now }: Pick<Ctx, 'db' | 'now'>, whose: RawBuilder<unknown>): Promise<OwnOffer[]> {
  const offers = (await offerRows(whose).execute(db)).rows.toReversed()
  const bookings = await bookingsOn(
    db,
    offers.map((one) => one.id),
  )
  return offers.map((one) => ({
    ...one,
    begun: one.from <= now,
    over: one.to <= now,
    firms: bookings.filter((row) => row.offerId === one.id).map((row) => `${row.organisation} ${row.seats}人`),
  }))
}

export async function offerById(db: Db, id: string): Promise<Offer | undefined> {
  return (await offerRows(sql`o.id = ${id}`).execute(db)).rows[0]
}

export type Title = { id: string; number: string; scheme: string; name: string; endedOn: Day | null }
/** A person's standing appointment as a mentor, or an organisation's standing titles. */
export async function mentorTitle(db: Db, personId: string): Promise<Title | undefined> {
  const { rows } = await sql<Title>`
    select d.id, d.number, d.scheme, d.holder_name as name, d.ended_on as "endedOn" from recognition.designations d
    where d.person_id = ${personId} and d.scheme = ${mentorScheme} and d.ended_on is null
  `.execute(db)
  return rows[0]
}
export async function centreTitles(db: Db, organisationId: string, schemes: readonly string[]): Promise<Title[]> {
  const { rows } = await sql<Title>`
    select d.id, d.number, d.scheme, d.holder_name as name, d.ended_on as "endedOn" from recognition.designations d
    where d.organisation_id = ${organisationId} and d.scheme = any(${[...schemes]}::text[]) and d.ended_on is null order by d.number
  `.execute(db)
  return rows
}

export type Wish = {
  id: string
  industry: string
  subject: string
  detail: string
  subdistrict: string | null
  from: Day
  to: Day
  persons: number
  state: WishState
  organisation: string
}
const wishRows = (where: ReturnType<typeof sql>) => sql<Wish>`
  select w.id, w.industry, w.subject, w.detail, w.subdistrict, w.from_on as from, w.to_on as to, w.persons, w.state, o.name as organisation
  from exchange.wishes w join people.organisations o on o.id = w.organisation_id where ${where} order by w.id desc limit 100`
export async function wishesOf(db: Db, organisationId: string): Promise<Wish[]> {
  return (await wishRows(sql`w.organisation_id = ${organisationId}`).execute(db)).rows
}
/** Wishes that nobody has answered yet, for hosts to see what firms ask for. */
export async function openWishes(ctx: Pick<Ctx, 'db' | 'now'>): Promise<Wish[]> {
  return (await wishRows(sql`w.state = 'open' and w.to_on >= ${dayOf(ctx.now)}`).execute(ctx.db)).rows
}

export type Matched = { offer: Offer; match: Match }
/** Offers that answer a wish, best first; each with its reasons. @clause X01 */
export function matches(wish: Wish, offers: readonly Offer[]): Matched[] {
  return offers
    .flatMap((offer) => {
      const found = match(wish, offer)
      return found ? [{ offer, match: found }] : []
    })
    .sort((a, b) => b.match.score - a.match.score || a.offer.from.getTime() - b.offer.from.getTime())
    .slice(0, 10)
}

export type Booking = {
  id: string
  offerId: string
  organisation: string
  seats: number
  state: 'booked' | 'cancelled'
  subject: string
  host: string
  place: string
  from: Date
  to: Date
  offerState: OfferState
  said: boolean
  signedIn: number
}
const bookingRows = (where: ReturnType<typeof sql>) => sql<Booking>`
  select b.id, b.offer_id as "offerId", g.name as organisation, b.seats, b.state, o.subject, o.host_name as host, o.place,
    lower(o.during) as from, upper(o.during) as to, o.state as "offerState",
    exists (select from exchange.accounts a where a.booking_id = b.id) as said,
    (select count(*)::int from exchange.sign_ins s where s.booking_id = b.id) as "signedIn"
  from exchange.bookings b join exchange.offers o on o.id = b.offer_id join people.organisations g on g.id = b.organisation_id
  where ${where} order by lower(o.during) desc, b.id limit 200`
export async function bookingsOf(db: Db, organisationId: string): Promise<Booking[]> {
  return (await bookingRows(sql`b.organisation_id = ${organisationId}`).execute(db)).rows
}
export async function bookingsOn(db: Db, offerIds: readonly string[]): Promise<Booking[]> {
  return (await bookingRows(sql`b.offer_id = any(${[...offerIds]}::uuid[]) and b.state = 'booked'`).execute(db)).rows
}

export type MentorYear = {
  designationId: string
  number: string
  name: string
  minutes: number
  sessions: number
  persons: number
  reminded: number
}
/** Every mentor in term at the end of the year – or today – with the minutes of the ledger. @clause R24 */
export async function mentorYear(ctx: Pick<Ctx, 'db' | 'plan' | 'now'>, year: number) {
  const today = dayOf(ctx.now)
  const last = yearOf(today) > year ? day(`${year}-12-31`) : today
  const { rows } = await sql<MentorYear>`
    select d.id as "designationId", d.number, d.holder_name as name,
      coalesce(sum(g.minutes), 0)::int as minutes, coalesce(sum(sign(g.minutes)), 0)::int as sessions, coalesce(sum(g.persons), 0)::int as persons,
      (select count(*)::int from exchange.reminders r where r.designation_id = d.id and r.year = ${year}) as reminded
    from recognition.designations d
    left join exchange.given_hours g on g.designation_id = d.id and g.given_on between ${`${year}-01-01`} and ${`${year}-12-31`}
    where d.scheme = ${mentorScheme} and d.designated_on <= ${last} and (d.ended_on is null or d.ended_on > ${last})
    group by d.id order by d.number
  `.execute(ctx.db)
  const needed = (await figuresFor(ctx))('R24.minutes', last).value
  return { year, needed, mentors: rows, short: shortOf(rows, needed) }
}

export type Entry = {
  id: number
  offerId: string
  kind: OfferKind
  host: string
  subject: string
  on: Day
  minutes: number
  persons: number
  reversed: boolean
  reverses: number | null
  reason: string
  by: string
}
/** The ledger of a year, newest first; each line leads to what both sides said. */
export async function ledgerOf(db: Db, year: number, designationId?: string): Promise<Entry[]> {
  const { rows } = await sql<Entry>`
    select g.id, g.offer_id as "offerId", o.kind, o.host_name as host, o.subject, g.given_on as on, g.minutes, g.persons,
      exists (select from exchange.given_hours r where r.reverses = g.id) as reversed, g.reverses, g.reason, g.entered_by_name as by
    from exchange.given_hours g join exchange.offers o on o.id = g.offer_id
    where extract(year from g.given_on) = ${year} and (${designationId ?? null}::uuid is null or g.designation_id = ${designationId ?? null})
    order by g.id desc limit 500
  `.execute(db)
  return rows
}

/** What the platform itself has on record of an organisation's year, beside which a return is laid. @clause X03 */
export async function platformFigures(db: Db, organisationId: string, year: number): Promise<Figures> {
  const { rows } = await sql<Figures>`
    select count(distinct c.id)::int as classes, count(e.id)::int as trained, (count(e.id) filter (where e.state = 'passed'))::int as passed,
      (select coalesce(sum(g.persons), 0)::int from exchange.given_hours g join exchange.offers o on o.id = g.offer_id
        where o.organisation_id = ${organisationId} and extract(year from g.given_on) = ${year}) as external
    from training.classes c left join training.enrolments e on e.class_id = c.id and e.state <> 'withdrawn'
    where c.organisation_id = ${organisationId} and c.state in ('assessed', 'closed') and extract(year from c.ends_on) = ${year}
  `.execute(db)
  return rows[0] ?? { classes: 0, trained: 0, passed: 0, external: 0 }
}

export type YearReturn = {
  id: string
  organisationId: string
  organisation: string
  designation: string
  year: number
  own: Figures
  platform: Figures
  explanation: string
  state: ReturnState
  submittedBy: string
  decidedByName: string | null
  note: string
}
export async function returnsOf(db: Db, organisationId?: string): Promise<YearReturn[]> {
  const { rows } = await sql<YearReturn>`
    select r.id, r.organisation_id as "organisationId", o.name as organisation, d.number as designation, r.year, r.own, r.platform, r.explanation,
      r.state, r.submitted_by as "submittedBy", r.decided_by_name as "decidedByName", r.note
    from exchange.returns r join people.organisations o on o.id = r.organisation_id join recognition.designations d on d.id = r.designation_id
    where ${organisationId ?? null}::uuid is null or r.organisation_id = ${organisationId ?? null}
    order by r.state = 'submitted' desc, r.year desc, r.id desc limit 200
  `.execute(db)
  return rows
}
