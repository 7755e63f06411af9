import type { z } from 'zod'
import { parseKey } from '#modules/occupations/catalogue.schema.ts'
import { endClock, mustMove, recordMove, resumeClock, startClock, stopClock } from '#platform/casework.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { nextNumber } from '#platform/counters.ts'
import { conflict, missing, refused } from '#platform/errors.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { checkReasons, decided, differentPerson, neededFigure } from './desk.commands.ts'
import { filingDecision, type PlanRecord, plans, programmeOf } from './plan.queries.ts'
import { editable, numbered, planCycle } from './plan.rules.ts'
import { AcceptPlan, CreatePlan, EditPlan, FilePlan, type PlanState, ReturnPlan, WithdrawPlan } from './plan.schema.ts'

type PlanMoved = { planId: string; state: PlanState }

/** A new draft. What is wrong with it is said when it is filed, so that half a plan can be kept. */
export const createPlan: Command<typeof CreatePlan, { planId: string }> = command({
  name: 'training.createPlan',
  permission: 'plan.edit',
  input: CreatePlan,
  async run(tx, input) {
    if (!tx.actor.can('plan.edit', { organisationId: input.organisationId })) throw missing('organisation')
    const programme = programmeOf(tx.plan, input.programme)
    if (!programme) throw refused({ clause: 'R01', reason: 'programme-unknown', facts: {} })
    const { id } = await tx.db
      .insertInto('training.plans')
      .values({
        programme: programme.code,
        organisation_id: input.organisationId,
        ...contentOf(input),
        created_by: tx.actor.id,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('plan', id)
    await recordMove(tx, { kind: 'plan', id, move: 'create', from: '', to: 'draft' })
    return { planId: id }
  },
})

export const editPlan: Command<typeof EditPlan, { planId: string; version: number }> = command({
  name: 'training.editPlan',
  permission: 'plan.edit',
  input: EditPlan,
  async run(tx, input) {
    const record = await lockPlan(tx, input.planId, 'plan.edit')
    if (!editable.includes(record.state)) {
      throw refused({ clause: 'R01', reason: 'wrong-state', facts: { move: 'edit', state: record.state } })
    }
    if (record.version !== input.version) throw conflict('plan')
    const version = record.version + 1
    await tx.db
      .updateTable('training.plans')
      .set({ ...contentOf(input), version })
      .where('id', '=', record.id)
      .execute()
    return { planId: record.id, version }
  },
})

/**
 * Files the plan with the undertaker's signed commitment and starts the review clock; filed again after a return, the
 * clock runs on where it stood.
 * @clause R01 C12 R33
 */
export const filePlan: Command<typeof FilePlan, PlanMoved> = command({
  name: 'training.filePlan',
  permission: 'plan.file',
  input: FilePlan,
  async run(tx, input) {
    const record = await lockPlan(tx, input.planId, 'plan.file')
    const to = mustMove(planCycle, 'file', record.state)
    if (record.version !== input.version) throw conflict('plan')
    const decision = await filingDecision(tx, record)
    if (!decision.ok) throw refused(decision.refusal)
    const review = programmeOf(tx.plan, record.programme)?.clocks.review ?? ''
    const workdays = await neededFigure(tx, review, dayOf(tx.now), 'R33')
    if (record.state === 'draft') {
      await startClock(tx, { kind: 'plan', id: record.id, clock: 'review', workdays, ruleId: 'R33' })
    } else {
      await endClock(tx, 'plan', record.id, 'correction')
      await resumeClock(tx, 'plan', record.id, 'review')
    }
    return move(tx, record, 'file', to, {
      commitment_at: tx.now,
      commitment_by: tx.actor.id,
      filed_by: tx.actor.id,
      filed_at: record.filedAt ?? tx.now,
      decided_by: null,
      decided_at: null,
    })
  },
})

/** Takes a plan back before the desk has decided. */
export const withdrawPlan: Command<typeof WithdrawPlan, PlanMoved> = command({
  name: 'training.withdrawPlan',
  permission: 'plan.file',
  input: WithdrawPlan,
  async run(tx, input) {
    const record = await lockPlan(tx, input.planId, 'plan.file')
    const to = mustMove(planCycle, 'withdraw', record.state)
    await endClock(tx, 'plan', record.id, 'correction')
    await endClock(tx, 'plan', record.id, 'review')
    return move(tx, record, 'withdraw', to, {}, { note: input.note })
  },
})

/**
 * Sends a plan back to be mended, with reasons; the review clock stands until it returns.
 * @clause R01 R33
 */
export const returnPlan: Command<typeof ReturnPlan, PlanMoved> = command({
  name: 'training.returnPlan',
  permission: 'plan.decide',
  input: ReturnPlan,
  async run(tx, input) {
    const record = await lockPlan(tx, input.planId, 'plan.decide')
    const to = mustMove(planCycle, 'return', record.state)
    differentPerson(tx, record.filedBy, 'R01')
    checkReasons(tx, input.reasonCodes, 'plan', 'return')
    const workdays = await neededFigure(tx, 'OP.correctionDays', dayOf(tx.now), 'R33')
    await stopClock(tx, 'plan', record.id, 'review', '退回补正')
    await startClock(tx, { kind: 'plan', id: record.id, clock: 'correction', workdays, ruleId: 'R33' })
    return move(tx, record, 'return', to, decided(tx), input)
  },
})

/**
 * Puts the plan on the list and gives it its number.
 * @clause R01
 */
export const acceptPlan: Command<typeof AcceptPlan, PlanMoved & { number: string }> = command({
  name: 'training.acceptPlan',
  permission: 'plan.decide',
  input: AcceptPlan,
  async run(tx, input) {
    const record = await lockPlan(tx, input.planId, 'plan.decide')
    const to = mustMove(planCycle, 'accept', record.state)
    differentPerson(tx, record.filedBy, 'R01')
    const programme = programmeOf(tx.plan, record.programme)
    if (!programme) throw refused({ clause: 'R01', reason: 'programme-unknown', facts: {} })
    const series = programme.numbering.replace('{year}', String(yearOf(dayOf(tx.now))))
    const number = numbered(series, await nextNumber(tx, 'training', series))
    await endClock(tx, 'plan', record.id, 'review')
    return { ...(await move(tx, record, 'accept', to, { ...decided(tx), number }, input)), number }
  },
})

/**
 * Refuses a plan for good.
 * @clause R01
 */
export const rejectPlan: Command<typeof ReturnPlan, PlanMoved> = command({
  name: 'training.rejectPlan',
  permission: 'plan.decide',
  input: ReturnPlan,
  async run(tx, input) {
    const record = await lockPlan(tx, input.planId, 'plan.decide')
    const to = mustMove(planCycle, 'reject', record.state)
    differentPerson(tx, record.filedBy, 'R01')
    checkReasons(tx, input.reasonCodes, 'plan', 'reject')
    await endClock(tx, 'plan', record.id, 'review')
    return move(tx, record, 'reject', to, decided(tx), input)
  },
})

async function lockPlan(
  tx: Tx,
  id: string,
  permission: 'plan.edit' | 'plan.file' | 'plan.decide',
): Promise<PlanRecord> {
  const record = await plans(tx.db).where('p.id', '=', id).forUpdate().executeTakeFirst()
  const scope = record && permission !== 'plan.decide' ? { organisationId: record.organisationId } : undefined
  if (!record || !tx.actor.can(permission, scope)) throw missing('plan')
  tx.about('plan', record.id)
  tx.about('organisation', record.organisationId)
  return record
}

async function move(
  tx: Tx,
  record: PlanRecord,
  name: keyof typeof planCycle,
  to: PlanState,
  set: Record<string, unknown>,
  why: { reasonCodes?: string[]; note?: string } = {},
): Promise<PlanMoved> {
  await tx.db
    .updateTable('training.plans')
    .set({ ...set, state: to, version: record.version + 1 })
    .where('id', '=', record.id)
    .execute()
  await recordMove(tx, { kind: 'plan', id: record.id, move: name, from: record.state, to, ...why })
  return { planId: record.id, state: to }
}

type Content = Omit<z.output<typeof CreatePlan>, 'organisationId' | 'programme'>

function contentOf(input: Content) {
  const occupation = parseKey(input.occupation)
  return {
    title: input.title,
    occupation_edition: occupation?.edition ?? null,
    occupation_code: occupation?.code ?? null,
    level: input.level || null,
    headcount: input.headcount,
    class_hours: input.classHours,
    starts_on: input.startsOn,
    ends_on: input.endsOn,
    courses: JSON.stringify(input.courses),
  }
}
