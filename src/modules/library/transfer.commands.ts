import { createHash, randomUUID } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { BlobReader, type FileEntry, TextWriter, ZipReader } from '@zip.js/zip.js'
import { type Command, type Ctx, command } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { filesOf, uploadPath } from '#platform/uploads.ts'
import { createCourse } from './course.commands.ts'
import { itemBodies } from './course.schema.ts'
import { addCaptions, beginUpload, finishUpload } from './media.commands.ts'
import { answerText, readAnswer } from './question.rules.ts'
import { refreshSearch } from './search.commands.ts'
import { CourseFile, ImportCourse } from './transfer.schema.ts'

const wrong = (why: string) => refused({ clause: 'HZ4-M13', reason: 'archive-wrong', facts: { why } })
const mostJson = 20 * 1024 * 1024

/**
 * Brings in a course that this or another platform exported: the files first, each by its digest, then the course as a
 * new draft. Whatever the archive says about names and sizes, nothing is written outside the upload folder.
 * @clause HZ4-M13
 */
export async function importArchive(
  ctx: Ctx,
  input: { organisationId: string; bytes: Uint8Array },
): Promise<{ courseId: string; files: number }> {
  const files = filesOf(ctx)
  const scratch = join(files.uploadFolder, `${randomUUID()}.zip`)
  await mkdir(files.uploadFolder, { recursive: true })
  const handle = await open(scratch, 'wx')
  try {
    await handle.writeFile(input.bytes)
    await handle.close()
    const zip = new ZipReader(new BlobReader(await openAsBlob(scratch)), { useWebWorkers: false })
    const entries = new Map<string, FileEntry>()
    for (const entry of await zip.getEntries().catch(() => [])) if (!entry.directory) entries.set(entry.filename, entry)
    const course = await readCourse(entries)
    const media: Record<string, string> = {}
    for (const file of course.files) {
      if (file.sizeBytes > files.maxBytes) throw wrong(`${file.name} 太大`)
      const { mediaId } = await beginUpload(ctx, {
        organisationId: input.organisationId,
        name: file.name,
        sizeBytes: file.sizeBytes,
      })
      await unpackTo(entries.get(file.path), uploadPath(files, mediaId), file)
      await finishUpload(ctx, { mediaId })
      media[file.path] = mediaId
      for (const track of file.captions) {
        const text = await entries.get(track.path)?.getData(new TextWriter(), { useWebWorkers: false })
        if (text === undefined) throw wrong(`缺少 ${track.path}`)
        await addCaptions(ctx, {
          mediaId,
          language: track.language,
          source: track.source,
          bytes: new TextEncoder().encode(text),
        })
      }
    }
    const { courseId } = await importCourse(ctx, { organisationId: input.organisationId, course, media })
    return { courseId, files: course.files.length }
  } finally {
    await handle.close().catch(() => {})
    await rm(scratch, { force: true })
  }
}

async function readCourse(entries: Map<string, FileEntry>): Promise<CourseFile> {
  const entry = entries.get('course.json')
  if (!entry) throw wrong('没有 course.json')
  if (entry.uncompressedSize > mostJson) throw wrong('course.json 太大')
  let json: unknown
  try {
    json = JSON.parse(await entry.getData(new TextWriter(), { useWebWorkers: false, checkSignature: true }))
  } catch {
    throw wrong('course.json 读不出')
  }
  const parsed = CourseFile.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw wrong(`${issue?.path.join('.') || 'course.json'}：${issue?.message ?? ''}`)
  }
  const paths = new Set(parsed.data.files.map(({ path }) => path))
  for (const { path } of parsed.data.files) if (!entries.has(path)) throw wrong(`缺少 ${path}`)
  for (const { file } of parsed.data.items)
    if (file !== null && !paths.has(file)) throw wrong(`${file} 没有列在 files 里`)
  return parsed.data
}

