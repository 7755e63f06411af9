import { createAccount } from '#modules/access/install.commands.ts'
import { scheduleAssessment } from '#modules/assessment/assessment.commands.ts'
import { issueCertificates } from '#modules/assessment/certificate.commands.ts'
import { confirmResults } from '#modules/assessment/result.commands.ts'
import { confirmScores, enterScores } from '#modules/assessment/score.commands.ts'
import { checkIn } from '#modules/training/attendance.commands.ts'
import { roomCode } from '#modules/training/attendance.queries.ts'
import { createClass } from '#modules/training/class.commands.ts'
import { applyClass, approveClass, closeClass } from '#modules/training/decide.commands.ts'
import { enrolPerson } from '#modules/training/enrolment.commands.ts'
import { closeSession } from '#modules/training/hours.commands.ts'
import { createPlan, filePlan } from '#modules/training/plan.commands.ts'
import { openSession, planSessions } from '#modules/training/session.commands.ts'
import { markByStaff, markByTrainer } from '#modules/training/witness.commands.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { addDays, dayOf } from '#shared/dates.ts'
import { maskName } from '#shared/text.ts'
import { type Day, day } from '#shared/units.ts'
import { type UndertakerKey, undertakers } from './cast.ts'
import type { SyntheticPerson } from './synthetic.ts'
import { at, type World } from './world.ts'

/** What an undertaker promises: the content of a filing. */
export type PlanContent = {
  programme: 'job-adaptation' | 'project-based'
  title: string
  occupation?: string
  level?: string
  headcount: number
  startsOn: string
  endsOn: string
}

const classHours = 16
export const courses = [
  { title: '职业道德与安全', kind: 'common', mode: 'offline', classHours: 4, trainer: '' },
  { title: '专业技能', kind: 'professional', mode: 'offline', classHours: classHours - 4, trainer: '' },
]

/** Who does the paperwork of an undertaker, and who answers for it. */
export function peopleOf(key: UndertakerKey): { academic: string; admin: string; trainers: readonly string[] } {
  const found = undertakers.find((one) => one.key === key)
  if (!found) throw new RangeError(`no undertaker ${key}`)
  const [admin = '', second = ''] = Object.values(found.staff)
  return {
    admin,
    academic: found.type === 'enterprise' ? admin : second,
    trainers: found.trainers.map(({ name }) => name),
  }
}

export const draftPlan = (w: World, key: UndertakerKey, content: PlanContent) =>
  createPlan(w.as(peopleOf(key).academic), {
    organisationId: w.organisations.get(key),
    occupation: '',
    level: '',
    classHours,
    courses,
    ...content,
  })

export const fileIt = (w: World, key: UndertakerKey, planId: string, version = 1) =>
  filePlan(w.as(peopleOf(key).academic), { planId, version, commitment: true })

export type Taught = {
  key: UndertakerKey
  classId: string
  days: readonly string[]
  sessions: { id: string; on: string; from: string; to: string }[]
  people: { person: SyntheticPerson; enrolmentId: string; group: string }[]
  trainer: string
}

export type ClassSpec = {
  key: UndertakerKey
  planId: string
  title: string
  days: readonly string[]
  /** When later than the last planned session. */
  endsOn?: string
  people: readonly (SyntheticPerson & { group?: string })[]
  capacity?: number
  open?: boolean
  summary?: string
  accessibility?: string
  trainer?: number
  room?: number
  times?: readonly (readonly [from: string, to: string])[]
}

const halves = [
  ['09:00', '12:00'],
  ['14:00', '17:00'],
] as const

