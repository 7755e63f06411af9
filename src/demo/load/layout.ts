import { createHash } from 'node:crypto'
import { isWorkday } from '#policy/workdays.ts'
import { addDays, endOfDay, startOfDay } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'

/** What is taught, by whom and to whom. `share` is the part of all classes. */
export const subjects = [
  { key: 'adaptation', share: 0.55, programme: 'job-adaptation', type: 'enterprise', occupation: null, level: null },
  { key: 'digital', share: 0.345, programme: 'project-based', type: 'provider', occupation: '4-04-05-05', level: '5' },
  { key: 'domestic', share: 0.075, programme: 'project-based', type: 'school', occupation: '4-10-01-06', level: '5' },
  { key: 'cuisine', share: 0.03, programme: 'project-based', type: 'school', occupation: '4-03-02-01', level: '5' },
] as const
export type Subject = (typeof subjects)[number]

/** Three days, morning and afternoon, three hours each: 24 class hours of 45 minutes. */
export const shape = { days: 3, sessionsADay: 2, sessionMinutes: 180, classHours: 24 } as const
export const sessionsAClass = shape.days * shape.sessionsADay

export type Lane = { index: number; subject: Subject; organisation: number }
export type Member = {
  person: number
  /** By session: minutes late, or null when absent. */
  late: readonly (number | null)[]
  /** Tenths of a point: theory, practice. */
  scores: readonly [number, number]
}
export type LoadClass = {
  /** Stable name: the same seed makes the same class. */
  key: string
  lane: Lane
  days: readonly Day[]
  members: readonly Member[]
}
export type Layout = { seed: number; lanes: Lane[]; classes: LoadClass[]; persons: number; passed: number }

/** A fixed fraction in [0, 1) for a name: the district needs no state to be made again from the middle. */
export const chance = (seed: number, ...name: (string | number)[]): number => fractions(seed, ...name)(0)

