import { type SqlBool, sql } from 'kysely'
import { z } from 'zod'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { searchQuery } from '#platform/search.ts'
import { dayOf } from '#shared/dates.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import type { Day } from '#shared/units.ts'
import type { ClassMode } from './class.schema.ts'

/** What the address of the catalogue may hold. Anything else is left out, never an error. */
export const CatalogueFilter = z.object({
  q: z.string().trim().max(100).catch('').default(''),
  subdistrict: z
    .string()
    .regex(/^\d{9}$/)
    .or(z.literal(''))
    .catch('')
    .default(''),
  /** `edition:code` */
  occupation: z.string().max(40).catch('').default(''),
  programme: z.string().max(60).catch('').default(''),
  mode: z.enum(['', 'offline', 'online', 'mixed']).catch('').default(''),
  /** `YYYY-MM` of the first day. */
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
    .or(z.literal(''))
    .catch('')
    .default(''),
  /** `yes`: only classes with a place left. */
  places: z.enum(['', 'yes']).catch('').default(''),
  cursor: z.string().max(2000).optional().catch(undefined),
})
export type CatalogueFilter = z.output<typeof CatalogueFilter>

export type CatalogueRow = {
  id: string
  number: string
  title: string
  organisation: string
  programme: string
  occupationTitle: string | null
  level: string
  mode: ClassMode
  subdistrict: string
  venue: string | null
  startsOn: Day
  endsOn: Day
  classHours: number
  capacity: number
  taken: number
}

const pageSize = 20

/**
 * Classes the public can still join, the soonest first. A class leaves the list when it has begun. One statement, however
 * many filters; places are counted only for the rows that are shown, unless they are asked for.
 * @clause HZ4-M13
 */
export async function catalogue(
  { db, now }: Pick<Ctx, 'db' | 'now'>,
  filter: CatalogueFilter,
): Promise<Page<CatalogueRow> & { total: number | null }> {
  const conditions = conditionsOf(filter, dayOf(now))
  const after = decodeCursor(filter.cursor, ['day', 'id'])
  if (after) conditions.push(sql<SqlBool>`(c.starts_on, c.id) > (${after[0]}::date, ${after[1]}::uuid)`)
  const { rows } = await sql<CatalogueRow>`
    select c.id, c.number, c.title, o.name as organisation, c.programme, oc.title as "occupationTitle",
      coalesce(c.level, '') as level, c.mode, c.subdistrict, v.name as venue, c.starts_on as "startsOn", c.ends_on as "endsOn",
      c.class_hours as "classHours", c.capacity, ${takenPlaces} as taken
    from (select * from training.classes c where ${sql.join(conditions, sql` and `)}
        order by c.starts_on, c.id limit ${pageSize + 1}) c
      join people.organisations o on o.id = c.organisation_id
      left join occupations.occupations oc on oc.edition = c.occupation_edition and oc.code = c.occupation_code
      left join training.venues v on v.id = c.venue_id
    order by c.starts_on, c.id
  `.execute(db)
  const page = pageOf(rows, pageSize, (row) => [row.startsOn, row.id])
  return { ...page, total: after || page.next ? await totalOf(db, filter, now) : page.rows.length }
}

const takenPlaces = sql<number>`(select count(*) from training.enrolments e where e.class_id = c.id and e.state <> 'withdrawn')`

function conditionsOf(filter: CatalogueFilter, today: Day) {
  const conditions = [
    sql<SqlBool>`c.open_enrolment and c.state in ('approved', 'in-session')`,
    sql<SqlBool>`c.starts_on >= ${today}::date`,
  ]
  const words = searchQuery(filter.q)
  if (words !== '') conditions.push(sql<SqlBool>`c.search @@ to_tsquery('simple', ${words})`)
  if (filter.subdistrict) conditions.push(sql<SqlBool>`c.subdistrict = ${filter.subdistrict}`)
  if (filter.programme) conditions.push(sql<SqlBool>`c.programme = ${filter.programme}`)
  if (filter.mode) conditions.push(sql<SqlBool>`c.mode = ${filter.mode}`)
  if (filter.occupation) {
    const [edition = '', code = ''] = filter.occupation.split(':')
    conditions.push(sql<SqlBool>`c.occupation_edition = ${edition} and c.occupation_code = ${code}`)
  }
  if (filter.month) {
    const first = `${filter.month}-01`
    conditions.push(sql<SqlBool>`c.starts_on >= ${first}::date and c.starts_on < ${first}::date + interval '1 month'`)
  }
  if (filter.places === 'yes') conditions.push(sql<SqlBool>`${takenPlaces} < c.capacity`)
  return conditions
}

