import { randomBytes } from 'node:crypto'
import { command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { identifierOf } from './actor.rules.ts'
import { keyOf, secretHash } from './client.queries.ts'
import { CreateClient, RevokeClient, type Scope } from './client.schema.ts'

const clause = 'HZ4-M13'
const mostClients = 10

/**
 * A client of the organisation's record store: a key and a secret for HTTP Basic. The secret is shown once.
 * @clause HZ4-M13
 */
export const createClient = command({
  name: 'records.createClient',
  permission: 'apikey.manage',
  input: CreateClient,
  async run(tx, input) {
    if (!tx.actor.can('apikey.manage', { organisationId: input.organisationId })) throw missing('organisation')
    const organisation = await tx.db
      .selectFrom('people.organisations')
      .select('status')
      .where('id', '=', input.organisationId)
      .forUpdate()
      .executeTakeFirst()
    if (organisation?.status !== 'active') throw missing('organisation')
    const { n } = await tx.db
      .selectFrom('records.clients')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('organisation_id', '=', input.organisationId)
      .where('kind', '=', 'program')
      .where('revoked_at', 'is', null)
      .executeTakeFirstOrThrow()
    if (n >= mostClients) throw refused({ clause, reason: 'client-many', facts: { most: mostClients } })
    const { name, homePage, organisationId } = input
    const made = await insertClient(tx, { organisationId, kind: 'program', name, homePage, scopes: input.scopes })
    tx.about('xapi-client', made.clientId)
    tx.about('organisation', organisationId)
    return made
  },
  outcome: ({ clientId }) => ({ clientId }),
})

type NewClient = {
  organisationId: string
  kind: 'program' | 'platform'
  name: string
  homePage: string
  scopes: Scope[]
}

/** The authority of its statements is an account on this platform, named by the client's key. */
export async function insertClient(tx: Tx, one: NewClient): Promise<{ clientId: string; key: string; secret: string }> {
  const key = `hzx-${randomBytes(12).toString('hex')}`
  const secret = randomBytes(30).toString('base64url')
  const authority = { objectType: 'Agent' as const, account: { homePage: one.homePage, name: key } }
  const { id } = await tx.db
    .insertInto('records.clients')
    .values({
      organisation_id: one.organisationId,
      kind: one.kind,
      name: one.name,
      key,
      secret_hash: secretHash(tx.crypto, secret),
      scopes: [...new Set(one.scopes)],
      authority: JSON.stringify(authority),
      authority_key: keyOf(one.organisationId, 'agent+', identifierOf(authority) ?? ''),
      created_by: tx.actor.id,
      created_by_name: tx.actor.name,
      created_at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { clientId: id, key, secret }
}

/** Stops a client at once. What it wrote stays. */
export const revokeClient = command({
  name: 'records.revokeClient',
  permission: 'apikey.manage',
  input: RevokeClient,
  async run(tx, { clientId }) {
    const client = await tx.db
      .selectFrom('records.clients')
      .select(['id', 'organisation_id', 'revoked_at'])
      .where('id', '=', clientId)
      .where('kind', '=', 'program')
      .forUpdate()
      .executeTakeFirst()
    if (!client || !tx.actor.can('apikey.manage', { organisationId: client.organisation_id }))
      throw missing('xapi-client')
    if (client.revoked_at) throw refused({ clause, reason: 'client-revoked', facts: {} })
    await tx.db
      .updateTable('records.clients')
      .set({ revoked_at: tx.now, revoked_by: tx.actor.id })
      .where('id', '=', client.id)
      .execute()
    tx.about('xapi-client', client.id)
    tx.about('organisation', client.organisation_id)
    return { clientId: client.id }
  },
})
