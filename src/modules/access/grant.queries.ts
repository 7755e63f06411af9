import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { RoleCode } from '#platform/permissions.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import type { Day } from '#shared/units.ts'
import type { GrantState } from './grant.schema.ts'

type Db = Ctx['db']

export type GrantLine = {
  id: string
  accountId: string
  accountName: string
  username: string | null
  phone: string | null
  role: RoleCode
  held: 'organisation' | 'subdistrict' | 'body' | 'district'
  organisationId: string | null
  organisationName: string | null
  body: string | null
  subdistrict: string | null
  from: Day
  to: Day | null
  state: GrantState
  reason: string
  grantedBy: string
  grantedByName: string
  grantedAt: Date
  approvedByName: string | null
  approvedAt: Date | null
  revokedByName: string | null
  revokedAt: Date | null
  revokeReason: string | null
}

const lines = (db: Db) =>
  db
    .selectFrom('auth.role_grants as g')
    .innerJoin('auth.users as u', 'u.id', 'g.user_id')
    .leftJoin('people.organisations as o', 'o.id', 'g.organisation_id')
    .select([
      'g.id',
      'g.user_id as accountId',
      'u.name as accountName',
      'u.username',
      'u.phone_masked as phone',
      'g.role',
      'g.held',
      'g.organisation_id as organisationId',
      'o.name as organisationName',
      'g.body',
      'g.subdistrict',
      sql<Day>`lower(g.validity)`.as('from'),
      sql<Day | null>`upper(g.validity) - 1`.as('to'),
      'g.state',
      'g.reason',
      'g.granted_by as grantedBy',
      'g.granted_by_name as grantedByName',
      'g.granted_at as grantedAt',
      'g.approved_by_name as approvedByName',
      'g.approved_at as approvedAt',
      'g.revoked_by_name as revokedByName',
      'g.revoked_at as revokedAt',
      'g.revoke_reason as revokeReason',
    ])
    .$castTo<GrantLine>()

const pageSize = 30

export async function grantLine(db: Db, id: string): Promise<GrantLine> {
  const row = await lines(db).where('g.id', '=', id).executeTakeFirst()
  if (!row) throw missing('grant')
  return row
}

/** Grants of departments and the bureau for the security desk, newest first. */
export async function officeGrants(
  db: Db,
  filter: { state?: GrantState | undefined; accountId?: string | undefined; cursor?: string | undefined },
): Promise<Page<GrantLine>> {
  let query = lines(db)
    .where('g.held', '<>', 'organisation')
    .orderBy('g.id', 'desc')
    .limit(pageSize + 1)
  if (filter.state) query = query.where('g.state', '=', filter.state)
  if (filter.accountId) query = query.where('g.user_id', '=', filter.accountId)
  const after = decodeCursor(filter.cursor, ['id'])
  if (after) query = query.where('g.id', '<', String(after[0]))
  return pageOf(await query.execute(), pageSize, (row) => [row.id])
}

/** An organisation's people and their roles: in force and proposed first. */
export async function membersOf(db: Db, organisationId: string): Promise<GrantLine[]> {
  return lines(db)
    .where('g.organisation_id', '=', organisationId)
    .orderBy(sql`array_position(array['proposed','in-force','revoked','rejected'], g.state)`)
    .orderBy('g.granted_at', 'desc')
    .limit(200)
    .execute()
}

/** First administrators that wait for a second person of the bureau. */
export async function proposedAdmins(db: Db): Promise<GrantLine[]> {
  return lines(db)
    .where('g.held', '=', 'organisation')
    .where('g.state', '=', 'proposed')
    .orderBy('g.granted_at')
    .limit(100)
    .execute()
}

export async function grantsOf(db: Db, accountId: string): Promise<GrantLine[]> {
  return lines(db).where('g.user_id', '=', accountId).orderBy('g.granted_at', 'desc').execute()
}