/** A version 7 id that depends on nothing but its name and its instant. */
export function idFor(at: Date, ...name: (string | number)[]): string {
  const hash = createHash('sha256').update(name.join('/')).digest('hex')
  const time = at.getTime().toString(16).padStart(12, '0')
  const variant = '89ab'[Number.parseInt(hash[3] as string, 16) % 4]
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hash.slice(0, 3)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`
}

const attendanceNeeded = 0.8
const passMark = 600

export const attendedMinutes = (member: Member): number =>
  member.late.reduce<number>((sum, late) => sum + (late === null ? 0 : shape.sessionMinutes - late), 0)

export function passes(member: Member): boolean {
  const planned = sessionsAClass * shape.sessionMinutes
  const [theory, practice] = member.scores
  return attendedMinutes(member) >= planned * attendanceNeeded && theory * 0.4 + practice * 0.6 >= passMark
}

const slotsWanted = 45
const returning = 0.15
const returnAfter = 6
const organisationLanes = 2
const seats = { usual: 38, least: 12, most: 50 }
/** Of a hundred who come, so many pass; only a guess to fill the classes evenly. */
const usualPassRate = 0.955

/**
 * Lays out classes until exactly so many people have passed. Every lane is one room and one trainer, so that nothing
 * meets at one time; people come back only within their lane, later, so that nobody is in two places.
 */
export function layOut(options: { seed: number; passed: number; from: Day; to: Day }): Layout {
  const slots = slotsBetween(options.from, options.to)
  const result: Layout = { seed: options.seed, lanes: [], classes: [], persons: 0, passed: 0 }
  let organisations = 0
  for (const [at, subject] of subjects.entries()) {
    const last = at === subjects.length - 1
    const wanted = last ? options.passed - result.passed : Math.round(options.passed * subject.share)
    organisations += fill(result, subject, wanted, slots, organisations)
  }
  return result
}

/** Runs of three workdays, one after the other. */
function slotsBetween(from: Day, to: Day): Day[][] {
  const slots: Day[][] = []
  let slot: Day[] = []
  for (let on = from; on <= to; on = addDays(on, 1)) {
    if (!isWorkday(on)) continue
    slot.push(on)
    if (slot.length === shape.days) {
      slots.push(slot)
      slot = []
    }
  }
  return slots
}

function fill(layout: Layout, subject: Subject, wanted: number, slots: Day[][], organisationsBefore: number): number {
  if (wanted <= 0) return 0
  const classes = Math.ceil(wanted / (seats.usual * usualPassRate))
  const lanes = Math.ceil(classes / Math.min(slotsWanted, slots.length))
  const made: Lane[] = Array.from({ length: lanes }, (_, i) => ({
    index: layout.lanes.length + i,
    subject,
    organisation: organisationsBefore + Math.floor(i / organisationLanes),
  }))
  layout.lanes.push(...made)
  const memory = new Map<number, Member[][]>()
  let open = wanted
  for (const [nth, { lane, days }] of places(made, slots, classes).entries()) {
    const key = `${subject.key}-${lane.index}-${days[0]}`
    const earlier = memory.get(lane.index) ?? []
    const members: Member[] = []
    const left = classes - nth
    const size = Math.round((open / left / usualPassRate) * (0.85 + 0.3 * chance(layout.seed, key)))
    const most = left === 1 ? seats.most : Math.min(Math.max(size, seats.least), seats.most)
    while (open > 0 && members.length < most) {
      const member = memberOf(
        layout,
        key,
        members.length,
        earlier.at(-returnAfter)?.[members.length],
        subject.occupation === null, // the same occupation is paid once (C09)
      )
      members.push(member)
      if (passes(member)) open--
    }
    memory.set(lane.index, [...earlier, members])
    if (members.length > 0) layout.classes.push({ key, lane, days, members })
  }
  if (open > 0) throw new RangeError(`${subject.key}: ${open} people of ${wanted} found no place`)
  layout.passed += wanted
  return Math.ceil(lanes / organisationLanes)
}

/** So many lanes and slots in the order of time, thinner at first: an office gathers speed. */
function places(lanes: Lane[], slots: Day[][], classes: number): { lane: Lane; days: Day[] }[] {
  const all = slots.flatMap((days, nth) =>
    lanes.map((lane) => ({ lane, days, weight: 0.5 + (0.5 * nth) / slots.length })),
  )
  const total = all.reduce((sum, place) => sum + place.weight, 0)
  let passed = 0
  return all.filter(({ weight }) => {
    const before = Math.floor((passed / total) * classes)
    passed += weight
    return Math.floor((passed / total) * classes + 1e-9) > before
  })
}

function memberOf(layout: Layout, key: string, seat: number, back: Member | undefined, mayReturn: boolean): Member {
  const dice = fractions(layout.seed, key, seat)
  const careless = dice(0) < 0.04
  const late = Array.from({ length: sessionsAClass }, (_, session) => {
    const roll = dice(1 + session)
    if (roll < (careless ? 0.45 : 0.015)) return null
    return roll > 0.965 ? 11 + Math.floor((roll - 0.965) * 1000) : 0
  })
  const score = (which: number) => 520 + Math.floor(Math.sqrt(dice(which)) * 470)
  const scores = [score(1 + sessionsAClass), score(2 + sessionsAClass)] as const
  const again = back !== undefined && mayReturn && dice(3 + sessionsAClass) < returning && passes(back)
  return { person: again ? back.person : layout.persons++, late, scores }
}

/** Up to sixteen fractions for one name. */
function fractions(seed: number, ...name: (string | number)[]): (which: number) => number {
  const hash = createHash('sha512')
    .update(`${seed}/${name.join('/')}`)
    .digest()
  return (which) => hash.readUInt32BE(which * 4) / 4294967296
}

/** The moment so many minutes after midnight of a day in Guangzhou. */
export const at = (on: Day, minutesOfDay: number): Date => new Date(startOfDay(on).getTime() + minutesOfDay * 60_000)
export const lastMoment = endOfDay
