import { occupationByKey } from '#modules/occupations/catalogue.queries.ts'
import { ensurePerson } from '#modules/people/person.commands.ts'
import { recordMove } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { heldBy } from '#platform/held.ts'
import { addDays, dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { checkLease, levelIn } from './assessor.rules.ts'
import {
  AddExaminer,
  AddRoom,
  AddSite,
  assessorScheme,
  DecideAssessor,
  DecideScope,
  DecideSite,
  EndScope,
  ProposeAssessor,
  ProposeScope,
} from './assessor.schema.ts'

const no = (clause: string, reason: string, facts: Record<string, string> = {}) => refused({ clause, reason, facts })
export const stamp = (tx: Tx) => ({
  proposed_by: tx.actor.hand.id,
  proposed_by_name: tx.actor.name,
  proposed_at: tx.now,
})
export const decided = (tx: Tx) => ({
  decided_by: tx.actor.hand.id,
  decided_by_name: tx.actor.name,
  decided_at: tx.now,
})

/**
 * What the province filed of an organisation that holds the title: its kind and the codes its certificates begin with.
 * Registered by one, approved by another.
 * @clause V01 @clause HZ4-M01
 */
export const proposeAssessor = command({
  name: 'certification.proposeAssessor',
  permission: 'certification.manage',
  input: ProposeAssessor,
  async run(tx, input) {
    const { organisationId } = input
    const title = await tx.db
      .selectFrom('recognition.designations')
      .select('id')
      .where('organisation_id', '=', organisationId)
      .where('scheme', '=', assessorScheme)
      .where('ended_on', 'is', null)
      .executeTakeFirst()
    if (!title) throw no('V01', 'no-title')
    tx.about('organisation', organisationId)
    const standing = await tx.db
      .selectFrom('certification.assessors')
      .select(['state', 'designation_id'])
      .where('organisation_id', '=', organisationId)
      .forUpdate()
      .executeTakeFirst()
    if (standing?.state === 'in-force' && standing.designation_id === title.id) throw no('V01', 'assessor-in-force')
    const row = {
      designation_id: title.id,
      kind: input.kind,
      filing_code: input.filingCode,
      province: input.province,
      serial: input.serial,
      filing_no: input.filingNo,
      state: 'proposed',
      ...stamp(tx),
      decided_by: null,
      decided_by_name: null,
      decided_at: null,
    }
    await heldBy(
      tx.db
        .insertInto('certification.assessors')
        .values({ organisation_id: organisationId, ...row })
        .onConflict((c) => c.column('organisation_id').doUpdateSet(row))
        .execute(),
      { assessor_number: ['R34', 'number-taken'] },
    )
    return { organisationId, state: 'proposed' as const }
  },
})

export const decideAssessor = command({
  name: 'certification.decideAssessor',
  permission: 'certification.approve',
  input: DecideAssessor,
  async run(tx, { organisationId, decision }) {
    const found = await tx.db
      .selectFrom('certification.assessors')
      .select(['state', 'proposed_by'])
      .where('organisation_id', '=', organisationId)
      .forUpdate()
      .executeTakeFirst()
    if (!found) throw missing('assessor')
    tx.about('organisation', organisationId)
    const state = await judged(tx, found, decision)
    await tx.db
      .updateTable('certification.assessors')
      .set({ state, ...decided(tx) })
      .where('organisation_id', '=', organisationId)
      .execute()
    return { organisationId, state }
  },
})

async function judged(tx: Tx, found: { state: string; proposed_by: string }, decision: 'approve' | 'reject') {
  if (found.state !== 'proposed') throw no('V01', 'already-decided')
  if (found.proposed_by === tx.actor.hand.id) throw no('V01', 'own-proposal')
  return decision === 'approve' ? ('in-force' as const) : ('rejected' as const)
}

/**
 * An occupation and level the organisation may certify, with the conditions of its standard, from day to day.
 * @clause V01
 */
export const proposeScope = command({
  name: 'certification.proposeScope',
  permission: 'certification.manage',
  input: ProposeScope,
  async run(tx, input) {
    const assessor = await tx.db
      .selectFrom('certification.assessors')
      .select('organisation_id')
      .where('organisation_id', '=', input.organisationId)
      .where('state', '=', 'in-force')
      .executeTakeFirst()
    if (!assessor) throw no('V01', 'no-title')
    const occupation = await occupationByKey(tx.db, input.occupation)
    if (!occupation) throw missing('occupation')
    if (levelIn(tx.plan, occupation.levelScheme, input.level) === undefined) {
      throw no('V01', 'level-unknown', { title: occupation.title, level: input.level })
    }
    const { id } = await heldBy(
      tx.db
        .insertInto('certification.scopes')
        .values({
          organisation_id: input.organisationId,
          edition: occupation.edition,
          code: occupation.code,
          level: input.level,
          parts: input.parts,
          standard: input.standard,
          conditions: JSON.stringify(input.conditions),
          valid: `[${input.from},${input.to ? addDays(input.to, 1) : ''})`,
          source: input.source,
          ...stamp(tx),
        })
        .returning('id')
        .executeTakeFirstOrThrow(),
      { scope_once: ['V01', 'scope-overlaps'] },
    )
    tx.about('organisation', input.organisationId)
    return { scopeId: id }
  },
})

export const decideScope = command({
  name: 'certification.decideScope',
  permission: 'certification.approve',
  input: DecideScope,
  async run(tx, { scopeId, decision }) {
    const found = await tx.db
      .selectFrom('certification.scopes')
      .select(['state', 'proposed_by', 'organisation_id'])
      .where('id', '=', scopeId)
      .forUpdate()
      .executeTakeFirst()
    if (!found) throw missing('scope')
    tx.about('organisation', found.organisation_id)
    const state = await judged(tx, found, decision)
    await tx.db
      .updateTable('certification.scopes')
      .set({ state, ...decided(tx) })
      .where('id', '=', scopeId)
      .execute()
    return { scopeId, state }
  },
})

/**
 * Ends a scope on a day that is not past: exams held before stay covered.
 * @clause V01
 */
export const endScope = command({
  name: 'certification.endScope',
  permission: 'certification.approve',
  input: EndScope,
  async run(tx, { scopeId, lastDay }) {
    const found = await tx.db
      .selectFrom('certification.scopes')
      .select(['organisation_id', 'state', (eb) => eb.fn<Day>('lower', ['valid']).as('from')])
      .where('id', '=', scopeId)
      .forUpdate()
      .executeTakeFirst()
    if (!found) throw missing('scope')
    tx.about('organisation', found.organisation_id)
    if (found.state !== 'in-force') throw no('V01', 'already-decided')
    if (lastDay < dayOf(tx.now) || lastDay < found.from) throw no('V01', 'end-in-past')
    await tx.db
      .updateTable('certification.scopes')
      .set({ valid: `[${found.from},${addDays(lastDay, 1)})` })
      .where('id', '=', scopeId)
      .execute()
    await recordMove(tx, { kind: 'scope', id: scopeId, move: 'end', from: 'in-force', to: 'in-force', note: lastDay })
    return { scopeId }
  },
})

/**
 * A place to examine in, owned or leased for long enough. The organisation describes it, the bureau visits and decides.
 * @clause V02
 */
export const addSite = command({
  name: 'certification.addSite',
  permission: 'certification.plan',
  input: AddSite,
  async run(tx, input) {
    if (!tx.actor.can('certification.plan', { organisationId: input.organisationId })) throw missing('organisation')
    const today = dayOf(tx.now)
    const at = await figuresFor(tx)
    const leasedTo = input.tenure === 'leased' ? (input.leasedTo ?? null) : null
    const lease = checkLease({ tenure: input.tenure, leasedTo }, today, at('V02.leaseMonths', today).value)
    if (!lease.ok) throw refused(lease.refusal)
    const { id } = await heldBy(
      tx.db
        .insertInto('certification.sites')
        .values({
          organisation_id: input.organisationId,
          name: input.name,
          address: input.address,
          tenure: input.tenure,
          leased_to: leasedTo,
          ...stamp(tx),
        })
        .returning('id')
        .executeTakeFirstOrThrow(),
      { sites_organisation_id_name_key: ['V02', 'site-known'] },
    )
    tx.about('organisation', input.organisationId)
    return { siteId: id }
  },
})

export const addRoom = command({
  name: 'certification.addRoom',
  permission: 'certification.plan',
  input: AddRoom,
  async run(tx, input) {
    const site = await tx.db
      .selectFrom('certification.sites')
      .select(['organisation_id', 'state'])
      .where('id', '=', input.siteId)
      .forUpdate()
      .executeTakeFirst()
    if (!site || !tx.actor.can('certification.plan', { organisationId: site.organisation_id })) throw missing('site')
    if (site.state !== 'proposed') throw no('V02', 'site-closed')
    const { id } = await heldBy(
      tx.db
        .insertInto('certification.rooms')
        .values({ site_id: input.siteId, name: input.name, part: input.part, seats: input.seats, video: input.video })
        .returning('id')
        .executeTakeFirstOrThrow(),
      { rooms_site_id_name_key: ['V02', 'room-known'] },
    )
    tx.about('organisation', site.organisation_id)
    return { roomId: id, siteId: input.siteId }
  },
})

export const decideSite = command({
  name: 'certification.decideSite',
  permission: 'certification.manage',
  input: DecideSite,
  async run(tx, { siteId, decision, inspectedOn }) {
    const site = await tx.db
      .selectFrom('certification.sites')
      .select(['organisation_id', 'state', 'proposed_by'])
      .where('id', '=', siteId)
      .forUpdate()
      .executeTakeFirst()
    if (!site) throw missing('site')
    tx.about('organisation', site.organisation_id)
    const state = await judged(tx, site, decision)
    if (state === 'in-force') {
      if (!inspectedOn || inspectedOn > dayOf(tx.now)) throw no('V02', 'inspection-missing')
      const rooms = await tx.db.selectFrom('certification.rooms').select('id').where('site_id', '=', siteId).execute()
      if (rooms.length === 0) throw no('V02', 'no-rooms')
    }
    await tx.db
      .updateTable('certification.sites')
      .set({ state, inspected_on: inspectedOn ?? null, ...decided(tx) })
      .where('id', '=', siteId)
      .execute()
    return { siteId, state }
  },
})

/**
 * An examiner or supervisor of the organisation, known by document so that a trainer is recognised whatever he is called.
 * @clause V05 @clause C01
 */
export const addExaminer = command({
  name: 'certification.addExaminer',
  permission: 'certification.plan',
  input: AddExaminer,
  async run(tx, input) {
    const { organisationId } = input
    if (!tx.actor.can('certification.plan', { organisationId })) throw missing('organisation')
    const person = await ensurePerson(tx, {
      name: input.name,
      documentKind: 'resident-id',
      documentNumber: input.documentNumber,
    })
    if (person.nameDiffers) throw no('C01', 'name-differs')
    const { id } = await heldBy(
      tx.db
        .insertInto('certification.examiners')
        .values({
          organisation_id: organisationId,
          person_id: person.personId,
          name: input.name,
          role: input.role,
          card_no: input.cardNo,
          valid_to: input.validTo ?? null,
          added_by: tx.actor.id,
          added_at: tx.now,
        })
        .returning('id')
        .executeTakeFirstOrThrow(),
      { examiners_organisation_id_person_id_role_key: ['V02', 'examiner-known'] },
    )
    tx.about('organisation', organisationId)
    return { examinerId: id }
  },
})
