import { sql } from 'kysely'
import type { z } from 'zod'
import { occupationByKey } from '#modules/occupations/catalogue.queries.ts'
import { parseKey } from '#modules/occupations/catalogue.schema.ts'
import { organisationCard } from '#modules/people/organisation.queries.ts'
import { mustMove, recordMove } from '#platform/casework.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { nextNumber } from '#platform/counters.ts'
import { conflict, invalid, missing, refused } from '#platform/errors.ts'
import type { Permission } from '#platform/permissions.ts'
import { searchText } from '#platform/search.ts'
import { dayOf } from '#shared/dates.ts'
import { type ClassRecord, classes } from './class.queries.ts'
import { checkClassDates, classCycle, editable } from './class.rules.ts'
import { type ClassState, CreateClass, EditClass, SetOpenEnrolment } from './class.schema.ts'
import { trainersOf, venuesOf } from './place.queries.ts'
import { onlineDecided, type PlanRecord, plans, programmeOf } from './plan.queries.ts'
import { numbered } from './plan.rules.ts'

/** A new class under an accepted plan. What the plan promised – occupation, level, hours – comes from the plan. */
export const createClass: Command<typeof CreateClass, { classId: string; number: string }> = command({
  name: 'training.createClass',
  permission: 'class.edit',
  input: CreateClass,
  async run(tx, input) {
    const plan = await plans(tx.db).where('p.id', '=', input.planId).forShare().executeTakeFirst()
    if (!plan || !tx.actor.can('class.edit', { organisationId: plan.organisationId })) throw missing('plan')
    if (plan.state !== 'accepted' || plan.number === null) {
      throw refused({ clause: 'R01', reason: 'plan-not-accepted', facts: { state: plan.state } })
    }
    const content = await contentOf(tx, plan, input)
    const occupation = parseKey(plan.occupation)
    const number = numbered(plan.number, await nextNumber(tx, 'training', plan.number), 2)
    const { id } = await tx.db
      .insertInto('training.classes')
      .values({
        ...content,
        number,
        plan_id: plan.id,
        organisation_id: plan.organisationId,
        programme: plan.programme,
        occupation_edition: occupation?.edition ?? null,
        occupation_code: occupation?.code ?? null,
        level: plan.level || null,
        class_hours: plan.classHours,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('class', id)
    tx.about('plan', plan.id)
    tx.about('organisation', plan.organisationId)
    await setTrainers(tx, id, plan.organisationId, input.trainerIds)
    await recordMove(tx, { kind: 'class', id, move: 'create', from: '', to: 'draft' })
    return { classId: id, number }
  },
})

export const editClass: Command<typeof EditClass, { classId: string; version: number }> = command({
  name: 'training.editClass',
  permission: 'class.edit',
  input: EditClass,
  async run(tx, input) {
    const record = await lockClass(tx, input.classId, 'class.edit')
    if (!editable.includes(record.state)) {
      throw refused({ clause: 'R02', reason: 'wrong-state', facts: { move: 'edit', state: record.state } })
    }
    if (record.version !== input.version) throw conflict('class')
    const enrolled = await enrolledIn(tx, record.id)
    if (input.capacity < enrolled)
      throw refused({ clause: 'C12', reason: 'capacity-below-roster', facts: { enrolled } })
    const plan = await plans(tx.db).where('p.id', '=', record.planId).executeTakeFirstOrThrow()
    const version = record.version + 1
    await tx.db
      .updateTable('training.classes')
      .set({ ...(await contentOf(tx, plan, input)), version })
      .where('id', '=', record.id)
      .execute()
    await setTrainers(tx, record.id, record.organisationId, input.trainerIds)
    return { classId: record.id, version }
  },
})

/** Opens or closes sign-up by the public; possible until the class has been assessed. */
export const setOpenEnrolment: Command<typeof SetOpenEnrolment, { classId: string }> = command({
  name: 'training.setOpenEnrolment',
  permission: 'class.edit',
  input: SetOpenEnrolment,
  async run(tx, input) {
    const record = await lockClass(tx, input.classId, 'class.edit')
    const open: readonly ClassState[] = ['draft', 'applied', 'returned', 'approved', 'in-session', 'suspended']
    if (!open.includes(record.state)) {
      throw refused({ clause: 'R02', reason: 'wrong-state', facts: { move: 'open-enrolment', state: record.state } })
    }
    checkOpenEnrolment(tx, record.programme, input.open)
    await tx.db
      .updateTable('training.classes')
      .set({ open_enrolment: input.open })
      .where('id', '=', record.id)
      .execute()
    return { classId: record.id }
  },
})

/** Locks a class for a write. Missing when it is not there or not theirs. */
export async function lockClass(tx: Tx, id: string, permission: Permission): Promise<ClassRecord> {
  const record = await classes(tx.db).where('c.id', '=', id).forUpdate().executeTakeFirst()
  const atDesk = permission === 'class.decide' || permission === 'class.inspect'
  const scope = record && !atDesk ? { organisationId: record.organisationId } : undefined
  if (!record || !tx.actor.can(permission, scope)) throw missing('class')
  tx.about('class', record.id)
  tx.about('organisation', record.organisationId)
  return record
}

export type ClassMoved = { classId: string; state: ClassState }

/** Writes a move that has been decided: state, history, further columns. */
export async function moveClass(
  tx: Tx,
  record: ClassRecord,
  name: keyof typeof classCycle,
  set: Record<string, unknown> = {},
  why: { reasonCodes?: string[]; note?: string } = {},
): Promise<ClassMoved> {
  const to = mustMove(classCycle, name, record.state)
  await tx.db
    .updateTable('training.classes')
    .set({ ...set, state: to, version: record.version + 1 })
    .where('id', '=', record.id)
    .execute()
  await recordMove(tx, { kind: 'class', id: record.id, move: name, from: record.state, to, ...why })
  return { classId: record.id, state: to }
}

export async function enrolledIn(tx: Tx, classId: string): Promise<number> {
  const { n } = await tx.db
    .selectFrom('training.enrolments')
    .select(sql<number>`count(*)`.as('n'))
    .where('class_id', '=', classId)
    .where('state', '<>', 'withdrawn')
    .executeTakeFirstOrThrow()
  return n
}

type Content = Omit<z.output<typeof CreateClass>, 'planId'>

async function contentOf(tx: Tx, plan: PlanRecord, input: Content) {
  const acceptedOn = dayOf(plan.decidedAt ?? tx.now)
  const dates = checkClassDates(input, { startsOn: plan.startsOn, endsOn: plan.endsOn, acceptedOn })
  if (!dates.ok) throw refused(dates.refusal)
  checkOpenEnrolment(tx, plan.programme, input.openEnrolment)
  if (input.mode === 'online' && !(await onlineDecided(tx))) {
    throw refused({ clause: 'R03', reason: 'online-undecided', facts: {} })
  }
  const venues = await venuesOf(tx.db, plan.organisationId)
  const venue = venues.find(({ id }) => id === input.venueId)
  if (input.venueId !== undefined && !venue) throw invalid({ venueId: ['请选择本单位的培训地点'] })
  const organisation = await organisationCard(tx.db, plan.organisationId)
  const occupation = await occupationByKey(tx.db, plan.occupation)
  const programme = programmeOf(tx.plan, plan.programme)
  const words = searchText(
    input.title,
    input.summary,
    input.industry,
    organisation.name,
    occupation?.title ?? '',
    ...(occupation?.workTypes ?? []),
    programme?.name ?? '',
    venue?.address ?? '',
  )
  return {
    title: input.title,
    summary: input.summary,
    industry: input.industry,
    mode: input.mode,
    venue_id: venue?.id ?? null,
    subdistrict: venue?.subdistrict ?? organisation.subdistrict,
    capacity: input.capacity,
    starts_on: input.startsOn,
    ends_on: input.endsOn,
    open_enrolment: input.openEnrolment,
    accessibility: input.accessibility,
    teaching_plan: input.teachingPlan,
    resources: input.resources,
    assessment_plan: input.assessmentPlan,
    search: sql<string>`to_tsvector('simple', ${words})`,
  }
}

/** An employer's own training is not for the public. */
function checkOpenEnrolment(tx: Tx, programme: string, open: boolean): void {
  if (open && programmeOf(tx.plan, programme)?.undertaker.mode === 'employer') {
    throw refused({ clause: 'HZ4-M08', reason: 'open-enrolment-employer', facts: {} })
  }
}

async function setTrainers(tx: Tx, classId: string, organisationId: string, ids: readonly string[]): Promise<void> {
  const own = new Set((await trainersOf(tx.db, organisationId)).map(({ id }) => id))
  if (!ids.every((id) => own.has(id))) throw invalid({ trainerIds: ['请选择本单位登记的教师'] })
  await tx.db.deleteFrom('training.class_trainers').where('class_id', '=', classId).execute()
  const rows = [...new Set(ids)].map((id) => ({ class_id: classId, trainer_id: id }))
  if (rows.length > 0) await tx.db.insertInto('training.class_trainers').values(rows).execute()
}
