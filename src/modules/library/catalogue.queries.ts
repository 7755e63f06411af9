import { type SqlBool, sql } from 'kysely'
import { z } from 'zod'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { searchQuery } from '#platform/search.ts'
import { dayOf } from '#shared/dates.ts'
import { type CourseRecord, courses, type ItemLine, itemsOf, type VersionRecord, versions } from './course.queries.ts'

const word = (most: number) => z.string().trim().max(most).catch('').default('')
const tick = z.enum(['', 'yes']).catch('').default('')

/** What the address of the catalogue may hold. Anything else is left out, never an error. */
export const LibraryFilter = z.object({
  q: word(100),
  /** `edition:code` */
  occupation: word(40),
  level: word(40),
  group: word(40),
  hours: z.enum(['', 'short', 'middle', 'long']).catch('').default(''),
  captioned: tick,
  subsidised: tick,
  page: z.coerce.number().int().min(1).max(50).catch(1).default(1),
})
export type LibraryFilter = z.output<typeof LibraryFilter>

/** Class hours: bounds of each step, inclusive. */
export const hourSteps = { short: [0, 4], middle: [5, 16], long: [17, 2000] } as const

export type LibraryRow = Pick<
  CourseRecord,
  | 'id'
  | 'number'
  | 'title'
  | 'summary'
  | 'state'
  | 'level'
  | 'plannedClassHours'
  | 'captioned'
  | 'subsidised'
  | 'ratingCount'
  | 'ratingSum'
  | 'groups'
> & { organisation: string; occupationTitle: string | null }

export type Facet = { value: string; label: string; n: number }
export type LibraryPage = {
  rows: LibraryRow[]
  total: number
  pages: number
  facets: {
    occupations: Facet[]
    levels: Facet[]
    groups: Facet[]
    hours: Facet[]
    captioned: number
    subsidised: number
  }
}

export const pageSize = 20

/**
 * The public catalogue: listed courses that fit, best words first, then the newest; and how many there are behind each
 * further choice. The matching rows are found once; page and counts are read from them.
 * @clause HZ4-M13
 */
export async function libraryPage({ db }: Pick<Ctx, 'db'>, filter: LibraryFilter): Promise<LibraryPage> {
  const words = searchQuery(filter.q)
  const conditions = conditionsOf(filter, words)
  const best =
    words === '' ? sql`0` : sql`case when c.search @@ to_tsquery('simple', ${titleOnly(words)}) then 0 else 1 end`
  const { rows } = await sql<{ rows: LibraryRow[]; counts: Count[] }>`
    with fitting as materialized (
      select c.id, c.admitted_at, c.occupation_edition, c.occupation_code, c.level, c.groups, c.planned_class_hours as h, c.captioned, c.subsidised, ${best} as best
      from library.courses c where ${sql.join(conditions, sql` and `)}
    ), page as (
      select f.id, f.best, f.admitted_at from fitting f order by f.best, f.admitted_at desc nulls last, f.id desc
      limit ${pageSize} offset ${(filter.page - 1) * pageSize}
    ), counts as (
      select 'occupation' as facet, occupation_edition || ':' || occupation_code as value, count(*)::int as n from fitting where occupation_code is not null group by 2
      union all select 'level', level, count(*)::int from fitting where level is not null group by 2
      union all select 'group', g, count(*)::int from fitting, unnest(groups) g group by 2
      union all select v.facet, v.value, v.n from (
        select count(*)::int as total, (count(*) filter (where h <= 4))::int as short, (count(*) filter (where h between 5 and 16))::int as middle,
          (count(*) filter (where h >= 17))::int as long, (count(*) filter (where captioned))::int as captioned, (count(*) filter (where subsidised))::int as subsidised
        from fitting) t,
        lateral (values ('total', '', t.total), ('hours', 'short', t.short), ('hours', 'middle', t.middle), ('hours', 'long', t.long),
          ('captioned', '', t.captioned), ('subsidised', '', t.subsidised)) v (facet, value, n)
    )
    select
      (select coalesce(json_agg(json_build_object('id', c.id, 'number', c.number, 'title', c.title, 'summary', left(c.summary, 200), 'state', c.state,
          'level', c.level, 'plannedClassHours', c.planned_class_hours, 'captioned', c.captioned, 'subsidised', c.subsidised,
          'ratingCount', c.rating_count, 'ratingSum', c.rating_sum, 'groups', c.groups, 'organisation', o.name, 'occupationTitle', oc.title)
          order by p.best, p.admitted_at desc nulls last, p.id desc), '[]')
        from page p join library.courses c on c.id = p.id join people.organisations o on o.id = c.organisation_id
          left join occupations.occupations oc on oc.edition = c.occupation_edition and oc.code = c.occupation_code) as rows,
      (select json_agg(json_build_object('facet', facet, 'value', value, 'n', n,
          'label', (select oc.title || '（' || oc.edition || '年版）' from occupations.occupations oc where facet = 'occupation' and oc.edition || ':' || oc.code = value)))
        from counts) as counts
  `.execute(db)
  return assemble(rows[0] ?? { rows: [], counts: [] })
}

type Count = { facet: string; value: string; n: number; label: string | null }

