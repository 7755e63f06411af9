import { searchText } from '#platform/search.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { addAssessment, type Graduate } from './assessment.ts'
import type { LoadBase } from './base.ts'
import type { Gatherer } from './insert.ts'
import { at, idFor, type LoadClass, shape } from './layout.ts'
import { addEnrolment, addMember, type Seat } from './member.ts'
import type { Undertaker } from './undertakers.ts'

/** A class with its ids and days, as whatever is made from it needs to know them. */
export type MadeClass = {
  id: string
  number: string
  undertaker: Undertaker
  source: LoadClass
  firstDay: Day
  endsOn: Day
  times: ClassTimes
  sessions: MadeSession[]
  seats: Seat[]
  title: string
  certificates: Graduate[]
}

export type MadeSession = { id: string; on: Day; from: Date; to: Date; openedAt: Date; closedAt: Date }
export type ClassTimes = Record<
  'created' | 'enrolled' | 'applied' | 'approved' | 'scored' | 'confirmed' | 'concluded' | 'issued' | 'closed',
  Date
>

const titles = {
  adaptation: '岗位技能提升班',
  digital: '人工智能训练师班',
  domestic: '家政服务员班',
  cuisine: '粤菜烹饪班',
} as const

/** The days of a class: applied for in the week before, assessed on its last day, closed two workdays later. */
function timesOf(firstDay: Day, endsOn: Day): ClassTimes {
  const before = (days: number, minutes: number) => at(firstDay, minutes - days * 1440)
  const next = (n: number) => addWorkdays(endsOn, n).day
  return {
    created: before(9, 540),
    enrolled: before(9, 660),
    applied: before(8, 600),
    approved: before(7, 900),
    scored: at(endsOn, 18 * 60 + 30),
    confirmed: at(next(1), 600),
    concluded: at(next(1), 660),
    issued: at(next(1), 690),
    closed: at(next(2), 600),
  }
}

/** Everything of one class from the first draft to the closing, as its commands would have left it. */
export function addClass(
  out: Gatherer,
  base: LoadBase,
  source: LoadClass,
  number: string,
  undertaker: Undertaker,
): MadeClass {
  const firstDay = source.days[0] as Day
  const endsOn = source.days.at(-1) as Day
  const times = timesOf(firstDay, endsOn)
  const id = idFor(times.created, base.seed, 'class', source.key)
  const title = `${titles[undertaker.subject.key]}（${number.slice(-3)}）`
  const made: MadeClass = {
    id,
    number,
    undertaker,
    source,
    firstDay,
    endsOn,
    times,
    title,
    sessions: [],
    seats: [],
    certificates: [],
  }
  addRecord(out, base, made)
  addSessions(out, base, made)
  made.seats = source.members.map((member, seat) => addMember(out, base, made, member, seat))
  addAssessment(out, base, made)
  for (const seat of made.seats) addEnrolment(out, made, seat)
  return made
}

function addRecord(out: Gatherer, base: LoadBase, made: MadeClass): void {
  const { id, number, title, undertaker, firstDay, endsOn, times, source } = made
  const plan = undertaker.plans.find(({ from, to }) => from <= firstDay && endsOn <= to)
  const lane = undertaker.lanes.get(source.lane.index)
  if (!plan || !lane) throw new RangeError(`${source.key} has no plan or no room`)
  const intake = base.official('李受理')
  out.add('training.classes', {
    id,
    number,
    plan_id: plan.id,
    organisation_id: undertaker.id,
    programme: undertaker.subject.programme,
    title,
    summary: '',
    occupation_edition: undertaker.subject.occupation && '2015',
    occupation_code: undertaker.subject.occupation,
    level: undertaker.subject.level,
    industry: undertaker.industry,
    mode: 'offline',
    venue_id: undertaker.venueId,
    subdistrict: undertaker.subdistrict,
    capacity: 50,
    class_hours: shape.classHours,
    starts_on: firstDay,
    ends_on: endsOn,
    open_enrolment: false,
    accessibility: '',
    teaching_plan: '按备案计划授课',
    resources: '教材、讲义、实训设备',
    assessment_plan: '理论占40%，实操占60%，60分合格',
    state: 'closed',
    applied_by: undertaker.academic.id,
    applied_at: times.applied,
    decided_by: intake.id,
    decided_at: times.approved,
    closed_at: times.closed,
    search: searchVector(title, undertaker.industry, undertaker.name),
    version: 6,
  })
  const appliedOn = dayOf(times.applied)
  out.add('platform.clocks', {
    id: idFor(times.applied, id, 'review'),
    subject_kind: 'class',
    subject_id: id,
    kind: 'review',
    started_on: appliedOn,
    workdays: 10,
    due_on: addWorkdays(appliedOn, 10).day,
    ended_on: dayOf(times.approved),
    rule_id: 'R33',
  })
  out.add('training.class_trainers', { class_id: id, trainer_id: lane.trainerId })
  const { academic, admin } = undertaker
  base.move(out, 'class', id, 'create', ['', 'draft'], times.created, academic)
  base.move(out, 'class', id, 'apply', ['draft', 'applied'], times.applied, academic)
  base.move(out, 'class', id, 'approve', ['applied', 'approved'], times.approved, intake)
  base.move(out, 'class', id, 'start', ['approved', 'in-session'], at(firstDay, 530), academic)
  base.move(out, 'class', id, 'assess', ['in-session', 'assessed'], times.concluded, admin)
  base.move(out, 'class', id, 'close', ['assessed', 'closed'], times.closed, academic)
}

/** What `to_tsvector('simple', …)` makes of the words. */
function searchVector(...texts: string[]): string {
  return searchText(...texts)
    .split(' ')
    .map((word, place) => `'${word.replaceAll("'", "''")}':${place + 1}`)
    .join(' ')
}

const mornings = 9 * 60
const afternoons = 14 * 60

function addSessions(out: Gatherer, base: LoadBase, made: MadeClass): void {
  const { id, undertaker, source } = made
  const lane = undertaker.lanes.get(source.lane.index)
  if (!lane) throw new RangeError(`${source.key} has no room`)
  for (const [nth, on] of source.days.entries()) {
    for (const begin of [mornings, afternoons]) {
      const from = at(on, begin)
      const session: MadeSession = {
        id: idFor(made.times.created, base.seed, 'session', source.key, on, begin),
        on,
        from,
        to: at(on, begin + shape.sessionMinutes),
        openedAt: at(on, begin - 10),
        closedAt: at(on, begin + shape.sessionMinutes + 2),
      }
      made.sessions.push(session)
      out.add('training.sessions', {
        id: session.id,
        class_id: id,
        trainer_id: lane.trainerId,
        trainer_person_id: lane.trainerPersonId,
        room_id: lane.roomId,
        title: `第${nth + 1}天${begin === mornings ? '上午' : '下午'}`,
        course_kind: nth === 0 ? 'common' : 'professional',
        during: `[${from.toISOString()},${session.to.toISOString()})`,
        break_minutes: 0,
        state: 'closed',
        code_secret: Buffer.from(base.random(24, 'session', session.id)).toString('base64url'),
        opened_at: session.openedAt,
        opened_by: undertaker.academic.id,
        closed_by: undertaker.academic.id,
        closed_at: session.closedAt,
      })
      base.move(out, 'session', session.id, 'open', ['planned', 'open'], session.openedAt, undertaker.academic)
      base.move(out, 'session', session.id, 'close', ['open', 'closed'], session.closedAt, undertaker.academic)
    }
  }
}
