import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { accountName } from '#modules/records/emit.queries.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { waived } from './cmi5-launch.rules.ts'
import { speak, tellSatisfied } from './cmi5-record.commands.ts'
import { type AuRegistration, achieved, sessionFor } from './cmi5-session.queries.ts'
import { WaiveUnit } from './cmi5-session.schema.ts'
import type { PackageFound } from './package.schema.ts'
import type { Values } from './runtime.schema.ts'

/**
 * Spares a learner a unit of cmi5: the course's own people say so and why, once, in a session that says nothing else
 * (section 9.3.7). What was to be satisfied by it is.
 * @clause HZ4-M13
 */
export const waiveUnit: Command<typeof WaiveUnit, { registrationId: string }> = command({
  name: 'packages.waiveUnit',
  permission: 'library.contribute',
  input: WaiveUnit,
  async run(tx, { registrationId, itemId, unitId, reason, home }) {
    const { rows } = await sql<{ packageId: string; personId: string; organisationId: string; found: PackageFound }>`
      select p.id as "packageId", r.person_id as "personId", p.organisation_id as "organisationId", p.found
      from learning.registrations r join library.items i on i.version_id = r.version_id
        join packages.packages p on p.id = i.package_id
      where r.id = ${registrationId} and i.id = ${itemId} and p.kind = 'cmi5' and p.state = 'ready'
    `.execute(tx.db)
    const [row] = rows
    if (!row || !tx.actor.can('library.contribute', { organisationId: row.organisationId })) throw missing('item')
    const unit = row.found.units.find(({ id }) => id === unitId)
    if (!unit) throw refused({ clause: 'HZ4-M13', reason: 'unit-unknown', facts: {} })
    tx.about('registration', registrationId)
    tx.about('package', row.packageId)
    await sql`select pg_advisory_xact_lock(hashtextextended(${`packages:${registrationId}:${itemId}:${unitId}`}, 0))`.execute(
      tx.db,
    )
    await mark(tx, { registrationId, itemId, unitId, ...row })
    const registration = await registered(tx, { registrationId, itemId, home, ...row })
    const session = sessionFor(registration, row.found, unit, { sessionId: randomUUID(), mode: 'Normal' })
    await speak(tx, registration, [waived(session, { id: randomUUID(), at: tx.now }, reason)])
    await tellSatisfied(tx, registration, row.found, session)
    return { registrationId }
  },
})

type At = { registrationId: string; itemId: string; unitId: string; packageId: string; personId: string }

/** The learner's attempt says it from now on; one that was never begun begins with it. */
async function mark(tx: Tx, at: At): Promise<void> {
  const last = await tx.db
    .selectFrom('packages.attempts')
    .select(['id', 'vals'])
    .where('registration_id', '=', at.registrationId)
    .where('item_id', '=', at.itemId)
    .where('unit_id', '=', at.unitId)
    .orderBy('number', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
  const values = (last?.vals ?? {}) as Values
  if (achieved(values).waived) throw refused({ clause: 'HZ4-M13', reason: 'unit-waived', facts: {} })
  const vals = JSON.stringify({ ...values, 'cmi5.waived': 'true' })
  if (last) {
    await tx.db.updateTable('packages.attempts').set({ vals }).where('id', '=', last.id).execute()
    return
  }
  await tx.db
    .insertInto('packages.attempts')
    .values({
      registration_id: at.registrationId,
      item_id: at.itemId,
      unit_id: at.unitId,
      package_id: at.packageId,
      person_id: at.personId,
      ...{ number: 1, vals, suspended: true, began_at: tx.now },
    })
    .execute()
}

type Fresh = Omit<AuRegistration, 'id' | 'accountName'>

/** The registration under which everything is said about this learner and this package; made when it is first needed. */
export async function registered(tx: Tx, at: Fresh): Promise<AuRegistration> {
  const columns = {
    registration_id: at.registrationId,
    item_id: at.itemId,
    package_id: at.packageId,
    person_id: at.personId,
    organisation_id: at.organisationId,
    home: at.home,
    account_name: accountName(tx.crypto, at.personId),
    created_at: tx.now,
  }
  await tx.db
    .insertInto('packages.cmi5_registrations')
    .values(columns)
    .onConflict((c) => c.columns(['registration_id', 'item_id']).doNothing())
    .execute()
  const { id, home, account_name } = await tx.db
    .selectFrom('packages.cmi5_registrations')
    .select(['id', 'home', 'account_name'])
    .where('registration_id', '=', at.registrationId)
    .where('item_id', '=', at.itemId)
    .executeTakeFirstOrThrow()
  const { registrationId, itemId, packageId, personId, organisationId } = at
  return { registrationId, itemId, packageId, personId, organisationId, id, home, accountName: account_name }
}
