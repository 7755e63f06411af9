import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { figuresFor } from '#platform/figures.ts'
import type { ClassHours, Day } from '#shared/units.ts'
import type { EnrolmentState } from './enrolment.schema.ts'
import { countHours } from './hours.rules.ts'
import { programmeOf } from './plan.queries.ts'
import type { Grade } from './session.schema.ts'

type Db = Ctx['db']

export type PersonHours = {
  enrolmentId: string
  personId: string
  state: EnrolmentState
  /** What the ledger grants, before a day's limit. */
  ledgerMinutes: number
  /** What counts. */
  minutes: number
  hours: ClassHours
  /** Of the class hours promised, in whole percent, never rounded up. */
  attendancePercent: number
  /** Minutes not yet spent on a claim. */
  freeMinutes: number
  /** Minutes by grade of evidence. */
  grades: Record<Grade, number>
}

type NetRow = {
  enrolmentId: string
  personId: string
  state: EnrolmentState
  minutes: number | null
  before: number | null
  grade: Grade | null
  spent: number | null
}

/**
 * Hours of everybody in a class, summed from the ledger now.
 * @clause C17
 */
export async function classHoursOf(ctx: Pick<Ctx, 'db' | 'plan'>, classId: string): Promise<PersonHours[]> {
  const cls = await ctx.db
    .selectFrom('training.classes')
    .select(['programme', 'class_hours', 'starts_on'])
    .where('id', '=', classId)
    .executeTakeFirst()
  if (!cls) return []
  const at = await figuresFor(ctx)
  const hours = programmeOf(ctx.plan, cls.programme)?.hours
  const on = cls.starts_on as Day
  const minutesPerHour = at(hours?.minutesFigure ?? 'R03.minutes', on).value
  const maxPerDay = at(hours?.maxPerDayFigure ?? 'OP.maxHoursPerDay', on).value
  const rows = await netEntries(ctx.db, classId)
  const byEnrolment = Map.groupBy(rows, (row) => row.enrolmentId)
  return [...byEnrolment.values()].flatMap((own) => {
    const [first] = own
    if (!first) return []
    const entries = own.flatMap((row) =>
      row.minutes === null ? [] : [{ minutes: row.minutes, before: row.before ?? 0 }],
    )
    // Without a decided length there is no class hour, only minutes.
    const counted = countHours({ entries, minutesPerHour: minutesPerHour ?? Number.MAX_SAFE_INTEGER, maxPerDay })
    const ledgerMinutes = entries.reduce((sum, entry) => sum + entry.minutes, 0)
    const grades: Record<Grade, number> = { A: 0, B: 0, C: 0, D: 0 }
    for (const row of own) if (row.grade) grades[row.grade] += row.minutes ?? 0
    return [
      {
        enrolmentId: first.enrolmentId,
        personId: first.personId,
        state: first.state,
        ledgerMinutes,
        ...counted,
        attendancePercent: attendance(counted.minutes, cls.class_hours, minutesPerHour),
        freeMinutes: ledgerMinutes - own.reduce((sum, row) => sum + (row.spent ?? 0), 0),
        grades,
      },
    ]
  })
}

/** By minutes, as the result is decided; never rounded up. Without a decided length of a class hour there is none. */
function attendance(minutes: number, classHours: number, minutesPerHour: number | null): number {
  return minutesPerHour === null ? 0 : Math.min(100, Math.floor((minutes * 100) / (classHours * minutesPerHour)))
}

/** Entries of a class that stand, with what the person was granted earlier the same day in any class. */
async function netEntries(db: Db, classId: string): Promise<NetRow[]> {
  const { rows } = await sql<NetRow>`
    with people as (select id, person_id, state from training.enrolments where class_id = ${classId}),
    net as (
      select h.id, h.enrolment_id, h.minutes, h.grade,
        sum(h.minutes) over (partition by h.person_id, h.on_day order by h.id) - h.minutes as before
      from training.hour_entries h
      where h.person_id in (select person_id from people) and h.reverses is null
        and not exists (select from training.hour_entries x where x.reverses = h.id)
    )
    select p.id as "enrolmentId", p.person_id as "personId", p.state, n.minutes, n.before, n.grade,
      (select sum(minutes) from training.hour_spends s where s.entry_id = n.id) as spent
    from people p left join net n on n.enrolment_id = p.id
    order by p.id, n.id
  `.execute(db)
  return rows
}

export type HourLine = {
  id: number
  sessionId: string | null
  title: string
  from: Date | null
  on: Day
  minutes: number
  grade: Grade
  source: string
  /** Why this grade; for a reversal, why it was taken back. */
  reason: string
  reverses: number | null
}

/** A person's ledger in one class, line by line, reversals included. */
export async function hourLines(db: Db, enrolmentId: string): Promise<HourLine[]> {
  const { rows } = await sql<HourLine>`
    select h.id, h.session_id as "sessionId", coalesce(s.title, '') as title, lower(s.during) as "from", h.on_day as "on",
      h.minutes, h.grade, h.source, h.reverses,
      case when h.reverses is null then coalesce(h.evidence ->> 'reason', '') else h.reason end as reason
    from training.hour_entries h left join training.sessions s on s.id = h.session_id
    where h.enrolment_id = ${enrolmentId} order by h.on_day, h.id
  `.execute(db)
  return rows
}
