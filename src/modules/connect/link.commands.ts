import { courses } from '#modules/library/course.queries.ts'
import { addItem } from '#modules/library/item.commands.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { AddLink, AddPicked, Picked } from './link.schema.ts'
import { mustBeOutward } from './registration.queries.ts'
import { type Custom, readCustom } from './registration.rules.ts'
import { toolById } from './tool.queries.ts'
import type { Tool } from './tool.schema.ts'

const clause = 'HZ4-M13'

/** A course of one's own organisation and a tool that it may open. Anything else is not there. */
export async function mustFit(tx: Tx, courseId: string, toolId: string) {
  const course = await courses(tx.db).where('c.id', '=', courseId).executeTakeFirst()
  if (!course || !tx.actor.can('library.contribute', { organisationId: course.organisationId })) throw missing('course')
  const tool = await toolById(tx.db, toolId)
  if (tool.organisationId !== null && tool.organisationId !== course.organisationId) throw missing('tool')
  if (tool.state !== 'active') throw refused({ clause, reason: 'tool-not-open', facts: {} })
  return { course, tool }
}

type NewLink = {
  courseId: string
  tool: Tool
  title: string
  url: string
  custom: Custom
  chapter: number
  chapterTitle: string
  passMark: number | undefined
  required: boolean
  grade: { label: string; maximum: number; resourceId: string; tag: string } | null
}

/** The link, its line item, and the lesson that opens it: one commit. */
async function insertLink(tx: Tx, one: NewLink): Promise<{ linkId: string; itemId: string }> {
  const { id: linkId } = await tx.db
    .insertInto('connect.links')
    .values({
      tool_id: one.tool.id,
      course_id: one.courseId,
      title: one.title,
      url: mustBeOutward('内容地址', one.url),
      custom: JSON.stringify(one.custom),
      created_by: tx.actor.id,
      created_at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (one.grade && one.tool.scopes.includes('score')) {
    const { label, maximum, resourceId, tag } = one.grade
    await tx.db
      .insertInto('connect.line_items')
      .values({
        tool_id: one.tool.id,
        course_id: one.courseId,
        link_id: linkId,
        label: label || one.title,
        maximum,
        resource_id: resourceId,
        tag,
        made_by: 'author',
        created_at: tx.now,
      })
      .execute()
  }
  const { itemId } = await addItem(tx, {
    courseId: one.courseId,
    kind: 'lti',
    chapter: one.chapter,
    chapterTitle: one.chapterTitle,
    title: one.title,
    required: one.required,
    body: { linkId, ...(one.passMark !== undefined && { passMark: one.passMark }) },
  })
  tx.about('lti-link', linkId)
  return { linkId, itemId }
}

/**
 * A lesson that opens a tool of somebody else, by an address typed in.
 * @clause HZ4-M13
 */
export const addLink: Command<typeof AddLink, { linkId: string; itemId: string }> = command({
  name: 'connect.addLink',
  permission: 'library.contribute',
  input: AddLink,
  async run(tx, input) {
    const { tool } = await mustFit(tx, input.courseId, input.toolId)
    const custom = readCustom(input.custom)
    if (!custom) throw refused({ clause, reason: 'connect-custom', facts: {} })
    tx.about('course', input.courseId)
    tx.about('lti-tool', tool.id)
    return insertLink(tx, {
      ...input,
      tool,
      custom,
      url: input.url ?? tool.targetUrl,
      passMark: input.passMark,
      grade: { label: '', maximum: input.maximum, resourceId: '', tag: '' },
    })
  },
})

/**
 * Lessons from what somebody picked in the tool. They become part of the course only when the one who went there says so
 * here; the tool's answer alone adds nothing.
 * @clause HZ4-M13
 */
export const addPicked: Command<typeof AddPicked, { added: number; courseId: string }> = command({
  name: 'connect.addPicked',
  permission: 'library.contribute',
  input: AddPicked,
  async run(tx, input) {
    const launch = await tx.db
      .selectFrom('connect.launches')
      .select(['id', 'tool_id', 'course_id', 'picked', 'added_at'])
      .where('id', '=', input.launchId)
      .where('account_id', '=', tx.actor.id)
      .where('kind', '=', 'deep-linking')
      .forUpdate()
      .executeTakeFirst()
    if (!launch?.picked) throw missing('lti-launch')
    if (launch.added_at) throw refused({ clause, reason: 'picked-added', facts: {} })
    const { tool } = await mustFit(tx, launch.course_id, launch.tool_id)
    const there = Picked.array().parse(launch.picked)
    const chosen = [...new Set(input.chosen)].flatMap((at) => there[at] ?? [])
    if (chosen.length === 0) throw refused({ clause, reason: 'picked-none', facts: {} })
    tx.about('course', launch.course_id)
    for (const one of chosen) {
      const grade = one.lineItem
      await insertLink(tx, {
        courseId: launch.course_id,
        tool,
        title: one.title || tool.name,
        url: one.url ?? tool.targetUrl,
        custom: one.custom,
        chapter: input.chapter,
        chapterTitle: input.chapterTitle,
        passMark: grade ? input.passMark : undefined,
        required: input.required,
        grade: grade ? { ...grade, maximum: grade.scoreMaximum } : null,
      })
    }
    await tx.db.updateTable('connect.launches').set({ added_at: tx.now }).where('id', '=', launch.id).execute()
    return { added: chosen.length, courseId: launch.course_id }
  },
})
