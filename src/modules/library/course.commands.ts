import { sql } from 'kysely'
import type { z } from 'zod'
import { parseKey } from '#modules/occupations/catalogue.schema.ts'
import { recordMove } from '#platform/casework.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { nextNumber } from '#platform/counters.ts'
import { conflict, invalid, missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import type { Permission } from '#platform/permissions.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import {
  type CourseRecord,
  contentDigest,
  contentOf,
  courses,
  itemsOf,
  type VersionRecord,
  versions,
} from './course.queries.ts'
import { checkContent, courseCycle, workable } from './course.rules.ts'
import {
  CourseReason,
  type CourseState,
  CourseStep,
  CreateCourse,
  EditCourse,
  PlanVersion,
  rightsStatement,
  SubmitCourse,
} from './course.schema.ts'
import { neededFigure } from './figure.commands.ts'
import { refreshSearch } from './search.commands.ts'

export type CourseMoved = { courseId: string; state: CourseState }

/** A new draft with its first version, still empty. */
export const createCourse: Command<typeof CreateCourse, { courseId: string }> = command({
  name: 'library.createCourse',
  permission: 'library.contribute',
  input: CreateCourse,
  async run(tx, input) {
    if (!tx.actor.can('library.contribute', { organisationId: input.organisationId })) throw missing('organisation')
    const { id } = await tx.db
      .insertInto('library.courses')
      .values({
        organisation_id: input.organisationId,
        ...aboutOf(tx, input),
        created_by: tx.actor.id,
        created_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await tx.db
      .insertInto('library.versions')
      .values({ course_id: id, number: 1, created_by: tx.actor.id, created_at: tx.now })
      .execute()
    tx.about('course', id)
    await recordMove(tx, { kind: 'course', id, move: 'create', from: '', to: 'draft' })
    await refreshSearch(tx, id)
    return { courseId: id }
  },
})

/** What a course is called and for whom it is. */
export const editCourse: Command<typeof EditCourse, { courseId: string; version: number }> = command({
  name: 'library.editCourse',
  permission: 'library.contribute',
  input: EditCourse,
  async run(tx, input) {
    const record = await lockCourse(tx, input.courseId, 'library.contribute')
    if (!workable.includes(record.state)) throw wrongState(record)
    if (record.version !== input.version) throw conflict('course')
    const version = record.version + 1
    await tx.db
      .updateTable('library.courses')
      .set({ ...aboutOf(tx, input), version })
      .where('id', '=', record.id)
      .execute()
    await refreshSearch(tx, record.id)
    return { courseId: record.id, version }
  },
})

/** How many class hours the open version asks for, and what is new in it. */
export const planVersion: Command<typeof PlanVersion, { courseId: string }> = command({
  name: 'library.planVersion',
  permission: 'library.contribute',
  input: PlanVersion,
  async run(tx, input) {
    const { open } = await lockWork(tx, input.courseId)
    await tx.db
      .updateTable('library.versions')
      .set({ planned_class_hours: input.plannedClassHours, change_note: input.changeNote })
      .where('id', '=', open.id)
      .execute()
    return { courseId: input.courseId }
  },
})

/**
 * Opens the next version as a copy of the published one; that one stays in use until the new one is through.
 * @clause L05
 */
export const startVersion: Command<typeof CourseStep, { courseId: string; number: number }> = command({
  name: 'library.startVersion',
  permission: 'library.contribute',
  input: CourseStep,
  async run(tx, { courseId }) {
    const record = await lockCourse(tx, courseId, 'library.contribute')
    if (!workable.includes(record.state) || record.currentVersionId === null) throw wrongState(record)
    const all = await versions(tx.db).where('v.course_id', '=', courseId).orderBy('v.number', 'desc').execute()
    if (all.some((one) => one.publishedAt === null)) throw refused({ clause: 'L05', reason: 'version-open', facts: {} })
    const number = (all[0]?.number ?? 0) + 1
    const { id } = await tx.db
      .insertInto('library.versions')
      .values({
        course_id: courseId,
        number,
        planned_class_hours: record.plannedClassHours,
        created_by: tx.actor.id,
        created_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await sql`
      insert into library.items (version_id, chapter, chapter_title, position, kind, title, planned_seconds, media_id, package_id, body, required)
      select ${id}, chapter, chapter_title, position, kind, title, planned_seconds, media_id, package_id, body, required
      from library.items where version_id = ${record.currentVersionId}
    `.execute(tx.db)
    return { courseId, number }
  },
})

/**
 * Submits the open version with the signed commitment of rights, and opens a round of review.
 * @clause L01
 */
export const submitCourse: Command<typeof SubmitCourse, CourseMoved & { number: string }> = command({
  name: 'library.submit',
  permission: 'library.submit',
  input: SubmitCourse,
  async run(tx, input) {
    const { record, open } = await lockWork(tx, input.courseId, 'library.submit')
    if (record.version !== input.version) throw conflict('course')
    const first = record.currentVersionId === null
    const to = first ? moveTo(record, 'submit') : record.state
    const hourMinutes = await neededFigure(tx, 'R03.minutes', 'L01')
    const decision = checkContent(await contentOf(tx.db, open, hourMinutes))
    if (!decision.ok) throw refused(decision.refusal)
    const today = dayOf(tx.now)
    const standard = tx.plan.admissionStandards.findLast(
      (one) => one.from <= today && (one.to === null || today <= one.to),
    )
    if (!standard) throw refused({ clause: 'L01', reason: 'no-standard', facts: {} })
    await tx.db
      .insertInto('library.declarations')
      .values({
        version_id: open.id,
        basis: input.basis,
        rights_note: input.rightsNote,
        statement: rightsStatement,
        content_sha256: await contentDigest(tx.db, open),
        signed_by: tx.actor.id,
        signed_name: tx.actor.name,
        signed_at: tx.now,
      })
      .execute()
    await tx.db.updateTable('library.versions').set({ state: 'submitted' }).where('id', '=', open.id).execute()
    await tx.db
      .insertInto('library.rounds')
      .values({
        course_id: record.id,
        version_id: open.id,
        kind: first ? 'admission' : 'new-version',
        standard: standard.edition,
        opened_by: tx.actor.id,
        opened_at: tx.now,
      })
      .execute()
    const series = `KC${yearOf(today)}`
    const number = record.number ?? `${series}-${String(await nextNumber(tx, 'library', series)).padStart(4, '0')}`
    return {
      ...(await moveCourse(tx, record, 'submit', to, {
        number,
        submitted_by: tx.actor.id,
        submitted_at: tx.now,
      })),
      number,
    }
  },
})

/** Takes a submission back as long as no reviewer has picked it up. */
export const callBackCourse: Command<typeof CourseStep, CourseMoved> = command({
  name: 'library.callBack',
  permission: 'library.submit',
  input: CourseStep,
  async run(tx, { courseId }) {
    const record = await lockCourse(tx, courseId, 'library.submit')
    const to = record.currentVersionId === null ? moveTo(record, 'call-back') : record.state
    const { rows } = await sql<{ version_id: string }>`
      update library.rounds set state = 'called-back' where course_id = ${courseId} and state = 'waiting' and kind <> 'recheck'
      returning version_id
    `.execute(tx.db)
    if (!rows[0]) throw wrongState(record)
    await tx.db.updateTable('library.versions').set({ state: 'draft' }).where('id', '=', rows[0].version_id).execute()
    return moveCourse(tx, record, 'call-back', to, {})
  },
})

/** The contributor takes the course out for good. Who learnt by it keeps what he learnt. */
export const withdrawCourse: Command<typeof CourseReason, CourseMoved> = command({
  name: 'library.withdraw',
  permission: 'library.submit',
  input: CourseReason,
  async run(tx, { courseId, reason }) {
    const record = await lockCourse(tx, courseId, 'library.submit')
    const to = moveTo(record, 'withdraw')
    await sql`update library.rounds set state = 'called-back' where course_id = ${courseId} and state in ('waiting', 'under-review')`.execute(
      tx.db,
    )
    return moveCourse(tx, record, 'withdraw', to, { suspended_for: '' }, reason)
  },
})

/** Locks a course for whoever may do this to it; anybody else's is missing. */
export async function lockCourse(tx: Tx, id: string, permission: Permission): Promise<CourseRecord> {
  const record = await courses(tx.db).where('c.id', '=', id).forUpdate().executeTakeFirst()
  const own = permission === 'library.contribute' || permission === 'library.submit'
  if (!record || (own && !tx.actor.can(permission, { organisationId: record.organisationId }))) throw missing('course')
  tx.about('course', record.id)
  tx.about('organisation', record.organisationId)
  return record
}

/** A course of one's own with the version that may be worked on. */
export async function lockWork(
  tx: Tx,
  courseId: string,
  permission: Permission = 'library.contribute',
): Promise<{ record: CourseRecord; open: VersionRecord }> {
  const record = await lockCourse(tx, courseId, permission)
  if (!workable.includes(record.state)) throw wrongState(record)
  const open = await versions(tx.db)
    .where('v.course_id', '=', courseId)
    .where('v.state', '=', 'draft')
    .forUpdate()
    .executeTakeFirst()
  if (!open) throw refused({ clause: 'L05', reason: 'version-locked', facts: {} })
  return { record, open }
}

export const wrongState = (record: Pick<CourseRecord, 'state'>) =>
  refused({ clause: 'L01', reason: 'wrong-state', facts: { state: record.state } })

/** The state after a move, or the refusal thrown. */
export function moveTo(record: Pick<CourseRecord, 'state'>, name: keyof typeof courseCycle): CourseState {
  const step = courseCycle[name]
  if (!step.from.includes(record.state)) throw wrongState(record)
  return step.to
}

export async function moveCourse(
  tx: Tx,
  record: CourseRecord,
  name: string,
  to: CourseState,
  set: Record<string, unknown>,
  note = '',
): Promise<CourseMoved> {
  await tx.db
    .updateTable('library.courses')
    .set({ ...set, state: to, version: record.version + 1 })
    .where('id', '=', record.id)
    .execute()
  await recordMove(tx, { kind: 'course', id: record.id, move: name, from: record.state, to, note })
  return { courseId: record.id, state: to }
}

/**
 * Makes a version the one that is learnt by: from now on neither it nor its items can change.
 * @clause L05
 */
export async function publishVersion(tx: Tx, courseId: string, versionId: string): Promise<Record<string, unknown>> {
  const { planned_class_hours } = await tx.db
    .updateTable('library.versions')
    .set({ state: 'published', published_at: tx.now })
    .where('id', '=', versionId)
    .returning('planned_class_hours')
    .executeTakeFirstOrThrow()
  const playable = (await itemsOf(tx.db, versionId)).filter(({ kind }) => kind === 'video')
  const captioned = playable.length > 0 && playable.every(({ captions }) => captions > 0)
  await tx.db.updateTable('library.courses').set({ current_version_id: versionId }).where('id', '=', courseId).execute()
  await refreshSearch(tx, courseId)
  return { current_version_id: versionId, planned_class_hours, captioned }
}

type About = Omit<z.output<typeof CreateCourse>, 'organisationId'>

function aboutOf(tx: Tx, input: About) {
  const occupation = input.occupation === '' ? null : parseKey(input.occupation)
  if (input.occupation !== '' && !occupation) throw invalid({ occupation: ['请从列表中选择职业'] })
  const known = new Set(tx.plan.groups.map(({ id }) => id))
  if (!input.groups.every((group) => known.has(group))) throw invalid({ groups: ['请从列表中选择人群'] })
  if (input.subdistrict !== '' && !tx.plan.subdistricts.some(({ code }) => code === input.subdistrict)) {
    throw invalid({ subdistrict: ['请从列表中选择街道'] })
  }
  return {
    title: input.title,
    summary: input.summary,
    occupation_edition: occupation?.edition ?? null,
    occupation_code: occupation?.code ?? null,
    level: input.level || null,
    groups: input.groups,
    subdistrict: input.subdistrict || null,
  }
}

/** A figure of today as it stands; null when the district has not decided. */
export async function figureToday(tx: Pick<Tx, 'db' | 'plan' | 'now'>, id: string): Promise<number | null> {
  return (await figuresFor(tx))(id, dayOf(tx.now)).value
}
