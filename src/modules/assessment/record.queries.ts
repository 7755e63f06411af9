import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { figuresFor } from '#platform/figures.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import type { RecordClass } from './certificate.schema.ts'
import type { Check } from './result.schema.ts'

export type RecordMonth = {
  /** `2021-09`. */
  month: string
  minutes: number
  /** Since the first hour. */
  cumulativeMinutes: number
  cumulativeHours: number | null
}
export type LearningRecord = {
  classes: RecordClass[]
  months: RecordMonth[]
  totalMinutes: number
  totalHours: number | null
  /** Null while nobody has decided it: then only minutes are told. */
  minutesPerHour: number | null
}

type ClassRow = {
  classId: string
  title: string
  programme: string
  organisation: string
  state: string
  startsOn: Day
  endsOn: Day
  plannedHours: number
  minutes: number
  passed: boolean | null
  checks: Check[] | null
}

/**
 * A person's whole record, summed from the hours ledger and nothing else: by class with what is left, by month with the
 * running total. Class hours are whole hours of a class; the total over all classes is their sum.
 * @clause R03
 */
export async function learningRecord(ctx: Pick<Ctx, 'db' | 'plan' | 'now'>, personId: string): Promise<LearningRecord> {
  const minutesPerHour = (await figuresFor(ctx))('R03.minutes', dayOf(ctx.now)).value
  const whole = (minutes: number) => (minutesPerHour === null ? null : Math.floor(minutes / minutesPerHour))
  const [rows, months] = await Promise.all([classRows(ctx.db, personId), monthRows(ctx.db, personId)])
  const names = new Map(ctx.plan.programmes.map(({ code, name }) => [code, name]))
  const classes = rows.map(({ passed, checks, programme, ...row }): RecordClass => {
    const hours = whole(row.minutes)
    return {
      ...row,
      programme: names.get(programme) ?? programme,
      hours,
      remainingHours: hours === null ? null : Math.max(row.plannedHours - hours, 0),
      result: passed === null ? null : passed ? 'passed' : 'failed',
      checks: checks ?? [],
    }
  })
  let cumulativeMinutes = 0
  return {
    classes,
    months: months.map(({ month, minutes }) => {
      cumulativeMinutes += minutes
      return { month, minutes, cumulativeMinutes, cumulativeHours: whole(cumulativeMinutes) }
    }),
    totalMinutes: classes.reduce((sum, { minutes }) => sum + minutes, 0),
    totalHours: minutesPerHour === null ? null : classes.reduce((sum, { hours }) => sum + (hours ?? 0), 0),
    minutesPerHour,
  }
}

async function classRows(db: Ctx['db'], personId: string): Promise<ClassRow[]> {
  const { rows } = await sql<ClassRow>`
    select c.id as "classId", c.title, c.programme, o.name as organisation, e.state, c.starts_on as "startsOn", c.ends_on as "endsOn",
      c.class_hours as "plannedHours", r.passed, r.explanation as checks,
      (select coalesce(sum(h.minutes), 0) from training.hour_entries h where h.enrolment_id = e.id) as minutes
    from training.enrolments e
    join training.classes c on c.id = e.class_id
    join people.organisations o on o.id = c.organisation_id
    left join assessment.current_results r on r.enrolment_id = e.id
    where e.person_id = ${personId}
      and (e.state <> 'withdrawn' or exists (select from training.hour_entries h where h.enrolment_id = e.id))
    order by c.starts_on desc, e.id desc
  `.execute(db)
  return rows
}

async function monthRows(db: Ctx['db'], personId: string): Promise<{ month: string; minutes: number }[]> {
  const { rows } = await sql<{ month: string; minutes: number }>`
    select to_char(on_day, 'YYYY-MM') as month, sum(minutes) as minutes
    from training.hour_entries where person_id = ${personId} group by 1 order by 1
  `.execute(db)
  return rows
}
