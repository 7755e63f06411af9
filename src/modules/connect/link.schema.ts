import { z } from 'zod'
import {
  flag,
  idField,
  listOf,
  numberField,
  optional,
  optionalText,
  textField,
  wholeField,
} from '#modules/library/input.schema.ts'

const place = {
  chapter: wholeField('章', 1, 200),
  chapterTitle: textField('章名', 120),
}
const passMark = optional(wholeField('合格线', 0, 100))

export const AddLink = z.object({
  courseId: idField('课程'),
  toolId: idField('外部工具'),
  ...place,
  title: textField('标题', 120),
  /** Left out: where the tool is opened by default. */
  url: optional(z.string().trim().max(1000)),
  custom: optionalText('自定义参数', 2000),
  passMark,
  maximum: z.preprocess(
    (value) => (value === '' || value === undefined ? 100 : value),
    numberField('满分', 0.01, 1_000_000),
  ),
  required: flag,
})

/** What a tool sent back to be picked from, item by item. */
export const Picked = z.object({
  title: z.string().trim().max(120).default(''),
  url: z.string().max(1000).optional(),
  custom: z.record(z.string().max(60), z.string().max(1000)).default({}),
  lineItem: z
    .object({
      label: z.string().max(200).default(''),
      scoreMaximum: z.number().positive().max(1_000_000),
      resourceId: z.string().max(255).default(''),
      tag: z.string().max(255).default(''),
    })
    .optional(),
})
export type Picked = z.output<typeof Picked>

export const AddPicked = z.object({
  launchId: idField('这次选择'),
  /** Places in the list that the tool sent. */
  chosen: listOf(wholeField('内容', 0, 99), 100),
  ...place,
  passMark,
  required: flag,
})
