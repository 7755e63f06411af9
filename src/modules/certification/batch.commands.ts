import { sql } from 'kysely'
import { mustMove, recordMove } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { nextNumber } from '#platform/counters.ts'
import { missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { heldBy } from '#platform/held.ts'
import type { Permission } from '#platform/permissions.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf, formatDay, yearOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { assessorOf, inScope, scopeById, sitesOf } from './assessor.queries.ts'
import { capacity } from './assessor.rules.ts'
import { type Batch, batchById, sittingsOf } from './batch.queries.ts'
import { batchCycle, checkFiling, openBatch } from './batch.rules.ts'
import {
  AddSitting,
  type BatchState,
  ChooseBatch,
  ChooseSupervisor,
  DropSitting,
  HoldBatch,
  NewBatch,
  Publicise,
  ReleaseBatch,
  ReturnBatch,
} from './batch.schema.ts'

const no = (clause: string, reason: string, facts: Record<string, string | number> = {}) =>
  refused({ clause, reason, facts })

/** The batch, locked to commit; missing when it is somebody else's. */
export async function lockBatch(tx: Tx, id: string, permission: Permission): Promise<Batch> {
  const locked = await tx.db
    .selectFrom('certification.batches')
    .select('organisation_id')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!locked || !tx.actor.can(permission, { organisationId: locked.organisation_id })) throw missing('batch')
  const found = await batchById(tx.db, id)
  if (!found) throw missing('batch')
  tx.about('assessment-batch', id)
  return found
}

/** Moves a locked batch and writes its history. */
export async function moveBatch(
  tx: Tx,
  batch: Batch,
  move: keyof typeof batchCycle,
  set: Record<string, unknown> = {},
  note = '',
): Promise<BatchState> {
  const to = mustMove(batchCycle, move, batch.state)
  await heldBy(
    tx.db
      .updateTable('certification.batches')
      .set({ ...set, state: to })
      .where('id', '=', batch.id)
      .execute(),
    {
      organisation_stopped: ['V05', 'organisation-stopped'],
      objections_open: ['V04', 'objections-open'],
    },
  )
  if (to !== batch.state || note !== '') {
    await recordMove(tx, { kind: 'assessment-batch', id: batch.id, move, from: batch.state, to, note })
  }
  return to
}

/**
 * A batch is begun: one occupation and level of the organisation's scope at one approved site, with or without a class
 * behind it.
 * @clause V01 @clause HZ4-M01
 */
export const newBatch = command({
  name: 'certification.newBatch',
  permission: 'certification.plan',
  input: NewBatch,
  async run(tx, input) {
    const { organisationId } = input
    if (!tx.actor.can('certification.plan', { organisationId })) throw missing('organisation')
    const assessor = await assessorOf(tx.db, organisationId)
    if (assessor?.state !== 'in-force' || !assessor.titled) throw no('V01', 'not-assessor')
    const scope = await scopeById(tx.db, input.scopeId)
    if (scope.organisationId !== organisationId || scope.state !== 'in-force') throw missing('scope')
    const site = (await sitesOf(tx.db, organisationId)).find((one) => one.id === input.siteId)
    if (site?.state !== 'in-force') throw no('V02', 'site-not-in-force')
    if (input.classId) {
      const cls = await tx.db
        .selectFrom('training.classes')
        .select(['organisation_id', 'occupation_edition', 'occupation_code'])
        .where('id', '=', input.classId)
        .executeTakeFirst()
      if (cls?.organisation_id !== organisationId) throw missing('class')
      if (cls.occupation_edition !== scope.edition || cls.occupation_code !== scope.code)
        throw no('V01', 'class-occupation')
    }
    const year = yearOf(dayOf(tx.now))
    const number = `RD${year}-${String(await nextNumber(tx, 'certification', `batch:${year}`)).padStart(4, '0')}`
    const { id } = await heldBy(
      tx.db
        .insertInto('certification.batches')
        .values({
          number,
          organisation_id: organisationId,
          site_id: site.id,
          scope_id: scope.id,
          edition: scope.edition,
          code: scope.code,
          level: scope.level,
          parts: scope.parts,
          class_id: input.classId ?? null,
          title: input.title,
          created_by: tx.actor.hand.id,
          created_at: tx.now,
        })
        .returning('id')
        .executeTakeFirstOrThrow(),
      { one_batch_a_class: ['V02', 'class-taken'] },
    )
    tx.about('assessment-batch', id)
    await recordMove(tx, { kind: 'assessment-batch', id, move: 'create', from: '', to: 'draft' })
    return { batchId: id, number }
  },
})

const mustBeOpen = (batch: Batch) => {
  if (!openBatch.includes(batch.state)) throw no('V02', 'wrong-state', { state: batch.state })
}

/**
 * One sitting: part, room, time, seats and examiner. Room and examiner are never taken twice at one time.
 * @clause V02 @clause C13
 */
