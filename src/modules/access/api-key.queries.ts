import type { Ctx } from '#platform/command.ts'
import type { Day } from '#shared/units.ts'
import type { Scope } from './api-key.schema.ts'

export type ApiKeyLine = {
  id: string
  name: string
  prefix: string
  scopes: Scope[]
  createdByName: string
  createdAt: Date
  expiresOn: Day
  revokedAt: Date | null
  lastUsedAt: Date | null
}

/** Keys of an organisation, the newest first; never the keys themselves. */
export async function apiKeysOf(db: Ctx['db'], organisationId: string): Promise<ApiKeyLine[]> {
  return db
    .selectFrom('auth.api_keys')
    .select([
      'id',
      'name',
      'prefix',
      'scopes',
      'created_by_name as createdByName',
      'created_at as createdAt',
      'expires_on as expiresOn',
      'revoked_at as revokedAt',
      'last_used_at as lastUsedAt',
    ])
    .where('organisation_id', '=', organisationId)
    .orderBy('created_at', 'desc')
    .limit(100)
    .$castTo<ApiKeyLine>()
    .execute()
}
