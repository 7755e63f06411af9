import { sql } from 'kysely'
import { statementsByIds } from '#modules/records/statement.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { graceSeconds } from './cmi5.rules.ts'
import { type AuState, type LaunchMode, newAuState, type Session, type Verb } from './cmi5.schema.ts'
import type { EndReason } from './launch.schema.ts'
import type { PackageFound, Unit } from './package.schema.ts'
import type { Values } from './runtime.schema.ts'

/** A learner's registration for a package: one name, one home and one record store for all its statements. */
export type AuRegistration = {
  id: string
  registrationId: string
  itemId: string
  packageId: string
  personId: string
  organisationId: string
  home: string
  accountName: string
}

export type AuSession = {
  registration: AuRegistration
  session: Session
  unit: Unit
  found: PackageFound
  attemptId: string
  values: Values
  launchedAt: Date
  endReason: EndReason | null
  /** When the AU was last heard of. */
  heardAt: Date | null
}

type Row = AuRegistration & {
  attemptId: string
  unitId: string
  values: Values
  beganWith: Values
  launchedAt: Date
  endReason: EndReason | null
  heardAt: Date | null
  found: PackageFound
}

/** What this installation calls the parts of a package; never what their publisher calls them (8.1, 9.3.9). */
export function idsOf(home: string, packageId: string, found: PackageFound) {
  const base = `${home}/xapi/activities/packages/${packageId}`
  const units = new Map(found.units.map(({ id }, n) => [id, `${base}/units/${n + 1}`]))
  const nodes = new Map<string, { id: string; kind: 'block' | 'course' }>()
  const walk = (activities: PackageFound['activities'], top: boolean) => {
    for (const { id, unit, children } of activities) {
      if (unit === null)
        nodes.set(id, { id: top ? base : `${base}/blocks/${nodes.size}`, kind: top ? 'course' : 'block' })
      walk(children, false)
    }
  }
  walk(found.activities, true)
  return { units, nodes }
}

export function sessionFor(
  registration: AuRegistration,
  found: PackageFound,
  unit: Unit,
  at: { sessionId: string; mode: LaunchMode },
): Session {
  const au = unit.au
  if (!au) throw new Error(`${unit.id} is no assignable unit`)
  return {
    ...at,
    registration: registration.id,
    actor: { objectType: 'Agent', account: { homePage: registration.home, name: registration.accountName } },
    activityId: idsOf(registration.home, registration.packageId, found).units.get(unit.id) ?? '',
    publisherId: unit.id,
    moveOn: au.moveOn,
    masteryScore: au.masteryScore,
    launchMethod: au.launchMethod,
    launchParameters: au.launchParameters,
    entitlementKey: au.entitlementKey,
  }
}

/**
 * A session in Browse mode for somebody who tries a unit: nobody's, of no registration, kept nowhere. The launch of the
 * token stands for both ids.
 */
export async function trialSession(
  db: Ctx['db'],
  { packageId, unitId, launchId }: { packageId: string; unitId: string; launchId: string },
  home: string,
): Promise<Session | undefined> {
  const row = await db
    .selectFrom('packages.packages')
    .select('found')
    .where('id', '=', packageId)
    .where('kind', '=', 'cmi5')
    .where('state', '=', 'ready')
    .executeTakeFirst()
  const found = row?.found as PackageFound | undefined
  const unit = found?.units.find(({ id }) => id === unitId)
  if (!found || !unit?.au) return undefined
  const nobody = { registrationId: '', itemId: '', personId: '', organisationId: '', accountName: 'trial' }
  const registration = { ...nobody, id: launchId, packageId, home }
  return sessionFor(registration, found, unit, { sessionId: launchId, mode: 'Browse' })
}

/** The session of a launch. Nothing when it is not this person's, or not one of cmi5. */
export async function auSession(
  db: Ctx['db'],
  at: { launchId: string; personId: string },
): Promise<AuSession | undefined> {
  const { rows } = await sql<Row>`
    select k.id, k.registration_id as "registrationId", k.item_id as "itemId", k.package_id as "packageId",
      k.person_id as "personId", k.organisation_id as "organisationId", k.home, k.account_name as "accountName",
      a.id as "attemptId", a.unit_id as "unitId", a.vals as values, l.began_with as "beganWith", p.found,
      l.launched_at as "launchedAt", l.end_reason as "endReason",
      (select max(at) from packages.commits where launch_id = l.id) as "heardAt"
    from packages.launches l join packages.attempts a on a.id = l.attempt_id
      join packages.packages p on p.id = a.package_id
      join packages.cmi5_registrations k on k.registration_id = a.registration_id and k.item_id = a.item_id
    where l.id = ${at.launchId} and l.person_id = ${at.personId} and p.kind = 'cmi5'
  `.execute(db)
  const [row] = rows
  const unit = row?.found.units.find(({ id }) => id === row.unitId)
  if (!row || !unit) return undefined
  const mode = (row.beganWith['cmi5.mode'] ?? 'Normal') as LaunchMode
  const { attemptId, values, launchedAt, endReason, heardAt, found, unitId: _, beganWith: __, ...registration } = row
  const session = sessionFor(registration, found, unit, { sessionId: at.launchId, mode })
  return { registration, session, unit, found, attemptId, values, launchedAt, endReason, heardAt }
}

/** What has been said of an AU so far in its registration, and in this session. */
export async function stateOf({ db, now }: Pick<Ctx, 'db' | 'now'>, launchId: string, at: AuSession): Promise<AuState> {
  const { rows } = await sql<{ at: Date; changes: [Verb, string][] }>`
    select at, changes from packages.commits where launch_id = ${launchId} order by seq
  `.execute(db)
  const said = rows.flatMap((row) => row.changes.map(([verb, id]) => ({ verb, id, at: row.at })))
  const abandoned = at.endReason !== null && at.endReason !== 'terminated'
  const goodbye = said.find(({ verb }) => verb === 'terminated')
  const terminated = goodbye && {
    timestamp: await timestampOf(db, at.registration.organisationId, goodbye.id),
    over: now.getTime() - goodbye.at.getTime() > graceSeconds * 1000,
  }
  return { ...achieved(at.values), session: said.map(({ verb }) => verb), abandoned, terminated: terminated ?? null }
}

async function timestampOf(db: Ctx['db'], organisationId: string, id: string): Promise<string> {
  const kept = (await statementsByIds(db, organisationId, [id])).get(id.toLowerCase())
  return kept?.timestamp ?? ''
}

/** What stands of an AU whatever session is running. */
export const achieved = (values: Values): AuState => ({
  ...newAuState(),
  completed: values['cmi5.completed'] === 'true',
  passed: values['cmi5.passed'] === 'true',
  waived: values['cmi5.waived'] === 'true',
})

/** The states of all units of a registration that were ever opened or waived. */
export async function achievedUnits(
  db: Ctx['db'],
  registrationId: string,
  itemId: string,
): Promise<Map<string, AuState>> {
  const rows = await db
    .selectFrom('packages.attempts')
    .select(['unit_id', 'vals'])
    .where('registration_id', '=', registrationId)
    .where('item_id', '=', itemId)
    .orderBy('number')
    .execute()
  return new Map(rows.map(({ unit_id, vals }) => [unit_id, achieved(vals as Values)]))
}
