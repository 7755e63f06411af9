import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { Day } from '#shared/units.ts'
import type { ClassState } from './class.schema.ts'
import type { EnrolmentState } from './enrolment.schema.ts'
import { classHoursOf, type HourLine, hourLines, type PersonHours } from './hours.queries.ts'
import type { Grade, MarkKind, SessionState } from './session.schema.ts'

export type MyClass = {
  enrolmentId: string
  classId: string
  number: string
  title: string
  organisation: string
  programme: string
  occupationTitle: string | null
  level: string
  venue: string | null
  address: string | null
  startsOn: Day
  endsOn: Day
  classHours: number
  classState: ClassState
  state: EnrolmentState
  commitmentAt: Date | null
  /** The next session that has not ended. */
  nextFrom: Date | null
  nextTo: Date | null
  nextRoom: string | null
  nextState: SessionState | null
}

const myClassRows = (personId: string, classId: string | null) => sql<MyClass>`
  select e.id as "enrolmentId", c.id as "classId", c.number, c.title, o.name as organisation, c.programme,
    oc.title as "occupationTitle", coalesce(c.level, '') as level, v.name as venue, v.address, c.starts_on as "startsOn",
    c.ends_on as "endsOn", c.class_hours as "classHours", c.state as "classState", e.state, e.commitment_at as "commitmentAt",
    n."from" as "nextFrom", n."to" as "nextTo", n.room as "nextRoom", n.state as "nextState"
  from training.enrolments e join training.classes c on c.id = e.class_id
    join people.organisations o on o.id = c.organisation_id
    left join occupations.occupations oc on oc.edition = c.occupation_edition and oc.code = c.occupation_code
    left join training.venues v on v.id = c.venue_id
    left join lateral (select lower(s.during) as "from", upper(s.during) as "to", r.name as room, s.state
      from training.sessions s left join training.rooms r on r.id = s.room_id
      where s.class_id = c.id and s.state in ('planned', 'open') order by lower(s.during) limit 1) n on e.state = 'enrolled'
  where e.person_id = ${personId} and (${classId}::uuid is null or c.id = ${classId}::uuid)
  order by (e.state = 'enrolled') desc, c.starts_on desc, e.id
`

/** A person's classes: those under way first. */
export async function myClasses({ db }: Pick<Ctx, 'db'>, personId: string): Promise<MyClass[]> {
  return (await myClassRows(personId, null).execute(db)).rows
}

export type MySession = {
  id: string
  title: string
  from: Date
  to: Date
  room: string | null
  trainer: string
  state: SessionState
  marks: MarkKind[]
  minutes: number | null
  grade: Grade | null
  /** Stable code of why: see `settlementText`. */
  reason: string
}

export type MyClassPage = MyClass & { sessions: MySession[]; hours: PersonHours; lines: HourLine[] }

/** One class as its trainee sees it: every session with what proves it, and the hours it gave. */
export async function myClass(ctx: Pick<Ctx, 'db' | 'plan'>, personId: string, classId: string): Promise<MyClassPage> {
  const rows = (await myClassRows(personId, classId).execute(ctx.db)).rows
  const [row] = rows
  if (!row) throw missing('class')
  const [sessions, hours, lines] = await Promise.all([
    mySessions(ctx.db, row),
    classHoursOf(ctx, classId),
    hourLines(ctx.db, row.enrolmentId),
  ])
  const own = hours.find((one) => one.enrolmentId === row.enrolmentId)
  if (!own) throw missing('class')
  return { ...row, sessions, hours: own, lines }
}

async function mySessions(db: Ctx['db'], { classId, enrolmentId }: MyClass): Promise<MySession[]> {
  const { rows } = await sql<MySession>`
    select s.id, s.title, lower(s.during) as "from", upper(s.during) as "to", r.name as room, t.name as trainer, s.state,
      coalesce((select array_agg(m.kind order by m.at, m.kind) from training.attendance_marks m
        where m.session_id = s.id and m.enrolment_id = ${enrolmentId} and m.voided_at is null), '{}') as marks,
      h.minutes, h.grade, coalesce(h.evidence ->> 'reason', '') as reason
    from training.sessions s join training.trainers t on t.id = s.trainer_id left join training.rooms r on r.id = s.room_id
      left join training.hour_entries h on h.session_id = s.id and h.enrolment_id = ${enrolmentId} and h.reverses is null
        and not exists (select from training.hour_entries x where x.reverses = h.id)
    where s.class_id = ${classId} and s.state <> 'cancelled' order by lower(s.during)
  `.execute(db)
  return rows
}

/** Hours a person has earned in all, per class; sums only. */
export async function myHours(ctx: Pick<Ctx, 'db' | 'plan'>, personId: string) {
  const classes = await myClasses(ctx, personId)
  const per = await Promise.all(
    classes.map(async (cls) => {
      const own = (await classHoursOf(ctx, cls.classId)).find((one) => one.enrolmentId === cls.enrolmentId)
      return { ...cls, hours: own?.hours ?? 0, minutes: own?.minutes ?? 0 }
    }),
  )
  return { classes: per, total: per.reduce((sum, cls) => sum + cls.hours, 0) }
}
