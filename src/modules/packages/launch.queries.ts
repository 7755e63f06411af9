import { sql } from 'kysely'
import { openPersons } from '#modules/people/person.queries.ts'
import type { Ctx } from '#platform/command.ts'
import type { LastAttempt } from './availability.rules.ts'
import type { EndReason } from './launch.schema.ts'
import type { PackageFound, PackageKind } from './package.schema.ts'
import type { Values } from './runtime.schema.ts'

type Db = Ctx['db']

export type AttemptRow = { id: string; number: number; vals: Values; suspended: boolean }
export type LaunchRow = {
  id: string
  number: number
  began_with: Values
  launched_at: Date
  ended_at: Date | null
  end_reason: EndReason | null
}

export type PackageOfItem = {
  packageId: string
  kind: PackageKind
  state: string
  title: string
  found: PackageFound
}

/** The package behind an item of a course that the person is registered for; nothing when it is not theirs. */
export async function packageOfItem(
  db: Db,
  at: { registrationId: string; itemId: string; personId: string },
): Promise<PackageOfItem | undefined> {
  const { rows } = await sql<PackageOfItem>`
    select p.id as "packageId", p.kind, p.state, i.title, p.found
    from learning.registrations r join library.items i on i.version_id = r.version_id
      join packages.packages p on p.id = i.package_id
    where r.id = ${at.registrationId} and r.person_id = ${at.personId} and i.id = ${at.itemId} and i.kind = 'package'
  `.execute(db)
  return rows[0]
}

/** The last attempt on each unit, in the order they began. */
export async function lastAttempts(db: Db, registrationId: string, itemId: string, now: Date): Promise<LastAttempt[]> {
  const { rows } = await sql<LastAttempt>`
    with own as (
      select a.id, a.unit_id, a.number, a.vals, a.began_at, a.closed_at,
        extract(epoch from greatest(coalesce(a.closed_at, ${now}::timestamptz), a.began_at) - a.began_at)::int as by_clock,
        coalesce((select sum(t.server_seconds) from packages.session_times t where t.attempt_id = a.id), 0)::int as learnt
      from packages.attempts a where a.registration_id = ${registrationId} and a.item_id = ${itemId}
    ), per_unit as (select unit_id, sum(by_clock)::int as by_clock, sum(learnt)::int as learnt from own group by unit_id)
    select l.unit_id as "unitId", l.number, l.vals as values, l.closed_at is not null as ended, jsonb_build_object(
      'attemptAbsolute', l.by_clock, 'attemptExperienced', l.learnt,
      'activityAbsolute', u.by_clock, 'activityExperienced', u.learnt) as times
    from (select distinct on (unit_id) * from own order by unit_id, number desc) l join per_unit u using (unit_id)
    order by l.began_at, l.id
  `.execute(db)
  return rows
}

/** What the units of a package keep together for this learner. */
export async function storesOf(db: Db, registrationId: string, itemId: string): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('packages.stores')
    .select(['store_id', 'value'])
    .where('registration_id', '=', registrationId)
    .where('item_id', '=', itemId)
    .execute()
  return new Map(rows.map(({ store_id, value }) => [store_id, value]))
}

export async function openAttempt(
  db: Db,
  at: { registrationId: string; itemId: string; unitId: string },
): Promise<AttemptRow | undefined> {
  const row = await db
    .selectFrom('packages.attempts')
    .select(['id', 'number', 'vals', 'suspended'])
    .where('registration_id', '=', at.registrationId)
    .where('item_id', '=', at.itemId)
    .where('unit_id', '=', at.unitId)
    .where('closed_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  return row as AttemptRow | undefined
}

/** How often an attempt was opened, and the time that all its sessions reported: each session's last word, once. */
export async function reportedBefore(
  db: Db,
  attemptId: string,
): Promise<{ sessions: number; totalCentiseconds: number }> {
  const { rows } = await sql<{ sessions: number; total: string }>`
    select count(*)::int as sessions, coalesce(sum(c.reported_cs), 0) as total
    from packages.launches l left join lateral (
      select reported_cs from packages.commits where launch_id = l.id order by seq desc limit 1
    ) c on true where l.attempt_id = ${attemptId}
  `.execute(db)
  return { sessions: rows[0]?.sessions ?? 0, totalCentiseconds: Number(rows[0]?.total ?? 0) }
}

/**
 * Whether this person has a package of another organisation open: it was launched, reported something, or its page was
 * heard of within ten minutes. On one origin it could look into the storage of the next.
 */
export async function strangerOpen(
  db: Db,
  { personId, packageId, now }: { personId: string; packageId: string; now: Date },
): Promise<boolean> {
  const { rows } = await sql`
    select from packages.launches l join packages.attempts a on a.id = l.attempt_id
      join packages.packages p on p.id = a.package_id
    where l.person_id = ${personId} and l.ended_at is null
      and p.organisation_id <> (select organisation_id from packages.packages where id = ${packageId})
      and greatest(l.launched_at, (select max(at) from packages.commits where launch_id = l.id),
        (select s.at from learning.seats s join learning.viewings v on v.id = s.viewing_id
          where s.person_id = l.person_id and v.item_id = a.item_id)) > ${now}::timestamptz - interval '10 minutes'
    limit 1`.execute(db)
  return rows.length > 0
}

/** The learner as content sees them: an id that means nothing elsewhere, and the name. */
export async function learnerOf(
  ctx: Pick<Ctx, 'db' | 'crypto'>,
  personId: string,
): Promise<{ id: string; name: string }> {
  const people = await openPersons(ctx.db, ctx.crypto, [personId])
  const id = ctx.crypto.blindIndex(personId, 'packages.learner').slice(0, 32)
  return { id, name: people.get(personId)?.name ?? '学员' }
}

/** Facts for whoever counts hours; a row a session, and never two for one. Times are server times, seconds whole. */
export type SessionFact = {
  launchId: string
  unitId: string
  from: Date
  to: Date
  reportedSeconds: number
  serverSeconds: number
  endReason: EndReason | null
}

/** What the packages of a registration reported, in the order of time. The caller has checked who asks. */
export async function sessionFacts(db: Db, registrationId: string, itemId?: string): Promise<SessionFact[]> {
  const { rows } = await sql<SessionFact>`
    select launch_id as "launchId", unit_id as "unitId", from_at as "from", to_at as "to",
      reported_seconds::int as "reportedSeconds", server_seconds as "serverSeconds", end_reason as "endReason"
    from packages.session_times where registration_id = ${registrationId}
      and (${itemId ?? null}::uuid is null or item_id = ${itemId ?? null}) order by from_at, launch_id
  `.execute(db)
  return rows
}
