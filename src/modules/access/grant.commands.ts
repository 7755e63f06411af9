import { sql } from 'kysely'
import { command, type Tx } from '#platform/command.ts'
import { invalid, missing, refused } from '#platform/errors.ts'
import { incompatible, roles } from '#platform/permissions.ts'
import type { Refusal } from '#policy/decision.ts'
import { endSessions } from './account.commands.ts'
import type { Place } from './account.schema.ts'
import { judgeApproval, judgeGrant } from './grant.rules.ts'
import { ApproveRole, DecideRole, ProposeRole } from './grant.schema.ts'

const clause = 'C25'

type NewGrant = Place & {
  accountId: string
  from: string
  to?: string | undefined
  reason: string
  state: 'proposed' | 'in-force'
}

/** Asks the rule, then lets the database have the last word. */
export async function insertGrant(tx: Tx, grant: NewGrant): Promise<string> {
  const account = await tx.db
    .selectFrom('auth.users')
    .select(['id', 'kind'])
    .where('id', '=', grant.accountId)
    .forUpdate()
    .executeTakeFirst()
  if (!account) throw missing('account')
  const others = await tx.db
    .selectFrom('auth.role_grants')
    .select('role')
    .where('user_id', '=', grant.accountId)
    .where('state', 'in', ['proposed', 'in-force'])
    .where(sql<boolean>`validity && daterange(${grant.from}::date, ${grant.to ?? null}::date, '[]')`)
    .execute()
  const decision = judgeGrant(
    { roles, incompatible },
    {
      ...grant,
      by: tx.actor.id,
      accountKind: account.kind as 'person' | 'staff' | 'official',
      others: others.map((row) => row.role),
    },
  )
  if (!decision.ok) throw refused(decision.refusal)
  const held = decision.value
  const row = await tx.db
    .insertInto('auth.role_grants')
    .values({
      user_id: grant.accountId,
      role: grant.role,
      held,
      organisation_id: held === 'organisation' ? (grant.organisationId ?? null) : null,
      body: held === 'body' ? (grant.body ?? null) : null,
      subdistrict: held === 'subdistrict' ? (grant.subdistrict ?? null) : null,
      validity: sql<string>`daterange(${grant.from}::date, ${grant.to ?? null}::date, '[]')`,
      state: grant.state,
      reason: grant.reason,
      granted_by: tx.actor.id,
      granted_by_name: tx.actor.name,
      granted_at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
    .catch(grantFault)
  return row.id
}

/** What the database refused, as the refusal a person can act on. */
export function grantFault(error: unknown): never {
  const { constraint, detail } = error as { constraint?: string; detail?: string }
  const refusal = (reason: string, facts: Refusal['facts'] = {}) => refused({ clause, reason, facts })
  if (constraint === 'same_role_once') throw refusal('grant-twice')
  if (constraint === 'incompatible_roles') {
    throw refusal('grant-incompatible', {
      role: '该角色',
      other: roles[(detail ?? '') as keyof typeof roles]?.label ?? '现有角色',
    })
  }
  if (constraint === 'official_is_known') throw refusal('grant-not-official')
  if (constraint === 'granted_by_another') throw refusal('grant-own-account')
  if (constraint === 'approved_by_another') throw refusal('grant-same-hand')
  throw error
}

/**
 * Asks for a department's or the bureau's role for somebody; it counts after another security administrator approved it.
 * @clause HZ4-M15 C25
 */
export const proposeRole = command({
  name: 'access.proposeRole',
  permission: 'access.grant',
  input: ProposeRole,
  async run(tx, input) {
    if (roles[input.role as keyof typeof roles]?.held === 'organisation') {
      throw refused({ clause, reason: 'grant-role-unknown', facts: {} })
    }
    if (input.body && !tx.plan.bodies.some((body) => body.id === input.body))
      throw invalid({ body: ['请从列表中选择部门'] })
    if (input.subdistrict && !tx.plan.subdistricts.some((s) => s.code === input.subdistrict)) {
      throw invalid({ subdistrict: ['请从列表中选择街道'] })
    }
    const grantId = await insertGrant(tx, { ...input, state: 'proposed' })
    tx.about('grant', grantId)
    tx.about('account', input.accountId)
    return { grantId }
  },
})

/** The second hand. The account's sessions end, so that the next one begins with the new powers. */
export async function approve(tx: Tx, grantId: string, of: 'office' | 'organisation'): Promise<{ grantId: string }> {
  const grant = await lockGrant(tx, grantId)
  if ((grant.held === 'organisation') !== (of === 'organisation')) throw missing('grant')
  if (grant.state !== 'proposed') throw refused({ clause, reason: 'grant-decided', facts: {} })
  const decision = judgeApproval({ grantedBy: grant.granted_by, accountId: grant.user_id }, tx.actor.id)
  if (!decision.ok) throw refused(decision.refusal)
  await tx.db
    .updateTable('auth.role_grants')
    .set({ state: 'in-force', approved_by: tx.actor.id, approved_by_name: tx.actor.name, approved_at: tx.now })
    .where('id', '=', grantId)
    .execute()
    .catch(grantFault)
  if (of === 'organisation') await becomeStaff(tx, grant.user_id)
  await endSessions(tx, grant.user_id)
  return { grantId }
}

export const approveRole = command({
  name: 'access.approveRole',
  permission: 'access.approve',
  input: ApproveRole,
  run: (tx, { grantId }) => approve(tx, grantId, 'office'),
})

/** Says no to a proposal, with the reason. */
export const rejectRole = command({
  name: 'access.rejectRole',
  permission: 'access.approve',
  input: DecideRole,
  async run(tx, { grantId, reason }) {
    const grant = await lockGrant(tx, grantId)
    if (grant.held === 'organisation') throw missing('grant')
    if (grant.state !== 'proposed') throw refused({ clause, reason: 'grant-decided', facts: {} })
    await tx.db
      .updateTable('auth.role_grants')
      .set({ state: 'rejected', revoke_reason: reason, revoked_by: tx.actor.id, revoked_by_name: tx.actor.name })
      .where('id', '=', grantId)
      .execute()
    return { grantId }
  },
})

/** Takes an office role back at once. One hand is enough to take away; never one's own. */
export const revokeRole = command({
  name: 'access.revokeRole',
  permission: 'access.grant',
  input: DecideRole,
  async run(tx, { grantId, reason }) {
    const grant = await lockGrant(tx, grantId)
    if (grant.held === 'organisation') throw missing('grant')
    if (grant.user_id === tx.actor.id) throw refused({ clause, reason: 'grant-own-account', facts: {} })
    await revoke(tx, grant, reason)
    return { grantId }
  },
})

export async function lockGrant(tx: Tx, grantId: string) {
  const grant = await tx.db
    .selectFrom('auth.role_grants')
    .select(['id', 'user_id', 'role', 'held', 'organisation_id', 'state', 'granted_by'])
    .where('id', '=', grantId)
    .forUpdate()
    .executeTakeFirst()
  if (!grant) throw missing('grant')
  tx.about('grant', grantId)
  tx.about('account', grant.user_id)
  return grant
}

export async function revoke(
  tx: Tx,
  grant: { id: string; user_id: string; state: string },
  reason: string,
): Promise<void> {
  if (grant.state !== 'in-force' && grant.state !== 'proposed')
    throw refused({ clause, reason: 'grant-decided', facts: {} })
  await tx.db
    .updateTable('auth.role_grants')
    .set({
      state: 'revoked',
      revoked_by: tx.actor.id,
      revoked_by_name: tx.actor.name,
      revoked_at: tx.now,
      revoke_reason: reason,
    })
    .where('id', '=', grant.id)
    .execute()
  await endSessions(tx, grant.user_id)
}

/** Somebody with an organisation's powers has the shorter sessions that go with them. */
export async function becomeStaff(tx: Tx, accountId: string): Promise<void> {
  await tx.db
    .updateTable('auth.users')
    .set({ kind: 'staff' })
    .where('id', '=', accountId)
    .where('kind', '=', 'person')
    .execute()
}
