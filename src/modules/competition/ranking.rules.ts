import type { CompetitionType } from '#policy/plan.types.ts'
import { cents, fromCents } from './marking.rules.ts'

/** One entry with every mark it has. */
export type Contestant = {
  entryId: string
  groupId: string
  /** Round of the type → its mark; none: did not stand in it. */
  rounds: Readonly<Record<string, number>>
  /** Module → its mark, of the last practical round. */
  modules: Readonly<Record<string, number>>
  /** Stood in the last round, was there and passed. */
  ranked: boolean
}
export type Place = {
  entryId: string
  groupId: string
  total: number
  /** Null: took part, not ranked. */
  place: number | null
  prize: string
  /** What decided against the one before with the same total; empty where nothing had to. */
  tie: string
}

type Ranking = Pick<CompetitionType, 'rounds' | 'modules' | 'tieBreak' | 'prizes'>
export const tieWords = { practical: '实操成绩', theory: '理论成绩' } as const

/** The total: each round by its weight. */
export function totalOf(type: Ranking, one: Pick<Contestant, 'rounds'>): number {
  const sum = type.rounds.reduce((all, { id, weight }) => all + cents(one.rounds[id] ?? 0) * weight, 0)
  return fromCents(Math.round(sum / 100))
}

type Key = { label: string; of(one: Contestant): number }

/** What is compared, first to last: the total, then the type's steps; modules in descending weight, then as in the file. */
function keysOf(type: Ranking): Key[] {
  const ofKind = (kind: 'theory' | 'practical') => (one: Contestant) =>
    type.rounds.filter((round) => round.kind === kind).reduce((sum, { id }) => sum + cents(one.rounds[id] ?? 0), 0)
  const steps = type.tieBreak.flatMap((step): Key[] => {
    if (step !== 'modules') return [{ label: tieWords[step], of: ofKind(step) }]
    return type.modules
      .toSorted((a, b) => b.weight - a.weight)
      .map(({ id, title }) => ({ label: `模块“${title}”`, of: (one) => cents(one.modules[id] ?? 0) }))
  })
  return [{ label: '', of: (one) => cents(totalOf(type, one)) }, ...steps]
}

/**
 * Places of one group: by total, equals by the type's tie-break, and who is still equal shares the place. Then the prizes.
 * @clause R32
 */
export function rank(
  type: Ranking,
  contestants: readonly Contestant[],
  shares: { tookPart: number; prizeShare: number; meritShare: number | null },
): Place[] {
  const keys = keysOf(type)
  const decides = (a: Contestant, b: Contestant) => keys.findIndex((key) => key.of(a) !== key.of(b))
  const sorted = contestants
    .filter((one) => one.ranked)
    .toSorted((a, b) => {
      const key = keys[decides(a, b)]
      return key ? key.of(b) - key.of(a) : a.entryId < b.entryId ? -1 : 1
    })
  const places: Place[] = []
  for (const [at, one] of sorted.entries()) {
    const before = sorted[at - 1]
    const key = before ? decides(before, one) : 0
    const place = before && key < 0 ? (places[at - 1]?.place ?? at + 1) : at + 1
    const tie = !before || key === 0 ? '' : key < 0 ? '并列' : `总分相同，${keys[key]?.label}较低`
    places.push({ entryId: one.entryId, groupId: one.groupId, total: totalOf(type, one), place, prize: '', tie })
  }
  const others = contestants
    .filter((one) => !one.ranked)
    .map((one) => ({ ...one, total: totalOf(type, one) }))
    .toSorted((a, b) => b.total - a.total || (a.entryId < b.entryId ? -1 : 1))
    .map(({ entryId, groupId, total }): Place => ({ entryId, groupId, total, place: null, prize: '', tie: '' }))
  return [...prized(type.prizes, places, shares), ...others]
}

/**
 * How many of each rank: the winners' share of those who took part, rounded down; divided by the ratio, cumulated and
 * rounded up, so that there is a first before there is a second, and no rank between is left out.
 * @clause R32
 */
export function prizeCounts(ranks: readonly { ratio: number }[], tookPart: number, share: number): number[] {
  const winners = Math.floor((tookPart * cents(share)) / 10_000)
  const whole = ranks.reduce((sum, one) => sum + one.ratio, 0)
  let [parts, given] = [0, 0]
  return ranks.map(({ ratio }) => {
    parts += ratio
    const upTo = Math.min(winners, Math.max(Math.ceil((winners * parts) / whole), given + 1))
    const own = upTo - given
    given = upTo
    return own
  })
}

/** A rank is given as far as its border; who shares a place across it gets the next lower one, so no share is exceeded. */
function prized(
  prizes: CompetitionType['prizes'],
  places: readonly Place[],
  shares: { tookPart: number; prizeShare: number; meritShare: number | null },
): Place[] {
  const counts = prizeCounts(prizes.ranks, shares.tookPart, shares.prizeShare)
  const borders = prizes.ranks.map(({ id }, at) => ({
    id,
    last: counts.slice(0, at + 1).reduce((sum, one) => sum + one, 0),
  }))
  if (prizes.merit && shares.meritShare !== null) {
    const last = Math.floor((shares.tookPart * cents(shares.meritShare)) / 10_000)
    borders.push({ id: prizes.merit.id, last: Math.max(last, borders.at(-1)?.last ?? 0) })
  }
  const sharing = Map.groupBy(places, (one) => one.place)
  return places.map((one) => {
    const place = one.place ?? Number.POSITIVE_INFINITY
    const reaches = place + (sharing.get(one.place)?.length ?? 1) - 1
    return { ...one, prize: borders.find(({ last }) => reaches <= last)?.id ?? '' }
  })
}
