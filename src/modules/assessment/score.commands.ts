import { sql } from 'kysely'
import { type Command, command, type Tx } from '#platform/command.ts'
import { type FieldFaults, invalid, missing, refused } from '#platform/errors.ts'
import { dayOf, formatDay } from '#shared/dates.ts'
import { lockAssessment, moveAssessment } from './assessment.commands.ts'
import { type AssessmentRecord, partsOf } from './assessment.queries.ts'
import { assessmentCycle, runningClass } from './assessment.rules.ts'
import type { AssessmentState, Part } from './assessment.schema.ts'
import { reviseResult } from './result.commands.ts'
import { enteredBy, marksOf, missingMarks } from './score.queries.ts'
import { checkConfirmation, parseMark, sameMark, words } from './score.rules.ts'
import {
  ConfirmScores,
  cellName,
  DecideScoreChange,
  EnterScores,
  type Mark,
  ProposeScoreChange,
} from './score.schema.ts'

type Entered = { assessmentId: string; state: AssessmentState; version: number; changedCount: number }
type Entry = { enrolmentId: string; part: Part; mark: Mark }

/**
 * Writes marks on the sheet: all of them, or none with a fault for each wrong cell. An unchanged or empty cell writes
 * nothing. What was typed before stays in the history.
 * @clause C23
 */
export const enterScores: Command<typeof EnterScores, Entered> = command({
  name: 'assessment.enterScores',
  permission: 'score.enter',
  input: EnterScores,
  async run(tx, input) {
    const record = await lockAssessment(tx, input.assessmentId, 'score.enter')
    if (!runningClass.some((state) => state === record.classState)) {
      throw refused({ clause: 'R02', reason: 'class-not-running', facts: { state: record.classState } })
    }
    // Refuses a confirmed sheet before it complains of single cells.
    if (!assessmentCycle.enter.from.includes(record.state)) await moveAssessment(tx, record, 'enter')
    mustBeSeen(record, input.version)
    const entries = await readCells(tx, record, input.cells)
    const known = await marksOf(tx.db, record.id)
    const changed = entries.filter(({ enrolmentId, part, mark }) => !sameMark(known.get(enrolmentId)?.[part], mark))
    await insertEntries(tx, record.id, changed, input.source)
    const version = record.sheetVersion + (changed.length > 0 ? 1 : 0)
    const state = await moveAssessment(tx, record, 'enter', { sheet_version: version })
    return { assessmentId: record.id, state, version, changedCount: changed.length }
  },
})

function mustBeSeen(record: AssessmentRecord, version: number | undefined): void {
  if (version !== undefined && version !== record.sheetVersion) {
    throw refused({ clause: 'C23', reason: 'sheet-changed', facts: {} })
  }
}

async function readCells(tx: Tx, record: AssessmentRecord, cells: Record<string, string>): Promise<Entry[]> {
  const [inUse, enrolled] = await Promise.all([
    partsOf(tx.db, record),
    tx.db
      .selectFrom('training.enrolments')
      .select('id')
      .where('class_id', '=', record.classId)
      .where('state', '<>', 'withdrawn')
      .execute(),
  ])
  const inClass = new Set(enrolled.map(({ id }) => id))
  const heldOn = new Map(inUse.map(({ part, heldOn }) => [part, heldOn]))
  const today = dayOf(tx.now)
  const faults: FieldFaults = {}
  const entries: Entry[] = []
  for (const [cell, typed] of Object.entries(cells)) {
    if (typed === '') continue
    const [enrolmentId = '', named = ''] = cell.split('.')
    const part = named as Part
    const wrong = (reason: string, facts: Record<string, string> = {}) => {
      const { message, remedy } = words({ clause: 'C23', reason, facts })
      faults[cellName(enrolmentId, part)] = [`${message}。${remedy}`]
    }
    const held = heldOn.get(part)
    const mark = parseMark(typed)
    if (!inClass.has(enrolmentId)) wrong('not-in-class')
    else if (held === undefined) wrong('part-not-needed', { part })
    else if (held > today) wrong('part-not-held', { part, heldOn: formatDay(held) })
    else if (!mark.ok) wrong(mark.refusal.reason)
    else entries.push({ enrolmentId, part, mark: mark.value })
  }
  if (Object.keys(faults).length > 0) throw invalid(faults)
  if (entries.length === 0) throw refused({ clause: 'C23', reason: 'sheet-empty', facts: {} })
  return entries
}

async function insertEntries(tx: Tx, assessmentId: string, entries: readonly Entry[], source: string): Promise<void> {
  if (entries.length === 0) return
  await sql`
    insert into assessment.score_entries
      (assessment_id, part, enrolment_id, tenths, absent, source, entered_by, entered_by_name, entered_at)
    select ${assessmentId}, v.part, v.enrolment_id, v.tenths, v.tenths is null, ${source}, ${tx.actor.hand.id}, ${tx.actor.name}, ${tx.now}
    from unnest(${entries.map((e) => e.part)}::text[], ${entries.map((e) => e.enrolmentId)}::uuid[],
      ${entries.map((e) => e.mark.tenths)}::int[]) as v (part, enrolment_id, tenths)
  `.execute(tx.db)
}

/**
 * A second person, who entered none of the marks, makes the sheet he has seen final.
 * @clause C23
 */
export const confirmScores: Command<
  typeof ConfirmScores,
  { assessmentId: string; state: AssessmentState; scoreCount: number }
