import { mustMove, recordMove } from '#platform/casework.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { invalid, missing, refused } from '#platform/errors.ts'
import type { Permission } from '#platform/permissions.ts'
import {
  type AssessmentRecord,
  assessedClasses,
  assessments,
  classTrainers,
  toAssessment,
  weightsOf,
} from './assessment.queries.ts'
import { assessmentCycle, checkArrangement, examinerConflict, runningClass } from './assessment.rules.ts'
import { type AssessmentState, type Part, type PartInput, reasonText, ScheduleAssessment } from './assessment.schema.ts'

type Scheduled = { assessmentId: string; state: AssessmentState; conflict: boolean }

/**
 * Arranges the completion assessment of a class, or changes the arrangement while nothing has been scored. Weights come
 * from the programme and stay with the assessment.
 * @clause R02 C18
 */
export const scheduleAssessment: Command<typeof ScheduleAssessment, Scheduled> = command({
  name: 'assessment.schedule',
  permission: 'class.edit',
  input: ScheduleAssessment,
  async run(tx, input) {
    const found = await assessedClasses(tx.db).where('c.id', '=', input.classId).forNoKeyUpdate('c').executeTakeFirst()
    if (!found || !tx.actor.can('class.edit', { organisationId: found.organisationId })) throw missing('class')
    tx.about('class', found.id)
    if (!runningClass.some((state) => state === found.state)) {
      throw refused({ clause: 'R02', reason: 'class-not-running', facts: { state: found.state } })
    }
    const row = await assessments(tx.db).where('a.class_id', '=', found.id).forUpdate('a').executeTakeFirst()
    const existing = row && toAssessment(row)
    if (existing && existing.state !== 'planned') throw refused({ clause: 'R02', reason: 'scores-entered', facts: {} })
    const weights = existing?.weights ?? weightsOf(tx.plan, found.programme)
    if (!weights) throw missing('programme')
    const decision = checkArrangement(weights, input, found.startsOn)
    if (!decision.ok) throw refused(decision.refusal)

    const id = existing?.id ?? (await insertAssessment(tx, found.id, weights))
    tx.about('assessment', id)
    const trainers = await classTrainers(tx.db, found.id)
    let conflict = false
    for (const part of decision.value) {
      const arranged = input[part] as PartInput
      const row = await partRow(tx, part, arranged, found.organisationId, trainers)
      conflict ||= row.conflict
      await tx.db
        .insertInto('assessment.parts')
        .values({ assessment_id: id, part, ...row })
        .onConflict((c) => c.columns(['assessment_id', 'part']).doUpdateSet(row))
        .execute()
    }
    return { assessmentId: id, state: 'planned', conflict }
  },
})

async function insertAssessment(tx: Tx, classId: string, weights: { theory: number; practice: number }) {
  const { id } = await tx.db
    .insertInto('assessment.assessments')
    .values({
      class_id: classId,
      theory_weight: weights.theory,
      practice_weight: weights.practice,
      scheduled_by: tx.actor.id,
      scheduled_at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await recordMove(tx, { kind: 'assessment', id, move: 'schedule', from: '', to: 'planned' })
  return id
}

async function partRow(
  tx: Tx,
  part: Part,
  arranged: PartInput,
  organisationId: string,
  trainers: { id: string; name: string }[],
) {
  const trainerId = arranged.examinerTrainerId ?? null
  if (trainerId !== null) {
    const own = await tx.db
      .selectFrom('training.trainers')
      .select('id')
      .where('id', '=', trainerId)
      .where('organisation_id', '=', organisationId)
      .executeTakeFirst()
    const text = reasonText['trainer-not-yours']?.({})
    if (!own) throw invalid({ [`${part}.examinerTrainerId`]: [`${text?.message}。${text?.remedy}`] })
  }
  return {
    held_on: arranged.heldOn,
    place: arranged.place,
    examiner_name: arranged.examinerName,
    examiner_unit: arranged.examinerUnit,
    examiner_trainer_id: trainerId,
    conflict: examinerConflict({ trainerId, name: arranged.examinerName }, trainers),
  }
}

/**
 * The assessment, locked to commit, its class first: whoever locks both locks them in this order. Missing when it is
 * somebody else's.
 */
export async function lockAssessment(tx: Tx, id: string, permission: Permission): Promise<AssessmentRecord> {
  await tx.db
    .selectFrom('training.classes')
    .select('id')
    .where('id', '=', (eb) => eb.selectFrom('assessment.assessments').select('class_id').where('id', '=', id))
    .forNoKeyUpdate()
    .execute()
  const row = await assessments(tx.db).where('a.id', '=', id).forUpdate('a').executeTakeFirst()
  if (!row || !tx.actor.can(permission, { organisationId: row.organisationId })) throw missing('assessment')
  tx.about('assessment', row.id)
  tx.about('class', row.classId)
  return toAssessment(row)
}

/** Moves a locked assessment and writes its history. */
export async function moveAssessment(
  tx: Tx,
  record: AssessmentRecord,
  move: keyof typeof assessmentCycle,
  set: Record<string, unknown> = {},
): Promise<AssessmentState> {
  const to = mustMove(assessmentCycle, move, record.state)
  await tx.db
    .updateTable('assessment.assessments')
    .set({ ...set, state: to })
    .where('id', '=', record.id)
    .execute()
  if (to !== record.state) {
    await recordMove(tx, { kind: 'assessment', id: record.id, move, from: record.state, to })
  }
  return to
}
