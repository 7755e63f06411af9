import { hash } from 'node:crypto'
import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { CryptoProvider } from '#platform/crypto.ts'
import type { Client, Scope } from './client.schema.ts'
import type { TermKind } from './term.rules.ts'

export type ClientLine = {
  id: string
  kind: 'program' | 'platform'
  name: string
  key: string
  scopes: Scope[]
  createdByName: string
  createdAt: Date
  revokedAt: Date | null
  lastUsedAt: Date | null
}

/** Clients of an organisation, the newest first; never their secrets. */
export async function clientsOf(db: Ctx['db'], organisationId: string): Promise<ClientLine[]> {
  return db
    .selectFrom('records.clients')
    .select(['id', 'kind', 'name', 'key', 'scopes', 'created_by_name as createdByName', 'created_at as createdAt'])
    .select(['revoked_at as revokedAt', 'last_used_at as lastUsedAt'])
    .where('organisation_id', '=', organisationId)
    .orderBy('created_at', 'desc')
    .limit(100)
    .$castTo<ClientLine>()
    .execute()
}

export const secretHash = (crypto: CryptoProvider, secret: string): string =>
  crypto.blindIndex(secret, 'records.secret')

export type FoundClient = Client & { secretHash: string; stale: boolean; type: string }

/** A client that may come in: not revoked, its organisation active. */
export async function clientByKey(db: Ctx['db'], key: string): Promise<FoundClient | undefined> {
  const { rows } = await sql<FoundClient>`
    select c.id, c.organisation_id as "organisationId", c.name, c.scopes, c.authority, c.secret_hash as "secretHash", o.type,
      c.last_used_at is null or c.last_used_at < now() - interval '1 minute' as stale
    from records.clients c join people.organisations o on o.id = c.organisation_id
    where c.key = ${key} and c.kind = 'program' and c.revoked_at is null and o.status = 'active'
  `.execute(db)
  return rows[0]
}

/** Seen: at most once a minute, so that reading stays reading. */
export async function markUsed(db: Ctx['db'], clientId: string): Promise<void> {
  await sql`update records.clients set last_used_at = now() where id = ${clientId}`.execute(db)
}

const known = new Map<string, string>()
const mostKnown = 50_000

/**
 * The 16 bytes under which a value is indexed, as hexadecimal: they hold the organisation and the kind, so that nobody
 * finds what another organisation keeps. Values that come again and again are not digested again.
 */
export function keyOf(organisationId: string, kind: TermKind | 'place', value: string): string {
  const text = `${organisationId} ${kind} ${value}`
  let key = known.get(text)
  if (key === undefined) {
    key = hash('sha256', text, 'hex').slice(0, 32)
    if (known.size >= mostKnown) known.clear()
    known.set(text, key)
  }
  return key
}