function assemble({ rows, counts }: { rows: LibraryRow[]; counts: Count[] }): LibraryPage {
  const facet = (name: string): Facet[] =>
    counts
      .filter((one) => one.facet === name && one.n > 0)
      .map(({ value, label, n }) => ({ value, label: label ?? value, n }))
      .toSorted((a, b) => b.n - a.n || (a.value < b.value ? -1 : 1))
  const number = (name: string) => counts.find((one) => one.facet === name)?.n ?? 0
  const total = number('total')
  return {
    rows,
    total,
    pages: Math.min(Math.ceil(total / pageSize), 50),
    facets: {
      occupations: facet('occupation').slice(0, 100),
      levels: facet('level'),
      groups: facet('group'),
      hours: facet('hours'),
      captioned: number('captioned'),
      subsidised: number('subsidised'),
    },
  }
}

/** The same question asked of titles alone. */
const titleOnly = (words: string) =>
  words
    .split(' & ')
    .map((one) => (one.endsWith(':*') ? `${one}A` : `${one}:A`))
    .join(' & ')

function conditionsOf(filter: LibraryFilter, words: string) {
  const conditions = [sql<SqlBool>`c.state in ('trial', 'admitted')`]
  if (words !== '') conditions.push(sql<SqlBool>`c.search @@ to_tsquery('simple', ${words})`)
  if (filter.occupation) {
    const [edition = '', code = ''] = filter.occupation.split(':')
    conditions.push(sql<SqlBool>`c.occupation_edition = ${edition} and c.occupation_code = ${code}`)
  }
  if (filter.level) conditions.push(sql<SqlBool>`c.level = ${filter.level}`)
  if (filter.group) conditions.push(sql<SqlBool>`c.groups @> array[${filter.group}]`)
  if (filter.hours) {
    const [from, to] = hourSteps[filter.hours]
    conditions.push(sql<SqlBool>`c.planned_class_hours between ${from} and ${to}`)
  }
  if (filter.captioned) conditions.push(sql<SqlBool>`c.captioned`)
  if (filter.subsidised) conditions.push(sql<SqlBool>`c.subsidised`)
  return conditions
}

export type Conversion = {
  id: string
  programme: string
  classHours: number
  from: string
  to: string | null
  source: string
  state: 'proposed' | 'in-force' | 'rejected'
  proposedBy: string
  proposedName: string
  decidedName: string | null
}

/** What programmes accept of a course, the newest first; proposals too. */
export async function conversionsOf(db: Ctx['db'], courseId: string): Promise<Conversion[]> {
  return db
    .selectFrom('library.conversions')
    .select([
      'id',
      'programme',
      'class_hours as classHours',
      'from_on as from',
      'to_on as to',
      'source',
      'state',
      'proposed_by as proposedBy',
      'proposed_name as proposedName',
      'decided_name as decidedName',
    ])
    .where('course_id', '=', courseId)
    .orderBy('id', 'desc')
    .$castTo<Conversion>()
    .execute()
}

export type Remark = { stars: number; remark: string; ratedAt: Date; personId: string }
export async function remarksOf(db: Ctx['db'], courseId: string): Promise<Remark[]> {
  return db
    .selectFrom('library.ratings')
    .select(['stars', 'remark', 'rated_at as ratedAt', 'person_id as personId'])
    .where('course_id', '=', courseId)
    .where('hidden_at', 'is', null)
    .where('remark', '<>', '')
    .orderBy('rated_at', 'desc')
    .limit(50)
    .execute()
}

export type PublicCourse = CourseRecord & {
  organisation: string
  occupationTitle: string | null
  current: VersionRecord
  history: VersionRecord[]
  items: ItemLine[]
  conversions: Conversion[]
  remarks: Remark[]
  /** Percent that this caller has learnt; null: nothing is known. */
  learnt: number | null
  ownStars: number | null
}

/** The public page of a course that was ever listed; withdrawn and suspended ones say so and show no content. */
export async function publicCourse(ctx: Pick<Ctx, 'db' | 'actor' | 'now'>, id: string): Promise<PublicCourse> {
  const { db } = ctx
  const found = await courses(db)
    .innerJoin('people.organisations as o', 'o.id', 'c.organisation_id')
    .leftJoin('occupations.occupations as oc', (join) =>
      join.onRef('oc.edition', '=', 'c.occupation_edition').onRef('oc.code', '=', 'c.occupation_code'),
    )
    .select(['o.name as organisation', 'oc.title as occupationTitle'])
    .where('c.id', '=', id)
    .where('c.current_version_id', 'is not', null)
    .$castTo<CourseRecord & { organisation: string; occupationTitle: string | null; currentVersionId: string }>()
    .executeTakeFirst()
  if (!found) throw missing('course')
  const person = ctx.actor.personId ?? '00000000-0000-0000-0000-000000000000'
  const [history, lines, conversions, remarks, progress, own] = await Promise.all([
    versions(db)
      .where('v.course_id', '=', id)
      .where('v.published_at', 'is not', null)
      .orderBy('v.number', 'desc')
      .execute(),
    itemsOf(db, found.currentVersionId),
    conversionsOf(db, id),
    remarksOf(db, id),
    db
      .selectFrom('library.progress')
      .select('percent')
      .where('course_id', '=', id)
      .where('person_id', '=', person)
      .executeTakeFirst(),
    db
      .selectFrom('library.ratings')
      .select('stars')
      .where('course_id', '=', id)
      .where('person_id', '=', person)
      .executeTakeFirst(),
  ])
  const current = history.find((one) => one.id === found.currentVersionId)
  if (!current) throw missing('version')
  const today = dayOf(ctx.now)
  const inForce = conversions.filter(
    (one) => one.state === 'in-force' && one.from <= today && (one.to === null || one.to >= today),
  )
  return {
    ...found,
    current,
    history,
    items: lines,
    conversions: inForce,
    remarks,
    learnt: progress?.percent ?? null,
    ownStars: own?.stars ?? null,
  }
}