/** A class with its timetable and roster, still a draft. */
export async function draftClass(w: World, spec: ClassSpec): Promise<Taught> {
  const { academic } = peopleOf(spec.key)
  const place = w.places[spec.key]
  const trainer = place?.trainers[spec.trainer ?? 0]
  if (!place || !trainer) throw new RangeError(`${spec.key} has nowhere to teach`)
  const ctx = () => w.as(academic)
  const { classId } = await createClass(ctx(), {
    planId: spec.planId,
    title: spec.title,
    summary: spec.summary ?? '',
    industry: undertakers.find(({ key }) => key === spec.key)?.industry,
    mode: 'offline',
    venueId: place.venueId,
    capacity: spec.capacity ?? 20,
    startsOn: spec.days[0],
    endsOn: spec.endsOn ?? spec.days.at(-1),
    accessibility: spec.accessibility ?? '',
    teachingPlan: '先公共课后专业课，每次课三小时，讲授与实操各半。',
    resources: '教材、讲义、实训设备和耗材。',
    assessmentPlan: '理论占40%，实操占60%，总分60分为合格。',
    openEnrolment: spec.open ?? false,
    trainerIds: [trainer.id],
  })
  const sessions: Taught['sessions'] = []
  for (const on of spec.days) {
    for (const [from, to] of spec.times ?? halves) {
      const { sessionIds } = await planSessions(ctx(), {
        classId,
        title: sessions.length === 0 ? '职业道德与安全' : `专业技能（${sessions.length}）`,
        courseKind: sessions.length === 0 ? 'common' : 'professional',
        day: on,
        from,
        to,
        breakMinutes: 0,
        trainerId: trainer.id,
        roomId: place.rooms[spec.room ?? 0],
        weeks: 1,
      })
      sessions.push({ id: sessionIds[0] as string, on, from, to })
    }
  }
  const people: Taught['people'] = []
  for (const person of spec.people) people.push(await enrol(w, spec.key, classId, person))
  return { key: spec.key, classId, days: spec.days, sessions, people, trainer: trainer.name }
}

export async function enrol(
  w: World,
  key: UndertakerKey,
  classId: string,
  person: SyntheticPerson & { group?: string },
): Promise<Taught['people'][number]> {
  const employed = undertakers.find((one) => one.key === key)?.type === 'enterprise'
  const { name, documentKind, documentNumber, phone } = person
  const { enrolmentId } = await enrolPerson(w.as(peopleOf(key).academic), {
    classId,
    name,
    documentKind,
    documentNumber,
    phone,
    employment: employed ? 'contract' : '',
    groupCode: person.group ?? '',
    subdistrict: w.plan.subdistricts[Number(documentNumber.slice(14, 17)) % w.plan.subdistricts.length]?.code,
  })
  return { person, enrolmentId, group: person.group ?? '' }
}

/** Applied for eight days ahead, approved the third workday after. */
export async function* approvedClass(w: World, spec: ClassSpec): AsyncGenerator<Date, Taught, void> {
  const first = day(spec.days[0] as string)
  yield at(addDays(first, -10), '09:30')
  const taught = await draftClass(w, spec)
  yield at(addDays(first, -9), '16:00')
  await apply(w, taught)
  yield at(addDays(first, -4), '11:30')
  await approveClass(w.as('李受理'), { classId: taught.classId, note: '' })
  return taught
}

export async function apply(w: World, { key, classId }: Pick<Taught, 'key' | 'classId'>): Promise<void> {
  const { version } = await w.db
    .selectFrom('training.classes')
    .select('version')
    .where('id', '=', classId)
    .executeTakeFirstOrThrow()
  await applyClass(w.as(peopleOf(key).academic), { classId, version })
}

/** How somebody was in a session: scanned and seen, only one of both, vouched for by staff, late, or away. */
export type Presence = 'both' | 'scan' | 'trainer' | 'staff' | 'late' | 'away'

export async function* teach(
  w: World,
  taught: Taught,
  session: Taught['sessions'][number],
  presence: (seat: number) => Presence = () => 'both',
): AsyncGenerator<Date, void, void> {
  yield minutesFrom(session, -10)
  await openSession(w.as(taught.trainer), { sessionId: session.id })
  yield minutesFrom(session, -4)
  const seats = taught.people.map((seat, nth) => ({ ...seat, presence: presence(nth) }))
  const scanning = seats.filter((seat) => ['both', 'scan', 'staff'].includes(seat.presence))
  await scan(
    w,
    taught,
    session,
    scanning.map((seat) => seat.person),
  )
  const late = seats.filter((seat) => seat.presence === 'late')
  if (late.length > 0) {
    yield minutesFrom(session, 25)
    await scan(
      w,
      taught,
      session,
      late.map((seat) => seat.person),
    )
  }
  yield minutesFrom(session, 60)
  const ids = (kinds: Presence[]) => seats.filter((s) => kinds.includes(s.presence)).map((s) => s.enrolmentId)
  const seen = ids(['both', 'trainer'])
  if (seen.length > 0) await markByTrainer(w.as(taught.trainer), { sessionId: session.id, enrolmentIds: seen })
  if (late.length > 0) {
    const from = clockOf(minutesFrom(session, 25))
    await markByTrainer(w.as(taught.trainer), { sessionId: session.id, enrolmentIds: ids(['late']), from })
  }
  const vouched = ids(['staff'])
  if (vouched.length > 0) {
    await markByStaff(w.as(peopleOf(taught.key).academic), { sessionId: session.id, enrolmentIds: vouched })
  }
  yield new Date(at(session.on, session.to).getTime() + 2 * 60_000)
  await closeSession(w.as(taught.trainer), { sessionId: session.id })
}