async function totalOf(db: Ctx['db'], filter: CatalogueFilter, now: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from training.classes c where ${sql.join(conditionsOf(filter, dayOf(now)), sql` and `)}
  `.execute(db)
  return rows[0]?.n ?? 0
}

/** Occupations and months that the filter can be set to: only those that lead somewhere. */
export async function catalogueChoices({ db, now }: Pick<Ctx, 'db' | 'now'>) {
  const { rows } = await sql<{ occupations: { value: string; label: string }[] | null; months: string[] | null }>`
    with open as materialized (select distinct c.occupation_edition as edition, c.occupation_code as code, c.starts_on
      from training.classes c
      where c.open_enrolment and c.state in ('approved', 'in-session') and c.starts_on >= ${dayOf(now)}::date)
    select
      (select json_agg(json_build_object('value', oc.edition || ':' || oc.code, 'label', oc.title) order by oc.edition, oc.code)
        from (select distinct edition, code from open) k join occupations.occupations oc using (edition, code)) as occupations,
      (select json_agg(distinct to_char(c.starts_on, 'YYYY-MM')) from (select distinct starts_on from open) c) as months
  `.execute(db)
  return { occupations: rows[0]?.occupations ?? [], months: (rows[0]?.months ?? []).toSorted() }
}

export type PublicClass = CatalogueRow & {
  planNumber: string | null
  organisationId: string
  address: string | null
  summary: string
  industry: string
  accessibility: string
  assessmentPlan: string
  resources: string
  state: string
  openEnrolment: boolean
  /** What the provider was licensed by on the first day. */
  licence: { number: string; issuer: string } | null
  trainers: { name: string; qualification: string }[]
  sessions: { id: string; title: string; from: Date; to: Date; room: string | null; trainer: string }[]
}

/** The public page of a class: once approved, whoever asks. Missing before that and when cancelled. */
export async function publicClass({ db }: Pick<Ctx, 'db'>, classId: string): Promise<PublicClass> {
  const { rows } = await sql<PublicClass>`
    select c.id, c.number, p.number as "planNumber", c.title, c.organisation_id as "organisationId", o.name as organisation,
      c.programme, oc.title as "occupationTitle", coalesce(c.level, '') as level, c.mode, c.subdistrict, v.name as venue,
      v.address, c.starts_on as "startsOn", c.ends_on as "endsOn", c.class_hours as "classHours", c.capacity,
      ${takenPlaces} as taken, c.summary, c.industry, c.accessibility, c.assessment_plan as "assessmentPlan", c.resources,
      c.state, c.open_enrolment as "openEnrolment",
      (select json_build_object('number', l.number, 'issuer', l.issuer) from people.licences l
        where l.organisation_id = c.organisation_id and l.valid_from <= c.starts_on
          and (l.valid_to is null or l.valid_to >= c.starts_on) order by l.valid_from desc, l.id desc limit 1) as licence,
      coalesce((select json_agg(json_build_object('name', t.name, 'qualification', t.qualification) order by t.name)
        from training.class_trainers ct join training.trainers t on t.id = ct.trainer_id where ct.class_id = c.id), '[]') as trainers,
      coalesce((select json_agg(json_build_object('id', s.id, 'title', s.title, 'from', lower(s.during), 'to', upper(s.during),
          'room', r.name, 'trainer', t.name) order by lower(s.during))
        from training.sessions s join training.trainers t on t.id = s.trainer_id left join training.rooms r on r.id = s.room_id
        where s.class_id = c.id and s.state <> 'cancelled'), '[]') as sessions
    from training.classes c join training.plans p on p.id = c.plan_id
      join people.organisations o on o.id = c.organisation_id
      left join occupations.occupations oc on oc.edition = c.occupation_edition and oc.code = c.occupation_code
      left join training.venues v on v.id = c.venue_id
    where c.id = ${classId} and c.state in ('approved', 'in-session', 'suspended', 'assessed', 'closed')
  `.execute(db)
  const [row] = rows
  if (!row) throw missing('class')
  const instant = (session: PublicClass['sessions'][number]) => ({
    ...session,
    from: new Date(session.from),
    to: new Date(session.to),
  })
  return { ...row, sessions: row.sessions.map(instant) }
}