> = command({
  name: 'assessment.confirmScores',
  permission: 'score.approve',
  input: ConfirmScores,
  async run(tx, input) {
    const record = await lockAssessment(tx, input.assessmentId, 'score.approve')
    if (!assessmentCycle.confirm.from.includes(record.state)) await moveAssessment(tx, record, 'confirm')
    mustBeSeen(record, input.version)
    const decision = checkConfirmation({
      ...(await missingMarks(tx.db, record)),
      enteredBy: await enteredBy(tx.db, record.id),
      actorId: tx.actor.hand.id,
    })
    if (!decision.ok) throw refused(decision.refusal)
    const { numAffectedRows } = await sql`
        insert into assessment.scores
          (entry_id, assessment_id, part, enrolment_id, tenths, absent, entered_by, confirmed_by, confirmed_at)
        select distinct on (e.enrolment_id, e.part) e.id, e.assessment_id, e.part, e.enrolment_id, e.tenths, e.absent,
          e.entered_by, ${tx.actor.hand.id}, ${tx.now}
        from assessment.score_entries e
        join training.enrolments n on n.id = e.enrolment_id and n.state <> 'withdrawn'
        where e.assessment_id = ${record.id}
        order by e.enrolment_id, e.part, e.id desc
      `.execute(tx.db)
    const state = await moveAssessment(tx, record, 'confirm', {
      confirmed_by: tx.actor.hand.id,
      confirmed_by_name: tx.actor.name,
      confirmed_at: tx.now,
    })
    return { assessmentId: record.id, state, scoreCount: Number(numAffectedRows ?? 0) }
  },
})

type Proposed = { changeId: string; assessmentId: string }

/**
 * Asks for a confirmed score to be changed, with the reason. Nothing changes until somebody else approves.
 * @clause C23
 */
export const proposeScoreChange: Command<typeof ProposeScoreChange, Proposed> = command({
  name: 'assessment.proposeScoreChange',
  permission: 'score.enter',
  input: ProposeScoreChange,
  async run(tx, input) {
    const { record, score } = await lockScore(tx, input.scoreId, 'score.enter')
    const mark = parseMark(input.to)
    if (!mark.ok) throw invalid({ to: [`${words(mark.refusal).message}。${words(mark.refusal).remedy}`] })
    if (sameMark(score, mark.value)) throw refused({ clause: 'C23', reason: 'change-same', facts: {} })
    const open = await tx.db
      .selectFrom('assessment.score_changes')
      .select('id')
      .where('score_id', '=', score.id)
      .where('state', '=', 'proposed')
      .executeTakeFirst()
    if (open) throw refused({ clause: 'C23', reason: 'change-open', facts: {} })
    const { id } = await tx.db
      .insertInto('assessment.score_changes')
      .values({
        score_id: score.id,
        from_tenths: score.tenths,
        to_tenths: mark.value.tenths,
        reason: input.reason,
        proposed_by: tx.actor.hand.id,
        proposed_by_name: tx.actor.name,
        proposed_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('score-change', id)
    return { changeId: id, assessmentId: record.id }
  },
})

type Decided = { changeId: string; assessmentId: string; state: 'approved' | 'rejected'; passedNow: boolean | null }

/**
 * Somebody other than the proposer approves or refuses a change. Where results are out already, the person's result is
 * decided anew; a change that would fail somebody whose certificate stands is refused until the bureau has revoked it.
 * @clause C23 R35
 */
export const decideScoreChange: Command<typeof DecideScoreChange, Decided> = command({
  name: 'assessment.decideScoreChange',
  permission: 'score.approve',
  input: DecideScoreChange,
  async run(tx, input) {
    const change = await tx.db
      .selectFrom('assessment.score_changes')
      .select(['id', 'score_id', 'proposed_by'])
      .where('id', '=', input.changeId)
      .executeTakeFirst()
    if (!change) throw missing('score-change')
    const { record, score } = await lockScore(tx, change.score_id, 'score.approve')
    tx.about('score-change', change.id)
    // Read again under the lock: somebody may have decided in between.
    const { state: now } = await tx.db
      .selectFrom('assessment.score_changes')
      .select('state')
      .where('id', '=', change.id)
      .executeTakeFirstOrThrow()
    if (now !== 'proposed') throw refused({ clause: 'C23', reason: 'change-decided', facts: {} })
    if (change.proposed_by === tx.actor.hand.id) throw refused({ clause: 'C23', reason: 'change-four-eyes', facts: {} })
    const state = input.decision === 'approve' ? 'approved' : 'rejected'
    await tx.db
      .updateTable('assessment.score_changes')
      .set({
        state,
        decided_by: tx.actor.hand.id,
        decided_by_name: tx.actor.name,
        decided_at: tx.now,
        decision_note: input.note,
      })
      .where('id', '=', change.id)
      .execute()
    const passedNow =
      state === 'approved' && record.state === 'concluded'
        ? await reviseResult(tx, record, score.enrolment_id, change.id)
        : null
    return { changeId: change.id, assessmentId: record.id, state, passedNow }
  },
})

/** A confirmed score under the lock of its assessment. Closed classes are history: nothing in them changes here. */
async function lockScore(tx: Tx, scoreId: string, permission: 'score.enter' | 'score.approve') {
  const owner = await tx.db
    .selectFrom('assessment.scores')
    .select('assessment_id')
    .where('id', '=', scoreId)
    .executeTakeFirst()
  if (!owner) throw missing('score')
  const record = await lockAssessment(tx, owner.assessment_id, permission)
  if (record.classState === 'closed' || record.classState === 'cancelled') {
    throw refused({ clause: 'C23', reason: 'class-closed', facts: {} })
  }
  const score = await tx.db
    .selectFrom('assessment.final_scores')
    .select(['id', 'enrolment_id', 'tenths', 'absent'])
    .where('id', '=', scoreId)
    .$castTo<Mark & { id: string; enrolment_id: string }>()
    .executeTakeFirstOrThrow()
  return { record, score }
}
