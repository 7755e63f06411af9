import { z } from 'zod'
import type { Dictionary } from '#shared/table.ts'
import { idField, keysOf, listOf, numberField, optionalText, textField } from './input.schema.ts'

export const questionKinds = {
  single: '单选',
  multiple: '多选',
  'true-false': '判断',
  text: '填空（文字）',
  number: '填空（数字）',
} as const
export type QuestionKind = keyof typeof questionKinds

/**
 * `options` is a list of texts. `answer` by kind: single → index; multiple → indexes, ascending; true-false → boolean;
 * text → accepted texts; number → `{ value, tolerance }`.
 */
export type Answer = number | number[] | boolean | string[] | { value: number; tolerance: number }
export type QuestionPicture = { id: string; alt: string }
export type Question = {
  id: string
  pool: string
  kind: QuestionKind
  prompt: string
  options: string[]
  answer: Answer
  points: number
  explanation: string
  pictures: QuestionPicture[]
}

const fields = {
  pool: textField('题库分组', 60),
  kind: z.enum(keysOf(questionKinds), '请选择题型'),
  prompt: textField('题目', 2000),
  /** One option a line. */
  options: z.preprocess(
    (value) => (typeof value === 'string' ? value.split('\n') : value),
    listOf(z.string().trim().max(500, '选项不能超过500个字'), 26).transform((lines) =>
      lines.filter((line) => line !== ''),
    ),
  ),
  /** As people write it: `A`, `AC`, `对`, `勺子|汤勺`, `100±5`. */
  answer: textField('答案', 500),
  points: numberField('分值', 0.5, 100),
  explanation: optionalText('解析', 2000),
}
export const AddQuestion = z.object({ courseId: idField('课程'), ...fields })
const picture = z.object({ path: z.string().max(1000), alt: z.string().trim().min(1).max(500) })
const pictureFile = z.object({
  path: z.string().max(1000),
  storageKey: z.string().min(1).max(300),
  mediaType: z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp']),
  sizeBytes: z.number().int().positive(),
})
export const AddFoundQuestions = z.object({
  courseId: idField('课程'),
  questions: z.array(z.object({ ...fields, pictures: z.array(picture).max(4).optional() })).max(5000),
  /** Where the pictures lie that the questions name. */
  files: z.array(pictureFile).max(20_000).default([]),
})
export type PictureFile = z.output<typeof pictureFile>
export const ReplaceQuestion = z.object({ questionId: idField('题目'), ...fields })
export const RetireQuestion = z.object({ questionId: idField('题目') })
export const ImportQuestions = z.object({
  courseId: idField('课程'),
  fileName: z.string().min(1, '请选择文件').max(200, '文件名太长'),
  bytes: z.instanceof(Uint8Array, { message: '请选择文件' }),
})

export type QuestionColumn = 'pool' | 'kind' | 'prompt' | 'options' | 'answer' | 'points' | 'explanation'
/** The import format: one question a row. */
export const questionDictionary: Dictionary<QuestionColumn> = [
  {
    key: 'pool',
    header: '分组',
    aliases: ['题库', '题组', '章节'],
    required: true,
    description: '考试按分组抽题。',
    example: '第一章',
    width: 14,
  },
  {
    key: 'kind',
    header: '题型',
    aliases: ['类型'],
    required: true,
    description: '单选、多选、判断、填空（文字）、填空（数字）。',
    example: '单选',
    width: 14,
    values: questionKinds,
  },
  {
    key: 'prompt',
    header: '题目',
    aliases: ['题干', '试题'],
    required: true,
    description: '一行一题。',
    example: '切配生熟食材，砧板应当怎样用？',
    width: 44,
  },
  {
    key: 'options',
    header: '选项',
    aliases: ['备选项'],
    required: false,
    description: '各项之间用“|”分开；判断和填空不用填。',
    example: '分开使用|洗一洗再用|没有关系',
    width: 44,
  },
  {
    key: 'answer',
    header: '答案',
    aliases: ['正确答案'],
    required: true,
    description: '单选 A；多选 AC；判断 对、错；文字填空可以有几种写法，用“|”分开；数字填空可写误差，如 100±5。',
    example: 'A',
    width: 18,
  },
  {
    key: 'points',
    header: '分值',
    aliases: ['分数'],
    required: true,
    description: '0.5 到 100。',
    example: '2',
    width: 8,
  },
  {
    key: 'explanation',
    header: '解析',
    aliases: ['说明'],
    required: false,
    description: '答完后给学员看。',
    example: '生熟分开防止交叉污染。',
    width: 40,
  },
]
