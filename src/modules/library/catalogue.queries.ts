import { type RawBuilder, type SqlBool, sql } from 'kysely'
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

/** Class hours: bounds of each step, inclusive, as `library.hours_step` has them. */
const hourSteps = { short: [0, 4], middle: [5, 16], long: [17, 2000] } as const

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
 * further choice. Without words the counts are sums over `library.shelves`; with words the matching rows are found once.
 * @clause HZ4-M13
 */
export async function libraryPage({ db }: Pick<Ctx, 'db'>, filter: LibraryFilter): Promise<LibraryPage> {
  const words = searchQuery(filter.q)
  const choices = choicesOf(filter, (step) => sql<SqlBool>`c.hours = ${step}`)
  const fitting =
    words === ''
      ? sql`select c.id, c.admitted_at, 0 as best from library.courses c where ${sql.join([listed, ...choicesOf(filter, hoursWithin)], sql` and `)}`
      : sql`select id, admitted_at, best from found`
  const { rows } = await sql<{ rows: LibraryRow[]; kinds: Kind[] }>`
    with ${words === '' ? sql`` : foundBy(words, choices)}
    page as (
      select id, admitted_at, best from (${fitting}) f order by best, admitted_at desc nulls last, id
      limit ${pageSize} offset ${(filter.page - 1) * pageSize}
    ), kinds as (
      ${
        words === ''
          ? sql`select ${kindColumns}, c.courses as n from library.shelves c where ${sql.join([sql`c.courses > 0`, ...choices], sql` and `)}`
          : sql`select ${kindColumns}, count(*)::int as n from found c group by ${kindColumns}`
      }
    )
    select
      (select coalesce(json_agg(json_build_object('id', c.id, 'number', c.number, 'title', c.title, 'summary', left(c.summary, 200), 'state', c.state,
          'level', c.level, 'plannedClassHours', c.planned_class_hours, 'captioned', c.captioned, 'subsidised', c.subsidised,
          'ratingCount', c.rating_count, 'ratingSum', c.rating_sum, 'groups', c.groups, 'organisation', o.name, 'occupationTitle', oc.title)
          order by p.best, p.admitted_at desc nulls last, p.id), '[]')
        from page p join library.courses c on c.id = p.id join people.organisations o on o.id = c.organisation_id
          left join occupations.occupations oc on oc.edition = c.occupation_edition and oc.code = c.occupation_code) as rows,
      (select coalesce(json_agg(json_build_object('occupation', k.occupation_edition || ':' || k.occupation_code, 'title', oc.title || '（' || oc.edition || '年版）',
          'level', k.level, 'groups', k.groups, 'hours', k.hours, 'captioned', k.captioned, 'subsidised', k.subsidised, 'n', k.n)), '[]')
        from kinds k left join occupations.occupations oc on oc.edition = k.occupation_edition and oc.code = k.occupation_code) as kinds
  `.execute(db)
  const found = rows[0] ?? { rows: [], kinds: [] }
  const total = found.kinds.reduce((sum, { n }) => sum + n, 0)
  return { rows: found.rows, total, pages: Math.min(Math.ceil(total / pageSize), 50), facets: facetsOf(found.kinds) }
}

const kindColumns = sql.raw(
  'c.occupation_edition, c.occupation_code, c.level, c.groups, c.hours, c.captioned, c.subsidised',
)

const foundBy = (words: string, choices: RawBuilder<SqlBool>[]) => sql`
  found as materialized (
    select * from (
      select c.id, c.admitted_at, c.occupation_edition, c.occupation_code, c.level, c.groups, library.hours_step(c.planned_class_hours) as hours,
        c.captioned, c.subsidised, case when c.search @@ to_tsquery('simple', ${titleOnly(words)}) then 0 else 1 end as best
      from library.courses c where ${listed} and c.search @@ to_tsquery('simple', ${words})
    ) c ${choices.length > 0 ? sql`where ${sql.join(choices, sql` and `)}` : sql``}
  ),`

/** So many listed courses that are alike in everything one can choose by. */
type Kind = {
  occupation: string | null
  title: string | null
  level: string | null
  groups: string[]
  hours: string
  captioned: boolean
  subsidised: boolean
  n: number
}

function facetsOf(kinds: Kind[]): LibraryPage['facets'] {
  const facet = (valuesOf: (kind: Kind) => [value: string, label: string][]): Facet[] => {
    const counts = new Map<string, Facet>()
    for (const kind of kinds) {
      for (const [value, label] of valuesOf(kind)) {
        const known = counts.get(value) ?? { value, label, n: 0 }
        counts.set(value, { ...known, n: known.n + kind.n })
      }
    }
    return [...counts.values()].toSorted((a, b) => b.n - a.n || (a.value < b.value ? -1 : 1))
  }
  const number = (of: (kind: Kind) => boolean) => kinds.filter(of).reduce((sum, { n }) => sum + n, 0)
  return {
    occupations: facet((one) => (one.occupation ? [[one.occupation, one.title ?? one.occupation]] : [])).slice(0, 100),
    levels: facet((one) => (one.level ? [[one.level, one.level]] : [])),
    groups: facet((one) => one.groups.map((group) => [group, group])),
    hours: facet((one) => [[one.hours, one.hours]]),
    captioned: number((one) => one.captioned),
    subsidised: number((one) => one.subsidised),
  }
}

/** The same question asked of titles alone. */
const titleOnly = (words: string) =>
  words
    .split(' & ')
    .map((one) => (one.endsWith(':*') ? `${one}A` : `${one}:A`))
    .join(' & ')

const listed = sql<SqlBool>`c.state in ('trial', 'admitted')`

type Step = keyof typeof hourSteps
/** Bounds, not the function: of bounds the database knows how many courses lie within. */
const hoursWithin = (step: Step) =>
  sql<SqlBool>`c.planned_class_hours between ${hourSteps[step][0]} and ${hourSteps[step][1]}`

/** What was chosen, of a course or of a shelf `c`. */
function choicesOf(filter: LibraryFilter, stepIs: (step: Step) => RawBuilder<SqlBool>): RawBuilder<SqlBool>[] {
  const choices: RawBuilder<SqlBool>[] = []
  if (filter.occupation) {
    const [edition = '', code = ''] = filter.occupation.split(':')
    choices.push(sql<SqlBool>`c.occupation_edition = ${edition} and c.occupation_code = ${code}`)
  }
  if (filter.level) choices.push(sql<SqlBool>`c.level = ${filter.level}`)
  if (filter.group) choices.push(sql<SqlBool>`c.groups @> array[${filter.group}]`)
  if (filter.hours) choices.push(stepIs(filter.hours))
  if (filter.captioned) choices.push(sql<SqlBool>`c.captioned`)
  if (filter.subsidised) choices.push(sql<SqlBool>`c.subsidised`)
  return choices
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
