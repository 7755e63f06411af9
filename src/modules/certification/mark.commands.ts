import { sql } from 'kysely'
import { parseMark } from '#modules/assessment/score.rules.ts'
import { mustMove } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { type FieldFaults, invalid, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { dayOf } from '#shared/dates.ts'
import type { ExamPart } from './assessor.schema.ts'
import { lockBatch, moveBatch } from './batch.commands.ts'
import { type Batch, candidatesOf, sittingsOf } from './batch.queries.ts'
import { batchCycle } from './batch.rules.ts'
import { checkSheetComplete, decideCandidate } from './mark.rules.ts'
import { ConfirmMarks, EnterMarks, ReopenMarks, reasonText, TakeClassMarks } from './mark.schema.ts'
import { raiseStops } from './stop.commands.ts'

const no = (clause: string, reason: string, facts: Record<string, string | number> = {}) =>
  refused({ clause, reason, facts })
type Entry = { candidateId: string; part: ExamPart; tenths: number | null }

async function write(tx: Tx, batch: Batch, entries: readonly Entry[], source: string) {
  const known = new Map((await candidatesOf(tx.db, batch.id)).map((one) => [one.id, one.marks]))
  const changed = entries.filter((one) => {
    const mark = known.get(one.candidateId)?.[one.part]
    return mark === undefined || mark.tenths !== one.tenths
  })
  if (changed.length > 0) {
    await sql`
      insert into certification.mark_entries (batch_id, candidate_id, round, part, tenths, source, entered_by, entered_by_name, entered_at)
      select ${batch.id}, v.candidate, ${batch.round}, v.part, v.tenths, ${source}, ${tx.actor.hand.id}, ${tx.actor.name}, ${tx.now}
      from unnest(${changed.map((one) => one.candidateId)}::uuid[], ${changed.map((one) => one.part)}::text[],
        ${changed.map((one) => one.tenths)}::int[]) as v (candidate, part, tenths)
    `.execute(tx.db)
  }
  const version = batch.version + (changed.length > 0 ? 1 : 0)
  const state = await moveBatch(tx, batch, 'enter', { sheet_version: version })
  return { batchId: batch.id, state, version, changedCount: changed.length }
}

/**
 * Marks typed or imported: all of them, or none with a fault for each wrong cell. What was there before stays in the
 * history.
 * @clause C23
 */
export const enterMarks = command({
  name: 'certification.enterMarks',
  permission: 'score.enter',
  input: EnterMarks,
  async run(tx, input) {
    const batch = await lockBatch(tx, input.batchId, 'score.enter')
    mustMove(batchCycle, 'enter', batch.state)
    if (input.version !== batch.version) throw no('C23', 'sheet-changed')
    const listed = new Set(
      (await candidatesOf(tx.db, batch.id)).filter((one) => one.state === 'listed').map((one) => one.id),
    )
    const held = await heldParts(tx, batch)
    const faults: FieldFaults = {}
    const entries: Entry[] = []
    for (const [cell, typed] of Object.entries(input.cells)) {
      if (typed === '') continue
      const [candidateId = '', named = ''] = cell.split('.')
      const part = named as ExamPart
      const wrong = (reason: string) => {
        const words = reasonText[reason]?.({ part })
        faults[`cells.${cell}`] = [`${words?.message}。${words?.remedy}`]
      }
      const mark = parseMark(typed)
      if (!listed.has(candidateId)) wrong('not-listed')
      else if (!batch.parts.includes(part)) wrong('part-not-needed')
      else if (!held.has(part)) wrong('part-not-held')
      else if (!mark.ok) wrong('mark-format')
      else entries.push({ candidateId, part, tenths: mark.value.tenths })
    }
    if (Object.keys(faults).length > 0) throw invalid(faults)
    if (entries.length === 0) throw no('C23', 'sheet-empty')
    return write(tx, batch, entries, input.source)
  },
})

/** Parts with a sitting that is over. */
async function heldParts(tx: Tx, batch: Batch): Promise<Set<ExamPart>> {
  const sittings = await sittingsOf(tx.db, batch.id)
  return new Set(sittings.filter((one) => one.to <= tx.now).map((one) => one.part))
}

/**
 * The marks of the class behind the batch, as two people confirmed them there: nobody types them again. Nothing is
 * counted here either; the class counts by its own assessment.
 * @clause C23 @clause R35
 */
export const takeClassMarks = command({
  name: 'certification.takeClassMarks',
  permission: 'score.enter',
  input: TakeClassMarks,
  async run(tx, { batchId }) {
    const batch = await lockBatch(tx, batchId, 'score.enter')
    mustMove(batchCycle, 'enter', batch.state)
    if (!batch.classId) throw no('V02', 'no-class')
    const { rows } = await sql<{ candidateId: string; part: 'theory' | 'practice'; tenths: number | null }>`
      select k.id as "candidateId", f.part, f.tenths from certification.candidates k
      join assessment.final_scores f on f.enrolment_id = k.enrolment_id
      join assessment.assessments a on a.id = f.assessment_id and a.class_id = ${batch.classId} and a.state = 'concluded'
      where k.batch_id = ${batch.id} and k.state = 'listed' order by k.seq, f.part
    `.execute(tx.db)
    if (rows.length === 0) throw no('R35', 'class-not-concluded')
    const entries = rows
      .map((row): Entry => ({ ...row, part: row.part === 'practice' ? 'skill' : 'theory' }))
      .filter((one) => batch.parts.includes(one.part))
    return write(tx, batch, entries, 'class')
  },
})

/**
 * A second person, who entered none of the marks, makes the sheet he has seen final; from it the results follow by rule.
 * What stands out stops the organisation's next batch.
 * @clause C23 @clause V04 @clause V05
 */
export const confirmMarks = command({
  name: 'certification.confirmMarks',
  permission: 'score.approve',
  input: ConfirmMarks,
  async run(tx, { batchId, version }) {
    const batch = await lockBatch(tx, batchId, 'score.approve')
    mustMove(batchCycle, 'confirm', batch.state)
    if (version !== batch.version) throw no('C23', 'sheet-changed')
    const listed = (await candidatesOf(tx.db, batchId)).filter((one) => one.state === 'listed')
    const given = listed.flatMap((one) => Object.values(one.marks))
    const complete = checkSheetComplete({
      missing: listed.length * batch.parts.length - given.length,
      enteredBy: [...new Set(given.map((one) => one.by))],
      actorId: tx.actor.hand.id,
    })
    if (!complete.ok) throw refused(complete.refusal)
    const passMark = (await figuresFor(tx))('V04.passMark', batch.lastOn ?? dayOf(tx.now)).value
    if (passMark === null) throw no('V04', 'pass-mark-undecided')
    await sql`
      insert into certification.marks (entry_id, batch_id, round, candidate_id, part, tenths, entered_by, confirmed_by, confirmed_at)
      select distinct on (e.candidate_id, e.part) e.id, e.batch_id, e.round, e.candidate_id, e.part, e.tenths, e.entered_by,
        ${tx.actor.hand.id}, ${tx.now}
      from certification.mark_entries e join certification.candidates k on k.id = e.candidate_id and k.state = 'listed'
      where e.batch_id = ${batchId} and e.round = ${batch.round} order by e.candidate_id, e.part, e.id desc
    `.execute(tx.db)
    const results = listed.map((one) => {
      const marks = batch.parts.map((part) => ({ part, tenths: one.marks[part]?.tenths ?? null }))
      return { candidate: one.id, ...decideCandidate(marks, passMark) }
    })
    await sql`
      insert into certification.results (batch_id, round, candidate_id, passed, pass_mark, explanation, decided_at)
      select ${batchId}, ${batch.round}, v.candidate, v.passed, ${passMark}, v.checks, ${tx.now}
      from unnest(${results.map((one) => one.candidate)}::uuid[], ${results.map((one) => one.passed)}::boolean[],
        ${results.map((one) => JSON.stringify(one.checks))}::jsonb[]) as v (candidate, passed, checks)
    `.execute(tx.db)
    const state = await moveBatch(tx, batch, 'confirm')
    await raiseStops(tx, batch)
    return { batchId, state, passedCount: results.filter((one) => one.passed).length }
  },
})

/**
 * Before the results are public a sheet may be opened again, with the reason: a new round, entered and confirmed by two
 * people as the first.
 * @clause C23
 */
export const reopenMarks = command({
  name: 'certification.reopenMarks',
  permission: 'score.approve',
  input: ReopenMarks,
  async run(tx, { batchId, reason }) {
    const batch = await lockBatch(tx, batchId, 'score.approve')
    const set = { round: batch.round + 1, sheet_version: 0 }
    return { batchId, state: await moveBatch(tx, batch, 'reopen', set, reason) }
  },
})
