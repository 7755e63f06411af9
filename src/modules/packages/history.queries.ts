import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { EndReason } from './launch.schema.ts'
import type { PackageKind } from './package.schema.ts'
import type { Values } from './runtime.schema.ts'

export type AttemptLine = {
  attemptId: string
  course: string
  unitTitle: string
  number: number
  beganAt: Date
  sessions: number
  reportedSeconds: number
  serverSeconds: number
}

const attemptLines = sql`
  select a.id as "attemptId", c.title as course, a.number, a.began_at as "beganAt",
    coalesce((select u ->> 'title' from jsonb_array_elements(p.found -> 'units') u where u ->> 'id' = a.unit_id), a.unit_id) as "unitTitle",
    count(t.launch_id)::int as sessions, coalesce(sum(t.reported_seconds), 0)::int as "reportedSeconds",
    coalesce(sum(t.server_seconds), 0)::int as "serverSeconds"
  from packages.attempts a join packages.packages p on p.id = a.package_id join library.courses c on c.id = p.course_id
    left join packages.session_times t on t.attempt_id = a.id
`

/** The newest attempts, for whoever audits. */
export async function recentAttempts(db: Ctx['db'], limit = 100): Promise<AttemptLine[]> {
  const { rows } = await sql<AttemptLine>`${attemptLines}
    where a.id in (select id from packages.attempts order by began_at desc, id desc limit ${limit})
    group by a.id, c.title, p.found order by a.began_at desc, a.id desc
  `.execute(db)
  return rows
}

export type Report = {
  seq: number
  at: Date
  changes: [string, string][]
  refused: [string, string, number][]
  reportedSeconds: number
  final: boolean
  late: boolean
}
export type LaunchHistory = {
  launchId: string
  number: number
  from: Date
  to: Date
  endReason: EndReason | null
  reportedSeconds: number
  serverSeconds: number
  reports: Report[]
}
export type AttemptHistory = AttemptLine & {
  kind: PackageKind
  personId: string
  values: Values
  launches: LaunchHistory[]
}

/** Everything that one attempt reported, in order: what was set, what was refused, and when it came. Throws `missing`. */
export async function attemptHistory(db: Ctx['db'], attemptId: string): Promise<AttemptHistory> {
  const line = (
    await sql<AttemptLine>`${attemptLines} where a.id = ${attemptId} group by a.id, c.title, p.found`.execute(db)
  ).rows[0]
  const attempt = (
    await sql<{ kind: PackageKind; personId: string; values: Values }>`
      select p.kind, a.person_id as "personId", a.vals as values from packages.attempts a
        join packages.packages p on p.id = a.package_id where a.id = ${attemptId}
    `.execute(db)
  ).rows[0]
  if (!line || !attempt) throw missing('attempt')
  const launches = await sql<LaunchHistory>`
    select l.id as "launchId", l.number, t.from_at as "from", t.to_at as "to", t.end_reason as "endReason",
      t.reported_seconds::int as "reportedSeconds", t.server_seconds as "serverSeconds",
      coalesce((select jsonb_agg(jsonb_build_object('seq', c.seq, 'at', c.at, 'changes', c.changes, 'refused', c.refused,
        'reportedSeconds', c.reported_cs / 100, 'final', c.final, 'late', c.late) order by c.seq)
        from packages.commits c where c.launch_id = l.id), '[]') as reports
    from packages.launches l join packages.session_times t on t.launch_id = l.id
    where l.attempt_id = ${attemptId} order by l.number
  `.execute(db)
  return { ...line, ...attempt, launches: launches.rows }
}
