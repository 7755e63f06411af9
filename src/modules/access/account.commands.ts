import { randomBytes } from 'node:crypto'
import { hashPassword, symmetricEncrypt, verifyPassword } from 'better-auth/crypto'
import { sql } from 'kysely'
import { parsePhone } from '#modules/people/identity.rules.ts'
import { ensurePerson } from '#modules/people/person.commands.ts'
import { openPersons, personCard, personContext, phoneIndex } from '#modules/people/person.queries.ts'
import { command, type Tx } from '#platform/command.ts'
import { AppError, conflict, missing, refused } from '#platform/errors.ts'
import { authSecret } from '#platform/session.ts'
import { maskPhone } from '#shared/text.ts'
import { AccountAndReason, CreateOfficial } from './account.schema.ts'
import { judgePassword } from './password.rules.ts'
import { ChangePassword } from './password.schema.ts'

const clause = 'C25'

/**
 * An official's account: a known person, a name to sign in with, a first password that is shown once and must be replaced.
 * Roles are another matter (`access.proposeRole`).
 * @clause HZ4-M15
 */
export const createOfficial = command({
  name: 'access.createOfficial',
  permission: 'access.grant',
  input: CreateOfficial,
  async run(tx, input) {
    const { personId, nameDiffers } = await ensurePerson(tx, input)
    if (nameDiffers) throw refused({ clause: 'C01', reason: 'identity-name-differs', facts: {} })
    const password = randomBytes(12).toString('base64url')
    const accountId = await insertAccount(tx, {
      kind: 'official',
      personId,
      username: input.username,
      password,
      identity: 'verified',
      mustChangePassword: true,
    })
    tx.about('account', accountId)
    return { accountId, password }
  },
  outcome: ({ accountId }) => ({ accountId }),
})

type NewAccount = {
  kind: 'person' | 'staff' | 'official'
  personId: string
  username?: string | undefined
  password?: string | undefined
  totpSecret?: string | undefined
  phone?: string | undefined
  identity: 'declared' | 'verified'
  mustChangePassword: boolean
}

/** Writes an account of a known person. One human has one account, one phone opens one account. */
export async function insertAccount(tx: Tx, account: NewAccount): Promise<string> {
  const person = (await openPersons(tx.db, tx.crypto, [account.personId])).get(account.personId)
  if (!person) throw missing('person')
  const card = await personCard(tx.db, account.personId)
  const phone = account.phone ? parsePhone(account.phone) : null
  const number = phone?.ok ? phone.value : null
  const row = await tx.db
    .insertInto('auth.users')
    .values({
      kind: account.kind,
      // An official answers for decisions by name; everybody else shows masked.
      name: account.kind === 'official' ? person.name : card.name,
      email:
        account.identity === 'verified'
          ? `${account.personId}@person.invalid`
          : `${crypto.randomUUID()}@account.invalid`,
      email_verified: account.identity === 'verified',
      username: account.username ?? null,
      display_username: account.username ?? null,
      phone_index: number && phoneIndex(tx.crypto, number),
      phone_masked: number && maskPhone(number),
      phone_sealed: number && tx.crypto.seal(number, personContext.phone),
      phone_verified: number !== null,
      person_id: account.personId,
      identity: account.identity,
      must_change_password: account.mustChangePassword,
      two_factor_enabled: account.totpSecret !== undefined,
    })
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!row) throw conflict('account')
  if (account.password) {
    await tx.db
      .insertInto('auth.accounts')
      .values({
        user_id: row.id,
        account_id: row.id,
        provider_id: 'credential',
        password: await hashPassword(account.password),
      })
      .execute()
  }
  if (account.totpSecret) await insertSecondFactor(tx, row.id, account.totpSecret)
  return row.id
}

async function insertSecondFactor(tx: Tx, userId: string, secret: string): Promise<void> {
  const key = authSecret(tx.crypto)
  const codes = Array.from({ length: 10 }, () =>
    randomBytes(10).toString('base64url').replace(/[-_]/g, '0').slice(0, 10),
  )
  await tx.db
    .insertInto('auth.second_factors')
    .values({
      user_id: userId,
      secret: await symmetricEncrypt({ key, data: secret }),
      backup_codes: await symmetricEncrypt({
        key,
        data: JSON.stringify(codes.map((code) => `${code.slice(0, 5)}-${code.slice(5)}`)),
      }),
    })
    .execute()
}

/**
 * Another password, by its owner. All other sessions end.
 * @clause HZ4-M15
 */
export const changePassword = command({
  name: 'access.changePassword',
  permission: 'public',
  input: ChangePassword,
  async run(tx, input) {
    if (tx.actor.kind !== 'user') throw new AppError({ kind: 'unauthenticated' })
    const user = await tx.db
      .selectFrom('auth.users')
      .select(['id', 'username'])
      .where('id', '=', tx.actor.id)
      .forUpdate()
      .executeTakeFirst()
    const proof = await tx.db
      .selectFrom('auth.accounts')
      .select(['id', 'password'])
      .where('user_id', '=', tx.actor.id)
      .where('provider_id', '=', 'credential')
      .executeTakeFirst()
    if (!user || !proof?.password) throw missing('password')
    tx.about('account', user.id)
    if (!(await verifyPassword({ hash: proof.password, password: input.current }))) {
      throw refused({ clause, reason: 'password-old-wrong', facts: {} })
    }
    const judged = judgePassword(input.password, user.username ?? '')
    if (!judged.ok) throw refused(judged.refusal)
    if (input.password === input.current) throw refused({ clause, reason: 'password-same', facts: {} })
    await tx.db
      .updateTable('auth.accounts')
      .set({ password: await hashPassword(input.password), updated_at: sql`now()` })
      .where('id', '=', proof.id)
      .execute()
    await tx.db.updateTable('auth.users').set({ must_change_password: false }).where('id', '=', user.id).execute()
    return { accountId: user.id }
  },
})

/** Ends an account's powers at once: no session of it opens anything any more. Not one's own. */
export const disableAccount = command({
  name: 'access.disableAccount',
  permission: 'access.grant',
  input: AccountAndReason,
  async run(tx, { accountId }) {
    if (accountId === tx.actor.id) throw refused({ clause, reason: 'grant-own-account', facts: {} })
    await mustUpdate(tx, accountId, { disabled_at: tx.now })
    await endSessions(tx, accountId)
  },
})

export const enableAccount = command({
  name: 'access.enableAccount',
  permission: 'access.grant',
  input: AccountAndReason,
  async run(tx, { accountId }) {
    if (accountId === tx.actor.id) throw refused({ clause, reason: 'grant-own-account', facts: {} })
    await mustUpdate(tx, accountId, { disabled_at: null })
  },
})

export async function endSessions(tx: Tx, accountId: string, keep?: string): Promise<number> {
  let query = tx.db.deleteFrom('auth.sessions').where('user_id', '=', accountId)
  if (keep) query = query.where('id', '<>', keep)
  return Number((await query.executeTakeFirst()).numDeletedRows)
}

export async function mustUpdate(
  tx: Tx,
  accountId: string,
  set: { disabled_at?: Date | null; must_change_password?: boolean; two_factor_enabled?: boolean },
) {
  const user = await tx.db
    .updateTable('auth.users')
    .set({ ...set, updated_at: sql`now()` })
    .where('id', '=', accountId)
    .returning(['id', 'username'])
    .executeTakeFirst()
  if (!user) throw missing('account')
  tx.about('account', accountId)
  return user
}
