import { sql } from 'kysely'
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
  minutes: number
  marks: Partial<Record<Part, number | null>>
}

/** Everybody in class with the minutes of the ledger and the final marks; a part without a mark is absent from `marks`. */
export async function assessedPersons(
  db: Db,
  assessmentId: string,
  classId: string,
  enrolmentId?: string,
): Promise<Assessed[]> {
  const { rows } = await sql<Assessed>`
    select e.id as "enrolmentId", e.person_id as "personId",
      (select coalesce(sum(h.minutes), 0) from training.hour_entries h where h.enrolment_id = e.id) as minutes,
      coalesce((select jsonb_object_agg(f.part, f.tenths) from assessment.final_scores f
        where f.assessment_id = ${assessmentId} and f.enrolment_id = e.id), '{}') as marks
    from training.enrolments e
    where e.class_id = ${classId} and e.state <> 'withdrawn' and (${enrolmentId ?? null}::uuid is null or e.id = ${enrolmentId ?? null}::uuid)
    order by e.enrolled_at, e.id
  `.execute(db)
  return rows
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