export const addSitting = command({
  name: 'certification.addSitting',
  permission: 'certification.plan',
  input: AddSitting,
  async run(tx, input) {
    const batch = await lockBatch(tx, input.batchId, 'certification.plan')
    mustBeOpen(batch)
    const room = (await sitesOf(tx.db, batch.organisationId))
      .find((one) => one.id === batch.siteId)
      ?.rooms.find((one) => one.id === input.roomId)
    if (!room) throw no('V02', 'room-elsewhere')
    if (!batch.parts.includes(room.part)) throw no('V02', 'part-not-needed', { part: room.part })
    if (input.to <= input.from) throw no('V02', 'ends-before')
    if (input.on <= dayOf(tx.now)) throw no('V02', 'in-past')
    if (input.seats > room.seats) throw no('C12', 'seats-fit', { seats: room.seats })
    if (!(await inScope(tx.db, batch, input.on))) throw no('V01', 'out-of-scope', { on: formatDay(input.on) })
    await mustExamine(tx, batch.organisationId, input.examinerId, 'examiner', input.on)
    const { id } = await heldBy(
      tx.db
        .insertInto('certification.sittings')
        .values({
          batch_id: batch.id,
          room_id: room.id,
          part: room.part,
          during: sql<string>`tstzrange(${`${input.on}T${input.from}:00+08:00`}, ${`${input.on}T${input.to}:00+08:00`}, '[)')`,
          seats: input.seats,
          examiner_id: input.examinerId,
        })
        .returning('id')
        .executeTakeFirstOrThrow(),
      {
        room_taken: ['V02', 'room-taken'],
        examiner_taken: ['V02', 'examiner-taken'],
        seats_fit: ['C12', 'room-elsewhere'],
      },
    )
    return { sittingId: id, batchId: batch.id }
  },
})

async function mustExamine(tx: Tx, organisationId: string, id: string, role: string, on: Day) {
  const found = await tx.db
    .selectFrom('certification.examiners')
    .select(['valid_to', 'person_id'])
    .where('id', '=', id)
    .where('organisation_id', '=', organisationId)
    .where('role', '=', role)
    .executeTakeFirst()
  if (!found || (found.valid_to !== null && found.valid_to < on)) throw no('V02', 'examiner-unknown')
}

export const dropSitting = command({
  name: 'certification.dropSitting',
  permission: 'certification.plan',
  input: DropSitting,
  async run(tx, { sittingId }) {
    const of = await tx.db
      .selectFrom('certification.sittings')
      .select('batch_id')
      .where('id', '=', sittingId)
      .executeTakeFirst()
    if (!of) throw missing('sitting')
    const batch = await lockBatch(tx, of.batch_id, 'certification.plan')
    mustBeOpen(batch)
    const rest = (await sittingsOf(tx.db, batch.id)).filter((one) => one.id !== sittingId)
    if (batch.listed > capacity(batch.parts, rest)) throw no('C12', 'still-needed')
    await tx.db.updateTable('certification.sittings').set({ off: true }).where('id', '=', sittingId).execute()
    return { batchId: batch.id }
  },
})

export const chooseSupervisor = command({
  name: 'certification.chooseSupervisor',
  permission: 'certification.plan',
  input: ChooseSupervisor,
  async run(tx, { batchId, examinerId }) {
    const batch = await lockBatch(tx, batchId, 'certification.plan')
    mustBeOpen(batch)
    await mustExamine(tx, batch.organisationId, examinerId, 'supervisor', batch.lastOn ?? dayOf(tx.now))
    await tx.db
      .updateTable('certification.batches')
      .set({ supervisor_id: examinerId })
      .where('id', '=', batchId)
      .execute()
    return { batchId }
  },
})

/**
 * The plan goes to the bureau: arranged, within scope on every day, seats for everybody, in time; and nothing stands
 * against the organisation.
 * @clause V02 @clause V05 @clause C12
 */
export const fileBatch = command({
  name: 'certification.fileBatch',
  permission: 'certification.plan',
  input: ChooseBatch,
  async run(tx, { batchId }) {
    const batch = await lockBatch(tx, batchId, 'certification.plan')
    mustMove(batchCycle, 'file', batch.state)
    await mustStand(tx, batch)
    const state = await moveBatch(tx, batch, 'file', { filed_at: tx.now, filed_by: tx.actor.hand.id })
    return { batchId, state }
  },
})

