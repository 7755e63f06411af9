import { sql } from 'kysely'
import { endClock, mustMove, resumeClock, startClock, stopClock } from '#platform/casework.ts'
import { type Command, command } from '#platform/command.ts'
import { conflict, invalid, refused } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import { type ClassMoved, enrolledIn, lockClass, moveClass } from './class.commands.ts'
import { dossierOf } from './class.queries.ts'
import { classCycle } from './class.rules.ts'
import {
  ApproveClass,
  ClassStep,
  ClassWithReason,
  dossierLabels,
  RecordResults,
  ReturnClass,
  reasonText,
} from './class.schema.ts'
import { checkReasons, decided, differentPerson, neededFigure, tellRecords } from './desk.commands.ts'
import { programmeOf } from './plan.queries.ts'

/**
 * Applies to open the class. Every missing element of the dossier is named with its remedy.
 * @clause R02 C12 R33
 */
export const applyClass: Command<typeof ClassStep, ClassMoved> = command({
  name: 'training.applyClass',
  permission: 'class.apply',
  input: ClassStep,
  async run(tx, input) {
    const record = await lockClass(tx, input.classId, 'class.apply')
    mustMove(classCycle, 'apply', record.state)
    if (record.version !== input.version) throw conflict('class')
    if (record.startsOn < dayOf(tx.now)) throw refused({ clause: 'R02', reason: 'class-starts-past', facts: {} })
    const lacking = (await dossierOf(tx, record)).filter((element) => !element.done)
    if (lacking.length > 0) {
      const facts = lacking.map(({ id, faults }) => [
        dossierLabels[id] ?? id,
        faults.map((fault) => Object.values(reasonText[fault.reason]?.(fault.facts) ?? {}).join('。')).join(''),
      ])
      throw refused({ clause: 'R02', reason: 'dossier-missing', facts: Object.fromEntries(facts) })
    }
    const review = programmeOf(tx.plan, record.programme)?.clocks.review ?? ''
    const workdays = await neededFigure(tx, review, dayOf(tx.now), 'R33')
    if (record.state === 'draft') {
      await startClock(tx, { kind: 'class', id: record.id, clock: 'review', workdays, ruleId: 'R33' })
    } else {
      await endClock(tx, 'class', record.id, 'correction')
      await resumeClock(tx, 'class', record.id, 'review')
    }
    return moveClass(tx, record, 'apply', {
      applied_by: tx.actor.id,
      applied_at: tx.now,
      decided_by: null,
      decided_at: null,
    })
  },
})

/** Sends the dossier back to be completed; the review clock stands until it returns. @clause R02 R33 */
export const returnClass: Command<typeof ReturnClass, ClassMoved> = command({
  name: 'training.returnClass',
  permission: 'class.decide',
  input: ReturnClass,
  async run(tx, input) {
    const record = await lockClass(tx, input.classId, 'class.decide')
    mustMove(classCycle, 'return', record.state)
    differentPerson(tx, record.appliedBy, 'R02')
    checkReasons(tx, input.reasonCodes, 'class', 'return')
    const workdays = await neededFigure(tx, 'OP.correctionDays', dayOf(tx.now), 'R33')
    await stopClock(tx, 'class', record.id, 'review', '退回补正')
    await startClock(tx, { kind: 'class', id: record.id, clock: 'correction', workdays, ruleId: 'R33' })
    return moveClass(tx, record, 'return', decided(tx), input)
  },
})

/** Lets the class open. The dossier is looked at again: the roster may have changed hands. @clause R02 */
export const approveClass: Command<typeof ApproveClass, ClassMoved> = command({
  name: 'training.approveClass',
  permission: 'class.decide',
  input: ApproveClass,
  async run(tx, input) {
    const record = await lockClass(tx, input.classId, 'class.decide')
    mustMove(classCycle, 'approve', record.state)
    differentPerson(tx, record.appliedBy, 'R02')
    const lacking = (await dossierOf(tx, record)).find((element) => !element.done)?.faults[0]
    if (lacking) throw refused(lacking)
    await endClock(tx, 'class', record.id, 'review')
    await tellRecords(tx, record.id)
    return moveClass(tx, record, 'approve', decided(tx), input)
  },
})

/** Stops the teaching after an inspection. */
export const suspendClass: Command<typeof ReturnClass, ClassMoved> = command({
  name: 'training.suspendClass',
  permission: 'class.inspect',
  input: ReturnClass,
  async run(tx, input) {
    const record = await lockClass(tx, input.classId, 'class.inspect')
    checkReasons(tx, input.reasonCodes, 'class', 'suspend')
    return moveClass(tx, record, 'suspend', {}, input)
  },
})

