import { symmetricDecrypt } from 'better-auth/crypto'
import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { CryptoProvider } from '#platform/crypto.ts'
import { missing } from '#platform/errors.ts'
import type { RoleCode } from '#platform/permissions.ts'
import { type AccountKind, authSecret } from '#platform/session.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import { normalise } from '#shared/text.ts'
import type { Day } from '#shared/units.ts'

type Db = Ctx['db']

export type Account = {
  id: string
  kind: AccountKind
  name: string
  username: string | null
  phone: string | null
  personId: string | null
  identity: 'none' | 'declared' | 'verified'
  secondFactor: boolean
  disabledAt: Date | null
}

const accounts = (db: Db) =>
  db
    .selectFrom('auth.users as u')
    .select([
      'u.id',
      'u.kind',
      'u.name',
      'u.username',
      'u.phone_masked as phone',
      'u.person_id as personId',
      'u.identity',
      'u.two_factor_enabled as secondFactor',
      'u.disabled_at as disabledAt',
    ])
    .$castTo<Account>()

export async function accountCard(db: Db, id: string): Promise<Account> {
  const row = await accounts(db).where('u.id', '=', id).executeTakeFirst()
  if (!row) throw missing('account')
  return row
}

/** A reset of the account's password and second factor that waits for another administrator. */
export const openReset = (db: Db, accountId: string) =>
  db
    .selectFrom('auth.reset_requests')
    .select(['id', 'reason', 'asked_by as askedBy', 'asked_by_name as askedByName', 'asked_at as askedAt'])
    .where('user_id', '=', accountId)
    .where('state', '=', 'asked')
    .executeTakeFirst()

export const accountOfPerson = (db: Db, personId: string): Promise<Account | undefined> =>
  accounts(db).where('u.person_id', '=', personId).executeTakeFirst()

export const accountByUsername = (db: Db, username: string): Promise<Account | undefined> =>
  accounts(db).where('u.username', '=', username).executeTakeFirst()

export const accountByPhone = (db: Db, phoneIndex: string): Promise<Account | undefined> =>
  accounts(db).where('u.phone_index', '=', phoneIndex).executeTakeFirst()

export type SessionLine = {
  id: string
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
  address: string
  agent: string
  secondFactor: boolean
}

/** Sessions that are still good, the last used first. Tokens stay where they are. */
export async function sessionsOf(db: Db, userId: string): Promise<SessionLine[]> {
  const { rows } = await sql<SessionLine>`
    select s.id, s.created_at as "createdAt", s.last_seen_at as "lastSeenAt", s.expires_at as "expiresAt",
      coalesce(s.ip_address, '') as address, coalesce(s.user_agent, '') as agent, s.second_factor_at is not null as "secondFactor"
    from auth.sessions s join auth.users u on u.id = s.user_id join auth.session_life life on life.kind = u.kind
    where s.user_id = ${userId} and s.expires_at > now() and s.last_seen_at > now() - life.idle
    order by s.last_seen_at desc`.execute(db)
  return rows
}

/** The secret of a one-time password and its back-up codes, opened: for the page that sets it up, and for checking. */
export async function secondFactorOf(db: Db, crypto: CryptoProvider, userId: string) {
  const row = await db.selectFrom('auth.second_factors').selectAll().where('user_id', '=', userId).executeTakeFirst()
  if (!row) return undefined
  const open = (data: string) => symmetricDecrypt({ key: authSecret(crypto), data })
  return {
    verified: row.verified,
    secret: await open(row.secret),
    backupCodes: JSON.parse(await open(row.backup_codes)) as string[],
  }
}

export type OfficialLine = Account & {
  roles: { role: RoleCode; body: string | null; subdistrict: string | null; to: Day | null }[]
}
const pageSize = 30

/** Accounts of officials with the roles they hold, by name. */
export async function officials(
  db: Db,
  filter: { text?: string | undefined; cursor?: string | undefined },
  today: Day,
): Promise<Page<OfficialLine>> {
  let query = accounts(db)
    .select(
      sql<
        OfficialLine['roles']
      >`coalesce((select json_agg(json_build_object('role', g.role, 'body', g.body, 'subdistrict',
          g.subdistrict, 'to', upper(g.validity) - 1) order by g.granted_at) from auth.role_grants g
        where g.user_id = u.id and g.state = 'in-force' and g.validity @> ${today}::date), '[]')`.as('roles'),
    )
    .where('u.kind', '=', 'official')
    .orderBy('u.name')
    .orderBy('u.id')
    .limit(pageSize + 1)
  const text = normalise(filter.text ?? '')
  if (text) query = query.where((eb) => eb.or([eb('u.name', '=', text), eb('u.username', '=', text.toLowerCase())]))
  const after = decodeCursor(filter.cursor, ['text', 'id'])
  if (after) query = query.where(sql<boolean>`(u.name, u.id) > (${after[0]}, ${after[1]}::uuid)`)
  return pageOf(await query.$castTo<OfficialLine>().execute(), pageSize, (row) => [row.name, row.id])
}
