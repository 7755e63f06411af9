import { type Kysely, sql } from 'kysely'
import type { Database } from '#platform/db.ts'
import { type ClockState, clock } from '#policy/workdays.ts'
import type { Day } from '#shared/units.ts'

export const clockLabels = {
  review: '初审',
  approve: '审批',
  publicity: '公示',
  payment: '拨付',
  correction: '补正',
  objection: '异议处理',
} as const
export type ClockKind = keyof typeof clockLabels

/** One statutory clock as it stands today. */
export type ClaimClock = {
  kind: ClockKind
  startedOn: Day
  workdays: number
  /** Null while somebody else must act. */
  dueOn: Day | null
  state: ClockState
  /** Working days left; negative when overdue. */
  left: number
  /** The due day leans on a holiday calendar not yet published. */
  provisional: boolean
  ruleId: string
}

/** Open clocks of claims, by claim. @clause R33 */
export async function openClocks(
  db: Kysely<Database>,
  claimIds: readonly string[],
  today: Day,
): Promise<Map<string, ClaimClock[]>> {
  const { rows } = await sql<{
    subject_id: string
    kind: ClockKind
    started_on: Day
    workdays: number
    rule_id: string
    stops: { from: Day; to: Day | null }[] | null
  }>`
    select c.subject_id, c.kind, c.started_on, c.workdays, c.rule_id,
      (select json_agg(json_build_object('from', s.from_on, 'to', s.to_on) order by s.from_on)
        from platform.clock_stops s where s.clock_id = c.id) as stops
    from platform.clocks c
    where c.subject_kind = 'claim' and c.subject_id = any(${[...claimIds]}::uuid[]) and c.ended_on is null
    order by c.started_on, c.kind
  `.execute(db)
  const found = new Map<string, ClaimClock[]>()
  for (const row of rows) {
    const { due, state, left, provisional } = clock({
      start: row.started_on,
      workdays: row.workdays,
      stops: row.stops ?? [],
      today,
    })
    const one = {
      kind: row.kind,
      startedOn: row.started_on,
      workdays: row.workdays,
      dueOn: due,
      state,
      left,
      provisional,
      ruleId: row.rule_id,
    }
    found.set(row.subject_id, [...(found.get(row.subject_id) ?? []), one])
  }
  return found
}
