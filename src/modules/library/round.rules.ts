import { courseCycle } from './course.rules.ts'
import type { CourseState } from './course.schema.ts'
import type { Outcome, RoundKind } from './round.schema.ts'

export type Criterion = { id: string; title: string; weight: number }
export type Given = { scores: Readonly<Record<string, number>>; vetoes: readonly string[] }
export type Standard = { criteria: readonly Criterion[]; passMark: number; floor: number }

/** One reviewer's total, 0–100: each criterion's 0–5 by its weight, rounded to a tenth. */
export function totalOf(criteria: readonly Criterion[], scores: Readonly<Record<string, number>>): number {
  const points = criteria.reduce((sum, { id, weight }) => sum + ((scores[id] ?? 0) / 5) * weight, 0)
  return Math.round(points * 10) / 10
}

export type Judgement = { outcome: Outcome; score: number; reasons: string[] }

/**
 * What two reviews come to. Rejected when both name the same veto; returned when one names a veto, when a criterion's
 * mean is under the floor, or when the mean total is under the mark; passed otherwise. The order of the two never matters.
 * @clause L01
 */
export function judge(standard: Standard, one: Given, other: Given): Judgement {
  const totals = [one, other].map(({ scores }) => totalOf(standard.criteria, scores))
  const score = Math.round(((totals[0] ?? 0) + (totals[1] ?? 0)) * 5) / 10
  const both = one.vetoes.filter((veto) => other.vetoes.includes(veto)).toSorted()
  if (both.length > 0) return { outcome: 'reject', score, reasons: both.map((veto) => `veto:${veto}`) }
  const vetoes = [...new Set([...one.vetoes, ...other.vetoes])].toSorted().map((veto) => `veto:${veto}`)
  const low = standard.criteria
    .filter(({ id }) => ((one.scores[id] ?? 0) + (other.scores[id] ?? 0)) / 2 < standard.floor)
    .map(({ id }) => `floor:${id}`)
  const under = score < standard.passMark ? ['mark'] : []
  const reasons = [...vetoes, ...low, ...under]
  return { outcome: reasons.length > 0 ? 'return' : 'pass', score, reasons }
}

/**
 * What an outcome does to the course; null: its state stays. A new version that fails leaves the old one where it is; a
 * re-check that fails takes the course off the list.
 * @clause L01 L02
 */
export function moveAfter(kind: RoundKind, outcome: Outcome, state: CourseState): keyof typeof courseCycle | null {
  if (kind === 'admission') return outcome
  if (kind === 'recheck') {
    if (outcome === 'pass') return state === 'suspended' ? 'restore' : null
    return courseCycle.suspend.from.includes(state) ? 'suspend' : null
  }
  return null
}

export type Watch = {
  ratingCount: number
  ratingSum: number
  confirmedComplaints: number
  /** Null: not decided by the district, so nothing is judged by it. */
  ratingLeast: number | null
  ratingFloorTenths: number | null
  complaintMax: number | null
}

/**
 * Why a listed course leaves the list, or null. An undecided figure judges nothing.
 * @clause L02
 */
export function whyOffList(watch: Watch): 'low-rating' | 'complaints' | null {
  const { ratingLeast, ratingFloorTenths, complaintMax } = watch
  if (complaintMax !== null && complaintMax > 0 && watch.confirmedComplaints >= complaintMax) return 'complaints'
  const enough = ratingLeast !== null && watch.ratingCount >= Math.max(ratingLeast, 1)
  const low = ratingFloorTenths !== null && watch.ratingSum * 10 < ratingFloorTenths * watch.ratingCount
  return enough && low ? 'low-rating' : null
}

export const offListWords: Record<string, string> = {
  'low-rating': '评分过低',
  complaints: '属实投诉过多',
  recheck: '复审没有通过',
  'recheck-overdue': '复审到期没有完成',
  office: '区人社局决定',
}
