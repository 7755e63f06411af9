import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { figuresFor } from '#platform/figures.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import type { FindingOutcome, FindingState } from './exchange.schema.ts'

type Db = Ctx['db']

/** The day on which the host said what took place; from then on the firms are waited for. */
export async function hostSaidOn(db: Db, offerId: string): Promise<Day | null> {
  const row = await db
    .selectFrom('exchange.accounts')
    .select('given_at')
    .where('offer_id', '=', offerId)
    .where('side', '=', 'host')
    .executeTakeFirst()
  return row ? dayOf(row.given_at) : null
}

export type Finding = {
  id: string
  outcome: FindingOutcome
  minutes: number | null
  persons: number | null
  evidence: string
  handReason: string
  state: FindingState
  proposedBy: string
  proposedByName: string
  decidedByName: string | null
  note: string
}
export type Silent = {
  bookingId: string
  offerId: string
  organisation: string
  seats: number
  subject: string
  host: string
  from: Date
  to: Date
  saidAt: Date
  hostMinutes: number
  hostPersons: number
  signedIn: number
  onPaper: number
  sheets: { id: string; persons: number }[]
  finding: Finding | null
  /** The last day to wait; null while the bureau has laid down none. */
  dueOn: Day | null
  waiting: boolean
}

/** Firms that have not said a word after their host has, longest first, with what speaks for or against them. @clause X02 */
export async function silentFirms(ctx: Pick<Ctx, 'db' | 'plan' | 'now'>) {
  const { rows } = await sql<Omit<Silent, 'dueOn' | 'waiting'>>`
    select b.id as "bookingId", o.id as "offerId", g.name as organisation, b.seats, o.subject, o.host_name as host,
      lower(o.during) as from, upper(o.during) as to, a.given_at as "saidAt", a.minutes as "hostMinutes", a.persons as "hostPersons",
      (select count(*)::int from exchange.sign_ins s where s.booking_id = b.id) as "signedIn",
      (select coalesce(sum(h.persons), 0)::int from exchange.sheets h where h.offer_id = o.id) as "onPaper",
      (select coalesce(json_agg(json_build_object('id', h.id, 'persons', h.persons) order by h.id), '[]')
        from exchange.sheets h where h.offer_id = o.id) as sheets,
      (select json_build_object('id', f.id, 'outcome', f.outcome, 'minutes', f.minutes, 'persons', f.persons, 'evidence', f.evidence,
          'handReason', f.hand_reason, 'state', f.state, 'proposedBy', f.proposed_by, 'proposedByName', f.proposed_by_name,
          'decidedByName', f.decided_by_name, 'note', f.note)
        from exchange.findings f where f.booking_id = b.id order by f.id desc limit 1) as finding
    from exchange.offers o join exchange.accounts a on a.offer_id = o.id and a.side = 'host'
      join exchange.bookings b on b.offer_id = o.id and b.state = 'booked'
      join people.organisations g on g.id = b.organisation_id
    where o.state = 'open' and not exists (select from exchange.accounts x where x.booking_id = b.id)
      and not exists (select from exchange.findings f where f.booking_id = b.id and f.state = 'approved')
    order by a.given_at, b.id limit 200
  `.execute(ctx.db)
  const today = dayOf(ctx.now)
  const workdays = (await figuresFor(ctx))('X02.confirmDays', today).value
  return {
    workdays,
    silent: rows.map((row) => {
      const dueOn = workdays === null ? null : addWorkdays(dayOf(row.saidAt), workdays).day
      return { ...row, dueOn, waiting: dueOn !== null && today <= dueOn }
    }),
  }
}
