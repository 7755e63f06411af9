import type { Answer, Question, QuestionKind } from './question.schema.ts'

type Made =
  | { ok: true; options: string[]; answer: Answer }
  | { ok: false; field: 'options' | 'answer'; message: string }
const wrong = (field: 'options' | 'answer', message: string): Made => ({ ok: false, field, message })

const yes = new Set(['对', '正确', '是', '√', 'true', 't', 'y', 'yes', '1'])
const no = new Set(['错', '错误', '否', '×', 'false', 'f', 'n', 'no', '0'])

/**
 * A question as people write it, made into options and an answer that a program can compare.
 * @clause HZ4-M13
 */
export function readAnswer(kind: QuestionKind, options: readonly string[], typed: string): Made {
  if (kind === 'single' || kind === 'multiple') return readChoice(kind, [...options], typed)
  if (kind === 'true-false') {
    const word = typed.trim().toLowerCase()
    if (!yes.has(word) && !no.has(word)) return wrong('answer', '判断题的答案请写“对”或“错”')
    return { ok: true, options: [], answer: yes.has(word) }
  }
  if (kind === 'text') {
    const accepted = [...new Set(typed.split('|').map((one) => one.trim()))].filter((one) => one !== '')
    return accepted.length === 0 ? wrong('answer', '请填写答案') : { ok: true, options: [], answer: accepted }
  }
  const [, value = '', tolerance = '0'] =
    /^\s*(-?\d+(?:\.\d+)?)\s*(?:(?:±|\+-|\+\/-)\s*(\d+(?:\.\d+)?))?\s*$/.exec(typed) ?? []
  if (value === '') return wrong('answer', '数字题的答案请写数字，允许误差的写成 100±5')
  return { ok: true, options: [], answer: { value: Number(value), tolerance: Number(tolerance) } }
}

function readChoice(kind: 'single' | 'multiple', options: string[], typed: string): Made {
  if (options.length < 2) return wrong('options', '选择题至少要有两个选项')
  if (new Set(options).size !== options.length) return wrong('options', '选项有重复')
  const letters = [...typed.toUpperCase().replace(/[\s,，、;；]/g, '')]
  const picked = letters.map((letter) => letter.charCodeAt(0) - 65)
  if (picked.length === 0 || picked.some((at) => at < 0 || at >= options.length)) {
    return wrong('answer', `答案请写选项的字母，A 到 ${String.fromCharCode(64 + options.length)}`)
  }
  if (new Set(picked).size !== picked.length) return wrong('answer', '答案里有重复的字母')
  if (kind === 'single') {
    return picked.length === 1 ? { ok: true, options, answer: picked[0] ?? 0 } : wrong('answer', '单选题只有一个答案')
  }
  return { ok: true, options, answer: picked.toSorted((a, b) => a - b) }
}

/** The answer as a person reads it. */
export function answerText({ kind, options, answer }: Pick<Question, 'kind' | 'options' | 'answer'>): string {
  if (kind === 'true-false') return answer ? '对' : '错'
  if (kind === 'text') return (answer as string[]).join('|')
  if (kind === 'number') {
    const { value, tolerance } = answer as { value: number; tolerance: number }
    return tolerance === 0 ? String(value) : `${value}±${tolerance}`
  }
  const picked = Array.isArray(answer) ? (answer as number[]) : [answer as number]
  return picked
    .map((at) => String.fromCharCode(65 + at))
    .filter((_, i) => options[picked[i] ?? -1] !== undefined)
    .join('')
}

/** Where only text can go, a picture is what its words say: nothing is left out in silence. */
export function withPicturesInWords<T extends { prompt: string; pictures: readonly { alt: string }[] }>(
  question: T,
): T {
  const words = question.pictures.map(({ alt }) => `（图：${alt}）`).join('')
  return { ...question, prompt: (question.prompt + words).slice(0, 2000) }
}
