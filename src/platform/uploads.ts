import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rm, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fileTypeFromFile } from 'file-type'
import { parseFile } from 'music-metadata'
import type { ArchiveLimits, Config } from './config.ts'
import { type Storage, storageFrom } from './storage.ts'

/** Where uploads arrive, where checked files lie, and what looks at them in between. */
export type Files = {
  storage: Storage
  /** Uploads in progress; survives a restart, so that they go on where they stopped. */
  uploadFolder: string
  maxBytes: number
  clamd: { host: string; port: number } | undefined
  /** What an uploaded package may hold. */
  archive: ArchiveLimits
}

export const filesFrom = (config: Pick<Config, 'dataDir' | 's3' | 'uploadMaxBytes' | 'clamd' | 'archive'>): Files => ({
  storage: storageFrom(config),
  uploadFolder: join(config.dataDir, 'uploads'),
  maxBytes: config.uploadMaxBytes,
  clamd: config.clamd,
  archive: config.archive,
})

/** The file storage of a request. A process without one never serves what needs it. */
export function filesOf(ctx: { files?: Files }): Files {
  if (!ctx.files) throw new Error('this process was started without a file storage')
  return ctx.files
}

const ID = /^[0-9a-f-]{36}$/

/** Where the upload of this id is put together. */
export function uploadPath(files: Files, id: string): string {
  if (!ID.test(id)) throw new Error('not an id of an upload')
  return join(files.uploadFolder, id)
}

/** Writes a small file that came whole, as if it had been uploaded in pieces. */
export async function keepWhole(files: Files, id: string, bytes: Uint8Array): Promise<void> {
  await mkdir(files.uploadFolder, { recursive: true })
  const file = await open(uploadPath(files, id), 'w')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

export async function dropUpload(files: Files, id: string): Promise<void> {
  await rm(uploadPath(files, id), { force: true })
  await rm(`${uploadPath(files, id)}.json`, { force: true })
}

export type Inspected = { sha256: string; sizeBytes: number; mediaType: string | null; durationSeconds: number | null }

/** What a file is by its own bytes: digest, type by its first bytes, playing time by its container. Null: cannot tell. */
export async function inspect(path: string): Promise<Inspected> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  // a file made to confuse is one that nobody can tell
  const mediaType = (await fileTypeFromFile(path).catch(() => undefined))?.mime ?? null
  const playable = mediaType !== null && /^(video|audio)\//.test(mediaType)
  return {
    sha256: hash.digest('hex'),
    sizeBytes: (await stat(path)).size,
    mediaType,
    durationSeconds: playable ? await durationOf(path) : null,
  }
}

async function durationOf(path: string): Promise<number | null> {
  try {
    const { format } = await parseFile(path, { duration: true, skipCovers: true })
    return format.duration === undefined || !Number.isFinite(format.duration)
      ? null
      : Math.round(format.duration * 1000) / 1000
  } catch {
    return null // a damaged container: the caller decides whether a length is needed
  }
}

export type MalwareVerdict = { check: 'not-configured' | 'clean' | 'infected' | 'failed'; engine: string }

/** Asks clamd, if there is one. "Not configured" is never "clean". */
export async function lookForMalware(files: Pick<Files, 'clamd'>, path: string): Promise<MalwareVerdict> {
  if (!files.clamd) return { check: 'not-configured', engine: '' }
  try {
    const answer = await askClamd(files.clamd, path)
    if (/: OK$/.test(answer)) return { check: 'clean', engine: 'clamd' }
    const found = /: (.+) FOUND$/.exec(answer)
    return found
      ? { check: 'infected', engine: `clamd ${found[1]}` }
      : { check: 'failed', engine: answer.slice(0, 200) }
  } catch (error) {
    return { check: 'failed', engine: (error as Error).message.slice(0, 200) }
  }
}

/** clamd's INSTREAM: pieces with their length before them, an empty piece ends. */
function askClamd(address: { host: string; port: number }, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(address)
    let answer = ''
    socket.setTimeout(120_000, () => socket.destroy(new Error('clamd does not answer')))
    socket.on('error', reject)
    socket.on('data', (data) => {
      answer += data.toString('utf8')
    })
    socket.on('close', () => resolve(answer.replaceAll('\0', '').trim()))
    socket.on('connect', () => {
      void (async () => {
        socket.write('zINSTREAM\0')
        for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
          if (socket.destroyed) return
          const length = Buffer.alloc(4)
          length.writeUInt32BE((chunk as Buffer).length)
          socket.write(length)
          if (!socket.write(chunk as Buffer)) await new Promise((go) => socket.once('drain', go).once('close', go))
        }
        socket.write(Buffer.alloc(4))
      })().catch((error) => socket.destroy(error as Error))
    })
  })
}
