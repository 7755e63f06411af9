import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { type Command, type Ctx, command, type Tx } from '#platform/command.ts'
import { AppError, invalid, missing, refused } from '#platform/errors.ts'
import { newKey } from '#platform/storage.ts'
import { dropUpload, filesOf, inspect, keepWhole, lookForMalware, uploadPath } from '#platform/uploads.ts'
import { readCaptions } from './caption.rules.ts'
import { lockCourse, wrongState } from './course.commands.ts'
import { workable } from './course.rules.ts'
import { type MediaRow, media } from './media.queries.ts'
import {
  AddCaptions,
  BeginUpload,
  captionLanguages,
  type MediaState,
  MediaStep,
  mediaTypes,
  RemoveCaptions,
  SettleMedia,
} from './media.schema.ts'

type Moved = { mediaId: string; state: MediaState }
const mostAtOnce = 40

/** A place for a file that will come in pieces. */
export const beginUpload: Command<typeof BeginUpload, { mediaId: string }> = command({
  name: 'library.beginUpload',
  permission: 'library.contribute',
  input: BeginUpload,
  async run(tx, input) {
    if (!tx.actor.can('library.contribute', { organisationId: input.organisationId })) throw missing('organisation')
    if (input.courseId) await mayBePackage(tx, input.courseId, input.organisationId)
    const { maxBytes } = filesOf(tx)
    if (input.sizeBytes > maxBytes) throw no('too-large', { mb: Math.floor(maxBytes / 1024 / 1024) })
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from library.media where organisation_id = ${input.organisationId}
        and state in ('uploading', 'checking') and created_at > ${tx.now}::timestamptz - interval '2 days'
    `.execute(tx.db)
    if ((rows[0]?.n ?? 0) >= mostAtOnce) throw no('too-many-uploads', { count: mostAtOnce })
    const { id } = await tx.db
      .insertInto('library.media')
      .values({
        organisation_id: input.organisationId,
        name: input.name,
        size_bytes: input.sizeBytes,
        purpose: input.courseId ? 'package' : 'file',
        course_id: input.courseId ?? null,
        created_by: tx.actor.id,
        created_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('media', id)
    return { mediaId: id }
  },
})

/** A package goes into a course of the same organisation that is being worked on. */
async function mayBePackage(tx: Tx, courseId: string, organisationId: string): Promise<void> {
  const record = await lockCourse(tx, courseId, 'library.contribute')
  if (record.organisationId !== organisationId) throw missing('course')
  if (!workable.includes(record.state)) throw wrongState(record)
}

/** All bytes are there: from here on nobody writes to it, and a job looks at it. Told twice, it is done once. */
export const finishUpload: Command<typeof MediaStep, Moved> = command({
  name: 'library.finishUpload',
  permission: 'library.contribute',
  input: MediaStep,
  async run(tx, { mediaId }) {
    const row = await lockMedia(tx, mediaId)
    if (row.state !== 'uploading') return { mediaId, state: row.state }
    await tx.db.updateTable('library.media').set({ state: 'checking' }).where('id', '=', mediaId).execute()
    await tx.enqueue('library.checkMedia', { mediaId }, { key: `media:${mediaId}` })
    return { mediaId, state: 'checking' }
  },
})

/** A file that came whole with a form, where script is not to be had. */
export async function uploadWhole(
  ctx: Ctx,
  upload: { organisationId: string; name: string; bytes: Uint8Array; courseId?: string },
): Promise<Moved> {
  const { mediaId } = await beginUpload(ctx, {
    organisationId: upload.organisationId,
    name: upload.name.slice(-200),
    sizeBytes: upload.bytes.length,
    courseId: upload.courseId,
  })
  await keepWhole(filesOf(ctx), mediaId, upload.bytes)
  return finishUpload(ctx, { mediaId })
}

/** Takes back an upload that was broken off. */
export const dropMedia: Command<typeof MediaStep, { mediaId: string }> = command({
  name: 'library.dropMedia',
  permission: 'library.contribute',
  input: MediaStep,
  async run(tx, { mediaId }) {
    const row = await lockMedia(tx, mediaId)
    if (row.state !== 'uploading') throw no('media-state', { state: row.state })
    await tx.db
      .updateTable('library.media')
      .set({ state: 'refused', fault: '已取消上传' })
      .where('id', '=', mediaId)
      .execute()
    await dropUpload(filesOf(tx), mediaId)
    return { mediaId }
  },
})

/**
 * Looks at a whole upload: digest, type by first bytes, length, malware; then moves it to the storage. Runs again
 * harmlessly after a crash: the upload stays until its row says where it went.
 * @clause HZ4-M13
 */
export async function checkMedia(ctx: Ctx, { mediaId }: { mediaId: string }): Promise<void> {
  const row = await media(ctx.db).where('m.id', '=', mediaId).executeTakeFirst()
  if (row?.state !== 'checking') return
  const files = filesOf(ctx)
  const path = uploadPath(files, mediaId)
  const found = await inspect(path)
  const malware = await lookForMalware(files, path)
  if (malware.check === 'failed') throw new Error(`the malware check did not answer: ${malware.engine}`) // the job comes again
  if (row.purpose === 'package') found.mediaType = await packageType(path)
  const fault = faultOf(row, found, malware.check)
  const storageKey = fault === '' ? newKey('media') : null
  if (storageKey) await files.storage.put(storageKey, createReadStream(path))
  const settled = await settleMedia(ctx, {
    mediaId,
    sha256: found.sha256,
    mediaType: found.mediaType,
    durationSeconds: found.durationSeconds,
    storageKey,
    malware: malware.check,
    engine: malware.engine,
    fault,
  })
  if (storageKey && settled.storageKey !== storageKey) await files.storage.remove(storageKey) // another run was first
  await dropUpload(files, mediaId)
}

function faultOf(row: MediaRow, found: Awaited<ReturnType<typeof inspect>>, malware: string): string {
  if (malware === 'infected') return '文件中发现病毒，没有保存'
  if (found.sizeBytes !== row.sizeBytes) return `文件不完整：应有 ${row.sizeBytes} 字节，收到 ${found.sizeBytes} 字节`
  if (row.purpose === 'package') {
    return found.mediaType
      ? ''
      : '不是 ZIP 压缩包，请用系统自带的“压缩为 ZIP”重新打包（RAR、7z 不能用）。单独的文件只收 cmi5.xml'
  }
  if (found.mediaType === null || !(found.mediaType in mediaTypes)) {
    return `不能使用这种文件（${found.mediaType ?? '认不出类型'}）。可以用 MP4、WebM、MP3、M4A、WAV、OGG、PDF、PPTX、DOCX、PNG、JPG`
  }
  if (/^(video|audio)\//.test(found.mediaType) && !found.durationSeconds)
    return '读不出播放时长，文件可能已损坏，请重新导出后再传'
  return ''
}

/** An archive: a local header, or the end of an empty one. Or a course structure of cmi5, which comes by itself too. */
async function packageType(path: string): Promise<string | null> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2048), 0, 2048, 0)
    if (['504b0304', '504b0506'].includes(buffer.subarray(0, 4).toString('hex'))) return 'application/zip'
    return /^\ufeff?\s*<[\s\S]*<([\w.-]+:)?courseStructure\b|^\ufeff?\s*<([\w.-]+:)?courseStructure\b/.test(
      buffer.subarray(0, bytesRead).toString('utf8'),
    )
      ? 'application/xml'
      : null
  } finally {
    await file.close()
  }
}

/** Keeps what the look came to. */
export const settleMedia: Command<typeof SettleMedia, Moved & { storageKey: string | null }> = command({
  name: 'library.settleMedia',
  permission: 'library.manage',
  input: SettleMedia,
  async run(tx, input) {
    const row = await media(tx.db).where('m.id', '=', input.mediaId).forUpdate().executeTakeFirst()
    if (!row) throw missing('media')
    tx.about('media', row.id)
    if (row.state !== 'checking') return { mediaId: row.id, state: row.state, storageKey: row.storageKey }
    const state = input.storageKey ? 'ready' : 'refused'
    await tx.db
      .updateTable('library.media')
      .set({
        state,
        sha256: input.sha256,
        media_type: input.mediaType,
        duration_seconds: input.durationSeconds,
        storage_key: input.storageKey,
        malware_check: input.malware,
        malware_engine: input.engine,
        fault: input.fault,
        checked_at: tx.now,
      })
      .where('id', '=', row.id)
      .execute()
    if (state === 'ready' && row.purpose === 'package') {
      await tx.enqueue('packages.receive', { mediaId: row.id }, { key: `package:${row.id}` })
    }
    if (input.durationSeconds) await planByLength(tx, row.id, Math.round(input.durationSeconds))
    return { mediaId: row.id, state, storageKey: input.storageKey }
  },
})

/** Items that were made before the length was known get it as their planned time. */
async function planByLength(tx: Tx, mediaId: string, seconds: number): Promise<void> {
  await sql`
    update library.items i set planned_seconds = ${seconds} from library.versions v
    where v.id = i.version_id and v.state = 'draft' and i.media_id = ${mediaId} and i.planned_seconds = 0
  `.execute(tx.db)
}

/**
 * Takes or renews the sole right to write to an upload, for so many seconds. False: another tab or device has it.
 * No command: it is asked for with every piece and says nothing about the course.
 */
export async function leaseUpload(db: Ctx['db'], mediaId: string, token: string, seconds: number): Promise<boolean> {
  const { rows } = await sql`
    update library.media set lease_token = ${token}, leased_until = clock_timestamp() + ${seconds} * interval '1 second'
    where id = ${mediaId} and state = 'uploading'
      and (lease_token = ${token} or leased_until is null or leased_until < clock_timestamp())
    returning id
  `.execute(db)
  return rows.length === 1
}

export async function releaseUpload(db: Ctx['db'], mediaId: string, token: string): Promise<void> {
  await sql`update library.media set lease_token = null, leased_until = null where id = ${mediaId} and lease_token = ${token}`.execute(
    db,
  )
}

/** May this caller write to this upload. */
export async function ownUpload(ctx: Pick<Ctx, 'db' | 'actor'>, mediaId: string): Promise<MediaRow> {
  const row = await media(ctx.db).where('m.id', '=', mediaId).executeTakeFirst()
  if (!row || !ctx.actor.can('library.contribute', { organisationId: row.organisationId })) throw missing('media')
  return row
}

/**
 * Adds or replaces the captions of one language; every fault of the file is told with its line.
 * @clause HZ4-M13
 */
export const addCaptions: Command<typeof AddCaptions, { captionId: string; cues: number }> = command({
  name: 'library.addCaptions',
  permission: 'library.contribute',
  input: AddCaptions,
  async run(tx, input) {
    const row = await lockMedia(tx, input.mediaId)
    if (row.state === 'refused') throw no('media-state', { state: row.state })
    if (input.bytes.length > 2 * 1024 * 1024) throw invalid({ file: ['字幕文件不能超过 2 MB'] })
    const read = readCaptions(utf8(input.bytes), row.durationSeconds)
    if (!read.ok) throw invalid({ file: read.faults })
    const key = newKey('captions')
    await filesOf(tx).storage.put(key, Readable.from([Buffer.from(input.bytes)]))
    const { id } = await tx.db
      .insertInto('library.captions')
      .values({
        media_id: row.id,
        language: input.language,
        label: captionLanguages[input.language] ?? input.language,
        storage_key: key,
        source: input.source,
        cues: read.cues.length,
        transcript: read.transcript,
        added_by: tx.actor.id,
        added_at: tx.now,
      })
      .onConflict((c) =>
        c.columns(['media_id', 'language']).doUpdateSet((eb) => ({
          storage_key: eb.ref('excluded.storage_key'),
          source: eb.ref('excluded.source'),
          cues: eb.ref('excluded.cues'),
          transcript: eb.ref('excluded.transcript'),
          added_by: eb.ref('excluded.added_by'),
          added_at: eb.ref('excluded.added_at'),
        })),
      )
      .returning('id')
      .executeTakeFirstOrThrow()
    return { captionId: id, cues: read.cues.length }
  },
})

export const removeCaptions: Command<typeof RemoveCaptions, { captionId: string }> = command({
  name: 'library.removeCaptions',
  permission: 'library.contribute',
  input: RemoveCaptions,
  async run(tx, { captionId }) {
    const found = await tx.db
      .selectFrom('library.captions')
      .select('media_id')
      .where('id', '=', captionId)
      .executeTakeFirst()
    if (!found) throw missing('captions')
    await lockMedia(tx, found.media_id)
    await tx.db.deleteFrom('library.captions').where('id', '=', captionId).execute()
    return { captionId }
  },
})

const no = (reason: string, facts: Record<string, string | number>) => refused({ clause: 'HZ4-M13', reason, facts })

async function lockMedia(tx: Tx, mediaId: string): Promise<MediaRow> {
  const row = await media(tx.db).where('m.id', '=', mediaId).forUpdate().executeTakeFirst()
  if (!row || !tx.actor.can('library.contribute', { organisationId: row.organisationId })) throw missing('media')
  tx.about('media', row.id)
  return row
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new AppError({ kind: 'invalid', fields: { file: ['字幕文件应为 UTF-8 编码，请另存为 UTF-8 后再传'] } })
  }
}

/** A token that names one writer of an upload. */
export const newWriter = (): string => randomUUID()
