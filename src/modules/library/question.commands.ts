import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { z } from 'zod'
import { type Command, command, type Tx } from '#platform/command.ts'
import { invalid, missing } from '#platform/errors.ts'
import { readTable } from '#platform/spreadsheet.ts'
import { matchHeaders } from '#shared/table.ts'
import { lockCourse, wrongState } from './course.commands.ts'
import { workable } from './course.rules.ts'
import { readAnswer } from './question.rules.ts'
import {
  AddFoundQuestions,
  AddQuestion,
  ImportQuestions,
  type PictureFile,
  type QuestionColumn,
  questionDictionary,
  questionKinds,
  ReplaceQuestion,
  RetireQuestion,
} from './question.schema.ts'

type Fields = Omit<z.output<typeof AddQuestion>, 'courseId'>

export const addQuestion: Command<typeof AddQuestion, { questionId: string }> = command({
  name: 'library.addQuestion',
  permission: 'library.contribute',
  input: AddQuestion,
  async run(tx, { courseId, ...fields }) {
    await lockOpen(tx, courseId)
    return { questionId: await insert(tx, courseId, fields, null) }
  },
})

/**
 * A changed question is a new one; the old one is retired, so that answers once given to it still mean what they meant.
 * @clause L05
 */
export const replaceQuestion: Command<typeof ReplaceQuestion, { questionId: string }> = command({
  name: 'library.replaceQuestion',
  permission: 'library.contribute',
  input: ReplaceQuestion,
  async run(tx, { questionId, ...fields }) {
    const courseId = await retire(tx, questionId)
    const made = await insert(tx, courseId, fields, null)
    // The pictures stay with the question, whatever is said about them in its text.
    await sql`
      insert into library.question_pictures (question_id, position, alt, storage_key, media_type, size_bytes)
      select ${made}, position, alt, storage_key, media_type, size_bytes from library.question_pictures
      where question_id = ${questionId}`.execute(tx.db)
    return { questionId: made }
  },
})

export const retireQuestion: Command<typeof RetireQuestion, { questionId: string }> = command({
  name: 'library.retireQuestion',
  permission: 'library.contribute',
  input: RetireQuestion,
  async run(tx, { questionId }) {
    await retire(tx, questionId)
    return { questionId }
  },
})

export type QuestionImport = {
  added: number
  /** Rows that were there already, word for word. */
  known: number
  faults: { row: number; column: string; message: string }[]
}

/** Takes in a table of questions: all rows or, when one is wrong, none; every fault is told with its row. */
export const importQuestions: Command<typeof ImportQuestions, QuestionImport> = command({
  name: 'library.importQuestions',
  permission: 'library.contribute',
  input: ImportQuestions,
  outcome: ({ added, known, faults }) => ({ added, known, faultCount: faults.length }),
  async run(tx, { courseId, fileName, bytes }) {
    await lockOpen(tx, courseId)
    const headers = questionDictionary.flatMap((column) => [column.header, ...column.aliases])
    const table = await readTable(bytes, fileName, undefined, headers)
    const { found, missing: absent } = matchHeaders(table.headers, questionDictionary)
    const needed = absent.filter(({ column }) => column.required).map(({ column }) => column.header)
    if (needed.length > 0) throw invalid({ file: [`缺少这些列：${needed.join('、')}`] })
    const rows: Fields[] = []
    const faults: QuestionImport['faults'] = []
    for (const { row, cells } of table.rows) {
      const cell = (key: QuestionColumn) => cells[found[key] ?? ''] ?? ''
      const parsed = AddQuestion.omit({ courseId: true }).safeParse({
        pool: cell('pool'),
        prompt: cell('prompt'),
        answer: cell('answer'),
        points: cell('points'),
        explanation: cell('explanation'),
        kind: kindOf(cell('kind')),
        options: cell('options').split('|'),
      })
      const problems = parsed.success
        ? faultsOf(parsed.data)
        : parsed.error.issues.map((issue) => ({ field: String(issue.path[0]), message: issue.message }))
      for (const { field, message } of problems) {
        faults.push({ row, column: questionDictionary.find(({ key }) => key === field)?.header ?? field, message })
      }
      if (parsed.success && problems.length === 0) rows.push(parsed.data)
    }
    if (faults.length > 0) return { added: 0, known: 0, faults: faults.slice(0, 200) }
    return { ...(await insertNew(tx, courseId, rows)), faults: [] }
  },
})

