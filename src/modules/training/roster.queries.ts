import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { EnrolmentState } from './enrolment.schema.ts'
import { classHoursOf, type PersonHours } from './hours.queries.ts'

export type RosterLine = {
  enrolmentId: string
  personId: string
  name: string
  document: string
  phone: string | null
  employment: string
  groupCode: string | null
  /** The owner body has verified the group for the class's first day (C11). */
  groupVerified: boolean
  job: string
  source: string
  state: EnrolmentState
  commitmentAt: Date | null
  enrolledAt: Date
  remarks: string
}

/** The roster as its keepers see it: masked. The caller has checked who asks. */
export async function rosterOf({ db }: Pick<Ctx, 'db'>, classId: string): Promise<RosterLine[]> {
  const { rows } = await sql<RosterLine>`
    select e.id as "enrolmentId", e.person_id as "personId", p.name_masked as name, p.document_masked as document,
      p.phone_masked as phone, e.employment, e.group_code as "groupCode",
      exists (select from people.group_memberships m where m.person_id = e.person_id and m.group_code = e.group_code
        and m.revoked_at is null and m.validity @> c.starts_on) as "groupVerified",
      e.job, e.source, e.state, e.commitment_at as "commitmentAt", e.enrolled_at as "enrolledAt", e.remarks
    from training.enrolments e join people.persons p on p.id = e.person_id join training.classes c on c.id = e.class_id
    where e.class_id = ${classId} order by (e.state = 'withdrawn'), e.enrolled_at, e.id
  `.execute(db)
  return rows
}

export type HoursSheetLine = RosterLine & { hours: PersonHours }

/** Everybody of a class with hours, minutes, grades and attendance; totals are sums of the lines. @clause C17 */
export async function hoursSheet(ctx: Pick<Ctx, 'db' | 'plan'>, classId: string): Promise<HoursSheetLine[]> {
  const [roster, hours] = await Promise.all([rosterOf(ctx, classId), classHoursOf(ctx, classId)])
  const byId = new Map(hours.map((one) => [one.enrolmentId, one]))
  return roster.flatMap((line) => {
    const own = byId.get(line.enrolmentId)
    return own ? [{ ...line, hours: own }] : []
  })
}