const minutesFrom = ({ on, from }: { on: string; from: string }, minutes: number): Date =>
  new Date(at(on, from).getTime() + minutes * 60_000)
const clockOf = (instant: Date): string => new Date(instant.getTime() + 8 * 3_600_000).toISOString().slice(11, 16)

/** Learners read the code on the wall with their own phones. */
export async function scan(
  w: World,
  taught: Pick<Taught, 'trainer'>,
  session: { id: string },
  people: readonly SyntheticPerson[],
): Promise<void> {
  if (people.length === 0) return
  const { code } = await roomCode(w.as(taught.trainer), session.id)
  for (const person of people) {
    await checkIn(await asTrainee(w, person), {
      sessionId: session.id,
      code,
      device: `phone-of-${person.phone.slice(-6)}`,
    })
  }
}

/** A learner at their own phone; the account is made when it is first needed. */
export async function asTrainee(w: World, person: SyntheticPerson) {
  const key = person.documentNumber
  if (!w.players.has(key)) {
    const made = await createAccount(w.asSystem(), { kind: 'person', person })
    w.players.set(key, { ...made, name: maskName(person.name), holdings: [] })
  }
  return w.as(key)
}

/** Marks in points by seat: theory, practice; the usual ones pass. */
export type Marks = (seat: number) => readonly [theory: string, practice: string]
export const usualMarks: Marks = (seat) => [String(66 + ((seat * 7) % 30)), String(70 + ((seat * 11) % 28))]

/** From the examination to the results: the trainer enters, the administrator confirms. */
export async function* examine(
  w: World,
  taught: Taught,
  marks: Marks = usualMarks,
): AsyncGenerator<Date, { assessmentId: string }, void> {
  const { academic, admin } = peopleOf(taught.key)
  const last = day(taught.days.at(-1) as string)
  yield at(last, '17:20')
  const part = { heldOn: last, place: '本校考场', examinerName: '外聘考评员', examinerUnit: '市职业技能鉴定所（演示）' }
  const { assessmentId } = await scheduleAssessment(w.as(academic), {
    classId: taught.classId,
    theory: part,
    practice: part,
  })
  yield at(last, '18:30')
  const sheet = await enterScores(w.as(taught.trainer), { assessmentId, version: 0, cells: cellsOf(taught, marks) })
  yield at(addWorkdays(last, 1).day, '09:40')
  await confirmScores(w.as(admin), { assessmentId, version: sheet.version })
  yield at(addWorkdays(last, 1).day, '10:20')
  await confirmResults(w.as(admin), { assessmentId })
  return { assessmentId }
}

export const cellsOf = (taught: Taught, marks: Marks): Record<string, string> =>
  Object.fromEntries(
    taught.people.flatMap(({ enrolmentId }, seat) => {
      const [theory, practice] = marks(seat)
      return [
        [`${enrolmentId}.theory`, theory],
        [`${enrolmentId}.practice`, practice],
      ]
    }),
  )

export async function* graduate(w: World, taught: Taught): AsyncGenerator<Date, void, void> {
  const last = day(taught.days.at(-1) as string)
  yield at(addWorkdays(last, 2).day, '09:20')
  await issueCertificates(w.as(peopleOf(taught.key).academic), { classId: taught.classId })
  yield at(addWorkdays(last, 2).day, '15:00')
  const { version } = await w.db
    .selectFrom('training.classes')
    .select('version')
    .where('id', '=', taught.classId)
    .executeTakeFirstOrThrow()
  await closeClass(w.as(peopleOf(taught.key).academic), { classId: taught.classId, version })
}

/** A whole class without incidents, from the application to the closing. */
export async function* wholeClass(
  w: World,
  spec: ClassSpec,
  presence?: (seat: number, session: number) => Presence,
  marks?: Marks,
): AsyncGenerator<Date, Taught, void> {
  const taught = yield* approvedClass(w, spec)
  for (const [nth, session] of taught.sessions.entries()) {
    yield* teach(w, taught, session, (seat) => presence?.(seat, nth) ?? 'both')
  }
  yield* examine(w, taught, marks)
  yield* graduate(w, taught)
  return taught
}

export const workdayAfter = (on: Day | string, n: number): Day => addWorkdays(day(on), n).day
export const today = (w: World): Day => dayOf(w.now)
