import { sql } from 'kysely'
import { parsePhone } from '#modules/people/identity.rules.ts'
import { ensurePerson } from '#modules/people/person.commands.ts'
import { phoneIndex } from '#modules/people/person.queries.ts'
import { command, type Tx } from '#platform/command.ts'
import { invalid, missing, refused } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import { endSessions, insertAccount } from './account.commands.ts'
import { approve, becomeStaff, insertGrant, lockGrant, revoke } from './grant.commands.ts'
import { AddMember, ApproveRole, adminRoles, DecideRole, memberRoles } from './grant.schema.ts'

const clause = 'C25'

/**
 * The bureau names an organisation's first administrator; another of its people approves.
 * @clause HZ4-M15
 */
export const appointAdmin = command({
  name: 'access.appointAdmin',
  permission: 'account.verify',
  input: AddMember,
  async run(tx, input) {
    if (!adminRoles.includes(input.role)) throw refused({ clause, reason: 'grant-role-unknown', facts: {} })
    return member(tx, input, 'proposed')
  },
})

export const approveAdmin = command({
  name: 'access.approveAdmin',
  permission: 'account.verify',
  input: ApproveRole,
  run: (tx, { grantId }) => approve(tx, grantId, 'organisation'),
})

/** An organisation's administrator gives one of its roles to one of its people. */
export const addMember = command({
  name: 'access.addMember',
  permission: 'organisation.members',
  input: AddMember,
  async run(tx, input) {
    if (!tx.actor.can('organisation.members', { organisationId: input.organisationId })) throw missing('organisation')
    return member(tx, input, 'in-force')
  },
})

export const removeMember = command({
  name: 'access.removeMember',
  permission: 'organisation.members',
  input: DecideRole,
  async run(tx, { grantId, reason }) {
    const grant = await lockGrant(tx, grantId)
    if (!grant.organisation_id || !tx.actor.can('organisation.members', { organisationId: grant.organisation_id })) {
      throw missing('grant')
    }
    if (adminRoles.includes(grant.role)) await keepOneAdmin(tx, grant.organisation_id, grantId)
    await revoke(tx, grant, reason)
    return { grantId }
  },
})

async function member(
  tx: Tx,
  input: { organisationId: string; role: string; to?: string | undefined } & Parameters<typeof ensurePerson>[1],
  state: 'proposed' | 'in-force',
): Promise<{ grantId: string; accountId: string }> {
  const organisation = await tx.db
    .selectFrom('people.organisations')
    .select(['id', 'type', 'status'])
    .where('id', '=', input.organisationId)
    .forShare()
    .executeTakeFirst()
  if (organisation?.status !== 'active') throw missing('organisation')
  if (!memberRoles(organisation.type).includes(input.role)) {
    throw refused({ clause, reason: 'grant-role-unknown', facts: {} })
  }
  const { personId, nameDiffers } = await ensurePerson(tx, input)
  if (nameDiffers) throw refused({ clause: 'C01', reason: 'identity-name-differs', facts: {} })
  const accountId = await accountWith(tx, personId, input.phone ?? '')
  const grantId = await insertGrant(tx, {
    role: input.role,
    organisationId: input.organisationId,
    accountId,
    from: dayOf(tx.now),
    to: input.to,
    reason: state === 'proposed' ? '任命单位管理员' : '单位管理员授权',
    state,
  })
  if (state === 'in-force') {
    await becomeStaff(tx, accountId)
    await endSessions(tx, accountId)
  }
  tx.about('organisation', input.organisationId)
  tx.about('grant', grantId)
  tx.about('account', accountId)
  return { grantId, accountId }
}

/** The person's account; without one, a new one that opens with a code to this phone. */
async function accountWith(tx: Tx, personId: string, rawPhone: string): Promise<string> {
  const known = await tx.db.selectFrom('auth.users').select('id').where('person_id', '=', personId).executeTakeFirst()
  if (known) return known.id
  const phone = parsePhone(rawPhone)
  if (!phone.ok) throw invalid({ phone: ['请填写11位手机号'] })
  const index = phoneIndex(tx.crypto, phone.value)
  // The account opens with this phone: it must be the person's own, or whoever types it becomes that person.
  const person = await tx.db
    .selectFrom('people.persons')
    .select('phone_index')
    .where('id', '=', personId)
    .forUpdate()
    .executeTakeFirst()
  if (person?.phone_index !== index) throw refused({ clause: 'C01', reason: 'member-phone-differs', facts: {} })
  const taken = await tx.db.selectFrom('auth.users').select('id').where('phone_index', '=', index).executeTakeFirst()
  if (taken) throw refused({ clause, reason: 'phone-in-use', facts: {} })
  return insertAccount(tx, {
    kind: 'staff',
    personId,
    phone: phone.value,
    identity: 'declared',
    mustChangePassword: false,
  })
}

/** An organisation is never left without anybody who may run it. */
async function keepOneAdmin(tx: Tx, organisationId: string, grantId: string): Promise<void> {
  const admins = await tx.db
    .selectFrom('auth.role_grants')
    .select('id')
    .where('organisation_id', '=', organisationId)
    .where('role', 'in', [...adminRoles])
    .where('state', '=', 'in-force')
    .where(sql<boolean>`validity @> ${dayOf(tx.now)}::date`)
    .forUpdate()
    .execute()
  if (admins.every((row) => row.id === grantId)) throw refused({ clause, reason: 'grant-last-admin', facts: {} })
}
