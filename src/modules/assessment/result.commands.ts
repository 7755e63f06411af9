import { settleClass } from '#modules/learning/posting.commands.ts'
import { recordResults } from '#modules/training/decide.commands.ts'
import { neededFigure, tellRecords } from '#modules/training/desk.commands.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import type { Day } from '#shared/units.ts'
import { lockAssessment, moveAssessment } from './assessment.commands.ts'
import { type ArrangedPart, type AssessmentRecord, assessedClasses, partsOf } from './assessment.queries.ts'
import { assessmentCycle } from './assessment.rules.ts'
import type { AssessmentState } from './assessment.schema.ts'
import { type Assessed, assessedPersons, changedHours, openChanges, openSessions } from './result.queries.ts'
import { decideResult, type PersonResult } from './result.rules.ts'
import { ConfirmResults, RedecideForHours } from './result.schema.ts'

type Concluded = { assessmentId: string; state: AssessmentState; assessedCount: number; passedCount: number }

/**
 * Decides for everybody in class who completed it, hands the results to the class and has them counted. Hours come from
 * the ledger, marks from the confirmed sheet, limits from the figures of the last day of the assessment.
 * @clause R35 R03
 */
export const confirmResults: Command<typeof ConfirmResults, Concluded> = command({
  name: 'assessment.confirmResults',
  permission: 'score.approve',
  input: ConfirmResults,
  async run(tx, input) {
    const record = await lockAssessment(tx, input.assessmentId, 'score.approve')
    if (!assessmentCycle.conclude.from.includes(record.state)) await moveAssessment(tx, record, 'conclude')
    const sessions = await openSessions(tx.db, record.classId)
    if (sessions > 0) throw refused({ clause: 'R03', reason: 'sessions-open', facts: { count: sessions } })
    const changes = await openChanges(tx.db, record.id)
    if (changes > 0) throw refused({ clause: 'C23', reason: 'changes-open', facts: { count: changes } })
    await settleClass(tx, { classId: record.classId })
    const persons = await assessedPersons(tx, record.id, record.classId)
    if (persons.length === 0) throw refused({ clause: 'R35', reason: 'nobody-assessed', facts: {} })

    const limits = await limitsFor(tx, record)
    const results = persons.map((person) => ({ person, result: decide(person, limits) }))
    for (let at = 0; at < results.length; at += 500) {
      const rows = results.slice(at, at + 500).map(({ person, result }) => rowOf(tx, record, limits, person, result))
      await tx.db.insertInto('assessment.results').values(rows).execute()
    }
    await recordResults(tx, {
      classId: record.classId,
      results: results.map(({ person, result }) => ({ enrolmentId: person.enrolmentId, passed: result.passed })),
    })
    const state = await moveAssessment(tx, record, 'conclude', { concluded_by: tx.actor.id, concluded_at: tx.now })
    await countPassed(tx, record.classId)
    const passedCount = results.filter(({ result }) => result.passed).length
    return { assessmentId: record.id, state, assessedCount: results.length, passedCount }
  },
})

/**
 * Decides one person anew after a confirmed score was changed. Refuses to fail somebody whose certificate stands.
 * Returns whether the person passes now.
 * @clause R35 C23
 */
export const reviseResult = (
  tx: Tx,
  record: AssessmentRecord,
  enrolmentId: string,
  changeId: string,
): Promise<boolean> => decideAgain(tx, record, enrolmentId, { cause_change_id: changeId })

/**
 * Decides one person anew by the hours that the ledger holds now, when they are others than those of the standing result:
 * hours that waited for a conversion, or that a later mark took away. The marks and the limits are those of before.
 * @clause R35 C17 HZ4-M13
 */
export const redecideForHours: Command<typeof RedecideForHours, { enrolmentId: string; passed: boolean }> = command({
  name: 'assessment.redecideForHours',
  permission: 'score.approve',
  input: RedecideForHours,
  async run(tx, { assessmentId, enrolmentId }) {
    const record = await lockAssessment(tx, assessmentId, 'score.approve')
    tx.about('enrolment', enrolmentId)
    const waiting = await changedHours(tx, record.classId)
    if (!waiting.some((one) => one.enrolmentId === enrolmentId)) {
      throw refused({ clause: 'C17', reason: 'hours-unchanged', facts: {} })
    }
    return { enrolmentId, passed: await decideAgain(tx, record, enrolmentId, { cause_hours: true }) }
  },
})

