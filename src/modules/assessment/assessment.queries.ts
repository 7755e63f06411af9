import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { Plan } from '#policy/plan.ts'
import type { Day } from '#shared/units.ts'
import type { Weights } from './assessment.rules.ts'
import { type AssessmentState, type Part, parts } from './assessment.schema.ts'

type Db = Ctx['db']

/** What an assessment needs to know of its class. */
export type AssessedClass = {
  id: string
  number: string
  title: string
  programme: string
  organisationId: string
  organisation: string
  uscc: string
  state: string
  startsOn: Day
  endsOn: Day
  classHours: number
  /** `edition:code`, or empty. */
  occupation: string
  level: string
}

export const assessedClasses = (db: Db) =>
  db
    .selectFrom('training.classes as c')
    .innerJoin('people.organisations as o', 'o.id', 'c.organisation_id')
    .select([
      'c.id',
      'c.number',
      'c.title',
      'c.programme',
      'c.organisation_id as organisationId',
      'o.name as organisation',
      'o.uscc',
      'c.state',
      'c.starts_on as startsOn',
      'c.ends_on as endsOn',
      'c.class_hours as classHours',
      sql<string>`coalesce(c.occupation_edition || ':' || c.occupation_code, '')`.as('occupation'),
      sql<string>`coalesce(c.level, '')`.as('level'),
    ])
    .$castTo<AssessedClass>()

export type AssessmentRecord = {
  id: string
  classId: string
  organisationId: string
  programme: string
  classState: string
  state: AssessmentState
  weights: Weights
  sheetVersion: number
  confirmedBy: string | null
  confirmedByName: string | null
  confirmedAt: Date | null
  concludedAt: Date | null
}

type Row = Omit<AssessmentRecord, 'weights'> & { theory: number; practice: number }

export const assessments = (db: Db) =>
  db
    .selectFrom('assessment.assessments as a')
    .innerJoin('training.classes as c', 'c.id', 'a.class_id')
    .select([
      'a.id',
      'a.class_id as classId',
      'c.organisation_id as organisationId',
      'c.programme',
      'c.state as classState',
      'a.state',
      'a.theory_weight as theory',
      'a.practice_weight as practice',
      'a.sheet_version as sheetVersion',
      'a.confirmed_by as confirmedBy',
      'a.confirmed_by_name as confirmedByName',
      'a.confirmed_at as confirmedAt',
      'a.concluded_at as concludedAt',
    ])
    .$castTo<Row>()

export const toAssessment = ({ theory, practice, ...row }: Row): AssessmentRecord => ({
  ...row,
  weights: { theory, practice },
})

export async function assessmentOf(db: Db, classId: string): Promise<AssessmentRecord | undefined> {
  const row = await assessments(db).where('a.class_id', '=', classId).executeTakeFirst()
  return row && toAssessment(row)
}

export type ArrangedPart = {
  part: Part
  weight: number
  heldOn: Day
  place: string
  examinerName: string
  examinerUnit: string
  examinerTrainerId: string | null
  conflict: boolean
}

/** The parts as arranged, theory first. */
export async function partsOf(db: Db, assessment: Pick<AssessmentRecord, 'id' | 'weights'>): Promise<ArrangedPart[]> {
  const rows = await db
    .selectFrom('assessment.parts')
    .select([
      'part',
      'held_on as heldOn',
      'place',
      'examiner_name as examinerName',
      'examiner_unit as examinerUnit',
      'examiner_trainer_id as examinerTrainerId',
      'conflict',
    ])
    .$castTo<Omit<ArrangedPart, 'weight'>>()
    .where('assessment_id', '=', assessment.id)
    .execute()
  return parts.flatMap((part) =>
    rows.filter((row) => row.part === part).map((row) => ({ ...row, weight: assessment.weights[part] })),
  )
}

/** The trainers whom the class has. */
export async function classTrainers(db: Db, classId: string): Promise<{ id: string; name: string }[]> {
  return db
    .selectFrom('training.class_trainers as ct')
    .innerJoin('training.trainers as t', 't.id', 'ct.trainer_id')
    .select(['t.id', 't.name'])
    .where('ct.class_id', '=', classId)
    .orderBy('t.name')
    .execute()
}

/** Trainers of the institution whose engagement covers the day, to choose an examiner from. */
export async function trainersOn(db: Db, organisationId: string, on: Day): Promise<{ id: string; name: string }[]> {
  return db
    .selectFrom('training.trainers')
    .select(['id', 'name'])
    .where('organisation_id', '=', organisationId)
    .where('valid_from', '<=', on)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>=', on)]))
    .orderBy('name')
    .execute()
}

/** What the programme gives to each part. */
export function weightsOf(plan: Plan, programmeCode: string): Weights | undefined {
  const programme = plan.programmes.find(({ code }) => code === programmeCode)
  return programme && { theory: programme.assessment.theoryWeight, practice: programme.assessment.practiceWeight }
}
