import { Readable } from 'node:stream'
import { ZipWriter } from '@zip.js/zip.js'
import { courseWork } from '#modules/library/course.queries.ts'
import { courseFile } from '#modules/library/transfer.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { richText } from '#platform/rich-text.ts'
import { filesOf } from '#platform/uploads.ts'
import { type CartridgeFile, type ToolLink, writeCartridge } from './cartridge-write.rules.ts'

/** A course as a Common Cartridge: what is written, and the files that go with it. For the course's own people only. */
export async function cartridgeOf(
  ctx: Pick<Ctx, 'db' | 'actor'>,
  courseId: string,
  number?: number,
): Promise<{ files: CartridgeFile[]; parts: { path: string; storageKey: string }[]; name: string }> {
  const { course, parts, name } = await courseFile(ctx, courseId, number)
  const work = await courseWork(ctx, courseId, number)
  const ids = work.items.filter(({ kind }) => kind === 'lti').map(({ body }) => String(body.linkId))
  const rows =
    ids.length === 0
      ? []
      : await ctx.db
          .selectFrom('connect.links as l')
          .innerJoin('connect.tools as t', 't.id', 'l.tool_id')
          .select(['l.id', 'l.url', 'l.custom', 't.name as toolName'])
          .where('l.id', 'in', ids)
          .$castTo<{ id: string; url: string; custom: Record<string, string>; toolName: string }>()
          .execute()
  const links = work.items.flatMap((item): ToolLink[] => {
    const row = rows.find(({ id }) => item.kind === 'lti' && id === item.body.linkId)
    if (!row) return []
    const { chapter, chapterTitle, title } = item
    return [{ chapter, chapterTitle, title, url: row.url, custom: row.custom, toolName: row.toolName }]
  })
  return { files: writeCartridge(course, links, richText), parts, name: name.replace(/\.zip$/, '.imscc') }
}

/** The cartridge as a stream: one file after another, none held whole. */
export function cartridgeStream(
  ctx: Pick<Ctx, 'files'>,
  { files, parts }: Pick<Awaited<ReturnType<typeof cartridgeOf>>, 'files' | 'parts'>,
): ReadableStream<Uint8Array> {
  const { storage } = filesOf(ctx)
  const through = new TransformStream<Uint8Array, Uint8Array>()
  const zip = new ZipWriter(through.writable, { useWebWorkers: false, bufferedWrite: false, lastModDate: new Date(0) })
  void (async () => {
    for (const file of files) await zip.add(file.path, new Blob([file.text]).stream())
    for (const part of parts) {
      const found = await storage.open(part.storageKey)
      if (!found) throw new Error(`the storage has lost ${part.storageKey}`)
      await zip.add(part.path, Readable.toWeb(found.stream) as ReadableStream<Uint8Array>, { level: 0 })
    }
    await zip.close()
  })().catch((error) => through.writable.abort(error).catch(() => {})) // half a file must not look whole
  return through.readable
}
