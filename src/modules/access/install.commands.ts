import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { ensurePerson } from '#modules/people/person.commands.ts'
import { command, type Tx } from '#platform/command.ts'
import { AppError, conflict } from '#platform/errors.ts'
import { roles } from '#platform/permissions.ts'
import { dayOf } from '#shared/dates.ts'
import { insertAccount } from './account.commands.ts'
import { CreateAccount, FirstAdmins, type Place } from './account.schema.ts'
import { grantFault } from './grant.commands.ts'

/**
 * A whole account with its roles in force, made by the installation itself: the demonstration district, tests, and the
 * first security administrators of a new installation.
 */
export const createAccount = command({
  name: 'access.createAccount',
  permission: 'system.operate',
  input: CreateAccount,
  async run(tx, input) {
    if (tx.actor.kind !== 'system') throw new AppError({ kind: 'forbidden', permission: 'system.operate' })
    const { personId } = await ensurePerson(tx, input.person)
    const accountId = await insertAccount(tx, {
      kind: input.kind,
      personId,
      username: input.username,
      password: input.password,
      totpSecret: input.totpSecret,
      phone: input.person.phone,
      identity: input.identity,
      mustChangePassword: false,
    })
    for (const place of input.roles) await grantByInstallation(tx, accountId, place)
    tx.about('account', accountId)
    return { accountId, personId }
  },
})

/** Roles that the installation itself puts in force: made and approved by its two hands, named so in the record. */
async function grantByInstallation(tx: Tx, accountId: string, place: Place): Promise<void> {
  const role = roles[place.role as keyof typeof roles]
  if (!role) throw conflict('role')
  await tx.db
    .insertInto('auth.role_grants')
    .values({
      user_id: accountId,
      role: place.role,
      held: role.held,
      organisation_id: place.organisationId ?? null,
      body: place.body ?? null,
      subdistrict: place.subdistrict ?? null,
      validity: sql<string>`daterange(${dayOf(tx.now)}::date, null)`,
      state: 'in-force',
      reason: '系统初始化',
      granted_by: 'system:install',
      granted_by_name: '系统初始化',
      granted_at: tx.now,
      approved_by: 'system:install-check',
      approved_by_name: '系统初始化',
      approved_at: tx.now,
    })
    .execute()
    .catch(grantFault)
}

/**
 * Opens a new installation: its first two security administrators, who then give everybody else their powers. Works once,
 * while there is no security administrator.
 * @clause C25
 */
export const appointFirstAdmins = command({
  name: 'access.appointFirstAdmins',
  permission: 'system.operate',
  input: FirstAdmins,
  async run(tx, { admins }) {
    if (tx.actor.kind !== 'system') throw new AppError({ kind: 'forbidden', permission: 'system.operate' })
    await sql`select pg_advisory_xact_lock(hashtextextended('access.first-admins', 0))`.execute(tx.db)
    const known = await tx.db
      .selectFrom('auth.role_grants')
      .select('id')
      .where('role', '=', 'security-admin')
      .where('state', '=', 'in-force')
      .executeTakeFirst()
    if (known) throw conflict('security-admin')
    const made: { username: string; password: string }[] = []
    for (const admin of admins) {
      const { personId } = await ensurePerson(tx, admin)
      const password = randomBytes(12).toString('base64url')
      const accountId = await insertAccount(tx, {
        kind: 'official',
        personId,
        username: admin.username,
        password,
        identity: 'verified',
        mustChangePassword: true,
      })
      await grantByInstallation(tx, accountId, { role: 'security-admin' })
      tx.about('account', accountId)
      made.push({ username: admin.username, password })
    }
    return { made }
  },
  outcome: () => ({}),
})
