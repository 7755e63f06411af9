import { createWriteStream } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Ctx } from '#platform/command.ts'
import { newKey } from '#platform/storage.ts'
import { type Files, filesOf } from '#platform/uploads.ts'
import { alone, type OpenZip, openZip, ZipError } from '#platform/zip.ts'
import { judgeDirectory, refuses } from './archive.rules.ts'
import type { Fault } from './archive.schema.ts'
import { kindOf } from './content.rules.ts'
import { noteSteps, settleCheck, settleImport } from './import.commands.ts'
import { type PackageRow, packages } from './import.queries.ts'
import { inspectPackage, isRead, mostDocumentBytes } from './inspect.rules.ts'
import { headBytes, type Images, pictureType } from './qti-pictures.rules.ts'

const mostFaults = 500
const mostHeldBytes = 128 * 1024 * 1024

/**
 * The dry run: every entry is read to its end and nothing is kept, so that what the directory says of sizes and check
 * sums is not believed. One entry at a time passes through memory, and documents only up to a limit.
 * @clause HZ4-M13
 */
export async function checkPackage(ctx: Ctx, packageId: string): Promise<void> {
  const row = await packages(ctx.db).where('p.id', '=', packageId).executeTakeFirst()
  if (row?.state !== 'checking') return
  const found = await withArchive<DryRun>(
    ctx,
    row,
    (zip) => dryRun(ctx, row, zip),
    (fault) => ({ found: null, faults: [fault] }),
  )
  await settleCheck(ctx, {
    packageId,
    kind: found.found?.kind ?? null,
    title: (found.found?.title || titleOf(row)).slice(0, 200),
    found: found.found,
    faults: shortened(found.faults),
  })
}

type DryRun = { found: PackageRow['found']; faults: Fault[] }
const titleOf = ({ archiveName }: PackageRow) => archiveName.replace(/\.(zip|xml)$/i, '')
const error = (file: string, rule: string, message: string, remedy: string): Fault => ({
  ...{ file, line: null, rule, message, remedy, weight: 'error' },
})

async function dryRun(ctx: Ctx, row: PackageRow, zip: OpenZip): Promise<DryRun> {
  const limits = filesOf(ctx).archive
  const none = { found: null }
  if (zip.tooMany) {
    const message = `压缩包里的文件超过 ${limits.entries} 个`
    return { ...none, faults: [error('', 'too-many', message, '请删去用不到的文件后重新打包。')] }
  }
  const { listed, faults } = judgeDirectory(zip.entries, limits)
  if (refuses(faults)) return { ...none, faults }
  const documents = new Map<string, Uint8Array>()
  const images = new Map<string, { type: string; size: number }>() satisfies Images
  const step = stepper(ctx, row.id, listed.length)
  let held = 0
  for (const { path, index } of listed) {
    const read = await readThrough(zip, index, isRead(path) && held < mostHeldBytes)
    if (typeof read === 'string') {
      const remedy = '压缩包在传送或打包时损坏，请重新打包后上传。'
      faults.push(error(path, 'damaged', `文件解不开（${read}）`, remedy))
    } else {
      if (read.program) faults.push(error(path, 'active-type', '内容是可执行程序', '课件用不到程序，请从包里删去。'))
      if (read.bytes) documents.set(path, read.bytes)
      if (read.picture) images.set(path, { type: read.picture, size: read.size })
      held += read.bytes?.length ?? 0
    }
    await step()
  }
  if (refuses(faults)) return { ...none, faults }
  const paths = listed.map(({ path }) => path)
  const inspected = inspectPackage(paths, documents, titleOf(row), images)
  return { found: inspected.found, faults: [...faults, ...inspected.faults] }
}

/** Reads an entry to its end. A text: why it cannot be read. */
async function readThrough(
  zip: OpenZip,
  index: number,
  keep: boolean,
): Promise<{ bytes: Uint8Array | null; program: boolean; picture: string | undefined; size: number } | string> {
  const chunks: Buffer[] = []
  let head: Buffer = Buffer.alloc(0)
  let size = 0
  try {
    for await (const chunk of (await zip.read(index)) as Readable) {
      if (head.length < headBytes) head = Buffer.concat([head, chunk as Buffer]).subarray(0, headBytes)
      size += (chunk as Buffer).length
      if (keep && size <= mostDocumentBytes) chunks.push(chunk as Buffer)
    }
  } catch (fault) {
    if (fault instanceof ZipError) return fault.message.slice(0, 100)
    throw fault
  }
  const begins = head.toString('latin1')
  const program = begins.startsWith('MZ') || begins.startsWith('\x7fELF')
  return {
    bytes: keep && size <= mostDocumentBytes ? Buffer.concat(chunks) : null,
    program,
    picture: pictureType(head),
    size,
  }
}

