import { sql } from 'kysely'
import { ensurePerson } from '#modules/people/person.commands.ts'
import { command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { heldBy } from '#platform/held.ts'
import { scopeById } from './assessor.queries.ts'
import { checkDeclaration } from './assessor.rules.ts'
import { lockBatch } from './batch.commands.ts'
import type { Batch } from './batch.queries.ts'
import { openBatch } from './batch.rules.ts'
import { AddCandidate, AddClass, StrikeCandidate } from './batch.schema.ts'

const no = (clause: string, reason: string, facts: Record<string, string | number> = {}) =>
  refused({ clause, reason, facts })

const held = {
  places_held: ['C12', 'no-seat-left'],
  candidate_once: ['V03', 'already-listed'],
} as const

async function mustBeFree(tx: Tx, batch: Batch, personId: string) {
  const certified = await tx.db
    .selectFrom('certification.certificates')
    .select('id')
    .where('person_id', '=', personId)
    .where('edition', '=', batch.edition)
    .where('code', '=', batch.code)
    .where('level', '=', batch.level)
    .where('state', '=', 'issued')
    .executeTakeFirst()
  if (certified) throw no('V03', 'already-certified')
}

type Listed = { personId: string; enrolmentId: string | null; condition: string; years: number; evidence: string }

async function list(tx: Tx, batch: Batch, one: Listed, seq: number) {
  return heldBy(
    tx.db
      .insertInto('certification.candidates')
      .values({
        batch_id: batch.id,
        seq,
        person_id: one.personId,
        enrolment_id: one.enrolmentId,
        condition: one.condition,
        years: one.years,
        evidence: one.evidence,
        added_by: tx.actor.hand.id,
        added_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow(),
    held,
  )
}

async function lastSeq(tx: Tx, batchId: string): Promise<number> {
  const { rows } = await sql<{ last: number | null }>`
    select max(seq) as last from certification.candidates where batch_id = ${batchId}`.execute(tx.db)
  return rows[0]?.last ?? 0
}

async function openFor(tx: Tx, batchId: string, declared: { condition: string; years: number }): Promise<Batch> {
  const batch = await lockBatch(tx, batchId, 'certification.plan')
  if (!openBatch.includes(batch.state)) throw no('V02', 'wrong-state', { state: batch.state })
  const decision = checkDeclaration((await scopeById(tx.db, batch.scopeId)).conditions, declared)
  if (!decision.ok) throw refused(decision.refusal)
  return batch
}

/**
 * Somebody declares under a condition of the standard, with what was seen for it. The database keeps to the seats.
 * @clause V03 @clause C12 @clause C01
 */
export const addCandidate = command({
  name: 'certification.addCandidate',
  permission: 'certification.plan',
  input: AddCandidate,
  async run(tx, input) {
    const batch = await openFor(tx, input.batchId, input)
    const person = await ensurePerson(tx, {
      name: input.name,
      documentKind: 'resident-id',
      documentNumber: input.documentNumber,
    })
    if (person.nameDiffers) throw no('C01', 'name-differs')
    await mustBeFree(tx, batch, person.personId)
    const { id } = await list(
      tx,
      batch,
      { ...input, personId: person.personId, enrolmentId: null },
      (await lastSeq(tx, batch.id)) + 1,
    )
    tx.about('person', person.personId)
    return { candidateId: id, batchId: batch.id }
  },
})

/**
 * Everybody of the class behind the batch who is not listed yet and has no such certificate.
 * @clause V03 @clause C12
 */
export const addClass = command({
  name: 'certification.addClass',
  permission: 'certification.plan',
  input: AddClass,
  async run(tx, input) {
    const batch = await openFor(tx, input.batchId, input)
    if (!batch.classId) throw no('V02', 'no-class')
    const { rows } = await sql<{ id: string; person_id: string }>`
      select e.id, e.person_id from training.enrolments e
      where e.class_id = ${batch.classId} and e.state <> 'withdrawn'
        and not exists (select from certification.candidates k where k.batch_id = ${batch.id} and k.person_id = e.person_id and k.state = 'listed')
        and not exists (select from certification.certificates c where c.person_id = e.person_id and c.edition = ${batch.edition}
          and c.code = ${batch.code} and c.level = ${batch.level} and c.state = 'issued')
      order by e.enrolled_at, e.id
    `.execute(tx.db)
    if (rows.length === 0) throw no('V03', 'nobody-new')
    let seq = await lastSeq(tx, batch.id)
    for (const row of rows) {
      seq += 1
      await list(tx, batch, { ...input, personId: row.person_id, enrolmentId: row.id }, seq)
    }
    return { batchId: batch.id, count: rows.length }
  },
})

/**
 * Takes somebody off the list: the organisation while it plans, the bureau when a declaration does not hold.
 * @clause V03
 */
export const strikeCandidate = command({
  name: 'certification.strikeCandidate',
  permission: 'certification.plan',
  input: StrikeCandidate,
  async run(tx, { candidateId, note }) {
    const of = await tx.db
      .selectFrom('certification.candidates')
      .select(['batch_id', 'state'])
      .where('id', '=', candidateId)
      .executeTakeFirst()
    if (!of) throw missing('candidate')
    const batch = await lockBatch(tx, of.batch_id, 'certification.plan')
    if (!openBatch.includes(batch.state)) throw no('V02', 'wrong-state', { state: batch.state })
    const { numUpdatedRows } = await tx.db
      .updateTable('certification.candidates')
      .set({ state: 'struck', struck_note: note })
      .where('id', '=', candidateId)
      .where('state', '=', 'listed')
      .executeTakeFirst()
    if (Number(numUpdatedRows) === 0) throw no('V03', 'not-listed')
    return { candidateId, batchId: batch.id }
  },
})
