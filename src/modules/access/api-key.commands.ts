import { randomBytes } from 'node:crypto'
import { command } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { apiKeyHash } from '#platform/session.ts'
import { addMonths, dayOf } from '#shared/dates.ts'
import { CreateApiKey, RevokeApiKey } from './api-key.schema.ts'

const clause = 'C25'
const mostKeys = 10

/**
 * A key for an organisation's own program: limited to its organisation, its scopes and its days. It is shown once.
 * @clause HZ4-M13
 */
export const createApiKey = command({
  name: 'access.createApiKey',
  permission: 'apikey.manage',
  input: CreateApiKey,
  async run(tx, input) {
    if (!tx.actor.can('apikey.manage', { organisationId: input.organisationId })) throw missing('organisation')
    const organisation = await tx.db
      .selectFrom('people.organisations')
      .select('status')
      .where('id', '=', input.organisationId)
      .forUpdate()
      .executeTakeFirst()
    if (organisation?.status !== 'active') throw missing('organisation')
    const today = dayOf(tx.now)
    const latest = addMonths(today, 12)
    if (input.expiresOn <= today || input.expiresOn > latest)
      throw refused({ clause, reason: 'key-expiry', facts: { latest } })
    const { n } = await tx.db
      .selectFrom('auth.api_keys')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('organisation_id', '=', input.organisationId)
      .where('revoked_at', 'is', null)
      .where('expires_on', '>=', today)
      .executeTakeFirstOrThrow()
    if (n >= mostKeys) throw refused({ clause, reason: 'key-many', facts: { most: mostKeys } })
    const key = `hsk_${randomBytes(30).toString('base64url')}`
    const { id } = await tx.db
      .insertInto('auth.api_keys')
      .values({
        organisation_id: input.organisationId,
        name: input.name,
        prefix: key.slice(0, 8),
        key_hash: apiKeyHash(tx.crypto, key),
        scopes: [...new Set(input.scopes)],
        created_by: tx.actor.id,
        created_by_name: tx.actor.name,
        created_at: tx.now,
        expires_on: input.expiresOn,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('api-key', id)
    tx.about('organisation', input.organisationId)
    return { keyId: id, key }
  },
  outcome: ({ keyId }) => ({ keyId }),
})

/** Stops a key at once. */
export const revokeApiKey = command({
  name: 'access.revokeApiKey',
  permission: 'apikey.manage',
  input: RevokeApiKey,
  async run(tx, { keyId }) {
    const key = await tx.db
      .selectFrom('auth.api_keys')
      .select(['id', 'organisation_id', 'revoked_at'])
      .where('id', '=', keyId)
      .forUpdate()
      .executeTakeFirst()
    if (!key || !tx.actor.can('apikey.manage', { organisationId: key.organisation_id })) throw missing('api-key')
    if (key.revoked_at) throw refused({ clause, reason: 'key-revoked', facts: {} })
    await tx.db
      .updateTable('auth.api_keys')
      .set({ revoked_at: tx.now, revoked_by: tx.actor.id })
      .where('id', '=', key.id)
      .execute()
    tx.about('api-key', key.id)
    tx.about('organisation', key.organisation_id)
    return { keyId: key.id }
  },
})