/** The errors first, and no more than a person reads; how many there are besides is told. */
function shortened(faults: readonly Fault[]): Fault[] {
  const sorted = [...faults.filter((f) => f.weight === 'error'), ...faults.filter((f) => f.weight !== 'error')]
  if (sorted.length <= mostFaults) return sorted
  const more = `还有 ${sorted.length - mostFaults} 处，没有列出`
  const last: Fault = { ...error('', 'left', more, '改好上面各处后重新上传，会列出其余的。'), weight: 'warning' }
  return [...sorted.slice(0, mostFaults), last]
}

/**
 * Unpacks what the dry run let through, file by file into the storage. After a crash it goes on with the files that are
 * not there yet.
 * @clause HZ4-M13
 */
export async function unpackPackage(ctx: Ctx, packageId: string): Promise<void> {
  const row = await packages(ctx.db).where('p.id', '=', packageId).executeTakeFirst()
  if (row?.state !== 'importing') return
  // Of a package of questions only their pictures are kept as files.
  const pictures = row.kind === 'qti' ? picturesOf(row) : null
  if (pictures === null || pictures.size > 0) {
    await withArchive<void>(
      ctx,
      row,
      (zip) => unpack(ctx, row, zip, pictures),
      (fault) => {
        throw new Error(`the archive of package ${row.id} can no longer be read: ${fault.message}`)
      },
    )
  }
  await settleImport(ctx, { packageId })
}

const picturesOf = ({ found }: PackageRow) =>
  new Set((found?.questions ?? []).flatMap(({ pictures = [] }) => pictures.map(({ path }) => path)))

async function unpack(ctx: Ctx, row: PackageRow, zip: OpenZip, only: ReadonlySet<string> | null): Promise<void> {
  const { storage, archive } = filesOf(ctx)
  const { listed, faults } = judgeDirectory(zip.entries, archive)
  if (refuses(faults)) throw new Error(`the archive of package ${row.id} is not the one that was looked at`)
  const { root } = kindOf(listed.map(({ path }) => path))
  const there = await ctx.db.selectFrom('packages.files').select('path').where('package_id', '=', row.id).execute()
  const known = new Set(there.map(({ path }) => path))
  const step = stepper(ctx, row.id, listed.length)
  for (const { path: whole, index } of listed) {
    const path = whole.slice(root.length)
    if (!known.has(path) && (only?.has(path) ?? true)) {
      const key = newKey('packages')
      const size = await storage.put(key, (await zip.read(index)) as Readable)
      const made = await ctx.db
        .insertInto('packages.files')
        .values({ package_id: row.id, path, storage_key: key, size_bytes: size })
        .onConflict((c) => c.doNothing())
        .returning('path')
        .executeTakeFirst()
      if (!made) await storage.remove(key) // another run was first
    }
    await step()
  }
}

/** The archive on this machine, opened; gone again afterwards. The storage may be far away and knows no random access. */
async function withArchive<T>(
  ctx: Ctx,
  row: PackageRow,
  work: (zip: OpenZip) => Promise<T>,
  broken: (fault: Fault) => T,
): Promise<T> {
  const files = filesOf(ctx)
  const path = await fetched(files, row)
  try {
    const zip = (await isDocument(path)) ? await alone(path, 'cmi5.xml') : await openZip(path, files.archive.entries)
    try {
      return await work(zip)
    } finally {
      zip.close()
    }
  } catch (fault) {
    if (!(fault instanceof ZipError)) throw fault
    const message = fault.reason === 'not-zip' ? '这不是完整的 ZIP 压缩包' : '压缩包的目录损坏'
    return broken(error('', fault.reason, message, '请重新打包后上传。'))
  } finally {
    await rm(path, { force: true })
  }
}

/** A course structure of cmi5 without an archive (14.2); the library has seen to it that it is one. */
async function isDocument(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0)
    return /^\s*<|^\ufeff</.test(buffer.toString('utf8'))
  } finally {
    await file.close()
  }
}

async function fetched(files: Files, row: PackageRow): Promise<string> {
  const folder = join(files.uploadFolder, 'unpacking')
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${row.id}-${process.pid}-${Date.now()}.zip`)
  const stored = await files.storage.open(row.archiveKey)
  if (!stored) throw new Error(`the storage has lost ${row.archiveKey}`)
  await pipeline(stored.stream, createWriteStream(path))
  return path
}

/** Tells how far it is, not oftener than somebody would look. */
function stepper(ctx: Ctx, packageId: string, total: number): () => Promise<void> {
  let done = 0
  let told = 0
  return async () => {
    done++
    if (done < total && performance.now() - told < 500) return
    told = performance.now()
    await noteSteps(ctx.db, packageId, done, total)
  }
}
