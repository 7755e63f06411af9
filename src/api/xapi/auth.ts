import { timingSafeEqual } from 'node:crypto'
import { clientByKey, type FoundClient, markUsed, secretHash } from '#modules/records/client.queries.ts'
import type { Client, Scope } from '#modules/records/client.schema.ts'
import { type Actor, actorOf } from '#platform/actor.ts'
import type { Ctx } from '#platform/command.ts'
import { AppError } from '#platform/errors.ts'
import { grants, type RoleCode } from '#platform/permissions.ts'

type Base = Pick<Ctx, 'db' | 'crypto'>
type Entry = { client: FoundClient | undefined; actor: Actor | undefined; until: number }

/** Read again after so long; until then only a write, which the database checks itself, notices a revocation at once. */
const rememberMs = 2_000
const most = 1_000

/** Who comes with these credentials. What was found is kept for two seconds, so that a burst costs one look. */
export function clientDoor({ db, crypto }: Base) {
  const seen = new Map<string, Entry>()
  return async (authorization: string | undefined): Promise<{ client: Client; actor: Actor } | null> => {
    const encoded = /^Basic ([A-Za-z0-9+/=]{1,400})$/i.exec(authorization ?? '')?.[1]
    if (!encoded) return null
    const known = seen.get(encoded)
    const now = performance.now()
    if (known && known.until > now)
      return known.client && known.actor ? { client: known.client, actor: known.actor } : null
    const client = await found(encoded)
    const entry = { client, actor: client && actorOfClient(client), until: now + rememberMs }
    if (seen.size >= most) seen.clear()
    seen.set(encoded, entry)
    return client && entry.actor ? { client, actor: entry.actor } : null
  }

  async function found(encoded: string): Promise<FoundClient | undefined> {
    const [key = '', secret = ''] = split(Buffer.from(encoded, 'base64').toString('utf8'))
    const client = await clientByKey(db, key)
    const wanted = Buffer.from(client?.secretHash ?? secretHash(crypto, 'nobody'))
    const given = Buffer.from(secretHash(crypto, secret))
    if (!client || wanted.length !== given.length || !timingSafeEqual(wanted, given)) return undefined
    if (client.stale) await markUsed(db, client.id)
    return client
  }
}

const split = (pair: string): string[] => {
  const colon = pair.indexOf(':')
  return colon < 0 ? [pair] : [pair.slice(0, colon), pair.slice(colon + 1)]
}

const writes: readonly Scope[] = ['statements/write', 'state', 'profile']

/** A client may write records of its organisation, as far as its scopes go, and nothing else. */
function actorOfClient(client: FoundClient): Actor {
  const role: RoleCode = client.type === 'enterprise' ? 'enterprise-hr' : 'provider-admin'
  const whole = actorOf({
    kind: 'api-key',
    id: `xapi:${client.id}`,
    name: client.name,
    personId: null,
    holdings: [{ role, organisationId: client.organisationId }],
  })
  const mayWrite = client.scopes.some((scope) => writes.includes(scope)) && grants[role].includes('record.write')
  return {
    ...whole,
    can: (permission, scope) => permission === 'record.write' && mayWrite && whole.can(permission, scope),
  }
}

/** One of these scopes is needed. */
export function needs(client: Client, ...scopes: Scope[]): void {
  if (!scopes.some((scope) => client.scopes.includes(scope)))
    throw new AppError({ kind: 'forbidden', permission: scopes.join(' | ') })
}
