import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { statusOf } from './attempt.rules.ts'
import type { PackageKind } from './package.schema.ts'
import type { Values } from './runtime.schema.ts'

export type PackageLearner = {
  registrationId: string
  itemId: string
  itemTitle: string
  /** Masked, as everywhere. */
  name: string
  begun: number
  done: number
  waived: number
  reportedSeconds: number
}

/** Who learns by a package, the newest first, with how far each has come. The caller has checked who asks. */
export async function learnersOfPackage(
  db: Ctx['db'],
  of: { packageId: string; kind: PackageKind },
  most = 200,
): Promise<PackageLearner[]> {
  const { rows } = await sql<Omit<PackageLearner, 'begun' | 'done' | 'waived'> & { all: Values[] }>`
    select r.id as "registrationId", i.id as "itemId", i.title as "itemTitle", p.name_masked as name,
      coalesce((select jsonb_agg(a.vals) from (select distinct on (unit_id) vals from packages.attempts
        where registration_id = r.id and item_id = i.id order by unit_id, number desc) a), '[]') as all,
      coalesce((select sum(t.reported_seconds)::int from packages.session_times t
        where t.registration_id = r.id and t.item_id = i.id), 0) as "reportedSeconds"
    from library.items i join learning.registrations r on r.version_id = i.version_id
      join people.persons p on p.id = r.person_id
    where i.package_id = ${of.packageId} order by r.registered_at desc, r.id desc limit ${most}
  `.execute(db)
  return rows.map(({ all, ...row }) => {
    const states = all.map((values) => statusOf(of.kind, values))
    return {
      ...row,
      begun: states.length,
      done: states.filter(({ completed, passed }) => completed || passed === true).length,
      waived: all.filter((values) => values['cmi5.waived'] === 'true').length,
    }
  })
}
