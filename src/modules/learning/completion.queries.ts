import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { inClassLater } from './posting.queries.ts'

/** What the credential of a completed course hangs on: one completion, one credential. */
export const sourceKeyOf = (registrationId: string): string => `learning.completion:${registrationId}`

type Row = {
  personId: string
  courseId: string
  title: string
  organisationId: string
  organisation: string
  occupation: string | null
  level: string | null
  plannedHours: number
  countedMs: number
  from: Day
}

/** What the credential of a completed course says: hours are class hours of the time that counted, never rounded up. */
export async function completionFacts(ctx: Pick<Ctx, 'db' | 'plan' | 'now'>, registrationId: string) {
  const { rows } = await sql<Row>`
    select r.person_id as "personId", c.id as "courseId", c.title, o.id as "organisationId", o.name as organisation,
      oc.title as occupation, c.level, v.planned_class_hours as "plannedHours",
      (r.registered_at at time zone 'Asia/Shanghai')::date as "from",
      coalesce((select sum(t.granted_ms) from learning.stretches t
        where t.registration_id = r.id and t.granted_ms > 0 and not ${inClassLater}), 0)::int as "countedMs"
    from learning.registrations r join library.courses c on c.id = r.course_id join library.versions v on v.id = r.version_id
      join people.organisations o on o.id = c.organisation_id
      left join occupations.occupations oc on (oc.edition, oc.code) = (c.occupation_edition, c.occupation_code)
    where r.id = ${registrationId}`.execute(ctx.db)
  const [row] = rows
  if (!row) throw missing('registration')
  const today = dayOf(ctx.now)
  const hourMinutes = (await figuresFor(ctx))('R03.minutes', today).value
  return {
    personId: row.personId,
    sourceKey: sourceKeyOf(registrationId),
    course: {
      id: row.courseId,
      title: row.title,
      provider: { id: row.organisationId, name: row.organisation },
      occupation: row.occupation,
      level: row.level,
      plannedHours: row.plannedHours,
      hours: hourMinutes === null ? 0 : Math.floor(row.countedMs / 60_000 / hourMinutes),
      from: row.from,
      to: today,
      basis: ctx.plan.docNo,
    },
  }
}
