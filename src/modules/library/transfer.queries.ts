import { Readable } from 'node:stream'
import { ZipWriter } from '@zip.js/zip.js'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { filesOf } from '#platform/uploads.ts'
import { courseWork } from './course.queries.ts'
import { captionsOf, media } from './media.queries.ts'
import { questionsOf } from './question.queries.ts'
import { withPicturesInWords } from './question.rules.ts'
import { type CourseFile, format } from './transfer.schema.ts'

const endings: Record<string, string> = {
  'video/mp4': 'mp4',
  'video/x-m4v': 'mp4',
  'video/webm': 'webm',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/x-m4a': 'm4a',
  'audio/wav': 'wav',
  'audio/ogg': 'ogg',
  'application/pdf': 'pdf',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
}

type Part = { path: string; storageKey: string }

/** A version as its file of data and the parts that go with it. Only for the course's own people and the office. */
export async function courseFile(
  ctx: Pick<Ctx, 'db' | 'actor'>,
  courseId: string,
  number?: number,
): Promise<{ course: CourseFile; parts: Part[]; name: string }> {
  const work = await courseWork(ctx, courseId, number)
  if (!ctx.actor.can('library.contribute', { organisationId: work.organisationId })) throw missing('course')
  const ids = [...new Set(work.items.flatMap((item) => item.mediaId ?? []))]
  const rows =
    ids.length === 0 ? [] : await media(ctx.db).where('m.id', 'in', ids).where('m.state', '=', 'ready').execute()
  const tracks = await captionsOf(ctx.db, ids)
  const parts: Part[] = []
  const paths = new Map<string, string>()
  const files = rows.map((row, at) => {
    const serial = String(at + 1).padStart(4, '0')
    const path = `media/${serial}.${endings[row.mediaType ?? ''] ?? 'bin'}`
    paths.set(row.id, path)
    parts.push({ path, storageKey: row.storageKey ?? '' })
    return {
      path,
      name: row.name,
      mediaType: row.mediaType ?? '',
      sizeBytes: row.sizeBytes,
      sha256: row.sha256 ?? '',
      durationSeconds: row.durationSeconds,
      captions: tracks
        .filter((track) => track.mediaId === row.id)
        .map((track) => {
          const vtt = `captions/${serial}-${track.language}.vtt`
          parts.push({ path: vtt, storageKey: track.storageKey })
          return { language: track.language, label: track.label, source: track.source as 'human', path: vtt }
        }),
    }
  })
  const questions = (await questionsOf(ctx.db, courseId)).map(withPicturesInWords).map((one) => ({
    pool: one.pool,
    kind: one.kind,
    prompt: one.prompt,
    options: one.options,
    answer: one.answer,
    points: Number(one.points),
    explanation: one.explanation,
  }))
  const course: CourseFile = {
    format,
    title: work.title,
    summary: work.summary,
    occupation:
      work.occupationEdition && work.occupationCode
        ? { edition: work.occupationEdition, code: work.occupationCode, title: work.occupationTitle ?? '' }
        : null,
    level: work.level,
    groups: work.groups,
    plannedClassHours: work.shown.plannedClassHours,
    version: work.shown.number,
    changeNote: work.shown.changeNote,
    files,
    // a package lives in its own format and is exported from there; a link to a tool means nothing where the tool is not known
    items: work.items
      .filter(({ kind }) => kind !== 'package' && kind !== 'lti')
      .map((item) => ({
        chapter: item.chapter,
        chapterTitle: item.chapterTitle,
        kind: item.kind,
        title: item.title,
        plannedSeconds: item.plannedSeconds,
        file: item.mediaId === null ? null : (paths.get(item.mediaId) ?? null),
        body: item.body,
        required: item.required,
      })),
    questions,
  }
  return { course, parts, name: `${work.number ?? 'course'}-v${work.shown.number}.zip` }
}

/** The ZIP of a course as a stream: one file after another, none held whole. */
export function courseArchive(
  ctx: Pick<Ctx, 'files'>,
  { course, parts }: { course: CourseFile; parts: Part[] },
): ReadableStream<Uint8Array> {
  const { storage } = filesOf(ctx)
  const through = new TransformStream<Uint8Array, Uint8Array>()
  const zip = new ZipWriter(through.writable, {
    level: 0,
    useWebWorkers: false,
    bufferedWrite: false,
    lastModDate: new Date(0),
  })
  void (async () => {
    await zip.add('course.json', new Blob([JSON.stringify(course, null, 2)]).stream())
    for (const part of parts) {
      const found = await storage.open(part.storageKey)
      if (!found) throw new Error(`the storage has lost ${part.storageKey}`)
      await zip.add(part.path, Readable.toWeb(found.stream) as ReadableStream<Uint8Array>)
    }
    await zip.close()
  })().catch((error) => through.writable.abort(error).catch(() => {})) // the reader's connection breaks off: half a file must not look whole
  return through.readable
}
