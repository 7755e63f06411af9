import { readAnswer } from '#modules/library/question.rules.ts'
import { AddQuestion } from '#modules/library/question.schema.ts'
import type { Fault } from './archive.schema.ts'
import type { QuestionFound } from './package.schema.ts'

export type BankQuestion = {
  pool: string
  kind: QuestionFound['kind']
  prompt: string
  options: string[]
  answer: string
  points: number
  explanation: string
  pictures?: { path: string; alt: string }[]
}

const letter = (at: number) => String.fromCharCode(65 + at)

/** A question of a package as somebody would have typed it into the bank. */
export function typedQuestion(found: QuestionFound, pool: string): BankQuestion {
  const { kind, prompt, points, explanation, options } = found
  return {
    pool,
    kind,
    prompt,
    points,
    explanation,
    options: options.map(({ text }) => text),
    answer: typed(found),
    ...(found.pictures && { pictures: found.pictures.map(({ path, alt }) => ({ path, alt })) }),
  }
}

function typed({ kind, options, answer }: QuestionFound): string {
  const at = (id: string) => letter(options.findIndex((option) => option.id === id))
  if (kind === 'single') return at(String(answer))
  if (kind === 'multiple') return (answer as string[]).map(at).toSorted().join('')
  if (kind === 'true-false') return answer ? '对' : '错'
  if (kind === 'text') return (answer as string[]).join('|')
  const { value, tolerance } = answer as { value: number; tolerance: number }
  return tolerance === 0 ? String(value) : `${value}±${tolerance}`
}

/**
 * Which questions the bank has room for; each of the others is told with what is too much for it. Half a question is
 * none, and none is left out in silence.
 * @clause HZ4-M13
 */
export function fitForBank(found: readonly (QuestionFound & { file: string })[]): {
  questions: QuestionFound[]
  faults: Fault[]
} {
  const questions: QuestionFound[] = []
  const faults: Fault[] = []
  for (const { file, ...question } of found) {
    const wrong = misfit(question)
    if (wrong === undefined) questions.push(question)
    else {
      const message = `“${question.prompt.slice(0, 40)}”没有导入：${wrong}`
      const remedy = '请在出题工具里改短或改好这道题后重新导出，或在题库里手工添加。'
      faults.push({ file, line: null, rule: 'question', message, remedy, weight: 'warning' })
    }
  }
  return { questions, faults }
}

function misfit(question: QuestionFound): string | undefined {
  const one = typedQuestion(question, '试题')
  if (question.kind === 'text' && (question.answer as string[]).some((text) => text.includes('|'))) {
    return '答案里有“|”，题库用它分开几种写法'
  }
  const parsed = AddQuestion.omit({ courseId: true }).safeParse(one)
  if (!parsed.success) return parsed.error.issues[0]?.message ?? '题库装不下'
  const made = readAnswer(parsed.data.kind, parsed.data.options, parsed.data.answer)
  return made.ok ? undefined : made.message
}