export const resumeClass: Command<typeof ClassWithReason, ClassMoved> = command({
  name: 'training.resumeClass',
  permission: 'class.decide',
  input: ClassWithReason,
  async run(tx, input) {
    const record = await lockClass(tx, input.classId, 'class.decide')
    return moveClass(tx, record, 'resume', {}, { note: input.reason })
  },
})

/** The undertaker gives a class up before it has begun. */
export const cancelClass: Command<typeof ClassWithReason, ClassMoved> = command({
  name: 'training.cancelClass',
  permission: 'class.apply',
  input: ClassWithReason,
  async run(tx, input) {
    const record = await lockClass(tx, input.classId, 'class.apply')
    mustMove(classCycle, 'cancel', record.state)
    return giveUp(tx, record, 'cancel', input.reason)
  },
})

/** The desk ends a suspended class. Hours already credited stay in the ledger; nothing more is added. */
export const terminateClass: Command<typeof ClassWithReason, ClassMoved> = command({
  name: 'training.terminateClass',
  permission: 'class.decide',
  input: ClassWithReason,
  async run(tx, input) {
    const record = await lockClass(tx, input.classId, 'class.decide')
    mustMove(classCycle, 'terminate', record.state)
    return giveUp(tx, record, 'terminate', input.reason)
  },
})

type Run = Parameters<typeof moveClass>

async function giveUp(tx: Run[0], record: Run[1], name: 'cancel' | 'terminate', reason: string): Promise<ClassMoved> {
  await tx.db
    .updateTable('training.sessions')
    .set({ state: 'cancelled' })
    .where('class_id', '=', record.id)
    .where('state', 'in', ['planned', 'open'])
    .execute()
  await tx.db
    .updateTable('training.enrolments')
    .set({ state: 'withdrawn', withdrawn_at: tx.now })
    .where('class_id', '=', record.id)
    .where('state', '=', 'enrolled')
    .execute()
  for (const clock of ['correction', 'review'] as const) await endClock(tx, 'class', record.id, clock)
  return moveClass(tx, record, name, {}, { note: reason })
}

/**
 * Takes over the results of the completion assessment. The first results move the class to `assessed`; a later one (a
 * second sitting, a change by two persons) only changes the person.
 * @clause R35
 */
export const recordResults: Command<typeof RecordResults, ClassMoved & { count: number }> = command({
  name: 'training.recordResults',
  permission: 'score.approve',
  input: RecordResults,
  async run(tx, input) {
    const record = await lockClass(tx, input.classId, 'score.approve')
    if (!['in-session', 'assessed', 'closed'].includes(record.state)) mustMove(classCycle, 'assess', record.state)
    const ids = input.results.map((result) => result.enrolmentId)
    const { rows } = await sql<{ id: string }>`
      update training.enrolments e set state = case when r.passed then 'passed' else 'failed' end
      from unnest(${ids}::uuid[], ${input.results.map((result) => result.passed)}::boolean[]) as r (id, passed)
      where e.id = r.id and e.class_id = ${record.id} and e.state <> 'withdrawn' returning e.id
    `.execute(tx.db)
    if (rows.length !== new Set(ids).size) throw refused({ clause: 'R35', reason: 'not-in-class', facts: {} })
    const moved =
      record.state === 'in-session'
        ? await moveClass(tx, record, 'assess')
        : { classId: record.id, state: record.state }
    return { ...moved, count: rows.length }
  },
})

/** Ends the class: all sessions over, everybody assessed. A claim can be made from it now. @clause R35 */
export const closeClass: Command<typeof ClassStep, ClassMoved> = command({
  name: 'training.closeClass',
  permission: 'class.apply',
  input: ClassStep,
  async run(tx, input) {
    const record = await lockClass(tx, input.classId, 'class.apply')
    mustMove(classCycle, 'close', record.state)
    const { rows } = await sql<{ sessions: number; results: number }>`
      select (select count(*) from training.sessions where class_id = ${record.id} and state in ('planned', 'open')) as sessions,
        (select count(*) from training.enrolments where class_id = ${record.id} and state = 'enrolled') as results
    `.execute(tx.db)
    const open = rows[0] ?? { sessions: 0, results: 0 }
    if (open.sessions > 0) throw refused({ clause: 'R35', reason: 'sessions-open', facts: { count: open.sessions } })
    if (open.results > 0) throw refused({ clause: 'R35', reason: 'results-open', facts: { count: open.results } })
    if ((await enrolledIn(tx, record.id)) === 0) throw invalid({ form: ['班级没有学员，请取消班级'] })
    return moveClass(tx, record, 'close', { closed_at: tx.now })
  },
})
