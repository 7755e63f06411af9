import { sql } from 'kysely'
import { countHours } from '#modules/training/hours.rules.ts'
import type { Ctx } from '#platform/command.ts'
import { figuresFor } from '#platform/figures.ts'
import type { RecordClass } from './certificate.schema.ts'
import type { Check } from './result.schema.ts'

export type RecordMonth = {
  /** `2021-09`. */
  month: string
  minutes: number
  /** Since the first hour. */
  cumulativeMinutes: number
}
/** An online course, with what stands in the ledger for it: part of a class's minutes, or learnt for oneself. */
export type RecordCourse = {
  registrationId: string
  title: string
  organisation: string
  classTitle: string | null
  minutes: number
  completedOn: string | null
}
export type LearningRecord = {
  classes: RecordClass[]
  courses: RecordCourse[]
  months: RecordMonth[]
  /** Sums of the lines above, so that nothing adds up differently. */
  totalMinutes: number
  totalHours: number
}

type ClassRow = Omit<RecordClass, 'minutes' | 'hours' | 'remainingHours' | 'minutesPerHour' | 'result' | 'checks'> & {
  enrolmentId: string
  programmeCode: string
  passed: boolean | null
  checks: Check[] | null
}
type Entry = { enrolmentId: string; month: string; minutes: number; before: number }

/**
 * A person's whole record, from the entries of the hours ledger that stand and nothing else: by class with what is left,
 * by month with the running total. What counts is counted as the class itself counts it.
 * @clause R03 C17
 */
export async function learningRecord(ctx: Pick<Ctx, 'db' | 'plan'>, personId: string): Promise<LearningRecord> {
  const [at, rows, entries, courses] = await Promise.all([
    figuresFor(ctx),
    classRows(ctx.db, personId),
    standing(ctx.db, personId),
    onlineCourses(ctx.db, personId),
  ])
  const byMonth = new Map<string, number>()
  const classes = rows.map(({ enrolmentId, programmeCode, passed, checks, ...row }): RecordClass => {
    const programme = ctx.plan.programmes.find(({ code }) => code === programmeCode)
    const minutesPerHour = at(programme?.hours.minutesFigure ?? 'R03.minutes', row.startsOn).value
    const maxPerDay = at(programme?.hours.maxPerDayFigure ?? 'OP.maxHoursPerDay', row.startsOn).value
    const limits = { minutesPerHour: minutesPerHour ?? Number.MAX_SAFE_INTEGER, maxPerDay }
    const own = entries.filter((entry) => entry.enrolmentId === enrolmentId)
    for (const entry of own) {
      const { minutes } = countHours({ entries: [entry], ...limits })
      byMonth.set(entry.month, (byMonth.get(entry.month) ?? 0) + minutes)
    }
    const { minutes, hours } = countHours({ entries: own, ...limits })
    return {
      ...row,
      programme: programme?.name ?? programmeCode,
      minutesPerHour,
      minutes,
      hours,
      remainingHours: Math.max(row.plannedHours - hours, 0),
      result: passed === null ? null : passed ? 'passed' : 'failed',
      checks: checks ?? [],
    }
  })
  let cumulativeMinutes = 0
  return {
    classes,
    courses,
    months: [...byMonth]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([month, minutes]) => {
        cumulativeMinutes += minutes
        return { month, minutes, cumulativeMinutes }
      }),
    totalMinutes: classes.reduce((sum, { minutes }) => sum + minutes, 0),
    totalHours: classes.reduce((sum, { hours }) => sum + hours, 0),
  }
}

async function classRows(db: Ctx['db'], personId: string): Promise<ClassRow[]> {
  const { rows } = await sql<ClassRow>`
    select e.id as "enrolmentId", c.id as "classId", c.title, c.programme as "programmeCode", o.name as organisation, e.state,
      c.starts_on as "startsOn", c.ends_on as "endsOn", c.class_hours as "plannedHours", r.passed, r.explanation as checks
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

/** Courses of the library, the newest first, summed from the ledger. */
async function onlineCourses(db: Ctx['db'], personId: string): Promise<RecordCourse[]> {
  const { rows } = await sql<RecordCourse>`
    select r.id as "registrationId", c.title, o.name as organisation, k.title as "classTitle",
      coalesce((select sum(minutes) from training.hour_entries h where h.registration_id = r.id), 0)::int as minutes,
      case when w.at is null then (d.at at time zone 'Asia/Shanghai')::date end as "completedOn"
    from learning.registrations r join library.courses c on c.id = r.course_id
      join people.organisations o on o.id = c.organisation_id
      left join training.classes k on k.id = r.class_id left join learning.completions d on d.registration_id = r.id
      left join learning.withdrawals w on w.registration_id = r.id
    where r.person_id = ${personId} order by r.registered_at desc, r.id`.execute(db)
  return rows
}

/** Entries that were not taken back, each with what the person was granted earlier on that day in any class. */
async function standing(db: Ctx['db'], personId: string): Promise<Entry[]> {
  const { rows } = await sql<Entry>`
    select h.enrolment_id as "enrolmentId", to_char(h.on_day, 'YYYY-MM') as month, h.minutes,
      sum(h.minutes) over (partition by h.on_day order by h.id) - h.minutes as before
    from training.hour_entries h
    where h.person_id = ${personId} and h.reverses is null
      and not exists (select from training.hour_entries x where x.reverses = h.id)
    order by h.id
  `.execute(db)
  return rows
}
