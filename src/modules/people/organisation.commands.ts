import { recordMove } from '#platform/casework.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { conflict, invalid, missing, refused } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import { maskPhone, normalise } from '#shared/text.ts'
import { parseUscc } from './organisation.rules.ts'
import {
  AmendOrganisation,
  EditOrganisation,
  RegisterOrganisation,
  reasonText,
  SetOrganisationStatus,
} from './organisation.schema.ts'

const phoneContext = 'organisation.phone'

/** What is wrong with the form beyond its shape: code, subdistrict, dates. */
function check(tx: Tx, input: { subdistrict: string; registeredOn?: string }): void {
  const today = dayOf(tx.now)
  const known = tx.plan.subdistricts.some((s) => s.code === input.subdistrict && (!s.validTo || s.validTo >= today))
  if (!known) throw invalid({ subdistrict: ['请从列表中选择街道'] })
  if (input.registeredOn && input.registeredOn > today) {
    throw refused({ clause: 'C01', reason: 'organisation-future', facts: {} })
  }
}

const phoneColumns = (tx: Tx, phone: string | undefined) => {
  const number = phone && normalise(phone)
  return {
    contact_phone_sealed: number ? tx.crypto.seal(number, phoneContext) : null,
    contact_phone_masked: number ? maskPhone(number) : null,
  }
}

/**
 * Registers an organisation by its unified social credit code. One code, one organisation.
 * @clause C01 C20
 */
export const registerOrganisation: Command<typeof RegisterOrganisation, { organisationId: string }> = command({
  name: 'people.registerOrganisation',
  permission: 'organisation.register',
  input: RegisterOrganisation,
  async run(tx, input) {
    const uscc = parseUscc(input.uscc)
    if (!uscc.ok) {
      const words = reasonText[uscc.refusal.reason]?.(uscc.refusal.facts)
      throw invalid({ uscc: [`${words?.message}。${words?.remedy}`] })
    }
    check(tx, input)
    const row = await tx.db
      .insertInto('people.organisations')
      .values({
        uscc: uscc.value.code,
        name: normalise(input.name),
        type: input.type,
        address: input.address,
        subdistrict: input.subdistrict,
        industry: input.industry,
        legal_representative: input.legalRepresentative,
        contact_name: input.contactName,
        ...phoneColumns(tx, input.contactPhone),
        registered_on: input.registeredOn,
        created_at: tx.now,
      })
      .onConflict((c) => c.column('uscc').doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!row) {
      const { name } = await tx.db
        .selectFrom('people.organisations')
        .select('name')
        .where('uscc', '=', uscc.value.code)
        .executeTakeFirstOrThrow()
      throw refused({ clause: 'C01', reason: 'organisation-known', facts: { name } })
    }
    tx.about('organisation', row.id)
    return { organisationId: row.id }
  },
})

/** Where it is and whom to call: an organisation's own to change. */
export const editOrganisation = command({
  name: 'people.editOrganisation',
  permission: 'organisation.edit',
  input: EditOrganisation,
  async run(tx, input) {
    if (!tx.actor.can('organisation.edit', { organisationId: input.organisationId })) throw missing('organisation')
    await lock(tx, input.organisationId, input.version)
    check(tx, input)
    await tx.db
      .updateTable('people.organisations')
      .set({
        address: input.address,
        subdistrict: input.subdistrict,
        industry: input.industry,
        contact_name: input.contactName,
        // An empty field keeps the number: the page can only show it masked.
        ...(input.contactPhone ? phoneColumns(tx, input.contactPhone) : {}),
        version: input.version + 1,
      })
      .where('id', '=', input.organisationId)
      .execute()
    return { organisationId: input.organisationId }
  },
})

/** Name, representative, tags: the bureau changes them by the certificate. */
export const amendOrganisation = command({
  name: 'people.amendOrganisation',
  permission: 'organisation.register',
  input: AmendOrganisation,
  async run(tx, input) {
    await lock(tx, input.organisationId, input.version)
    await tx.db
      .updateTable('people.organisations')
      .set({
        name: normalise(input.name),
        legal_representative: input.legalRepresentative,
        tags: input.tags,
        version: input.version + 1,
      })
      .where('id', '=', input.organisationId)
      .execute()
    return { organisationId: input.organisationId }
  },
})

/** Suspends, resumes or closes an organisation. Closed is for good. */
export const setOrganisationStatus = command({
  name: 'people.setOrganisationStatus',
  permission: 'organisation.register',
  input: SetOrganisationStatus,
  async run(tx, input) {
    const { status } = await lock(tx, input.organisationId)
    if (status === 'closed') throw refused({ clause: 'C20', reason: 'organisation-closed', facts: {} })
    if (status === input.status) return { organisationId: input.organisationId, state: status }
    await tx.db
      .updateTable('people.organisations')
      .set((eb) => ({ status: input.status, version: eb('version', '+', 1) }))
      .where('id', '=', input.organisationId)
      .execute()
    const move = { active: 'resume', suspended: 'suspend', closed: 'close' }[input.status]
    await recordMove(tx, {
      kind: 'organisation',
      id: input.organisationId,
      move,
      from: status,
      to: input.status,
      note: input.reason,
    })
    return { organisationId: input.organisationId, state: input.status }
  },
})

/** Locks the row; with a version, refuses a form that was filled in over an older one. */
async function lock(tx: Tx, organisationId: string, version?: number) {
  const row = await tx.db
    .selectFrom('people.organisations')
    .select(['id', 'status', 'version'])
    .where('id', '=', organisationId)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw missing('organisation')
  if (version !== undefined && row.version !== version) throw conflict('organisation')
  tx.about('organisation', organisationId)
  return row
}
