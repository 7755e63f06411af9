import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { type AssessmentRecord, partsOf } from './assessment.queries.ts'
import type { Part } from './assessment.schema.ts'
import type { Mark } from './score.schema.ts'

type Db = Ctx['db']

export type SheetMark = Mark & {
  enteredBy: string
  enteredByName: string
  enteredAt: Date
  source: 'form' | 'import' | 'api'
  /** Set once confirmed. */
  scoreId: string | null
  changed: boolean
}
export type SheetRow = {
  enrolmentId: string
  personId: string
  name: string
  document: string
  state: string
  marks: Partial<Record<Part, SheetMark>>
}

/** The sheet as it stands, one row a person in class, by name on the roster's order. */
export async function scoreSheet(db: Db, assessment: Pick<AssessmentRecord, 'id' | 'classId'>): Promise<SheetRow[]> {
  const persons = await db
    .selectFrom('training.enrolments as e')
    .innerJoin('people.persons as p', 'p.id', 'e.person_id')
    .select([
      'e.id as enrolmentId',
      'p.id as personId',
      'p.name_masked as name',
      'p.document_masked as document',
      'e.state',
    ])
    .where('e.class_id', '=', assessment.classId)
    .where('e.state', '<>', 'withdrawn')
    .orderBy('e.enrolled_at')
    .orderBy('e.id')
    .execute()
  const marks = await marksOf(db, assessment.id)
  return persons.map((person) => ({ ...person, marks: marks.get(person.enrolmentId) ?? {} }))
}

type MarkRow = SheetMark & { enrolmentId: string; part: Part }

/** Enrolment → part → the mark that counts: the newest entry, overlaid by an approved change. */
export async function marksOf(db: Db, assessmentId: string): Promise<Map<string, Partial<Record<Part, SheetMark>>>> {
  const { rows } = await sql<MarkRow>`
    select distinct on (e.enrolment_id, e.part) e.enrolment_id as "enrolmentId", e.part,
      case when f.id is null then e.tenths else f.tenths end as tenths,
      case when f.id is null then e.absent else f.absent end as absent,
      e.entered_by as "enteredBy", e.entered_by_name as "enteredByName", e.entered_at as "enteredAt", e.source,
      f.id as "scoreId", coalesce(f.changed, false) as changed
    from assessment.score_entries e
    left join assessment.final_scores f
      on f.assessment_id = e.assessment_id and f.enrolment_id = e.enrolment_id and f.part = e.part
    where e.assessment_id = ${assessmentId}
    order by e.enrolment_id, e.part, e.id desc
  `.execute(db)
  const marks = new Map<string, Partial<Record<Part, SheetMark>>>()
  for (const { enrolmentId, part, ...mark } of rows) {
    marks.set(enrolmentId, { ...marks.get(enrolmentId), [part]: mark })
  }
  return marks
}

/** Everybody who ever entered a mark on this sheet. */
export async function enteredBy(db: Db, assessmentId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('assessment.score_entries')
    .select('entered_by')
    .distinct()
    .where('assessment_id', '=', assessmentId)
    .execute()
  return rows.map((row) => row.entered_by)
}

/** How many marks the sheet still wants, counting persons in class and parts in use. */
export async function missingMarks(
  db: Db,
  assessment: AssessmentRecord,
): Promise<{ missing: number; entered: number }> {
  const [sheet, inUse] = await Promise.all([scoreSheet(db, assessment), partsOf(db, assessment)])
  const wanted = sheet.length * inUse.length
  const entered = sheet.reduce((sum, row) => sum + inUse.filter(({ part }) => row.marks[part] !== undefined).length, 0)
  return { missing: wanted - entered, entered }
}

export type ScoreChange = {
  id: string
  scoreId: string
  part: Part
  enrolmentId: string
  name: string
  from: Mark
  to: Mark
  reason: string
  state: 'proposed' | 'approved' | 'rejected'
  proposedBy: string
  proposedByName: string
  proposedAt: Date
  decidedByName: string | null
  decidedAt: Date | null
  decisionNote: string
}

const asMark = (tenths: number | null): Mark => ({ tenths, absent: tenths === null })

/** Every change of the sheet, newest first. */
export async function scoreChanges(db: Db, assessmentId: string): Promise<ScoreChange[]> {
  const rows = await db
    .selectFrom('assessment.score_changes as c')
    .innerJoin('assessment.scores as s', 's.id', 'c.score_id')
    .innerJoin('training.enrolments as e', 'e.id', 's.enrolment_id')
    .innerJoin('people.persons as p', 'p.id', 'e.person_id')
    .select([
      'c.id',
      'c.score_id as scoreId',
      's.part',
      's.enrolment_id as enrolmentId',
      'p.name_masked as name',
      'c.from_tenths',
      'c.to_tenths',
      'c.reason',
      'c.state',
      'c.proposed_by as proposedBy',
      'c.proposed_by_name as proposedByName',
      'c.proposed_at as proposedAt',
      'c.decided_by_name as decidedByName',
      'c.decided_at as decidedAt',
      'c.decision_note as decisionNote',
    ])
    .where('s.assessment_id', '=', assessmentId)
    .orderBy('c.proposed_at', 'desc')
    .orderBy('c.id', 'desc')
    .execute()
  return rows.map(({ from_tenths, to_tenths, part, state, ...row }) => ({
    ...row,
    part: part as Part,
    state: state as ScoreChange['state'],
    from: asMark(from_tenths),
    to: asMark(to_tenths),
  }))
}

export type ScoreEntry = Mark & { part: Part; enteredByName: string; enteredAt: Date; source: string }

/** What was ever typed for one person, oldest first. */
export async function entriesOf(db: Db, assessmentId: string, enrolmentId: string): Promise<ScoreEntry[]> {
  return db
    .selectFrom('assessment.score_entries')
    .select(['part', 'tenths', 'absent', 'entered_by_name as enteredByName', 'entered_at as enteredAt', 'source'])
    .$castTo<ScoreEntry>()
    .where('assessment_id', '=', assessmentId)
    .where('enrolment_id', '=', enrolmentId)
    .orderBy('id')
    .execute()
}
