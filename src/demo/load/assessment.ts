import { digestOf, holderContext } from '#modules/assessment/certificate.queries.ts'
import { certificateNumber, verificationCode } from '#modules/assessment/certificate.rules.ts'
import { type ClassFacts, recordOf } from '#modules/assessment/issue.queries.ts'
import { decideResult } from '#modules/assessment/result.rules.ts'
import { nameIndex } from '#modules/people/person.queries.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { maskDocument, maskName } from '#shared/text.ts'
import type { Day } from '#shared/units.ts'
import type { LoadBase } from './base.ts'
import type { MadeClass } from './class.ts'
import type { Gatherer } from './insert.ts'
import { idFor, shape } from './layout.ts'
import type { Seat } from './member.ts'
import { traineeOf } from './people.ts'

const weights = { theory: 40, practice: 60 } as const
const passMark = 60
const attendancePercent = 80
const minutesPerHour = 45
const parts = ['theory', 'practice'] as const

/** The completion assessment: marks by one person, confirmed by another, the results, and certificates. */
export function addAssessment(out: Gatherer, base: LoadBase, made: MadeClass): void {
  const { times, undertaker, endsOn } = made
  const id = idFor(times.approved, base.seed, 'assessment', made.source.key)
  const lane = undertaker.lanes.get(made.source.lane.index)
  out.add('assessment.assessments', {
    id,
    class_id: made.id,
    theory_weight: weights.theory,
    practice_weight: weights.practice,
    state: 'planned', // moved on once its sheet is in
    sheet_version: 1,
    scheduled_by: undertaker.academic.id,
    scheduled_at: times.approved,
  })
  for (const part of parts) {
    out.add('assessment.parts', {
      assessment_id: id,
      part,
      held_on: endsOn,
      place: `${undertaker.name}本部`,
      examiner_name: lane?.trainerName,
      examiner_unit: undertaker.name,
      examiner_trainer_id: lane?.trainerId,
      conflict: true, // the only trainer of the class examines
    })
  }
  base.move(out, 'assessment', id, 'schedule', ['', 'planned'], times.approved, undertaker.academic)
  base.move(out, 'assessment', id, 'enter', ['planned', 'scoring'], times.scored, undertaker.academic)
  base.move(out, 'assessment', id, 'confirm', ['scoring', 'confirmed'], times.confirmed, undertaker.admin)
  base.move(out, 'assessment', id, 'conclude', ['confirmed', 'concluded'], times.concluded, undertaker.admin)
  for (const seat of made.seats) addResult(out, base, made, id, seat)
}

function addResult(out: Gatherer, base: LoadBase, made: MadeClass, assessmentId: string, seat: Seat): void {
  const { times, undertaker } = made
  const [theory, practice] = seat.member.scores
  const marks = { theory, practice }
  for (const part of parts) {
    out.add('assessment.score_entries', {
      assessment_id: assessmentId,
      part,
      enrolment_id: seat.enrolmentId,
      tenths: marks[part],
      absent: false,
      source: 'form',
      entered_by: undertaker.academic.id,
      entered_by_name: undertaker.academic.name,
      entered_at: times.scored,
    })
  }
  const plannedMinutes = shape.classHours * minutesPerHour
  const result = decideResult({
    parts: parts.map((part) => ({ part, weight: weights[part], tenths: marks[part] })),
    passMark,
    attendedMinutes: seat.minutes,
    plannedMinutes,
    attendancePercent,
  })
  const classHours = Math.floor(seat.minutes / minutesPerHour) // no day goes over its limit: see `shape`
  seat.passed = result.passed
  const id = idFor(times.concluded, base.seed, 'result', seat.enrolmentId)
  out.add('assessment.results', {
    id,
    assessment_id: assessmentId,
    class_id: made.id,
    enrolment_id: seat.enrolmentId,
    person_id: seat.personId,
    revision: 1,
    passed: result.passed,
    total_millipoints: result.totalMillipoints,
    pass_mark: passMark,
    attended_minutes: seat.minutes,
    planned_minutes: plannedMinutes,
    attendance_percent: attendancePercent,
    class_hours: classHours,
    explanation: result.checks,
    decided_by: undertaker.admin.id,
    decided_at: times.concluded,
  })
  if (result.passed) {
    made.certificates.push({ seat, resultId: id, hours: classHours, total: result.totalMillipoints ?? 0 })
  }
}

