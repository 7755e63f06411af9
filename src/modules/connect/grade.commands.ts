import { sql } from 'kysely'
import { type Command, command, type Tx } from '#platform/command.ts'
import { conflict, invalid, missing } from '#platform/errors.ts'
import { isInCourse, lineItems } from './grade.queries.ts'
import {
  ChangeLineItem,
  type LineItem,
  type LineItemBody,
  MakeLineItem,
  NameMembers,
  RemoveLineItem,
  TakeScore,
} from './grade.schema.ts'

const instant = (text: string | null | undefined) => (text ? new Date(text) : null)
const columnsOf = (item: LineItemBody) => ({
  label: item.label,
  maximum: item.scoreMaximum,
  resource_id: item.resourceId,
  tag: item.tag,
  starts_at: instant(item.startDateTime),
  ends_at: instant(item.endDateTime),
})
type Place = { toolId: string; courseId: string }

/** A line item that a tool adds to a course it is opened in. @clause HZ4-M13 */
export const makeLineItem: Command<typeof MakeLineItem, { id: string }> = command({
  name: 'connect.makeLineItem',
  permission: 'system.operate',
  input: MakeLineItem,
  async run(tx, { item, ...place }) {
    if (!(await isInCourse(tx.db, place))) throw missing('course')
    const linkId = item.resourceLinkId ? await ownLink(tx, place, item.resourceLinkId) : null
    if ((await lineItems(tx.db, place)).length >= 500) throw conflict('line-items')
    const { id } = await tx.db
      .insertInto('connect.line_items')
      .values({
        tool_id: place.toolId,
        course_id: place.courseId,
        link_id: linkId,
        ...columnsOf(item),
        made_by: 'tool',
        created_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('line-item', id)
    tx.about('course', place.courseId)
    return { id }
  },
})

async function ownLink(tx: Tx, { toolId, courseId }: Place, resourceLinkId: string): Promise<string> {
  const row = await tx.db
    .selectFrom('connect.links')
    .select('id')
    .where('tool_id', '=', toolId)
    .where('course_id', '=', courseId)
    .where(sql<boolean>`id::text = ${resourceLinkId}`)
    .executeTakeFirst()
  if (!row) throw invalid({ resourceLinkId: ['is no link of this tool in this context'] })
  return row.id
}

async function ownItem(tx: Tx, { toolId, courseId }: Place, lineItemId: string): Promise<LineItem> {
  await sql`select from connect.line_items where id = ${lineItemId} for update`.execute(tx.db)
  const found = (await lineItems(tx.db, { toolId, courseId })).find(({ id }) => id === lineItemId)
  if (!found) throw missing('line-item')
  tx.about('line-item', lineItemId)
  tx.about('course', courseId)
  return found
}

/** Another label, maximum, tag or time; what it belongs to stays as it is. */
export const changeLineItem: Command<typeof ChangeLineItem, { id: string }> = command({
  name: 'connect.changeLineItem',
  permission: 'system.operate',
  input: ChangeLineItem,
  async run(tx, { lineItemId, item, ...place }) {
    const found = await ownItem(tx, place, lineItemId)
    if (item.resourceLinkId !== undefined && item.resourceLinkId !== (found.linkId ?? ''))
      throw invalid({ resourceLinkId: ['cannot change'] })
    await tx.db.updateTable('connect.line_items').set(columnsOf(item)).where('id', '=', lineItemId).execute()
    return { id: lineItemId }
  },
})

/** Takes a line item away; the scores in it stay as evidence and count no more. */
export const removeLineItem: Command<typeof RemoveLineItem, { id: string }> = command({
  name: 'connect.removeLineItem',
  permission: 'system.operate',
  input: RemoveLineItem,
  async run(tx, { lineItemId, ...place }) {
    await ownItem(tx, place, lineItemId)
    await tx.db.updateTable('connect.line_items').set({ removed_at: tx.now }).where('id', '=', lineItemId).execute()
    return { id: lineItemId }
  },
})

/**
 * A score of a learner of the course. One that is not newer than the last one, by the tool's own time, changes nothing
 * and is told so. A score never gives hours.
 * @clause HZ4-M13 C16
 */
export const takeScore: Command<typeof TakeScore, { id: string }> = command({
  name: 'connect.takeScore',
  permission: 'system.operate',
  input: TakeScore,
  told: ({ lineItemId, toolId, courseId, score }) => ({ lineItemId, toolId, courseId, grading: score.gradingProgress }),
  async run(tx, { lineItemId, score, ...place }) {
    await ownItem(tx, place, lineItemId)
    const { rows } = await sql<{ personId: string }>`select u.person_id as "personId" from connect.subjects u
      where u.tool_id = ${place.toolId} and u.subject = ${score.userId}
        and exists (select from learning.registrations r where r.course_id = ${place.courseId} and r.person_id = u.person_id)`.execute(
      tx.db,
    )
    const personId = rows[0]?.personId
    if (!personId) throw missing('member')
    const at = new Date(score.timestamp)
    const last = await tx.db
      .selectFrom('connect.scores')
      .select((eb) => eb.fn.max('at').as('at'))
      .where('line_item_id', '=', lineItemId)
      .where('person_id', '=', personId)
      .executeTakeFirst()
    if (last?.at && new Date(last.at) >= at) throw conflict('score')
    const { id } = await tx.db
      .insertInto('connect.scores')
      .values({
        line_item_id: lineItemId,
        person_id: personId,
        at,
        received_at: tx.now,
        given: score.scoreGiven ?? null,
        maximum: score.scoreMaximum ?? null,
        activity: score.activityProgress,
        grading: score.gradingProgress,
        comment: score.comment,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('person', personId)
    return { id }
  },
})

/** Gives every learner of a course a number for the tool that asks who is there. */
export const nameMembers: Command<typeof NameMembers, { count: number }> = command({
  name: 'connect.nameMembers',
  permission: 'system.operate',
  input: NameMembers,
  async run(tx, { toolId, courseId }) {
    if (!(await isInCourse(tx.db, { toolId, courseId }))) throw missing('course')
    const { numAffectedRows } = await sql`insert into connect.subjects (tool_id, person_id)
      select distinct ${toolId}::uuid, r.person_id from learning.registrations r where r.course_id = ${courseId}
      on conflict do nothing`.execute(tx.db)
    tx.about('lti-tool', toolId)
    tx.about('course', courseId)
    return { count: Number(numAffectedRows ?? 0n) }
  },
})
