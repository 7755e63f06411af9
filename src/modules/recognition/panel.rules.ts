import { allow, type Decision, refuse } from '#policy/decision.ts'
import type { Scheme } from '#policy/plan.types.ts'
import { firstOf, type Drawn as Lot, orderOf, orderStands } from '#shared/draw.ts'

type Digest = (text: string) => string

export type Candidate = {
  id: string
  personId: string
  organisationId: string | null
  /** Organisations declared as kin, former employer and so on. */
  ties: readonly string[]
}
/** Everybody and everything that the applications of a panel are about. */
export type Applicants = {
  persons: ReadonlySet<string>
  organisations: ReadonlySet<string>
  taughtBy: ReadonlySet<string>
}
export type Passed = 'self' | 'employer' | 'tie' | 'taught'
export const passedWords: Record<Passed, string> = {
  self: '本人是申报人选',
  employer: '与申报人同一单位',
  tie: '申报过与申报单位有亲属或者其他关系',
  taught: '教过申报人选',
}
export type Drawn = Lot<Passed>

/**
 * Why an expert may not sit: the same person, the same employer, a declared tie, or having taught the nominee.
 * @clause A02
 */
export function conflictOf(one: Candidate, applicants: Applicants): Passed | null {
  if (applicants.persons.has(one.personId)) return 'self'
  if (one.organisationId !== null && applicants.organisations.has(one.organisationId)) return 'employer'
  if (one.ties.some((tie) => applicants.organisations.has(tie))) return 'tie'
  return applicants.taughtBy.has(one.personId) ? 'taught' : null
}

export const panelSeed = (digest: Digest, callSeed: string, number: number): string => digest(`${callSeed}:${number}`)

/**
 * The whole pool in the order of the draw: by SHA-256 of seed and expert. Anybody with the seed can do it again; the
 * order in which the pool is given does not matter.
 * @clause A02
 */
export function drawOrder(digest: Digest, seed: string, pool: readonly Candidate[], applicants: Applicants): Drawn[] {
  return orderOf(digest, seed, pool, (one) => conflictOf(one, applicants))
}

/** A draw as outsiders see it: what they need to do it again, and nobody's name. */
export type PublicDraw = { number: number; seed: string; order: readonly Drawn[] }

/**
 * What does not agree when draws are done again from the published seed of their call; empty when all does.
 * @clause A02
 */
export function drawFaults(
  digest: Digest,
  commitment: string,
  callSeed: string,
  draws: readonly PublicDraw[],
): string[] {
  const faults = digest(callSeed) === commitment ? [] : ['公布的种子与发布通知时的 SHA-256 不符']
  for (const { number, seed, order } of draws) {
    if (panelSeed(digest, callSeed, number) !== seed) faults.push(`第 ${number} 组的种子不是由公布的种子得出`)
    const stands = orderStands(digest, seed, order)
    if (!stands.keys) faults.push(`第 ${number} 组有排序值算得不对`)
    if (!stands.ascending) faults.push(`第 ${number} 组没有按排序值从小到大`)
  }
  return faults
}

/** The first `size` who may sit. */
export function draw(order: readonly Drawn[], size: number): Decision<Drawn[]> {
  const first = firstOf(order, size)
  return typeof first === 'number' ? refuse('A02', 'pool-too-small', { needed: size, able: first }) : allow(first)
}

/** Who follows when a drawn expert steps back; null when nobody is left. */
export const nextDrawn = (order: readonly Drawn[], seated: ReadonlySet<string>): Drawn | null =>
  order.find((one) => one.passed === null && !seated.has(one.id)) ?? null

type Scoring = NonNullable<Scheme['scoring']>

/** A mark as it is written, 0–100 with at most one decimal; null when it is none. */
export const markOf = (typed: string): number | null =>
  /^\d{1,3}(\.\d)?$/.test(typed) && Number(typed) <= 100 ? Number(typed) : null

/**
 * One sheet's total, 0–100 to two decimals: each dimension is marked 0–100 in tenths and weighted. Counted whole and rounded
 * once, so that the same mark everywhere is the total.
 */
export function totalOf(dimensions: Scoring['dimensions'], scores: Readonly<Record<string, number>>): number {
  const sum = dimensions.reduce((total, { id, weight }) => total + Math.round((scores[id] ?? 0) * 10) * weight, 0)
  return Math.round(sum / 10) / 100
}

export type Result = { score: number; spread: number; dropped: string[] }

/**
 * What the sheets come to: so many highest and lowest left out when there are enough, the mean of the rest to two
 * decimals, and the spread of all. Among equals the earlier sheet id goes first, so the same sheets always give the same.
 * @clause A02
 */
export function resultOf(sheets: readonly { id: string; total: number }[], drop: Scoring['drop']): Result {
  const sorted = sheets.toSorted((a, b) => a.total - b.total || (a.id < b.id ? -1 : 1))
  const enough = sorted.length >= drop.dropFrom && sorted.length > drop.highest + drop.lowest
  const low = enough ? drop.lowest : 0
  const high = enough ? drop.highest : 0
  const kept = sorted.slice(low, sorted.length - high)
  const sum = kept.reduce((total, one) => total + Math.round(one.total * 100), 0)
  return {
    score: kept.length === 0 ? 0 : Math.round(sum / kept.length) / 100,
    spread: Math.round(((sorted.at(-1)?.total ?? 0) - (sorted[0]?.total ?? 0)) * 100) / 100,
    dropped: [...sorted.slice(0, low), ...sorted.slice(sorted.length - high)].map((one) => one.id),
  }
}

/** How far an expert marks above (+) or below (−) the panel, over the applications that everybody has marked. */
export function severity(
  sheets: readonly { expertId: string; applicationId: string; total: number }[],
): Map<string, number> {
  const byApplication = Map.groupBy(sheets, (one) => one.applicationId)
  const byExpert = Map.groupBy(sheets, (one) => one.expertId)
  const mean = (list: readonly { total: number }[]) =>
    list.reduce((sum, one) => sum + one.total, 0) / (list.length || 1)
  return new Map(
    [...byExpert].map(([expert, own]) => {
      const off = own.reduce((sum, one) => sum + one.total - mean(byApplication.get(one.applicationId) ?? [one]), 0)
      return [expert, Math.round((off / own.length) * 100) / 100]
    }),
  )
}

/** Chosen out of order: somebody left out has more points than somebody chosen. Then a reason is due. */
export function outOfOrder(chosen: readonly (number | null)[], left: readonly (number | null)[]): boolean {
  const least = Math.min(...chosen.map((score) => score ?? Number.POSITIVE_INFINITY))
  return left.some((score) => score !== null && score > least)
}

/**
 * Whether a score, 0–100, ends an application. A mark that nobody has laid down ends none.
 * @clause A02
 */
export const fallsShort = (score: number | null, mark: number | null): boolean =>
  mark !== null && score !== null && score < mark

/**
 * Which values of a field are chosen more often than their share of all chosen, rounded up. Shares that nobody has laid down
 * bind nobody.
 * @clause R27
 */
export function beyondShare(
  chosen: readonly string[],
  shares: readonly { value: string; parts: number | null }[],
): string[] {
  if (shares.some((one) => one.parts === null)) return []
  const whole = shares.reduce((sum, one) => sum + (one.parts ?? 0), 0)
  return shares.flatMap(({ value, parts }) => {
    const most = Math.ceil((chosen.length * (parts ?? 0)) / whole)
    return chosen.filter((one) => one === value).length > most ? [value] : []
  })
}
