import { sql } from 'kysely'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { addDays, dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { type CourseMoved, figureToday, lockCourse, moveCourse, moveTo } from './course.commands.ts'
import { CourseStep } from './course.schema.ts'
import { neededFigure } from './figure.commands.ts'
import { DecideConversion, EndConversion, ProposeConversion, SuspendCourse, WatchCourse } from './listing.schema.ts'
import { nextRecheck, openRecheck } from './round.commands.ts'
import { whyOffList } from './round.rules.ts'

/**
 * Looks at one listed course as the night does: trial over → admitted; too many confirmed complaints or too low a
 * rating → suspended; re-check due → a round is opened, and a month later without one → suspended.
 * @clause L01 L02
 */
export const watchCourse: Command<typeof WatchCourse, CourseMoved> = command({
  name: 'library.watch',
  permission: 'library.manage',
  input: WatchCourse,
  async run(tx, { courseId }) {
    const record = await lockCourse(tx, courseId, 'library.manage')
    const stays = { courseId, state: record.state }
    await refreshSubsidised(tx, courseId)
    if (record.state !== 'trial' && record.state !== 'admitted') return stays
    const complaints = await complaintsOf(tx, courseId)
    const why = whyOffList({
      ratingCount: record.ratingCount,
      ratingSum: record.ratingSum,
      confirmedComplaints: complaints.confirmed,
      ratingLeast: await figureToday(tx, 'LIB.ratingLeast'),
      ratingFloorTenths: await figureToday(tx, 'LIB.ratingFloorTenths'),
      complaintMax: await figureToday(tx, 'LIB.complaintMax'),
    })
    if (why) return moveCourse(tx, record, 'suspend', moveTo(record, 'suspend'), { suspended_for: why })
    const today = dayOf(tx.now)
    if (record.state === 'trial') {
      const days = await figureToday(tx, 'LIB.trialDays')
      const over = days !== null && record.trialFromOn !== null && addDays(record.trialFromOn, days) <= today
      if (!over || complaints.open > 0) return stays
      return moveCourse(tx, record, 'admit', moveTo(record, 'admit'), {
        admitted_at: tx.now,
        recheck_on: await nextRecheck(tx),
      })
    }
    if (record.recheckOn === null || record.recheckOn > today) return stays
    await openRecheck(tx, record)
    if (addDays(record.recheckOn, 30) > today) return stays
    return moveCourse(tx, record, 'suspend', moveTo(record, 'suspend'), { suspended_for: 'recheck-overdue' })
  },
})

async function complaintsOf(tx: Tx, courseId: string): Promise<{ confirmed: number; open: number }> {
  const { rows } = await sql<{ confirmed: number; open: number }>`
    select count(*) filter (where finding = 'confirmed' and made_at > ${tx.now}::timestamptz - interval '1 year')::int as confirmed,
      count(*) filter (where state = 'open')::int as open
    from library.complaints where course_id = ${courseId}
  `.execute(tx.db)
  return rows[0] ?? { confirmed: 0, open: 0 }
}

/** The office takes a course off the list at once, with its reason. @clause L02 */
export const suspendCourse: Command<typeof SuspendCourse, CourseMoved> = command({
  name: 'library.suspend',
  permission: 'library.manage',
  input: SuspendCourse,
  async run(tx, { courseId, reason }) {
    const record = await lockCourse(tx, courseId, 'library.manage')
    return moveCourse(tx, record, 'suspend', moveTo(record, 'suspend'), { suspended_for: 'office' }, reason)
  },
})

/** Asks for a re-check of a suspended or listed course; two reviewers decide whether it comes back. @clause L02 */
export const askRecheck: Command<typeof CourseStep, { courseId: string }> = command({
  name: 'library.askRecheck',
  permission: 'library.manage',
  input: CourseStep,
  async run(tx, { courseId }) {
    const record = await lockCourse(tx, courseId, 'library.manage')
    if (record.state !== 'suspended' && record.state !== 'admitted') {
      throw refused({ clause: 'L02', reason: 'wrong-state', facts: { state: record.state } })
    }
    await openRecheck(tx, record)
    return { courseId }
  },
})

type Conversion = { conversionId: string; state: string }

/**
 * Proposes how many class hours of a course a programme accepts. Never more than the course has, nor than the
 * programme's own limit; while that limit is undecided nothing can be proposed.
 * @clause L03
 */
export const proposeConversion: Command<typeof ProposeConversion, Conversion> = command({
  name: 'library.proposeConversion',
  permission: 'library.manage',
  input: ProposeConversion,
  async run(tx, input) {
    const record = await lockCourse(tx, input.courseId, 'library.manage')
    if (record.state !== 'admitted')
      throw refused({ clause: 'L03', reason: 'wrong-state', facts: { state: record.state } })
    if (!tx.plan.programmes.some(({ code }) => code === input.programme)) {
      throw refused({ clause: 'L03', reason: 'programme-unknown', facts: {} })
    }
    if (input.classHours > record.plannedClassHours) {
      throw refused({ clause: 'L03', reason: 'hours-over-course', facts: { hours: record.plannedClassHours } })
    }
    const cap = await neededFigure(tx, `LIB.hours.${input.programme}`, 'L03')
    if (input.classHours > cap) throw refused({ clause: 'L03', reason: 'hours-over-cap', facts: { cap } })
    const { id } = await tx.db
      .insertInto('library.conversions')
      .values({
        course_id: record.id,
        programme: input.programme,
        class_hours: input.classHours,
        from_on: input.from,
        to_on: input.to ?? null,
        source: input.source,
        proposed_by: tx.actor.id,
        proposed_name: tx.actor.name,
        proposed_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('conversion', id)
    return { conversionId: id, state: 'proposed' }
  },
})

/** Another person approves or refuses it. @clause L03 */
export const decideConversion: Command<typeof DecideConversion, Conversion> = command({
  name: 'library.decideConversion',
  permission: 'library.approve',
  input: DecideConversion,
  async run(tx, { conversionId, decision }) {
    const found = await lockConversion(tx, conversionId)
    if (found.state !== 'proposed') throw refused({ clause: 'L03', reason: 'conversion-decided', facts: {} })
    if (found.proposed_by === tx.actor.id) throw refused({ clause: 'L03', reason: 'four-eyes', facts: {} })
    const state = decision === 'approve' ? 'in-force' : 'rejected'
    if (state === 'in-force' && (await overlaps(tx, found))) {
      throw refused({ clause: 'L03', reason: 'conversion-overlap', facts: {} })
    }
    await tx.db
      .updateTable('library.conversions')
      .set({ state, decided_by: tx.actor.id, decided_name: tx.actor.name, decided_at: tx.now })
      .where('id', '=', conversionId)
      .execute()
    await refreshSubsidised(tx, found.course_id)
    return { conversionId, state }
  },
})

/** Ends one from a day on; the days before stay as they were. @clause L03 */
export const endConversion: Command<typeof EndConversion, Conversion> = command({
  name: 'library.endConversion',
  permission: 'library.approve',
  input: EndConversion,
  async run(tx, { conversionId, to }) {
    const found = await lockConversion(tx, conversionId)
    if (found.state !== 'in-force' || to < (found.from_on as Day) || to < dayOf(tx.now)) {
      throw refused({ clause: 'L03', reason: 'conversion-decided', facts: {} })
    }
    await tx.db.updateTable('library.conversions').set({ to_on: to }).where('id', '=', conversionId).execute()
    return { conversionId, state: found.state }
  },
})

async function lockConversion(tx: Tx, id: string) {
  const found = await tx.db.selectFrom('library.conversions').selectAll().where('id', '=', id).executeTakeFirst()
  if (!found) throw missing('conversion')
  await lockCourse(tx, found.course_id, 'library.approve')
  tx.about('conversion', id)
  return tx.db.selectFrom('library.conversions').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
}

async function overlaps(
  tx: Tx,
  one: { id: string; course_id: string; programme: string; from_on: unknown; to_on: unknown },
) {
  const { rows } = await sql`
    select from library.conversions where course_id = ${one.course_id} and programme = ${one.programme} and state = 'in-force'
      and id <> ${one.id} and daterange(from_on, to_on, '[]') && daterange(${one.from_on}::date, ${one.to_on}::date, '[]')
  `.execute(tx.db)
  return rows.length > 0
}

/** Whether any programme accepts hours of the course today; a facet of the catalogue, refreshed every night. */
export async function refreshSubsidised(tx: Tx, courseId: string): Promise<void> {
  await sql`
    update library.courses c set subsidised = exists (select from library.conversions v where v.course_id = c.id
      and v.state = 'in-force' and daterange(v.from_on, v.to_on, '[]') @> ${dayOf(tx.now)}::date)
    where id = ${courseId}
  `.execute(tx.db)
}
