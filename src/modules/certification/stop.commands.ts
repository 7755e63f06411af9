import { sql } from 'kysely'
import { recordMove } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { addDays, dayOf } from '#shared/dates.ts'
import type { Batch } from './batch.queries.ts'
import { DecideLift, ProposeLift } from './certificate.schema.ts'
import { watchSignals } from './watch.rules.ts'

/**
 * Looks at a batch and writes what stands out. Whoever files the organisation's next batch waits for this to commit.
 * @clause V05 @clause C18
 */
export async function raiseStops(tx: Tx, batch: Batch): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('certification:' || ${batch.organisationId}::uuid, 0))`.execute(
    tx.db,
  )
  const today = dayOf(tx.now)
  const at = await figuresFor(tx)
  const figure = (id: string) => at(id, today).value
  const windowDays = figure('V05.windowDays')
  const from = addDays(today, 1 - (windowDays ?? 1))
  const { rows } = await sql<{ assessed: number; passed: number; issuedToday: number; issuedInWindow: number }>`
    select (select count(*)::int from certification.results r join certification.batches b on b.id = r.batch_id and b.round = r.round
        where r.batch_id = ${batch.id}) as assessed,
      (select count(*)::int from certification.results r join certification.batches b on b.id = r.batch_id and b.round = r.round
        where r.batch_id = ${batch.id} and r.passed) as passed,
      count(*) filter (where c.issued_on = ${today})::int as "issuedToday",
      count(*) filter (where c.issued_on >= ${from})::int as "issuedInWindow"
    from certification.certificates c where c.organisation_id = ${batch.organisationId} and c.issued_on >= ${from}
  `.execute(tx.db)
  const [counts] = rows
  if (!counts) return
  const { rows: conflicts } = await sql<{ examiner: string; candidates: number }>`
    select x.name as examiner, count(distinct k.id)::int as candidates
    from certification.sittings g join certification.examiners x on x.id = g.examiner_id
    join certification.candidates k on k.batch_id = g.batch_id and k.state = 'listed'
    join training.enrolments e on e.person_id = k.person_id and e.state <> 'withdrawn'
    join training.sessions s on s.class_id = e.class_id and s.trainer_person_id = x.person_id and s.state <> 'cancelled'
    where g.batch_id = ${batch.id} and not g.off group by x.id, x.name order by x.name
  `.execute(tx.db)
  const signals = watchSignals(
    { ...counts, today, conflicts },
    {
      passRateHigh: figure('OP.passRateHigh'),
      minPersons: figure('OP.passRateMinPersons'),
      perDay: figure('OP.burstPerDay'),
      windowDays,
      windowCertificates: figure('V05.windowCertificates'),
    },
  )
  for (const signal of signals) {
    await tx.db
      .insertInto('certification.stops')
      .values({
        organisation_id: batch.organisationId,
        batch_id: batch.id,
        cause: signal.cause,
        facts: JSON.stringify(signal.facts),
        raised_at: tx.now,
      })
      .onConflict((c) => c.doNothing())
      .execute()
  }
}

async function lockStop(tx: Tx, id: string) {
  const found = await tx.db
    .selectFrom('certification.stops')
    .select(['state', 'proposed_by', 'organisation_id', 'batch_id'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!found) throw missing('stop')
  tx.about('assessment-batch', found.batch_id)
  tx.about('organisation', found.organisation_id)
  return found
}

/**
 * Somebody of the desk has looked into it and proposes to let the organisation go on, with the reason.
 * @clause V05
 */
export const proposeLift = command({
  name: 'certification.proposeLift',
  permission: 'certification.manage',
  input: ProposeLift,
  async run(tx, { stopId, reason }) {
    const found = await lockStop(tx, stopId)
    if (found.state !== 'standing') throw refused({ clause: 'V05', reason: 'stop-not-standing', facts: {} })
    await tx.db
      .updateTable('certification.stops')
      .set({
        state: 'lift-proposed',
        reason,
        proposed_by: tx.actor.hand.id,
        proposed_by_name: tx.actor.name,
        proposed_at: tx.now,
      })
      .where('id', '=', stopId)
      .execute()
    return { stopId, organisationId: found.organisation_id, state: 'lift-proposed' as const }
  },
})

/**
 * Another person decides. Kept, it stands as before and can be proposed again.
 * @clause V05
 */
export const decideLift = command({
  name: 'certification.decideLift',
  permission: 'certification.approve',
  input: DecideLift,
  async run(tx, { stopId, outcome, note }) {
    const found = await lockStop(tx, stopId)
    if (found.state !== 'lift-proposed') throw refused({ clause: 'V05', reason: 'no-lift', facts: {} })
    if (found.proposed_by === tx.actor.hand.id) throw refused({ clause: 'V05', reason: 'own-lift', facts: {} })
    const state = outcome === 'lift' ? ('lifted' as const) : ('standing' as const)
    await tx.db
      .updateTable('certification.stops')
      .set(
        outcome === 'lift'
          ? {
              state,
              decided_by: tx.actor.hand.id,
              decided_by_name: tx.actor.name,
              decided_note: note,
              decided_at: tx.now,
            }
          : { state, proposed_by: null, proposed_by_name: null, reason: null, proposed_at: null },
      )
      .where('id', '=', stopId)
      .execute()
    await recordMove(tx, { kind: 'assessment-stop', id: stopId, move: outcome, from: 'lift-proposed', to: state, note })
    return { stopId, organisationId: found.organisation_id, state }
  },
})