async function decideAgain(
  tx: Tx,
  record: AssessmentRecord,
  enrolmentId: string,
  cause: { cause_change_id: string } | { cause_hours: true },
): Promise<boolean> {
  const before = await tx.db
    .selectFrom('assessment.current_results')
    .select(['revision', 'passed'])
    .where('enrolment_id', '=', enrolmentId)
    .$castTo<{ revision: number; passed: boolean }>()
    .executeTakeFirst()
  const persons = await assessedPersons(tx, record.id, record.classId)
  const person = persons.find((one) => one.enrolmentId === enrolmentId)
  if (!before || !person) throw missing('result')
  const limits = await limitsFor(tx, record)
  const result = decide(person, limits)
  if (before.passed && !result.passed) {
    const standing = await tx.db
      .selectFrom('assessment.certificates')
      .select('id')
      .where('enrolment_id', '=', enrolmentId)
      .where('state', '=', 'issued')
      .executeTakeFirst()
    if (standing) throw refused({ clause: 'C23', reason: 'certificate-issued', facts: {} })
  }
  const row = rowOf(tx, record, limits, person, result)
  await tx.db
    .insertInto('assessment.results')
    .values({ ...row, revision: before.revision + 1, ...cause })
    .execute()
  if (before.passed !== result.passed) {
    await recordResults(tx, { classId: record.classId, results: [{ enrolmentId, passed: result.passed }] })
    await countPassed(tx, record.classId)
  }
  return result.passed
}

/** Counts who passes and takes back who does not; the counting compares, so it may run as often as it likes. */
async function countPassed(tx: Tx, classId: string): Promise<void> {
  await tx.enqueue('reports.countPassed', { classId }, { key: `reports.countPassed:${classId}` })
  await tellRecords(tx, classId)
}

type Limits = {
  parts: ArrangedPart[]
  passMark: number
  attendancePercent: number
  plannedMinutes: number
}

/**
 * The class hour of the class's first day, as its hours are counted; the limits of the day on which the assessment
 * ended. What nobody has decided stops the decision.
 */
async function limitsFor(tx: Tx, record: AssessmentRecord): Promise<Limits> {
  const programme = tx.plan.programmes.find(({ code }) => code === record.programme)
  const found = await assessedClasses(tx.db).where('c.id', '=', record.classId).executeTakeFirst()
  const parts = await partsOf(tx.db, record)
  const on = parts
    .map((part) => part.heldOn)
    .toSorted()
    .at(-1)
  if (!programme || !found || !on) throw missing('assessment')
  const minutesPerHour = await wholeFigure(tx, programme.hours.minutesFigure, found.startsOn, 'R03')
  return {
    parts,
    passMark: await wholeFigure(tx, programme.assessment.passMarkFigure, on, 'R35'),
    attendancePercent: await wholeFigure(tx, programme.hours.attendanceFigure, on, 'R03'),
    plannedMinutes: found.classHours * minutesPerHour,
  }
}

async function wholeFigure(tx: Tx, id: string, on: Day, clause: string): Promise<number> {
  const value = await neededFigure(tx, id, on, clause)
  if (Number.isInteger(value)) return value
  const label = tx.plan.figures.find((figure) => figure.id === id)?.label ?? id
  throw refused({ clause, reason: 'figure-not-whole', facts: { label, value } })
}

const decide = (person: Assessed, limits: Limits): PersonResult =>
  decideResult({
    parts: limits.parts.map(({ part, weight }) => ({ part, weight, tenths: person.marks[part] ?? null })),
    passMark: limits.passMark,
    attendedMinutes: person.minutes,
    plannedMinutes: limits.plannedMinutes,
    attendancePercent: limits.attendancePercent,
  })

const rowOf = (tx: Tx, record: AssessmentRecord, limits: Limits, person: Assessed, result: PersonResult) => ({
  assessment_id: record.id,
  class_id: record.classId,
  enrolment_id: person.enrolmentId,
  person_id: person.personId,
  revision: 1,
  passed: result.passed,
  total_millipoints: result.totalMillipoints,
  pass_mark: limits.passMark,
  attended_minutes: person.minutes,
  planned_minutes: limits.plannedMinutes,
  attendance_percent: limits.attendancePercent,
  class_hours: person.hours,
  explanation: JSON.stringify(result.checks),
  decided_by: tx.actor.id,
  decided_at: tx.now,
})
