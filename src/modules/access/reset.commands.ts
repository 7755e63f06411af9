import { randomBytes } from 'node:crypto'
import { hashPassword } from 'better-auth/crypto'
import { command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { endSessions, mustUpdate } from './account.commands.ts'
import { AccountAndReason, DecideReset } from './account.schema.ts'

const clause = 'C25'
const no = (reason: string): never => {
  throw refused({ clause, reason, facts: {} })
}

/**
 * For somebody who lost the password or the phone with the one-time password: a security administrator asks for new ones.
 * Nothing happens to the account until another administrator agrees.
 * @clause HZ4-M15 C25
 */
export const askReset = command({
  name: 'access.askReset',
  permission: 'access.grant',
  input: AccountAndReason,
  async run(tx, { accountId, reason }) {
    if (accountId === tx.actor.id) no('grant-own-account')
    const proof = await tx.db
      .selectFrom('auth.accounts')
      .select('id')
      .where('user_id', '=', accountId)
      .where('provider_id', '=', 'credential')
      .executeTakeFirst()
    if (!proof) throw missing('password')
    tx.about('account', accountId)
    const row = await tx.db
      .insertInto('auth.reset_requests')
      .values({
        user_id: accountId,
        reason,
        asked_by: tx.actor.id,
        asked_by_name: tx.actor.name,
        asked_at: tx.now,
      })
      .onConflict((c) => c.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!row) return no('reset-open')
    tx.about('reset', row.id)
    return { requestId: row.id }
  },
})

/**
 * The second hand: a first password, shown once, and the second factor set up anew. Sessions end, the lock-out is lifted.
 * @clause HZ4-M15 C25
 */
export const resetCredentials = command({
  name: 'access.resetCredentials',
  permission: 'access.approve',
  input: DecideReset,
  async run(tx, { requestId }) {
    const { accountId, askedBy } = await lockReset(tx, requestId)
    if (accountId === tx.actor.id) no('grant-own-account')
    if (askedBy === tx.actor.id) no('reset-same-hand')
    await decide(tx, requestId, 'done')
    const password = randomBytes(12).toString('base64url')
    await tx.db
      .updateTable('auth.accounts')
      .set({ password: await hashPassword(password) })
      .where('user_id', '=', accountId)
      .where('provider_id', '=', 'credential')
      .execute()
    const user = await mustUpdate(tx, accountId, { must_change_password: true, two_factor_enabled: false })
    await tx.db.deleteFrom('auth.second_factors').where('user_id', '=', accountId).execute()
    if (user.username) {
      const subject = tx.crypto.blindIndex(user.username, 'auth.username')
      await tx.db.deleteFrom('auth.lockouts').where('subject', '=', subject).execute()
    }
    await endSessions(tx, accountId)
    return { accountId, password }
  },
  outcome: ({ accountId }) => ({ accountId }),
})

/** Says no to a reset, or takes one's own request back: the account stays as it is. */
export const declineReset = command({
  name: 'access.declineReset',
  permission: 'access.grant',
  input: DecideReset,
  async run(tx, { requestId }) {
    const { accountId } = await lockReset(tx, requestId)
    if (accountId === tx.actor.id) no('grant-own-account')
    await decide(tx, requestId, 'declined')
    return { requestId }
  },
})

async function lockReset(tx: Tx, requestId: string): Promise<{ accountId: string; askedBy: string }> {
  const row = await tx.db
    .selectFrom('auth.reset_requests')
    .select(['user_id as accountId', 'asked_by as askedBy', 'state'])
    .where('id', '=', requestId)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw missing('reset')
  tx.about('reset', requestId)
  tx.about('account', row.accountId)
  if (row.state !== 'asked') no('reset-decided')
  return row
}

const decide = (tx: Tx, requestId: string, state: 'done' | 'declined') =>
  tx.db
    .updateTable('auth.reset_requests')
    .set({ state, decided_by: tx.actor.id, decided_by_name: tx.actor.name, decided_at: tx.now })
    .where('id', '=', requestId)
    .execute()