/** Unpacks one entry and stops at the size that was told: what a header claims is not believed. */
async function unpackTo(
  entry: FileEntry | undefined,
  path: string,
  told: { sizeBytes: number; sha256: string; name: string },
) {
  if (!entry) throw wrong(`缺少 ${told.name}`)
  const hash = createHash('sha256')
  const target = await open(path, 'w')
  let size = 0
  try {
    const sink = new WritableStream<Uint8Array>({
      async write(chunk) {
        size += chunk.length
        if (size > told.sizeBytes) throw new Error('longer than told')
        hash.update(chunk)
        await target.write(chunk)
      },
    })
    const read = await entry.getData(sink, { useWebWorkers: false }).then(
      () => true,
      () => false,
    )
    if (!read) throw wrong(size > told.sizeBytes ? `${told.name} 比写明的大` : `${told.name} 读不出`)
    await target.sync()
  } finally {
    await target.close()
  }
  if (size !== told.sizeBytes || hash.digest('hex') !== told.sha256) throw wrong(`${told.name} 与写明的大小或摘要不符`)
}

/** The draft itself, once its files are there. */
export const importCourse: Command<typeof ImportCourse, { courseId: string }> = command({
  name: 'library.importCourse',
  permission: 'library.contribute',
  input: ImportCourse,
  async run(tx, { organisationId, course, media }) {
    const known = new Set(tx.plan.groups.map(({ id }) => id))
    const there =
      course.occupation &&
      (await tx.db
        .selectFrom('occupations.occupations')
        .select('code')
        .where('edition', '=', course.occupation.edition)
        .where('code', '=', course.occupation.code)
        .executeTakeFirst())
    const { courseId } = await createCourse(tx, {
      organisationId,
      title: course.title,
      summary: course.summary,
      occupation: there && course.occupation ? `${course.occupation.edition}:${course.occupation.code}` : '',
      level: course.level ?? '',
      groups: course.groups.filter((group) => known.has(group)),
    })
    const version = await tx.db
      .updateTable('library.versions')
      .set({ planned_class_hours: course.plannedClassHours, change_note: course.changeNote })
      .where('course_id', '=', courseId)
      .returning('id')
      .executeTakeFirst()
    if (!version) throw missing('version')
    for (const [position, item] of course.items.entries()) {
      if (item.kind === 'package') throw wrong('课件包请用课件包导入')
      if (item.kind === 'lti') throw wrong('外部工具请在课程里重新添加')
      const body = itemBodies[item.kind].safeParse(item.body)
      if (!body.success) throw wrong(`“${item.title}”的内容格式不对`)
      await tx.db
        .insertInto('library.items')
        .values({
          version_id: version.id,
          chapter: item.chapter,
          chapter_title: item.chapterTitle,
          position: position + 1,
          kind: item.kind,
          title: item.title,
          planned_seconds: item.plannedSeconds,
          media_id: item.file === null ? null : (media[item.file] ?? null),
          body: JSON.stringify(body.data),
          required: item.required,
        })
        .execute()
    }
    for (const question of course.questions) {
      // written out and read back, so that an answer from elsewhere passes the same judge as a typed one
      const made = readAnswer(question.kind, question.options, textOf(question))
      if (!made.ok) throw wrong(`题目“${question.prompt.slice(0, 20)}”：${made.message}`)
      await tx.db
        .insertInto('library.questions')
        .values({
          course_id: courseId,
          pool: question.pool,
          kind: question.kind,
          prompt: question.prompt,
          options: JSON.stringify(made.options),
          answer: JSON.stringify(made.answer),
          points: question.points,
          explanation: question.explanation,
          created_by: tx.actor.id,
          created_at: tx.now,
        })
        .execute()
    }
    await refreshSearch(tx, courseId)
    return { courseId }
  },
})

function textOf(question: CourseFile['questions'][number]): string {
  try {
    return answerText(question as Parameters<typeof answerText>[0])
  } catch {
    return ''
  }
}
