import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { RegistrationState } from './registration.schema.ts'
import type { Opening, Tell } from './tool.schema.ts'

type Db = Ctx['db']

export type ToolLesson = {
  registrationId: string
  itemId: string
  courseId: string
  courseTitle: string
  chapterTitle: string
  title: string
  linkId: string
  toolId: string
  toolName: string
  toolState: RegistrationState
  opens: Opening
  tells: Tell[]
  takesScores: boolean
  seesMembers: boolean
  passMark: number | null
  openedAt: Date | null
  passed: boolean | null
  /** The origins that the tool says it is at. */
  addresses: string[]
}

/** A lesson of one's own course that opens a tool, with what came back. */
export async function toolLesson(
  db: Db,
  personId: string,
  registrationId: string,
  itemId: string,
): Promise<ToolLesson | undefined> {
  const { rows } = await sql<ToolLesson>`
    select r.id as "registrationId", i.id as "itemId", c.id as "courseId", c.title as "courseTitle",
      i.chapter_title as "chapterTitle", i.title, l.id as "linkId", t.id as "toolId", t.name as "toolName",
      t.state as "toolState", t.opens, t.tells, 'score' = any(t.scopes) as "takesScores",
      'membership' = any(t.scopes) as "seesMembers", (i.body ->> 'passMark')::int as "passMark",
      (select max(used_at) from connect.launches a where a.person_id = r.person_id and a.link_id = l.id) as "openedAt",
      connect.item_passed(r.person_id, l.id, (i.body ->> 'passMark')::numeric) as passed,
      array[t.login_url, t.target_url, l.url] || t.redirect_uris as addresses
    from learning.registrations r join library.courses c on c.id = r.course_id
      join library.items i on i.version_id = r.version_id
      join connect.links l on l.id = (i.body ->> 'linkId')::uuid and l.course_id = r.course_id
      join connect.tools t on t.id = l.tool_id
    where r.id = ${registrationId} and r.person_id = ${personId} and i.id = ${itemId} and i.kind = 'lti'`.execute(db)
  return rows[0]
}

export type ScoreLine = {
  label: string
  maximum: number
  given: number | null
  outOf: number | null
  activity: string
  grading: string
  comment: string
  at: Date | null
}

/** What a tool has reported of one person in one lesson: the latest of each of its line items. */
export async function scoresOf(db: Db, personId: string, linkId: string): Promise<ScoreLine[]> {
  const { rows } = await sql<ScoreLine>`
    select i.label, i.maximum, s.given, s.maximum as "outOf", s.activity, s.grading, s.comment, s.at
    from connect.line_items i join lateral (select * from connect.scores s
      where s.line_item_id = i.id and s.person_id = ${personId} order by s.at desc limit 1) s on true
    where i.link_id = ${linkId} and i.removed_at is null order by i.created_at, i.label`.execute(db)
  return rows
}

export type CourseLink = { linkId: string; title: string; toolName: string; toolState: RegistrationState; url: string }
export async function linksOfCourse(db: Db, courseId: string): Promise<CourseLink[]> {
  const { rows } = await sql<CourseLink>`
    select l.id as "linkId", l.title, t.name as "toolName", t.state as "toolState", l.url
    from connect.links l join connect.tools t on t.id = l.tool_id where l.course_id = ${courseId} order by l.created_at`.execute(
    db,
  )
  return rows
}

export type LinkScore = {
  personId: string
  name: string
  label: string
  given: number | null
  outOf: number | null
  at: Date
  grading: string
  toolName: string
}
/** The results of a course's learners in its tools, for whoever runs the course. Names are masked. */
export async function courseScores(db: Db, courseId: string): Promise<LinkScore[]> {
  const { rows } = await sql<LinkScore>`
    select s.person_id as "personId", p.name_masked as name, i.label, s.given, s.maximum as "outOf", s.at, s.grading, t.name as "toolName"
    from connect.line_items i join connect.tools t on t.id = i.tool_id
      join lateral (select distinct on (s.person_id) s.* from connect.scores s where s.line_item_id = i.id
        order by s.person_id, s.at desc) s on true
      join people.persons p on p.id = s.person_id
    where i.course_id = ${courseId} and i.removed_at is null order by s.at desc limit 500`.execute(db)
  return rows
}
