import { allow, type Decision, type Refusal, refuse } from '#policy/decision.ts'
import type { Day } from '#shared/units.ts'
import type { ClassState } from './class.schema.ts'

type Step = { from: readonly ClassState[]; to: ClassState; clause: string }

/** The life of a class. */
export const classCycle: Record<
  'apply' | 'return' | 'approve' | 'start' | 'suspend' | 'resume' | 'assess' | 'close' | 'cancel' | 'terminate',
  Step
> = {
  apply: { from: ['draft', 'returned'], to: 'applied', clause: 'R02' },
  return: { from: ['applied'], to: 'returned', clause: 'R02' },
  approve: { from: ['applied'], to: 'approved', clause: 'R02' },
  start: { from: ['approved'], to: 'in-session', clause: 'R02' },
  suspend: { from: ['in-session'], to: 'suspended', clause: 'C25' },
  resume: { from: ['suspended'], to: 'in-session', clause: 'C25' },
  assess: { from: ['in-session'], to: 'assessed', clause: 'R35' },
  close: { from: ['assessed'], to: 'closed', clause: 'R35' },
  cancel: { from: ['draft', 'applied', 'returned', 'approved'], to: 'cancelled', clause: 'R02' },
  terminate: { from: ['suspended'], to: 'cancelled', clause: 'C25' },
}

/** States in which the undertaker may change the class itself. */
export const editable: readonly ClassState[] = ['draft', 'returned']
/** States in which people may be added or leave. Not while the desk reads the roster. */
export const rosterOpen: readonly ClassState[] = ['draft', 'returned', 'approved', 'in-session']
/** States in which sessions may be planned or moved. */
export const scheduleOpen: readonly ClassState[] = ['draft', 'returned', 'approved', 'in-session']

export type DossierFacts = {
  enrolled: number
  capacity: number
  teachingPlan: string
  resources: string
  assessmentPlan: string
  hasVenue: boolean
  online: boolean
  /** Teachers named for the class; `qualified` = a qualification valid on every day of the class. */
  trainers: readonly { id: string; name: string; qualified: boolean }[]
  /** Not cancelled. Minutes without breaks. */
  sessions: readonly {
    minutes: number
    trainerId: string
    trainer: string
    room: { name: string; seats: number } | null
  }[]
  /** Class hours the plan promises each person. */
  classHours: number
  minutesPerHour: number
  classSizeMax: number | null
  /** Capacity of the plan's other live classes, and its headcount. */
  otherCapacity: number
  headcount: number
}

export type DossierElement = { id: string; done: boolean; faults: Refusal[] }

/**
 * The national five elements of a class dossier, and the place, each with what is missing from it.
 * @clause R02 C12
 */
export function dossier(facts: DossierFacts): DossierElement[] {
  const elements: [string, Decision<null>[]][] = [
    ['roster', rosterFaults(facts)],
    ['teachingPlan', scheduleFaults(facts)],
    ['teachers', teacherFaults(facts)],
    ['resources', [written(facts.resources, 'resources-empty')]],
    ['assessmentPlan', [written(facts.assessmentPlan, 'assessment-plan-empty')]],
    ['place', placeFaults(facts)],
  ]
  return elements.map(([id, checks]) => {
    const faults = checks.flatMap((check) => (check.ok ? [] : [check.refusal]))
    return { id, done: faults.length === 0, faults }
  })
}

const written = (text: string, reason: string): Decision<null> =>
  text.trim().length < 2 ? refuse('R02', reason) : allow(null)

function rosterFaults({ enrolled, capacity }: DossierFacts): Decision<null>[] {
  if (enrolled === 0) return [refuse('R02', 'roster-empty')]
  return enrolled > capacity ? [refuse('C12', 'roster-over-capacity', { enrolled, capacity })] : []
}

function scheduleFaults(facts: DossierFacts): Decision<null>[] {
  const planned = Math.floor(facts.sessions.reduce((sum, s) => sum + s.minutes, 0) / facts.minutesPerHour)
  return [
    written(facts.teachingPlan, 'teaching-plan-empty'),
    planned < facts.classHours ? refuse('R02', 'schedule-short', { planned, required: facts.classHours }) : allow(null),
  ]
}

function teacherFaults({ trainers, sessions }: DossierFacts): Decision<null>[] {
  if (trainers.length === 0) return [refuse('R02', 'teachers-none')]
  const listed = new Set(trainers.map(({ id }) => id))
  const strangers = new Map(sessions.filter((s) => !listed.has(s.trainerId)).map((s) => [s.trainerId, s.trainer]))
  return [
    ...trainers.map((t) => (t.qualified ? allow(null) : refuse('R02', 'teacher-unqualified', { name: t.name }))),
    ...[...strangers.values()].map((name) => refuse('R02', 'teacher-not-listed', { name })),
  ]
}

function placeFaults(facts: DossierFacts): Decision<null>[] {
  const { capacity, classSizeMax, otherCapacity, headcount } = facts
  const rooms = facts.sessions.flatMap(({ room }) => (room ? [room] : []))
  const least = rooms.reduce<(typeof rooms)[number] | null>((a, b) => (a === null || b.seats < a.seats ? b : a), null)
  return [
    facts.hasVenue || facts.online ? allow(null) : refuse('C12', 'venue-none'),
    least !== null && capacity > least.seats
      ? refuse('C12', 'over-seats', { capacity, room: least.name, seats: least.seats })
      : allow(null),
    classSizeMax !== null && capacity > classSizeMax
      ? refuse('C12', 'over-class-size', { capacity, most: classSizeMax })
      : allow(null),
    otherCapacity + capacity > headcount
      ? refuse('C12', 'over-headcount', { sum: otherCapacity + capacity, headcount })
      : allow(null),
  ]
}

export type ClassDates = { startsOn: Day; endsOn: Day }

/**
 * A class stands within its plan, and not before the plan was accepted.
 * @clause R01
 */
export function checkClassDates(dates: ClassDates, plan: ClassDates & { acceptedOn: Day }): Decision<null> {
  if (dates.startsOn < plan.startsOn || dates.endsOn > plan.endsOn) {
    return refuse('R01', 'class-outside-plan', { from: plan.startsOn, to: plan.endsOn })
  }
  if (dates.startsOn < plan.acceptedOn) return refuse('R01', 'class-before-acceptance', { on: plan.acceptedOn })
  return allow(null)
}
