import { sql } from 'kysely'
import { command, type Tx } from '#platform/command.ts'
import { invalid, missing, refused } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import { maskAccount, normalise } from '#shared/text.ts'
import { accountContext, accountIndex } from './organisation.queries.ts'
import { parseAccount } from './organisation.rules.ts'
import { AddBankAccount, reasonText, VerifyBankAccount } from './organisation.schema.ts'

const clause = 'C19'

/**
 * The account subsidies go to, typed by the organisation. It must be held in the organisation's own name, it ends the one
 * before, and no money goes there until somebody of the bureau has verified it.
 * @clause C19
 */
export const addBankAccount = command({
  name: 'people.addBankAccount',
  permission: 'organisation.edit',
  input: AddBankAccount,
  async run(tx, input) {
    if (!tx.actor.can('organisation.edit', { organisationId: input.organisationId })) throw missing('organisation')
    const organisation = await tx.db
      .selectFrom('people.organisations')
      .select(['id', 'name'])
      .where('id', '=', input.organisationId)
      .forUpdate()
      .executeTakeFirst()
    if (!organisation) throw missing('organisation')
    tx.about('organisation', organisation.id)
    const account = parseAccount(input.account)
    if (!account.ok) {
      const words = reasonText[account.refusal.reason]?.(account.refusal.facts)
      throw invalid({ account: [`${words?.message}。${words?.remedy}`] })
    }
    const same = (name: string) => normalise(name).replace(/\s/g, '')
    if (same(input.holder) !== same(organisation.name)) {
      throw refused({ clause, reason: 'account-holder', facts: { name: organisation.name } })
    }
    const index = accountIndex(tx.crypto, account.value)
    const open = await tx.db
      .selectFrom('people.bank_accounts')
      .select(['id', 'account_index', 'bank', 'branch'])
      .where('organisation_id', '=', organisation.id)
      .where('valid_to', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    if (open?.account_index === index && open.bank === input.bank && open.branch === input.branch) {
      throw refused({ clause, reason: 'account-same', facts: {} })
    }
    const today = dayOf(tx.now)
    if (open) {
      await tx.db.updateTable('people.bank_accounts').set({ valid_to: today }).where('id', '=', open.id).execute()
    }
    const { id } = await tx.db
      .insertInto('people.bank_accounts')
      .values({
        organisation_id: organisation.id,
        holder: normalise(input.holder),
        bank: input.bank,
        branch: input.branch,
        account_sealed: tx.crypto.seal(account.value, accountContext),
        account_index: index,
        account_masked: maskAccount(account.value),
        valid_from: today,
        recorded_at: tx.now,
        recorded_by: tx.actor.id,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('bank-account', id)
    return { bankAccountId: id }
  },
})

/** Whoever has put another phone on an account may have signed in as it: what it typed counts as typed by both. */
async function hasLentPhone(tx: Tx, accountId: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from audit.entries where command = 'access.movePhone' and actor_id = ${tx.actor.id}
      and subjects @> array[${`account:${accountId}`}::text] limit 1
  `.execute(tx.db)
  return rows.length > 0
}

/**
 * Somebody of the bureau compared the account with the bank's proof. Not the one who typed it.
 * @clause C19 C25
 */
export const verifyBankAccount = command({
  name: 'people.verifyBankAccount',
  permission: 'account.verify',
  input: VerifyBankAccount,
  async run(tx, { bankAccountId }) {
    const account = await tx.db
      .selectFrom('people.bank_accounts')
      .select(['id', 'organisation_id', 'recorded_by', 'verified_at', 'valid_to'])
      .where('id', '=', bankAccountId)
      .forUpdate()
      .executeTakeFirst()
    if (!account) throw missing('bank-account')
    if (account.verified_at || account.valid_to) throw refused({ clause, reason: 'account-decided', facts: {} })
    if (account.recorded_by === tx.actor.id || (await hasLentPhone(tx, account.recorded_by))) {
      throw refused({ clause, reason: 'account-same-hand', facts: {} })
    }
    await tx.db
      .updateTable('people.bank_accounts')
      .set({ verified_at: tx.now, verified_by: tx.actor.id })
      .where('id', '=', account.id)
      .execute()
    tx.about('bank-account', account.id)
    if (account.organisation_id) tx.about('organisation', account.organisation_id)
    return { bankAccountId: account.id }
  },
})
