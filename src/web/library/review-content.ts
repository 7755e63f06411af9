import type { ItemLine } from '#modules/library/course.queries.ts'
import { answerText } from '#modules/library/question.rules.ts'
import { type Question, questionKinds } from '#modules/library/question.schema.ts'
import { richText } from '#platform/rich-text.ts'

type Body = { text?: string; story?: string; result?: string; task?: string; note?: string }
type Exam = { pools?: { pool: string; count: number }[] }

/** What a reviewer reads on the page itself: everything of a version that is no file and no package. */
export function writtenContent(items: readonly ItemLine[]) {
  return items.flatMap(({ id, chapter, title, kind, body }) => {
    const { text, story, result, task, note } = body as Body
    const pools = (body as Exam).pools ?? []
    const parts = [text, story, result && `**成果：**${result}`, task, note].filter(Boolean)
    const drawn = pools.map((one) => `从“${one.pool}”抽 ${one.count} 题`).join('；')
    if (parts.length === 0 && drawn === '') return []
    return [{ id, title: `第${chapter}章　${title}`, kind, html: richText(parts.join('\n\n')), drawn }]
  })
}

/** The questions with their answers, as the reviewers judge them. */
export const writtenQuestions = (questions: readonly Question[]) =>
  questions.map((one) => ({
    id: one.id,
    pool: one.pool,
    kind: questionKinds[one.kind],
    prompt: one.prompt,
    options: (one.options as string[]).map((option, at) => `${String.fromCharCode(65 + at)}. ${option}`),
    answer: answerText(one),
    points: one.points,
  }))
