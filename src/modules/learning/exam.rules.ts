import { allow, type Decision, refuse } from '#policy/decision.ts'
import type { DrawnQuestion, ExamBody, GivenAnswer, Mark } from './exam.schema.ts'

/** Numbers in [0, 1) that a seed determines: whoever has the seed can draw the same paper again. */
export function numbersFrom(seed: string): () => number {
  let state = 2166136261
  for (const letter of seed) state = Math.imul(state ^ letter.charCodeAt(0), 16777619)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/**
 * The questions of one attempt: of each pool as many as the exam says, by the seed alone, whatever order the bank is read
 * in. Refuses when a pool has too few.
 * @clause HZ4-M13
 */
export function drawPaper(
  seed: string,
  pools: ExamBody['pools'],
  bank: readonly { id: string; pool: string }[],
): Decision<string[]> {
  const next = numbersFrom(seed)
  const drawn: string[] = []
  for (const { pool, count } of pools) {
    const left = bank
      .filter((question) => question.pool === pool && !drawn.includes(question.id))
      .map((question) => question.id)
      .toSorted()
    if (left.length < count) return refuse('HZ4-M13', 'exam-not-usable', { pool })
    for (let i = 0; i < count; i++) drawn.push(...left.splice(Math.floor(next() * left.length), 1))
  }
  return allow(drawn)
}

const plain = (text: string) => text.normalize('NFKC').replace(/\s+/g, '').toLowerCase()

/** Whether an answer is right: wholly or not at all. Spaces, width and case of letters do not matter. */
export function isRight({ kind, answer }: Pick<DrawnQuestion, 'kind' | 'answer'>, given: GivenAnswer): boolean {
  if (kind === 'multiple') {
    const [want, got] = [answer as number[], Array.isArray(given) ? given : [given as number]]
    return new Set(got).size === want.length && want.every((at) => got.includes(at))
  }
  if (kind === 'text') return (answer as string[]).some((one) => plain(one) === plain(String(given)))
  if (kind === 'number') {
    const { value, tolerance } = answer as { value: number; tolerance: number }
    const text = plain(String(given))
    return text !== '' && Math.abs(Number(text) - value) <= tolerance + 1e-9
  }
  return answer === given
}

export type Marked = { points: number; fullPoints: number; passed: boolean; marks: Mark[] }

/**
 * The marks of an attempt: each right answer its points, the pass mark in percent of all points. What was not answered
 * counts as wrong.
 * @clause HZ4-M13
 */
export function markPaper(
  questions: readonly DrawnQuestion[],
  given: ReadonlyMap<string, GivenAnswer>,
  passMark: number,
): Marked {
  const marks = questions.map((question): Mark => {
    const answer = given.get(question.id)
    const right = answer !== undefined && isRight(question, answer)
    return {
      questionId: question.id,
      points: right ? question.points : 0,
      of: question.points,
      answered: answer !== undefined,
    }
  })
  const sum = (numbers: number[]) => Math.round(numbers.reduce((all, one) => all + one, 0) * 100) / 100
  const points = sum(marks.map((mark) => mark.points))
  const fullPoints = sum(marks.map((mark) => mark.of))
  return { points, fullPoints, passed: points * 100 >= passMark * fullPoints, marks }
}

/** Whether another attempt may begin: not after a pass, and not past the resits. @clause HZ4-M13 */
export function mayAttempt(
  { resits }: Pick<ExamBody, 'resits'>,
  before: readonly { passed: boolean | null }[],
): Decision<number> {
  if (before.some((one) => one.passed)) return refuse('HZ4-M13', 'exam-passed')
  if (resits !== null && resits !== undefined && before.length > resits) {
    return refuse('HZ4-M13', 'no-resits-left', { most: resits + 1 })
  }
  return allow(before.length + 1)
}