/** What must hold when a plan is filed, and again when it is accepted. */
async function mustStand(tx: Tx, batch: Batch, filedOn = dayOf(tx.now)) {
  const sittings = await sittingsOf(tx.db, batch.id)
  const supervisor = batch.supervisorId
    ? await tx.db
        .selectFrom('certification.examiners')
        .select('person_id')
        .where('id', '=', batch.supervisorId)
        .executeTakeFirst()
    : undefined
  const at = await figuresFor(tx)
  const decision = checkFiling({
    parts: batch.parts,
    sittings,
    supervisorPersonId: supervisor?.person_id ?? null,
    listed: batch.listed,
    today: filedOn,
    workdaysLeast: at('V02.filingDays', filedOn).value,
  })
  if (!decision.ok) throw refused(decision.refusal)
  for (const on of new Set(sittings.map((one) => one.on))) {
    if (!(await inScope(tx.db, batch, on))) throw no('V01', 'out-of-scope', { on: formatDay(on) })
  }
}

export const acceptBatch = command({
  name: 'certification.acceptBatch',
  permission: 'certification.manage',
  input: ChooseBatch,
  async run(tx, { batchId }) {
    const batch = await lockBatch(tx, batchId, 'certification.manage')
    mustMove(batchCycle, 'accept', batch.state)
    if (batch.filedBy === tx.actor.hand.id) throw no('V02', 'own-file')
    await mustStand(tx, batch, batch.filedAt ? dayOf(batch.filedAt) : undefined)
    const state = await moveBatch(tx, batch, 'accept', { decided_by: tx.actor.hand.id, decided_by_name: tx.actor.name })
    return { batchId, state }
  },
})

export const returnBatch = command({
  name: 'certification.returnBatch',
  permission: 'certification.manage',
  input: ReturnBatch,
  async run(tx, { batchId, note }) {
    const batch = await lockBatch(tx, batchId, 'certification.manage')
    return { batchId, state: await moveBatch(tx, batch, 'return', {}, note) }
  },
})

export const cancelBatch = command({
  name: 'certification.cancelBatch',
  permission: 'certification.plan',
  input: ReturnBatch,
  async run(tx, { batchId, note }) {
    const batch = await lockBatch(tx, batchId, 'certification.plan')
    const state = await moveBatch(tx, batch, 'cancel', {}, note)
    await tx.db.updateTable('certification.sittings').set({ off: true }).where('batch_id', '=', batchId).execute()
    return { batchId, state }
  },
})

/**
 * The results go before the public for so many working days, masked.
 * @clause V04 @clause R37
 */
export const publiciseBatch = command({
  name: 'certification.publiciseBatch',
  permission: 'score.approve',
  input: Publicise,
  async run(tx, { batchId, workdays }) {
    const batch = await lockBatch(tx, batchId, 'score.approve')
    const today = dayOf(tx.now)
    const least = (await figuresFor(tx))('V04.publicityDays', today).value
    if (least !== null && workdays < least) throw no('V04', 'publicity-short', { workdays: least })
    const state = await moveBatch(tx, batch, 'publicise', {
      publicised_on: today,
      publicity_ends_on: addWorkdays(today, workdays).day,
    })
    return { batchId, state }
  },
})

/**
 * Something was reported: the publicity stands still until somebody else of the bureau has looked into it.
 * @clause V04
 */
export const holdBatch = command({
  name: 'certification.holdBatch',
  permission: 'certification.manage',
  input: HoldBatch,
  async run(tx, { batchId, note }) {
    const batch = await lockBatch(tx, batchId, 'certification.manage')
    return { batchId, state: await moveBatch(tx, batch, 'hold', { held_by: tx.actor.hand.id }, note) }
  },
})

/** Goes on for as many days as were left, or goes back to be marked anew. */
export const releaseBatch = command({
  name: 'certification.releaseBatch',
  permission: 'certification.approve',
  input: ReleaseBatch,
  async run(tx, { batchId, outcome, note }) {
    const batch = await lockBatch(tx, batchId, 'certification.approve')
    mustMove(batchCycle, outcome, batch.state)
    if (batch.heldBy === tx.actor.hand.id) throw no('V04', 'own-hold')
    const set =
      outcome === 'redo'
        ? { held_by: null, round: batch.round + 1, sheet_version: 0, publicised_on: null, publicity_ends_on: null }
        : { held_by: null, publicity_ends_on: later(batch.publicityEndsOn, addWorkdays(dayOf(tx.now), 1).day) }
    return { batchId, state: await moveBatch(tx, batch, outcome, set, note) }
  },
})

const later = (a: Day | null, b: Day): Day => (a !== null && a > b ? a : b)

/**
 * Ends the publicity whose last day is past and that nobody holds.
 * @clause V04
 */
export const clearBatch = command({
  name: 'certification.clearBatch',
  permission: 'system.operate',
  input: ChooseBatch,
  async run(tx, { batchId }) {
    const batch = await lockBatch(tx, batchId, 'system.operate')
    if (batch.publicityEndsOn === null || dayOf(tx.now) <= batch.publicityEndsOn)
      throw no('V04', 'wrong-state', { state: batch.state })
    return { batchId, state: await moveBatch(tx, batch, 'clear') }
  },
})
