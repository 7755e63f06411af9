import { settle } from '#modules/training/attendance.rules.ts'
import type { LoadBase } from './base.ts'
import type { MadeClass, MadeSession } from './class.ts'
import type { Gatherer } from './insert.ts'
import { idFor, type Member } from './layout.ts'
import { groupOf, personIdOf, personRows, regionOf, subdistrictOf } from './people.ts'

/** Somebody in a class and what the ledger grants them. */
export type Seat = {
  member: Member
  enrolmentId: string
  personId: string
  minutes: number
  passed: boolean
  group: string | null
}

const lateGraceMinutes = 10
const officers: Record<string, string> = { disabled: '叶残联', veterans: '许退役' }

/** One person of a class: registered if new, enrolled, present or not, and credited for what the marks prove. */
export function addMember(out: Gatherer, base: LoadBase, made: MadeClass, member: Member, seat: number): Seat {
  const { times, undertaker, source } = made
  const employed = undertaker.subject.type === 'enterprise'
  const personId = register(out, base, made, member.person, employed)
  const group = groupOf(base.seed, member.person, employed)
  const enrolmentId = idFor(times.enrolled, base.seed, 'enrolment', source.key, seat)
  const one: Seat = { member, enrolmentId, personId, minutes: 0, passed: false, group }
  for (const [nth, session] of made.sessions.entries()) {
    const late = member.late[nth]
    if (late !== null && late !== undefined) one.minutes += addPresence(out, base, made, one, session, late)
  }
  return one
}

/** The roster, when everybody has been judged. */
export function addEnrolment(out: Gatherer, made: MadeClass, seat: Seat): void {
  const { times, undertaker } = made
  const employed = undertaker.subject.type === 'enterprise'
  out.add('training.enrolments', {
    id: seat.enrolmentId,
    class_id: made.id,
    person_id: seat.personId,
    employer_id: employed ? undertaker.id : null,
    employment: employed ? 'contract' : '',
    group_code: seat.group,
    job: '',
    source: 'form',
    state: seat.passed ? 'passed' : 'failed',
    commitment_at: times.enrolled,
    enrolled_at: times.enrolled,
    enrolled_by: undertaker.academic.id,
    remarks: '',
  })
}

function register(out: Gatherer, base: LoadBase, made: MadeClass, index: number, employed: boolean): string {
  const known = base.registered.get(index)
  if (known) return known.id
  const at = made.times.enrolled
  const on = made.firstDay
  const id = personIdOf(base.seed, index, at)
  base.registered.set(index, { id })
  const rows = personRows(base.crypto, {
    ...regionOf(base),
    index,
    at,
    on,
    subdistrict: subdistrictOf(base.plan, base.seed, index),
  })
  out.add('people.persons', rows.person)
  out.add('people.person_names', rows.name)
  const group = groupOf(base.seed, index, employed)
  if (group) {
    out.add('people.group_memberships', {
      id: idFor(at, base.seed, 'group', index),
      person_id: id,
      group_code: group,
      source_body: base.plan.groups.find((one) => one.id === group)?.owner,
      evidence: `演示凭证${String(index).padStart(6, '0')}`,
      validity: '[2019-01-01,)',
      verified_at: at,
      verified_by: base.official(officers[group] ?? '苏就业').id,
    })
  }
  return id
}

/** The learner's scan and the trainer's word; what they prove together is credited. */
function addPresence(
  out: Gatherer,
  base: LoadBase,
  made: MadeClass,
  seat: Seat,
  session: MadeSession,
  late: number,
): number {
  const lane = made.undertaker.lanes.get(made.source.lane.index)
  const from = late === 0 ? session.from : new Date(session.from.getTime() + late * 60_000)
  const at = late === 0 ? new Date(session.from.getTime() - 300_000) : from
  const marks = [
    { kind: 'room-code' as const, by: `person:${seat.personId}`, at },
    { kind: 'trainer' as const, by: lane?.trainerPersonId ?? '', at: new Date(session.from.getTime() + 3_000_000) },
  ].map((mark) => ({
    ...mark,
    id: idFor(mark.at, base.seed, seat.enrolmentId, session.id, mark.kind),
    from,
    to: session.to,
  }))
  const judged = settle({ ...session, breakMinutes: 0, lateGraceMinutes }, marks)
  for (const mark of marks) {
    out.add('training.attendance_marks', {
      id: mark.id,
      class_id: made.id,
      session_id: session.id,
      enrolment_id: seat.enrolmentId,
      person_id: seat.personId,
      kind: mark.kind,
      during: `[${mark.from.toISOString()},${mark.to.toISOString()})`,
      at: mark.at,
      by_user: mark.by,
      device: null,
      reason: '',
      void_reason: '',
    })
  }
  out.add('training.hour_entries', {
    person_id: seat.personId,
    enrolment_id: seat.enrolmentId,
    class_id: made.id,
    session_id: session.id,
    source: 'class',
    on_day: session.on,
    minutes: judged.minutes,
    grade: judged.grade,
    evidence: { marks: judged.marks, reason: judged.reason },
    reason: '',
    at: session.closedAt,
    by_user: made.undertaker.academic.id,
  })
  return judged.minutes
}
