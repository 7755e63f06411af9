import { classHoursOf } from '#modules/training/hours.queries.ts'
import type { Ctx } from '#platform/command.ts'
import type { Part } from './assessment.schema.ts'
import type { Check } from './result.schema.ts'

type Db = Ctx['db']

export type ResultRow = {
  id: string
  enrolmentId: string
  personId: string
  name: string
  document: string
  passed: boolean
  totalMillipoints: number | null
  classHours: number
  attendedMinutes: number
  plannedMinutes: number
  revision: number
  checks: Check[]
  decidedAt: Date
  certificateId: string | null
  certificateNumber: string | null
}

/** The results of a class as they stand, in the roster's order. */
export async function resultsOf(db: Db, classId: string): Promise<ResultRow[]> {
  return db
    .selectFrom('assessment.current_results as r')
    .innerJoin('training.enrolments as e', 'e.id', 'r.enrolment_id')
    .innerJoin('people.persons as p', 'p.id', 'r.person_id')
    .leftJoin('assessment.certificates as c', (join) =>
      join.onRef('c.enrolment_id', '=', 'r.enrolment_id').on('c.state', '=', 'issued'),
    )
    .select([
      'r.id',
      'r.enrolment_id as enrolmentId',
      'r.person_id as personId',
      'p.name_masked as name',
      'p.document_masked as document',
      'r.passed',
      'r.total_millipoints as totalMillipoints',
      'r.class_hours as classHours',
      'r.attended_minutes as attendedMinutes',
      'r.planned_minutes as plannedMinutes',
      'r.revision',
      'r.explanation as checks',
      'r.decided_at as decidedAt',
      'c.id as certificateId',
      'c.number as certificateNumber',
    ])
    .$castTo<ResultRow>()
    .where('r.class_id', '=', classId)
    .orderBy('e.enrolled_at')
    .orderBy('e.id')
    .execute()
}

export type Assessed = {
  enrolmentId: string
  personId: string
  /** Minutes that count and the class hours they make, as the class itself shows them. */
  minutes: number
  hours: number
  marks: Partial<Record<Part, number | null>>
}

/** Everybody in class with the hours that count and the final marks; a part without a mark is not in `marks`. */
export async function assessedPersons(
  ctx: Pick<Ctx, 'db' | 'plan'>,
  assessmentId: string,
  classId: string,
): Promise<Assessed[]> {
  const [hours, marks] = await Promise.all([
    classHoursOf(ctx, classId),
    ctx.db
      .selectFrom('assessment.final_scores')
      .select(['enrolment_id', 'part', 'tenths'])
      .$castTo<{ enrolment_id: string; part: Part; tenths: number | null }>()
      .where('assessment_id', '=', assessmentId)
      .execute(),
  ])
  const byEnrolment = Map.groupBy(marks, (mark) => mark.enrolment_id)
  return hours
    .filter(({ state }) => state !== 'withdrawn')
    .map(({ enrolmentId, personId, minutes, hours }) => ({
      enrolmentId,
      personId,
      minutes,
      hours,
      marks: Object.fromEntries((byEnrolment.get(enrolmentId) ?? []).map(({ part, tenths }) => [part, tenths])),
    }))
}

export type ChangedHours = {
  enrolmentId: string
  name: string
  decidedMinutes: number
  minutes: number
  passed: boolean
}

/**
 * Whose hours in the ledger are others now than when the result was decided: what somebody has to decide anew.
 * @clause R35 C17
 */
export async function changedHours(ctx: Pick<Ctx, 'db' | 'plan'>, classId: string): Promise<ChangedHours[]> {
  const decided = await ctx.db
    .selectFrom('assessment.current_results as r')
    .innerJoin('people.persons as p', 'p.id', 'r.person_id')
    .select(['r.enrolment_id', 'r.attended_minutes', 'r.passed', 'p.name_masked'])
    .$castTo<{ enrolment_id: string; attended_minutes: number; passed: boolean; name_masked: string }>()
    .where('r.class_id', '=', classId)
    .execute()
  if (decided.length === 0) return []
  const now = new Map((await classHoursOf(ctx, classId)).map((one) => [one.enrolmentId, one]))
  return decided.flatMap((row) => {
    const hours = now.get(row.enrolment_id)
    if (!hours || hours.state === 'withdrawn' || hours.minutes === row.attended_minutes) return []
    return [
      {
        enrolmentId: row.enrolment_id,
        name: row.name_masked,
        decidedMinutes: row.attended_minutes,
        minutes: hours.minutes,
        passed: row.passed,
      },
    ]
  })
}

/** Sessions of a class that are not over yet: their hours may still come. */
export async function openSessions(db: Db, classId: string): Promise<number> {
  const row = await db
    .selectFrom('training.sessions')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('class_id', '=', classId)
    .where('state', 'in', ['planned', 'open'])
    .executeTakeFirstOrThrow()
  return row.count
}

export async function openChanges(db: Db, assessmentId: string): Promise<number> {
  const row = await db
    .selectFrom('assessment.score_changes as c')
    .innerJoin('assessment.scores as s', 's.id', 'c.score_id')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('s.assessment_id', '=', assessmentId)
    .where('c.state', '=', 'proposed')
    .executeTakeFirstOrThrow()
  return row.count
}
