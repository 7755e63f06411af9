import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { LineItem } from './grade.schema.ts'

type Db = Ctx['db']
type Place = { toolId: string; courseId: string }

/** Whether the tool is opened anywhere in the course: else the course is not there for it. */
export async function isInCourse(db: Db, { toolId, courseId }: Place): Promise<boolean> {
  const row = await db
    .selectFrom('connect.links')
    .select('id')
    .where('tool_id', '=', toolId)
    .where('course_id', '=', courseId)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export type LineItemFilter = { resourceLinkId?: string; resourceId?: string; tag?: string }

/** The tool's own line items of the course, never another tool's. */
export async function lineItems(db: Db, { toolId, courseId }: Place, filter: LineItemFilter = {}): Promise<LineItem[]> {
  let query = db
    .selectFrom('connect.line_items as i')
    .select(['i.id', 'i.link_id as linkId', 'i.label', 'i.maximum', 'i.resource_id as resourceId', 'i.tag'])
    .select(['i.starts_at as startsAt', 'i.ends_at as endsAt'])
    .where('i.tool_id', '=', toolId)
    .where('i.course_id', '=', courseId)
    .where('i.removed_at', 'is', null)
    .orderBy('i.created_at')
    .orderBy('i.id')
    .limit(1000)
  if (filter.resourceLinkId !== undefined) query = query.where(sql<boolean>`i.link_id::text = ${filter.resourceLinkId}`)
  if (filter.resourceId !== undefined) query = query.where('i.resource_id', '=', filter.resourceId)
  if (filter.tag !== undefined) query = query.where('i.tag', '=', filter.tag)
  return query.$castTo<LineItem>().execute()
}

export type ResultRow = { subject: string; given: number; outOf: number; comment: string; maximum: number }

/** Results of a line item: one a person, the latest that is graded. */
export async function resultsOf(
  db: Db,
  { toolId, courseId }: Place,
  lineItemId: string,
  subject: string | undefined,
): Promise<ResultRow[]> {
  const { rows } = await sql<ResultRow>`
    select u.subject, s.given, s.maximum as "outOf", s.comment, i.maximum
    from connect.line_items i
      join lateral (select distinct on (s.person_id) s.* from connect.scores s where s.line_item_id = i.id
        order by s.person_id, s.at desc) s on true
      join connect.subjects u on u.tool_id = i.tool_id and u.person_id = s.person_id
    where i.id = ${lineItemId} and i.tool_id = ${toolId} and i.course_id = ${courseId} and i.removed_at is null
      and s.given is not null and s.grading = 'FullyGraded' and (${subject ?? null}::text is null or u.subject = ${subject ?? null}::text)
    order by u.subject`.execute(db)
  return rows
}

export type Member = { subject: string; personId: string }

/** Learners of the course, by who they are to this tool; `after` is the last one of the page before. */
export async function membersOf(
  db: Db,
  { toolId, courseId }: Place,
  page: { limit: number; after: string; linkId?: string },
): Promise<Member[]> {
  const { rows } = await sql<Member>`
    select u.subject, u.person_id as "personId" from connect.subjects u
    where u.tool_id = ${toolId} and u.subject > ${page.after}
      and exists (select from learning.registrations r where r.course_id = ${courseId} and r.person_id = u.person_id
        and (${page.linkId ?? null}::text is null or exists (select from library.items i where i.version_id = r.version_id
          and i.kind = 'lti' and i.body ->> 'linkId' = ${page.linkId ?? null}::text)))
    order by u.subject limit ${page.limit}`.execute(db)
  return rows
}
