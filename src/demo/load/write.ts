import type pg from 'pg'
import { numbered } from '#modules/training/plan.rules.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { addCertificates } from './assessment.ts'
import type { LoadBase } from './base.ts'
import { addClaim, type MadeClaim } from './claim.ts'
import { addClass, type MadeClass } from './class.ts'
import { writeClaims } from './desk.ts'
import { eventsOf, writeEvents } from './event.ts'
import { gatherer } from './insert.ts'
import type { LoadClass } from './layout.ts'
import type { Undertaker } from './undertakers.ts'

/** In the order in which one rests on the other. */
const tables = [
  'people.persons',
  'people.person_names',
  'people.group_memberships',
  'training.classes',
  'training.class_trainers',
  'training.sessions',
  'training.enrolments',
  'training.attendance_marks',
  'training.hour_entries',
  'assessment.assessments',
  'assessment.parts',
  'assessment.score_entries',
  'assessment.results',
] as const
const claimTables = ['subsidy.claim_lines'] as const
const lastTables = ['assessment.certificates', 'platform.moves', 'platform.clocks'] as const

export type Numbered = { source: LoadClass; undertaker: Undertaker; number: string; planId: string; nth: number }

/** A class's number within its plan follows from the layout alone. */
export function numberClasses(classes: readonly LoadClass[], undertakers: Map<number, Undertaker>): Numbered[] {
  const counts = new Map<string, number>()
  return classes.map((source) => {
    const undertaker = undertakers.get(source.lane.organisation)
    const [first, last] = [source.days[0] ?? '', source.days.at(-1) ?? '']
    const plan = undertaker?.plans.find(({ from, to }) => from <= first && last <= to)
    if (!undertaker || !plan) throw new RangeError(`${source.key} has no plan`)
    const nth = (counts.get(plan.id) ?? 0) + 1
    counts.set(plan.id, nth)
    return { source, undertaker, planId: plan.id, nth, number: numbered(plan.number, nth, 2) }
  })
}

export type Written = { made: MadeClass[]; claims: MadeClaim[] }

/**
 * Some classes with everything in them, in one transaction, as of `now`. Classes that are there already are only worked
 * out again, so that what comes after them comes out the same.
 */
export async function writeClasses(
  db: pg.ClientBase,
  base: LoadBase,
  classes: readonly Numbered[],
  now: Date,
  /** Numbers are taken in the order of the batches, whoever is faster with the rest. */
  turn: Promise<unknown>,
): Promise<Written> {
  const out = gatherer([...tables, ...claimTables, ...lastTables])
  const made = classes.map(({ source, number, undertaker }) => addClass(out, base, source, number, undertaker))
  const claims = made.flatMap((one) => {
    const claim = addClaim(out, base, one, now)
    return claim ? [claim] : []
  })
  const { rows } = await db.query('select id from training.classes where id = any($1) limit 1', [made.map((c) => c.id)])
  if (rows.length > 0) return { made, claims } // a batch is written whole or not at all
  await db.query('begin')
  try {
    await out.write(db, tables)
    await settleSheets(
      db,
      made.map(({ id }) => id),
    )
    await turn
    await writeClaims(db, out, claims)
    await number(db, out, base, made)
    await out.write(db, lastTables)
    await countUp(db, classes)
    await writeEvents(
      db,
      made.flatMap((one) => eventsOf(base, one)),
    )
    await db.query('commit')
  } catch (error) {
    await db.query('rollback')
    throw error
  }
  return { made, claims }
}

/** A second person confirms what the first entered; then the results are out. */
async function settleSheets(db: pg.ClientBase, classIds: readonly string[]): Promise<void> {
  await db.query(
    `insert into assessment.scores (id, entry_id, assessment_id, part, enrolment_id, tenths, absent, entered_by, confirmed_by, confirmed_at)
     select uuidv7(), e.id, e.assessment_id, e.part, e.enrolment_id, e.tenths, e.absent, e.entered_by, r.decided_by,
       r.decided_at - interval '1 hour'
     from assessment.assessments a join assessment.score_entries e on e.assessment_id = a.id
     join assessment.results r on r.enrolment_id = e.enrolment_id where a.class_id = any($1)`,
    [classIds],
  )
  await db.query(
    `update assessment.assessments a set state = 'concluded', confirmed_by = r.decided_by, confirmed_by_name = u.name,
       confirmed_at = r.decided_at - interval '1 hour', concluded_by = r.decided_by, concluded_at = r.decided_at
     from (select distinct assessment_id, decided_by, decided_at from assessment.results where class_id = any($1)) r
     join auth.users u on u.id::text = r.decided_by
     where a.id = r.assessment_id`,
    [classIds],
  )
}

/** Serials are taken under the lock of their year, so they have neither holes nor twins. */
async function number(
  db: pg.ClientBase,
  out: ReturnType<typeof gatherer>,
  base: LoadBase,
  made: readonly MadeClass[],
): Promise<void> {
  const yearOfClass = (one: MadeClass) => yearOf(dayOf(one.times.issued))
  for (const [year, classes] of Map.groupBy(made, yearOfClass)) {
    const count = classes.reduce((sum, one) => sum + one.certificates.length, 0)
    const { rows } = await db.query<{ last: number }>(
      `insert into assessment.certificate_serials (district, year, last) values ($1, $2, $3)
       on conflict (district, year) do update set last = assessment.certificate_serials.last + $3 returning last`,
      [base.plan.district.code, year, count],
    )
    let serial = (rows[0]?.last ?? count) - count + 1
    for (const one of classes) {
      addCertificates(out, base, one, serial)
      serial += one.certificates.length
    }
  }
}

/** The plans' own counters know how many classes there are now. */
async function countUp(db: pg.ClientBase, classes: readonly Numbered[]): Promise<void> {
  const last = new Map(classes.map((one) => [one.planId, one]))
  for (const { number, nth } of [...last.values()].sort((a, b) => (a.planId < b.planId ? -1 : 1))) {
    await db.query(
      `insert into training.counters (key, last) values ($1, $2)
       on conflict (key) do update set last = greatest(training.counters.last, excluded.last)`,
      [number.slice(0, number.lastIndexOf('-')), nth],
    )
  }
}
