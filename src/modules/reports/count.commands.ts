import { sql } from 'kysely'
import { z } from 'zod'
import { command, type Tx } from '#platform/command.ts'
import { AppError } from '#platform/errors.ts'
import { choicesFor, figuresFor } from '#platform/figures.ts'
import { programmeOf } from '#policy/clauses.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import {
  type ClassFacts,
  type CountRecord,
  classFacts,
  enrolmentRecords,
  paidRecords,
  personFacts,
  recordedEvents,
  resultRecords,
  standingOfLines,
  uncounted,
} from './count.queries.ts'
import { countable, indicatorsOf, later, reconcile } from './count.rules.ts'
import { type Basis, CountClaim, CountClass, Negate } from './count.schema.ts'

/** Counting is done for the platform by its own jobs; no person writes a count. */
const counted = { permission: 'system.operate' } as const
type Result = { added: number; reversed: number; refused: string | null }
const outcome = (result: Result) => result

/**
 * Enrolled person-times of a class. Who has left, or whose class was cancelled, is taken back.
 * @clause R35
 */
export const countEnrolled = command({
  name: 'reports.countEnrolled',
  ...counted,
  input: CountClass,
  run: (tx, { classId }) => count(tx, classId, 'enrolled', () => enrolmentRecords(tx.db, classId)),
  outcome,
})

/**
 * Person-times that completed and passed. A certificate earned through the class belongs to the same event. Who no
 * longer passes after a score change, or whose certificate was revoked, is taken back.
 * @clause R35
 */
export const countPassed = command({
  name: 'reports.countPassed',
  ...counted,
  input: CountClass,
  run: (tx, { classId }) => count(tx, classId, 'completedAndPassed', () => resultRecords(tx.db, classId)),
  outcome,
})

/**
 * Person-times whose subsidy has reached the account, with the amount.
 * @clause R35 HZ4-M16
 */
export const countPaid = command({
  name: 'reports.countPaid',
  ...counted,
  input: CountClaim,
  async run(tx, { claimId }) {
    tx.about('claim', claimId)
    const { classId } = await paidRecords(tx.db, claimId)
    return count(tx, classId, 'subsidyPaid', async () => (await paidRecords(tx.db, claimId)).records, claimId)
  },
  outcome,
})

/**
 * Takes counts back: of a revoked certificate, or of claim lines whose money was recovered. Each event once.
 * @clause R35
 */
export const negate = command({
  name: 'reports.negate',
  ...counted,
  input: Negate,
  async run(tx, input): Promise<Result> {
    if (input.certificateId !== undefined) {
      tx.about('certificate', input.certificateId)
      const found = await tx.db
        .selectFrom('assessment.certificates')
        .select('class_id')
        .where('id', '=', input.certificateId)
        .executeTakeFirst()
      if (!found) return { added: 0, reversed: 0, refused: null }
      return count(tx, found.class_id, 'completedAndPassed', () => resultRecords(tx.db, found.class_id))
    }
    onlyForJobs(tx)
    await lock(tx)
    const events = await standingOfLines(tx.db, input.claimLineIds ?? [])
    const today = dayOf(tx.now)
    const note = input.reason ? `recovered：${input.reason}` : 'recovered'
    await reverse(
      tx,
      events.map(({ id, countedOn }) => ({ id, on: later(today, countedOn), reason: note })),
    )
    for (const { id } of events.slice(0, 20)) tx.about('count-event', String(id))
    return { added: 0, reversed: events.length, refused: null }
  },
  outcome,
})

/**
 * Looks for records whose counts were lost on the way and queues them again.
 * @clause R35
 */
export const recount = command({
  name: 'reports.recount',
  ...counted,
  input: z.object({}),
  async run(tx) {
    const open = await uncounted(tx.db)
    for (const { job, payload } of open) await tx.enqueue(job, payload, { key: `${job}:${Object.values(payload)}` })
    return { count: open.length }
  },
})

function onlyForJobs(tx: Tx) {
  if (tx.actor.kind !== 'system') throw new AppError({ kind: 'forbidden', permission: counted.permission })
}

/** One at a time: ids then grow with the commits, and "everything up to event n" means the same for ever. */
export const lock = (tx: Pick<Tx, 'db'>) =>
  sql`select pg_advisory_xact_lock(hashtextextended('reports.count', 0))`.execute(tx.db)