/** Somebody who passed; the certificate is made when its number is known. */
export type Graduate = { seat: Seat; resultId: string; hours: number; total: number }

/** Certificates of a class, numbered in the order of its roster. */
export function addCertificates(out: Gatherer, base: LoadBase, made: MadeClass, firstSerial: number): void {
  const facts = factsOf(base, made)
  const issuedOn = dayOf(made.times.issued)
  for (const [nth, one] of made.certificates.entries()) {
    const number = certificateNumber(facts.district, yearOf(issuedOn), firstSerial + nth)
    addCertificate(out, base, made, facts, one, number, issuedOn)
  }
}

function addCertificate(
  out: Gatherer,
  base: LoadBase,
  made: MadeClass,
  facts: ClassFacts,
  { seat, resultId, hours, total }: Graduate,
  number: string,
  issuedOn: Day,
): void {
  const { times, undertaker } = made
  const { name, documentKind, documentNumber } = traineeOf(base, seat.member.person)
  const [theory, practice] = seat.member.scores
  const record = recordOf(
    facts,
    {
      resultId,
      enrolmentId: seat.enrolmentId,
      personId: seat.personId,
      documentKind,
      documentMasked: maskDocument(documentNumber),
      totalMillipoints: total,
      hours,
      marks: { theory, practice },
    },
    number,
    issuedOn,
  )
  const id = idFor(times.issued, base.seed, 'certificate', seat.enrolmentId)
  out.add('assessment.certificates', {
    id,
    number,
    verification_code: verificationCode(base.random(20, 'certificate', seat.enrolmentId)),
    class_id: made.id,
    enrolment_id: seat.enrolmentId,
    person_id: seat.personId,
    result_id: resultId,
    organisation_id: undertaker.id,
    holder_sealed: base.crypto.seal(JSON.stringify({ name }), holderContext),
    holder_index: nameIndex(base.crypto, name),
    holder_masked: maskName(name),
    record,
    digest: digestOf(base.crypto, record, name),
    issued_on: issuedOn,
    issued_at: times.issued,
    issued_by: undertaker.admin.id,
    state: 'issued',
  })
  base.move(out, 'certificate', id, 'issue', ['', 'issued'], times.issued, undertaker.admin)
}

function factsOf(base: LoadBase, made: MadeClass): ClassFacts {
  const { undertaker } = made
  const occupation = base.plan.occupations.find(
    (one) => one.edition === '2015' && one.code === undertaker.subject.occupation,
  )
  const scheme = base.plan.levelSchemes.find(({ id }) => id === occupation?.levelScheme)
  const level = scheme?.levels.find(({ code }) => code === undertaker.subject.level)
  return {
    id: made.id,
    number: made.number,
    title: made.title,
    programme: undertaker.subject.programme,
    organisationId: undertaker.id,
    organisation: undertaker.name,
    uscc: undertaker.uscc,
    state: 'closed',
    startsOn: made.firstDay,
    endsOn: made.endsOn,
    classHours: shape.classHours,
    district: base.plan.district.code,
    programmeName: base.plan.programmes.find(({ code }) => code === undertaker.subject.programme)?.name ?? '',
    basis: base.plan.docNo,
    occupation: occupation ? { edition: occupation.edition, code: occupation.code, title: occupation.name } : null,
    level: level?.label ?? undertaker.subject.level,
    from: made.firstDay,
    to: made.endsOn,
    assessedOn: made.endsOn,
    weights,
  }
}
