import { allow, type Decision, refuse } from '#policy/decision.ts'
import { type Drawn, orderOf, orderStands } from '#shared/draw.ts'

/** What is known of a judge. */
export type JudgeFacts = {
  personId: string
  organisationId: string | null
  employer: string
  /** Organisations declared as kin, former employer and so on. */
  ties: readonly string[]
  /** Blind indexes of the documents of declared kin and pupils. */
  relations: readonly string[]
}
/** What is known of those who stand behind one entry. */
export type EntryFacts = {
  persons: readonly string[]
  organisationId: string | null
  unit: string
  documentIndexes: readonly string[]
  /** Who has taught one of them in a class of the platform. */
  taughtBy: readonly string[]
}
export type Conflict = 'self' | 'employer' | 'tie' | 'relation' | 'taught'
export const conflictWords: Record<Conflict, string> = {
  self: '本人参赛',
  employer: '与选手同一单位',
  tie: '申报过与选手单位有亲属或者其他关系',
  relation: '申报过选手是亲属或者学生',
  taught: '教过选手',
}

const plain = (name: string) => name.replace(/[\s（）()]/g, '')

/**
 * Why somebody may not judge an entry: the same person, the same employer, a declared tie or relation, or a pupil.
 * @clause A02 @clause R32
 */
export function conflictWith(judge: JudgeFacts, entry: EntryFacts): Conflict | null {
  if (entry.persons.includes(judge.personId)) return 'self'
  if (judge.organisationId !== null && judge.organisationId === entry.organisationId) return 'employer'
  if (plain(judge.employer) === plain(entry.unit)) return 'employer'
  if (entry.organisationId !== null && judge.ties.includes(entry.organisationId)) return 'tie'
  if (entry.documentIndexes.some((one) => judge.relations.includes(one))) return 'relation'
  return entry.taughtBy.includes(judge.personId) ? 'taught' : null
}

/** The seed of the nth draw of judges: it follows from the competition's own seed and gives nothing of it away. */
export const drawSeed = (digest: (text: string) => string, seed: string, number: number): string =>
  digest(`${seed}:judges:${number}`)

/**
 * The pool in the order of the draw; passed over is who may not judge one of the entries.
 * @clause A02 @clause R32
 */
export const judgeOrder = (
  digest: (text: string) => string,
  seed: string,
  pool: readonly (JudgeFacts & { id: string })[],
  entries: readonly EntryFacts[],
): Drawn<Conflict>[] =>
  orderOf(digest, seed, pool, (judge) => {
    for (const entry of entries) {
      const found = conflictWith(judge, entry)
      if (found) return found
    }
    return null
  })

export type JudgeDraw = { number: number; seed: string; wanted: number; order: Drawn<Conflict>[] }
/**
 * What does not agree when the draws are done again from the opened seed; empty when all does.
 * @clause A02
 */
export function judgeDrawFaults(digest: (text: string) => string, seed: string, draws: readonly JudgeDraw[]): string[] {
  return draws.flatMap((one) => {
    const stands = orderStands(digest, one.seed, one.order)
    return [
      ...(drawSeed(digest, seed, one.number) === one.seed ? [] : [`第${one.number}次的种子不是由公布的种子得出`]),
      ...(stands.keys ? [] : [`第${one.number}次有排序值算得不对`]),
      ...(stands.ascending ? [] : [`第${one.number}次没有按排序值从小到大`]),
    ]
  })
}

/** So many judges mark each module; a third is called where two differ. */
export const pair = 2
const withThird = 3

/**
 * Every entry has as many judges without conflict as a third marking may need.
 * @clause R32
 */
export function enoughJudges(
  judges: readonly JudgeFacts[],
  entries: readonly (EntryFacts & { number: string })[],
): Decision<null> {
  if (judges.length < withThird) {
    return refuse('R32', 'judges-few', { needed: withThird, able: judges.length, entry: '' })
  }
  for (const entry of entries) {
    const able = judges.filter((one) => conflictWith(one, entry) === null).length
    if (able < withThird) return refuse('R32', 'judges-few', { needed: withThird, able, entry: entry.number })
  }
  return allow(null)
}
