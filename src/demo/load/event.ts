import type pg from 'pg'
import { indicatorsOf } from '#modules/reports/count.rules.ts'
import { dayOf } from '#shared/dates.ts'
import type { LoadBase } from './base.ts'
import type { MadeClass } from './class.ts'
import { insertRows, type Row } from './insert.ts'
import { subdistrictOf } from './people.ts'

/** Who was enrolled and who passed, counted once a person and class, as the counting jobs would have it. */
export function eventsOf(base: LoadBase, made: MadeClass): Row[] {
  const { undertaker, times } = made
  const { subject } = undertaker
  const programme = base.plan.programmes.find(({ code }) => code === subject.programme)
  const tags = [...(programme?.tags ?? [])]
  const occupation = subject.occupation ? { edition: '2015', code: subject.occupation } : null
  const enrolledOn = dayOf(times.approved)
  return made.seats.flatMap((seat) => {
    const groups = seat.group ? [seat.group] : []
    const indicators = indicatorsOf(base.plan, { tags, occupation, groups })
    const common: Row = {
      person_id: seat.personId,
      programme: subject.programme,
      class_id: made.id,
      enrolment_id: seat.enrolmentId,
      round: 1,
      venue_subdistrict: undertaker.subdistrict,
      employer_subdistrict: subject.type === 'enterprise' ? undertaker.subdistrict : null,
      residence_subdistrict: subdistrictOf(base.plan, base.seed, seat.member.person),
      industry: undertaker.industry,
      occupation_edition: occupation?.edition ?? null,
      occupation_code: occupation?.code ?? null,
      organisation_id: undertaker.id,
      group_tags: groups,
      tags,
      indicators: indicators.all,
      person_indicators: indicators.persons,
      amount_fen: 0,
      reason: '',
    }
    const start = new Date((made.sessions[0]?.openedAt ?? times.approved).getTime() + 60_000)
    const enrolled = {
      ...common,
      certificate_id: null,
      basis: 'enrolled',
      counted_on: enrolledOn,
      recorded_at: start,
      recorded_by: 'system:reports.countEnrolled',
    }
    if (!seat.passed) return [enrolled]
    const passed = {
      ...common,
      certificate_id: null, // counted when the results are out, before certificates are made
      basis: 'completedAndPassed',
      counted_on: dayOf(times.concluded),
      recorded_at: new Date(times.concluded.getTime() + 60_000),
      recorded_by: 'system:reports.countPassed',
    }
    return [enrolled, passed]
  })
}

/** Events in the order of their recording, under the lock of all counting. Tallies follow by themselves. */
export async function writeEvents(db: pg.ClientBase, rows: Row[]): Promise<void> {
  await db.query("select pg_advisory_xact_lock(hashtextextended('reports.count', 0))")
  const time = (row: Row) => (row.recorded_at as Date).getTime()
  await insertRows(
    db,
    'reports.count_events',
    rows.toSorted((a, b) => time(a) - time(b)),
  )
}
