import { z } from 'zod'
import { itemKinds } from './course.schema.ts'
import { idField, keysOf } from './input.schema.ts'
import { questionKinds } from './question.schema.ts'

export const format = 'haizhu-course/1'

const path = z.string().regex(/^media\/\d{4}\.[a-z0-9]{2,5}$/, '文件应在 media/ 下')

/** `course.json` in an exported ZIP; the files it names lie beside it in `media/`. */
export const CourseFile = z.strictObject({
  format: z.literal(format, `不是 ${format} 格式`),
  title: z.string().min(2).max(120),
  summary: z.string().max(4000),
  /** `{ edition, code, title }` of the catalogue of occupations. */
  occupation: z.strictObject({ edition: z.string(), code: z.string(), title: z.string() }).nullable(),
  level: z.string().max(40).nullable(),
  groups: z.array(z.string().max(40)).max(20),
  plannedClassHours: z.int().min(0).max(2000),
  version: z.int().min(1),
  changeNote: z.string().max(1000),
  files: z
    .array(
      z.strictObject({
        path,
        name: z.string().min(1).max(200),
        mediaType: z.string().max(200),
        sizeBytes: z.int().min(1),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        durationSeconds: z.number().nullable(),
        captions: z.array(
          z.strictObject({
            language: z.string().max(20),
            label: z.string().max(40),
            source: z.enum(['human', 'machine', 'machine-corrected']),
            path: z.string().regex(/^captions\/\d{4}-[A-Za-z-]{2,12}\.vtt$/),
          }),
        ),
      }),
    )
    .max(500),
  items: z
    .array(
      z.strictObject({
        chapter: z.int().min(1).max(200),
        chapterTitle: z.string().min(1).max(120),
        kind: z.enum(keysOf(itemKinds)),
        title: z.string().min(1).max(120),
        plannedSeconds: z.int().min(0).max(86_400),
        /** A `files[].path`. */
        file: path.nullable(),
        body: z.record(z.string(), z.unknown()),
        required: z.boolean(),
      }),
    )
    .max(2000),
  questions: z
    .array(
      z.strictObject({
        pool: z.string().min(1).max(60),
        kind: z.enum(keysOf(questionKinds)),
        prompt: z.string().min(1).max(2000),
        options: z.array(z.string().max(500)).max(26),
        answer: z.unknown(),
        points: z.number().positive().max(100),
        explanation: z.string().max(2000),
      }),
    )
    .max(5000),
})
export type CourseFile = z.output<typeof CourseFile>

export const ImportCourse = z.object({
  organisationId: idField('单位'),
  course: CourseFile,
  /** `files[].path` → the media row it has become. */
  media: z.record(z.string(), z.uuid()),
})
