/** Lines put on a claim, taken off it, and their hours and caps. For use inside the claim's own commands. */
import { sql } from 'kysely'
import { releaseHours, spendHours } from '#modules/training/hours.commands.ts'
import type { Ctx, Tx } from '#platform/command.ts'
import { refused } from '#platform/errors.ts'
import { type ClassBasis, type PersonFacts, personsOf } from './line.queries.ts'
import type { Line } from './line.schema.ts'

export type Payable = PersonFacts & { value: Line }
export type StoredLine = { id: string; enrolmentId: string; minutes: number; amountFen: number; facts: unknown }

/**
 * Everybody in the class who earns something to claim. A figure nobody has decided stops the whole claim: money is never
 * computed from it. Who is left out, and why, follows from the same facts.
 * @clause R04
 */
export async function payablesOf(tx: Tx, basis: ClassBasis): Promise<Payable[]> {
  const persons = await personsOf(tx, basis)
  for (const { line } of persons) {
    if (!line.ok && line.refusal.reason === 'figure-undecided') throw refused(line.refusal)
  }
  return persons.flatMap((person) =>
    person.line.ok && person.facts.minutes > 0 ? [{ ...person, value: person.line.value }] : [],
  )
}

/** The lines that count on a claim, as stored. */
export async function linesOn(tx: Pick<Ctx, 'db'>, claimId: string): Promise<StoredLine[]> {
  return tx.db
    .selectFrom('subsidy.claim_lines')
    .select(['id', 'enrolment_id as enrolmentId', 'minutes', 'amount_fen as amountFen', 'facts'])
    .where('claim_id', '=', claimId)
    .where('live', '=', true)
    .orderBy('id')
    .execute()
}

/** What `payables` says, line by line, becomes what the claim holds; returns the new total in fen. */
export async function putLines(tx: Tx, claimId: string, payables: readonly Payable[]): Promise<number> {
  const stored = await linesOn(tx, claimId)
  const wanted = await withoutDropped(tx, claimId, payables)
  const byEnrolment = new Map(wanted.map((one) => [one.enrolmentId, one]))
  const gone = stored.filter((line) => !byEnrolment.has(line.enrolmentId))
  await takeOff(
    tx,
    gone.map((line) => line.id),
    { as: 'recomputed', reason: '重新计算：不再符合申领条件' },
  )
  const kept = new Map(stored.map((line) => [line.enrolmentId, line]))
  await insertLines(
    tx,
    claimId,
    wanted.filter((one) => !kept.has(one.enrolmentId)),
  )
  await updateLines(
    tx,
    wanted.flatMap((one) => {
      const line = kept.get(one.enrolmentId)
      return line ? [{ ...one, id: line.id }] : []
    }),
  )
  const lines = await linesOn(tx, claimId)
  for (const line of lines) {
    await releaseHours(tx, { claimLineId: line.id })
    await spendHours(tx, { claimLineId: line.id, enrolmentId: line.enrolmentId })
  }
  return lines.reduce((sum, line) => sum + line.amountFen, 0)
}

/** Somebody the claimant or the bureau took off this claim does not come back by recomputing. */
async function withoutDropped(tx: Tx, claimId: string, payables: readonly Payable[]): Promise<Payable[]> {
  const rows = await tx.db
    .selectFrom('subsidy.claim_lines')
    .select('enrolment_id')
    .where('claim_id', '=', claimId)
    .where('dropped_at', 'is not', null)
    .where('dropped_as', 'is distinct from', 'recomputed')
    .execute()
  const dropped = new Set(rows.map((row) => row.enrolment_id))
  return payables.filter((one) => !dropped.has(one.enrolmentId))
}

const recordOf = ({ enrolmentId, personId, facts, value }: Payable) => ({
  enrolment_id: enrolmentId,
  person_id: personId,
  programme: facts.programme,
  year: value.year,
  minutes: value.minutes,
  hour_minutes: value.hourMinutes,
  class_hours: value.classHours,
  unit_fen: value.unitFen,
  cap_per: value.capPer,
  cap_fen: value.capFen,
  cap_used_before_fen: value.capUsedBeforeFen,
  amount_fen: value.amountFen,
  fund_source: value.fundSource,
  facts,
  explanation: value.explanation,
})
const shape = sql`(id uuid, enrolment_id uuid, person_id uuid, programme text, year int, minutes int, hour_minutes int,
  class_hours int, unit_fen bigint, cap_per text, cap_fen bigint, cap_used_before_fen bigint, amount_fen bigint, fund_source text,
  facts jsonb, explanation jsonb)`

async function insertLines(tx: Tx, claimId: string, payables: readonly Payable[]): Promise<void> {
  if (payables.length === 0) return
  await sql`
    insert into subsidy.claim_lines (claim_id, enrolment_id, person_id, programme, year, minutes, hour_minutes, class_hours,
      unit_fen, cap_per, cap_fen, cap_used_before_fen, amount_fen, fund_source, facts, explanation)
    select ${claimId}::uuid, enrolment_id, person_id, programme, year, minutes, hour_minutes, class_hours, unit_fen, cap_per,
      cap_fen, cap_used_before_fen, amount_fen, fund_source, facts, explanation
    from jsonb_to_recordset(${JSON.stringify(payables.map(recordOf))}::jsonb) as r ${shape}
  `.execute(tx.db)
}

async function updateLines(tx: Tx, payables: readonly (Payable & { id: string })[]): Promise<void> {
  if (payables.length === 0) return
  const records = payables.map((one) => ({ id: one.id, ...recordOf(one) }))
  await sql`
    update subsidy.claim_lines l set year = r.year, minutes = r.minutes, hour_minutes = r.hour_minutes, class_hours = r.class_hours,
      unit_fen = r.unit_fen, cap_fen = r.cap_fen, cap_used_before_fen = r.cap_used_before_fen, amount_fen = r.amount_fen,
      fund_source = r.fund_source, facts = r.facts, explanation = r.explanation
    from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as r ${shape} where l.id = r.id
  `.execute(tx.db)
}

/** Takes lines off a claim; their hours are free again. */
export async function takeOff(
  tx: Tx,
  lineIds: readonly string[],
  why: { as: 'claimant' | 'recomputed' | 'bureau'; reason: string },
): Promise<void> {
  if (lineIds.length === 0) return
  await tx.db
    .updateTable('subsidy.claim_lines')
    .set({ live: false, dropped_at: tx.now, dropped_by: tx.actor.id, drop_reason: why.reason, dropped_as: why.as })
    .where('id', 'in', [...lineIds])
    .execute()
  for (const claimLineId of lineIds) await releaseHours(tx, { claimLineId })
}

/** A claim that ends without money: its lines hold neither hours nor caps any more, and stay to be seen. */
export async function letGo(tx: Tx, claimId: string): Promise<void> {
  for (const { id } of await linesOn(tx, claimId)) await releaseHours(tx, { claimLineId: id })
  await tx.db.updateTable('subsidy.claim_lines').set({ live: false }).where('claim_id', '=', claimId).execute()
}

/**
 * Holds the year of every person on a claim until the transaction ends, always in the same order: whoever looks at what
 * is left of a cap looks alone.
 * @clause C10
 */
export async function holdCaps(tx: Tx, personIds: readonly string[], programme: string, year: number): Promise<void> {
  await sql`
    select pg_advisory_xact_lock(hashtextextended('subsidy.cap:' || p || ':' || ${programme}::text || ':' || ${year}::int, 0))
    from (select distinct p from unnest(${[...personIds]}::text[]) as u (p) order by p) x
  `.execute(tx.db)
}
