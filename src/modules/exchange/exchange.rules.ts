import { allow, type Decision, refuse } from '#policy/decision.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { normalise } from '#shared/text.ts'
import type { Day } from '#shared/units.ts'
import {
  type OfferState,
  type ReturnField,
  type ReturnState,
  returnFieldList,
  type WishState,
} from './exchange.schema.ts'

type Step<S> = { from: readonly S[]; to: S; clause: string }
export const offerCycle: Record<'give' | 'lapse' | 'cancel', Step<OfferState>> = {
  give: { from: ['open'], to: 'given', clause: 'X02' },
  lapse: { from: ['open'], to: 'lapsed', clause: 'X02' },
  cancel: { from: ['open'], to: 'cancelled', clause: 'X01' },
}
export const wishCycle: Record<'meet' | 'withdraw', Step<WishState>> = {
  meet: { from: ['open'], to: 'met', clause: 'X01' },
  withdraw: { from: ['open'], to: 'withdrawn', clause: 'X01' },
}
export const returnCycle: Record<'accept' | 'return', Step<ReturnState>> = {
  accept: { from: ['submitted'], to: 'accepted', clause: 'X03' },
  return: { from: ['submitted'], to: 'returned', clause: 'X03' },
}

/**
 * A slot as asked for: in the future, its end after its beginning, at most ten hours.
 * @clause X01
 */
export function checkSlot(from: Date, to: Date, now: Date): Decision<null> {
  const minutes = (to.getTime() - from.getTime()) / 60_000
  if (minutes <= 0 || minutes > 600) return refuse('X01', 'ends-before')
  return from > now ? allow(null) : refuse('X01', 'in-past')
}

/** What two offers may not use at one time: a place by its name, whatever spaces and signs it is typed with. */
export const placeKey = (place: string): string =>
  `place:${normalise(place)
    .toLowerCase()
    .replace(/[\s,，。.()（）\-—]/g, '')}`

export type Wanted = {
  industry: string
  subject: string
  subdistrict: string | null
  from: Day
  to: Day
  persons: number
}
export type Offered = {
  industry: string
  subject: string
  summary: string
  online: boolean
  subdistrict: string | null
  on: Day
  left: number
}
export type Match = { score: number; reasons: string[] }

const bare = (text: string) =>
  normalise(text)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
const pairs = (text: string): Set<string> => {
  const signs = Array.from(bare(text))
  return new Set(signs.slice(1).map((sign, at) => `${signs[at]}${sign}`))
}

/**
 * How well an offer answers a wish, with the reasons in words: industry, subject, place and time, in that order of
 * weight. Null where the day is outside the wish, the places do not suffice, or neither industry nor subject fits.
 * @clause X01
 */
export function match(wish: Wanted, offer: Offered): Match | null {
  if (offer.on < wish.from || offer.on > wish.to || offer.left < wish.persons) return null
  const reasons: string[] = []
  let score = 0
  const [a, b] = [bare(wish.industry), bare(offer.industry)]
  if (a === b || a.includes(b) || b.includes(a)) {
    score += 40
    reasons.push(`行业相同（${offer.industry}）`)
  }
  const wanted = pairs(wish.subject)
  const said = pairs(`${offer.subject} ${offer.summary}`)
  const shared = [...wanted].filter((pair) => said.has(pair))
  const share = wanted.size === 0 ? 0 : shared.length / wanted.size
  if (share >= 0.25) {
    score += Math.round(share * 40)
    reasons.push(`题目相近（共有“${shared.slice(0, 3).join('、')}”）`)
  }
  if (score === 0) return null
  if (offer.online) {
    score += 10
    reasons.push('线上参加，不用到场')
  } else if (wish.subdistrict !== null && wish.subdistrict === offer.subdistrict) {
    score += 15
    reasons.push('在同一街道')
  }
  score += 5
  reasons.push('时间在所选范围内', `还有${offer.left}个名额`)
  return { score, reasons }
}

/**
 * Minutes that count: the least of what was planned, what the host says and what the firms say at most. Never rounded up.
 * @clause X02 R24
 */
export const creditedMinutes = (planned: number, host: number, guests: readonly number[]): number =>
  guests.length === 0 ? 0 : Math.min(planned, host, Math.max(...guests))

/**
 * When the desk may find in the place of a firm that says nothing: after so many working days from the day the host spoke.
 * Where the bureau has laid down no days, the desk decides by hand and says why now. The last day to wait comes back.
 * @clause X02
 */
export function mayFind(facts: {
  hostSaidOn: Day | null
  workdays: number | null
  today: Day
  handReason: string
}): Decision<{ dueOn: Day | null }> {
  const { hostSaidOn, workdays, today, handReason } = facts
  if (hostSaidOn === null) return refuse('X02', 'host-silent')
  if (workdays === null) {
    return handReason.length >= 10 ? allow({ dueOn: null }) : refuse('X02', 'hand-reason')
  }
  const dueOn = addWorkdays(hostSaidOn, workdays).day
  return today > dueOn ? allow({ dueOn }) : refuse('X02', 'still-waiting', { due: dueOn })
}

/**
 * Who is short of the year's minutes; nobody while that is not laid down.
 * @clause R24
 */
export function shortOf<T extends { minutes: number }>(
  all: readonly T[],
  needed: number | null,
): (T & { missing: number })[] {
  if (needed === null) return []
  return all.filter((one) => one.minutes < needed).map((one) => ({ ...one, missing: needed - one.minutes }))
}

/** Reminders go out in the last quarter. @clause R24 */
export const remindIn = (month: number): boolean => month >= 10

export type Figures = Record<ReturnField, number>
/**
 * Where a return differs from the platform's own records; a difference needs its explanation.
 * @clause X03
 */
export function reconcile(
  own: Figures,
  platform: Figures,
  explanation: string,
): Decision<{ field: ReturnField; own: number; platform: number }[]> {
  const apart = returnFieldList
    .filter((field) => own[field] !== platform[field])
    .map((field) => ({ field, own: own[field], platform: platform[field] }))
  if (apart.length > 0 && explanation.trim().length < 4) {
    return refuse('X03', 'unexplained', { fields: apart.map((one) => one.field).join(' ') })
  }
  return allow(apart)
}
