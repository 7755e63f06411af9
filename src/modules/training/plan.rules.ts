import { allow, type Decision, refuse } from '#policy/decision.ts'
import type { Programme } from '#policy/plan.types.ts'
import { formatDay } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import type { PlanState } from './plan.schema.ts'

type Step = { from: readonly PlanState[]; to: PlanState; clause: string }

/** The life of a filing. A returned plan is mended and filed again; nothing moves after acceptance or rejection. */
export const planCycle: Record<'file' | 'withdraw' | 'return' | 'accept' | 'reject', Step> = {
  file: { from: ['draft', 'returned'], to: 'filed', clause: 'R01' },
  withdraw: { from: ['draft', 'filed', 'returned'], to: 'withdrawn', clause: 'R01' },
  return: { from: ['filed'], to: 'returned', clause: 'R01' },
  accept: { from: ['filed'], to: 'accepted', clause: 'R01' },
  reject: { from: ['filed'], to: 'rejected', clause: 'R01' },
}

export const editable: readonly PlanState[] = ['draft', 'returned']

export type PlanFacts = {
  programme: Pick<Programme, 'undertaker' | 'openFrom' | 'openTo' | 'hours'>
  organisation: { type: string; typeLabel: string; allowedLabels: string; active: boolean }
  today: Day
  startsOn: Day
  endsOn: Day
  classHours: number
  courses: readonly { mode: 'offline' | 'online'; classHours: number }[]
  occupation: { title: string; known: boolean; levels: readonly string[] } | null
  level: string
  /** Licences of the undertaker that allow the occupation. */
  licences: readonly { kind: string; validFrom: Day; validTo: Day | null }[]
  /** Whether the undertaker has any record of what it may teach its own staff. */
  ownStaffScope: boolean
  /** The bureau has said how online-only training counts (D-07). */
  onlineDecided: boolean
}

/**
 * Whether a plan may be filed today: filing comes before training, by somebody the programme allows, for an occupation
 * within its scope. An employer that trains its own staff needs no school permit; if its scope is on record, it binds.
 * @clause R01 C12
 */
export function checkFiling(facts: PlanFacts): Decision<null> {
  const { programme, organisation, today } = facts
  if (today < programme.openFrom)
    return refuse('R01', 'programme-not-open', { from: formatDay(programme.openFrom as Day) })
  if (programme.openTo !== null && today > programme.openTo) {
    return refuse('R01', 'programme-closed', { to: formatDay(programme.openTo as Day) })
  }
  if (!organisation.active) return refuse('R01', 'organisation-inactive')
  if (!programme.undertaker.orgTypes.includes(organisation.type)) {
    return refuse('R01', 'undertaker-type', { type: organisation.typeLabel, allowed: organisation.allowedLabels })
  }
  if (facts.endsOn < facts.startsOn) return refuse('R01', 'plan-dates')
  if (facts.startsOn < today) {
    return refuse('R01', 'plan-after-start', { startsOn: formatDay(facts.startsOn), today: formatDay(today) })
  }
  const hours = checkHours(facts)
  return hours.ok ? checkScope(facts) : hours
}

function checkHours({ programme, courses, classHours, onlineDecided }: PlanFacts): Decision<null> {
  const sum = courses.reduce((total, course) => total + course.classHours, 0)
  if (sum !== classHours) return refuse('R01', 'course-hours-differ', { sum, classHours })
  const online = courses.filter((course) => course.mode === 'online').length
  if (online > 0 && !programme.hours.onlineAllowed) return refuse('R01', 'online-not-allowed')
  if (online === courses.length && !onlineDecided) return refuse('R01', 'online-undecided')
  return allow(null)
}

function checkScope(facts: PlanFacts): Decision<null> {
  const { programme, occupation, startsOn, endsOn } = facts
  const teaching = programme.undertaker.mode === 'provider'
  if (occupation === null) return teaching ? refuse('C12', 'occupation-missing') : allow(null)
  if (!occupation.known) return refuse('C12', 'occupation-unknown')
  if (facts.level !== '' && !occupation.levels.includes(facts.level)) return refuse('C12', 'level-unknown')
  const kinds = teaching ? ['school-permit', 'filing'] : ['own-staff', 'school-permit', 'filing']
  const covered = facts.licences.some(
    ({ kind, validFrom, validTo }) =>
      kinds.includes(kind) && validFrom <= startsOn && (validTo === null || validTo >= endsOn),
  )
  if (covered || (!teaching && !facts.ownStaffScope)) return allow(null)
  return refuse('C12', 'licence-scope', {
    occupation: occupation.title,
    from: formatDay(startsOn),
    to: formatDay(endsOn),
  })
}

/** `HZ2021-SG` and 7 → `HZ2021-SG-0007`. */
export const numbered = (series: string, n: number, width = 4): string => `${series}-${String(n).padStart(width, '0')}`
