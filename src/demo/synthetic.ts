/**
 * Made-up people and organisations: the numbers are well formed and have valid check digits, but the birth dates and
 * sequences come from a fixed pseudo-random row, so that the same district is made each time. Nobody here is real.
 */

import { checkDigit } from '#modules/people/identity.rules.ts'
import { usccCheck } from '#modules/people/organisation.rules.ts'

/** A small generator with a fixed seed (mulberry32). */
export function dice(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return {
    next,
    /** A whole number from `low` to `high`, both included. */
    between: (low: number, high: number) => low + Math.floor(next() * (high - low + 1)),
    pick: <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T,
    chance: (probability: number) => next() < probability,
  }
}
export type Dice = ReturnType<typeof dice>

const surnames = [...'陈李黄张梁林王刘吴何曾罗邓谢郑许叶苏周卢钟蔡潘冯郭杨徐曹彭袁']
const given = [
  ...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉萍红建国文辉力志永健世广义兴良海山仁波宁贵福生龙元全胜学祥才发武新利清飞彬富顺信子杰嘉欣晓彤俊宇思琪浩然',
]

export function personName(d: Dice): string {
  return d.pick(surnames) + d.pick(given) + (d.chance(0.6) ? d.pick(given) : '')
}

/** An 18-character resident number: area + birth + sequence + check character (GB 11643). */
export function residentId(area: string, bornOn: string, sequence: number): string {
  const body = area + bornOn.replaceAll('-', '') + String(sequence).padStart(3, '0')
  return body + checkDigit(body)
}

export type SyntheticPerson = {
  name: string
  documentKind: 'resident-id'
  documentNumber: string
  phone: string
  bornOn: string
  sex: 'male' | 'female'
}

const areas = ['440105', '440103', '440104', '440106', '440111', '440112', '440113', '440114'] as const
const round = 999 * areas.length
const daysUsed = 28

/** How many made-up people there are. */
export const mostPeople = round * daysUsed

/** The `index`-th made-up person: distinct indexes give distinct documents and phones. */
export function syntheticPerson(d: Dice, index: number): SyntheticPerson {
  if (index < 0 || index >= mostPeople) throw new RangeError(`there is no made-up person ${index}`)
  const place = index % round
  // sequence and area walk with the index; after each round the day of the month steps on, so no number comes twice
  const date = ((place * 13 + Math.floor(index / round) * 11) % daysUsed) + 1
  const bornOn = [d.between(1968, 2002), d.between(1, 12), date].map((n) => String(n).padStart(2, '0')).join('-')
  const sequence = (place % 999) + 1
  return {
    name: personName(d),
    documentKind: 'resident-id',
    documentNumber: residentId(areas[Math.floor(place / 999)] as string, bornOn, sequence),
    phone: `1${d.pick(['38', '39', '58', '59', '86', '87'])}${String(index % 100_000_000).padStart(8, '0')}`,
    bornOn,
    sex: sequence % 2 === 1 ? 'male' : 'female',
  }
}

const usccAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** A unified social credit code (GB 32100) registered in Haizhu; distinct indexes give distinct codes. */
export function creditCode(prefix: string, index: number): string {
  let serial = ''
  for (let rest = index, place = 0; place < 7; place++) {
    serial = usccAlphabet[rest % 31] + serial
    rest = Math.floor(rest / 31)
  }
  const body = `${prefix}440105MA${serial}`
  return body + usccCheck(body)
}