async function count(
  tx: Tx,
  classId: string,
  basis: Basis,
  read: () => Promise<CountRecord[]>,
  claimId: string | null = null,
): Promise<Result> {
  onlyForJobs(tx)
  await lock(tx)
  tx.about('class', classId)
  const klass = await classFacts(tx.db, classId)
  const may = countable(
    tx.plan,
    klass,
    klass.startsOn,
    await choicesFor(tx), // the answers and figures of the class's own first day
    await figuresFor(tx),
  )
  const records = await read()
  const counting = records.filter((record) => record.counts)
  const recorded = await recordedEvents(tx.db, classId, basis)
  const changes = reconcile(
    recorded,
    counting.map(({ personId, on }) => ({ personId, on })),
    dayOf(tx.now),
  )
  // A class that may not be counted gains nothing; what it counted under earlier answers stands while the records do.
  const adding = may.ok ? changes.add : []
  const why = new Map(records.filter((record) => !record.counts).map((record) => [record.personId, record.why]))
  await reverse(
    tx,
    changes.reverse.map(({ id, personId, on }) => ({ id, on, reason: why.get(personId) ?? 'enrolment-withdrawn' })),
  )
  const byPerson = new Map(counting.map((record) => [record.personId, record]))
  await add(
    tx,
    klass,
    basis,
    claimId,
    adding.flatMap(({ personId, round, on }) => {
      const record = byPerson.get(personId)
      return record ? [{ ...record, round, on }] : []
    }),
  )
  return {
    added: adding.length,
    reversed: changes.reverse.length,
    refused: may.ok ? null : may.refusal.reason,
  }
}

async function add(
  tx: Tx,
  klass: ClassFacts,
  basis: Basis,
  claimId: string | null,
  records: readonly (CountRecord & { round: number })[],
) {
  const tags = [...(programmeOf(tx.plan, klass.programme)?.tags ?? [])]
  const people = await personFacts(tx.db, records, tx.now)
  const rows = records.map((record) => {
    const person = people.get(record.enrolmentId)
    const groups = person?.groups ?? []
    const indicators = indicatorsOf(tx.plan, { tags, occupation: klass.occupation, groups })
    return {
      person_id: record.personId,
      programme: klass.programme,
      class_id: klass.id,
      enrolment_id: record.enrolmentId,
      certificate_id: record.certificateId,
      basis,
      round: record.round,
      counted_on: record.on,
      venue_subdistrict: klass.subdistrict,
      employer_subdistrict: person?.employer ?? null,
      residence_subdistrict: person?.residence ?? null,
      industry: klass.industry,
      occupation_edition: klass.occupation?.edition ?? null,
      occupation_code: klass.occupation?.code ?? null,
      organisation_id: klass.organisationId,
      group_tags: groups,
      tags,
      indicators: indicators.all,
      person_indicators: indicators.persons,
      amount_fen: record.amountFen,
      claim_id: claimId,
      claim_line_id: record.claimLineId,
      recorded_at: tx.now,
      recorded_by: tx.actor.id,
    }
  })
  for (let at = 0; at < rows.length; at += 1_000) {
    await tx.db
      .insertInto('reports.count_events')
      .values(rows.slice(at, at + 1_000))
      .execute()
  }
}

/** A reversal is its event over again, negative, with its own day and reason. */
async function reverse(tx: Tx, reversals: readonly { id: number; on: Day; reason: string }[]) {
  if (reversals.length === 0) return
  await sql`
    insert into reports.count_events (person_id, programme, class_id, enrolment_id, certificate_id, basis, round, counted_on,
      venue_subdistrict, employer_subdistrict, residence_subdistrict, industry, occupation_edition, occupation_code,
      organisation_id, group_tags, tags, indicators, person_indicators, amount_fen, claim_id, claim_line_id,
      negates, reason, recorded_at, recorded_by)
    select e.person_id, e.programme, e.class_id, e.enrolment_id, e.certificate_id, e.basis, e.round, w.on_day,
      e.venue_subdistrict, e.employer_subdistrict, e.residence_subdistrict, e.industry, e.occupation_edition, e.occupation_code,
      e.organisation_id, e.group_tags, e.tags, e.indicators, e.person_indicators, -e.amount_fen, e.claim_id, e.claim_line_id,
      e.id, w.reason, ${tx.now}, ${tx.actor.id}
    from unnest(${reversals.map((one) => one.id)}::bigint[], ${reversals.map((one) => one.on)}::date[],
      ${reversals.map((one) => one.reason)}::text[]) as w (id, on_day, reason)
    join reports.count_events e on e.id = w.id order by e.id
  `.execute(tx.db)
}