/** Questions that a package brought, each already found fit for the bank; those that are there word for word are passed over. */
export const addFoundQuestions: Command<typeof AddFoundQuestions, { added: number; known: number }> = command({
  name: 'library.addFoundQuestions',
  permission: 'library.contribute',
  input: AddFoundQuestions,
  told: ({ courseId, questions }) => ({ courseId, count: questions.length }),
  outcome: ({ added, known }) => ({ added, known }),
  async run(tx, { courseId, questions, files }) {
    await lockCourse(tx, courseId, 'library.contribute')
    return insertNew(tx, courseId, questions, files)
  },
})

type WithPictures = Fields & { pictures?: { path: string; alt: string }[] | undefined }

async function insertNew(
  tx: Tx,
  courseId: string,
  rows: readonly WithPictures[],
  files: readonly PictureFile[] = [],
): Promise<{ added: number; known: number }> {
  let added = 0
  for (const fields of rows) {
    const key = createHash('sha256').update(JSON.stringify(fields)).digest('hex')
    const there = await tx.db
      .selectFrom('library.questions')
      .select('id')
      .where('course_id', '=', courseId)
      .where('import_key', '=', key)
      .where('retired_at', 'is', null)
      .executeTakeFirst()
    if (there) continue
    const questionId = await insert(tx, courseId, fields, key)
    await addPictures(tx, questionId, fields.pictures ?? [], files)
    added++
  }
  return { added, known: rows.length - added }
}

async function addPictures(
  tx: Tx,
  questionId: string,
  pictures: readonly { path: string; alt: string }[],
  files: readonly PictureFile[],
): Promise<void> {
  for (const [n, { path, alt }] of pictures.entries()) {
    const file = files.find((one) => one.path === path)
    if (!file) throw new Error(`the picture ${path} of question ${questionId} was not unpacked`)
    const { storageKey: storage_key, mediaType: media_type, sizeBytes: size_bytes } = file
    await tx.db
      .insertInto('library.question_pictures')
      .values({ question_id: questionId, position: n + 1, alt, storage_key, media_type, size_bytes })
      .execute()
  }
}

const kindOf = (text: string): string => {
  const wanted = text.replace(/\s/g, '').replace(/题$/, '').replace('(', '（').replace(')', '）')
  return (
    Object.entries(questionKinds).find(([key, label]) => label === wanted || key === wanted)?.[0] ??
    (wanted === '填空' ? 'text' : wanted)
  )
}

function faultsOf(fields: Fields): { field: string; message: string }[] {
  const made = readAnswer(fields.kind, fields.options, fields.answer)
  return made.ok ? [] : [{ field: made.field, message: made.message }]
}

async function lockOpen(tx: Tx, courseId: string) {
  const record = await lockCourse(tx, courseId, 'library.contribute')
  if (!workable.includes(record.state)) throw wrongState(record)
  return record
}

async function retire(tx: Tx, questionId: string): Promise<string> {
  const found = await tx.db
    .selectFrom('library.questions')
    .select(['course_id', 'retired_at'])
    .where('id', '=', questionId)
    .executeTakeFirst()
  if (!found) throw missing('question')
  await lockOpen(tx, found.course_id)
  const done = await tx.db
    .updateTable('library.questions')
    .set({ retired_at: tx.now })
    .where('id', '=', questionId)
    .where('retired_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (!done) throw missing('question')
  tx.about('question', questionId)
  return found.course_id
}

async function insert(tx: Tx, courseId: string, fields: Fields, importKey: string | null): Promise<string> {
  const made = readAnswer(fields.kind, fields.options, fields.answer)
  if (!made.ok) throw invalid({ [made.field]: [made.message] })
  const { id } = await tx.db
    .insertInto('library.questions')
    .values({
      course_id: courseId,
      pool: fields.pool,
      kind: fields.kind,
      prompt: fields.prompt,
      options: JSON.stringify(made.options),
      answer: JSON.stringify(made.answer),
      points: fields.points,
      explanation: fields.explanation,
      created_by: tx.actor.id,
      created_at: tx.now,
      import_key: importKey,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  tx.about('question', id)
  return id
}
