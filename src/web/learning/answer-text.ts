import type { GivenAnswer, QuestionKind, RightAnswer } from '#modules/learning/exam.schema.ts'

/** What a form sends for a question, as it is kept; null when nothing was given. */
export function givenFrom(kind: QuestionKind, values: readonly string[]): GivenAnswer | null {
  const filled = values.filter((value) => value.trim() !== '')
  const [first] = filled
  if (first === undefined) return null
  if (kind === 'multiple') return filled.map(Number).toSorted((a, b) => a - b)
  if (kind === 'single') return Number(first)
  return kind === 'true-false' ? first === 'true' : first.trim()
}

/** An answer as a person reads it. */
export function rightText(kind: QuestionKind, options: readonly string[], answer: RightAnswer | GivenAnswer): string {
  if (kind === 'true-false') return answer === true ? '对' : '错'
  if (kind === 'single' || kind === 'multiple') {
    const picked = Array.isArray(answer) ? answer.map(Number) : [Number(answer)]
    return picked.map((at) => `${String.fromCharCode(65 + at)} ${options[at] ?? ''}`).join('；')
  }
  if (Array.isArray(answer)) return answer.join(' 或 ')
  if (typeof answer !== 'object') return String(answer)
  return answer.tolerance === 0 ? String(answer.value) : `${answer.value}，误差不超过 ${answer.tolerance}`
}
