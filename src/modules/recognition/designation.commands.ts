import { mustMove, recordMove } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { nextNumber } from '#platform/counters.ts'
import { missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import type { Scheme } from '#policy/plan.types.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { applicationCycle } from './application.rules.ts'
import {
  type ApplicationRow,
  enter,
  lockApplication,
  moveApplication,
  mustBeApart,
  mustHaveRoom,
} from './case.commands.ts'
import { designationCycle, termEnd } from './designation.rules.ts'
import { Designate, type DesignationState } from './designation.schema.ts'
import { schemeVersion } from './scheme.queries.ts'

/**
 * The title is given, by a leader who took no part before. The places are looked at under the scheme's lock, and counted
 * by the database itself as the row is written: with ten places there is no eleventh, whoever is first.
 * @clause R23 @clause A01 @clause HZ4-M02
 */
export const designate = command({
  name: 'recognition.designate',
  permission: 'recognition.decide',
  input: Designate,
  async run(tx, { applicationId, docNo }) {
    const { row, scheme } = await lockApplication(tx, applicationId)
    mustBeApart(tx, row)
    mustMove(applicationCycle, 'designate', row.state)
    if ([row.formal_by, row.recommended_by, row.chosen_by].includes(tx.actor.id)) {
      throw refused({ clause: 'A01', reason: 'took-part', facts: {} })
    }
    await mustHaveRoom(tx, scheme, row, ['total', 'year', 'organisation'])
    await mustNotHold(tx, row)
    await moveApplication(tx, row, 'designate', { note: docNo })
    return issue(tx, scheme, row, docNo)
  },
})

/** A register: the firm decided, the officer who checked the papers enters it. */
export async function register(tx: Tx, scheme: Scheme, row: ApplicationRow): Promise<void> {
  await mustHaveRoom(tx, scheme, row, ['total', 'year', 'organisation'])
  await mustNotHold(tx, row)
  await enter(tx, row, 'designate', 'designated')
  await issue(tx, scheme, row, '')
}

/** Somebody who steps up a grade leaves the lower one; the same title twice is refused. */
async function mustNotHold(tx: Tx, row: ApplicationRow): Promise<void> {
  const held = await tx.db
    .selectFrom('recognition.designations')
    .select(['id', 'grade'])
    .where('scheme', '=', row.scheme)
    .where('holder_key', '=', row.holder_key)
    .where('ended_on', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  if (!held) return
  if (row.grade === '' || held.grade === row.grade) {
    throw refused({ clause: 'R23', reason: 'already-holding', facts: {} })
  }
  await endDesignation(tx, held.id, 'withdraw', 'promoted')
}

async function issue(tx: Tx, scheme: Scheme, row: ApplicationRow, docNo: string) {
  const today = dayOf(tx.now)
  const series = scheme.numbering.replace('{year}', String(yearOf(today)))
  const number = `${series}-${String(await nextNumber(tx, 'recognition', series)).padStart(4, '0')}`
  const { id } = await tx.db
    .insertInto('recognition.designations')
    .values({
      number,
      scheme: row.scheme,
      version_id: row.version_id,
      call_id: row.call_id,
      application_id: row.id,
      path: row.path,
      holder_key: row.holder_key ?? '',
      holder_name: row.public_name,
      grade: row.grade,
      organisation_id: row.organisation_id,
      person_id: row.person_id,
      doc_no: docNo,
      designated_on: today,
      designated_by: tx.actor.id,
      designated_by_name: tx.actor.name,
      designated_at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  tx.about('designation', id)
  const months = (await figuresFor(tx))(scheme.term.monthsFigure, today).value
  await addTerm(tx, id, 1, today, termEnd(today, months), '')
  await recordMove(tx, { kind: 'designation', id, move: 'designate', from: '', to: 'in-term' })
  if (scheme.counts.length > 0) {
    await tx.enqueue('reports.countDesignation', { designationId: id }, { key: `count-designation:${id}` })
  }
  return { designationId: id, number, applicationId: row.id }
}

export async function addTerm(tx: Tx, id: string, seq: number, from: Day, to: Day | null, note: string): Promise<void> {
  await tx.db
    .insertInto('recognition.terms')
    .values({
      designation_id: id,
      seq,
      from_on: from,
      to_on: to,
      note,
      by_user: tx.actor.id,
      by_name: tx.actor.name,
      at: tx.now,
    })
    .execute()
}

export async function lockDesignation(tx: Tx, id: string) {
  const row = await tx.db
    .selectFrom('recognition.designations')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw missing('designation')
  tx.about('designation', id)
  return {
    row: { ...row, state: row.state as DesignationState },
    scheme: await schemeVersion(tx.db, row.version_id),
  }
}

/** Moves a designation by its table; an end frees its place and is counted out by a job of the same commit. */
export async function endDesignation(
  tx: Tx,
  id: string,
  move: keyof typeof designationCycle,
  cause: string,
  note = '',
): Promise<DesignationState> {
  const { row, scheme } = await lockDesignation(tx, id)
  const to = mustMove(designationCycle, move, row.state)
  const ends = to !== 'in-term' && to !== 'warned'
  await tx.db
    .updateTable('recognition.designations')
    .set({ state: to, ...(ends && { ended_on: dayOf(tx.now), end_cause: cause }) })
    .where('id', '=', id)
    .execute()
  await recordMove(tx, { kind: 'designation', id, move, from: row.state, to, note: note || cause })
  if (ends && scheme.counts.length > 0) {
    await tx.enqueue('reports.countDesignation', { designationId: id }, { key: `count-designation:${id}:end` })
  }
  return to
}
