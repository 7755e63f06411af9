import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { S3mini } from 's3mini'

/** Bytes `from`–`to` of a file, both inclusive; without `to` up to its end. */
export type ByteRange = { from: number; to?: number }
/** `size` is the whole file's, whatever range is read. */
export type StoredFile = { stream: Readable; size: number }

/** Where large files lie. Keys are made by `newKey`, never from what people call their files. */
export type Storage = {
  /** Writes the whole stream or, if it breaks off, nothing. Tells how many bytes there were. */
  put(key: string, stream: Readable): Promise<number>
  /** Null when there is no such file. Throws `RangeError` when the range lies outside of it. */
  open(key: string, range?: ByteRange): Promise<StoredFile | null>
  /** Removing what is not there is no error. */
  remove(key: string): Promise<void>
}

export type S3Settings = {
  endpoint: string
  bucket: string
  region: string
  accessKeyId: string
  secretAccessKey: string
}

const KEY = /^[a-z]{1,20}\/[0-9a-f]{2}\/[0-9a-f]{30}$/

/** A random key of 128 bits, fanned out so that no folder grows large: `media/3f/…`. */
export function newKey(kind: string): string {
  const hex = randomBytes(16).toString('hex')
  return known(`${kind}/${hex.slice(0, 2)}/${hex.slice(2)}`)
}

function known(key: string): string {
  if (!KEY.test(key)) throw new Error('not a key of this storage')
  return key
}

export const storageFrom = (config: { dataDir: string; s3: S3Settings | undefined }): Storage =>
  config.s3 ? s3Storage(config.s3) : diskStorage(join(config.dataDir, 'files'))

/** Files in a folder. A file appears under its key only when it is whole. */
export function diskStorage(folder: string): Storage {
  const root = resolve(folder)
  const pathOf = (key: string) => join(root, known(key))
  return {
    async put(key, stream) {
      const path = pathOf(key)
      const partial = `${path}.${randomBytes(6).toString('hex')}.part`
      await mkdir(dirname(path), { recursive: true })
      try {
        await pipeline(stream, createWriteStream(partial, { flush: true }))
        await rename(partial, path)
      } catch (error) {
        await rm(partial, { force: true })
        throw error
      }
      return (await stat(path)).size
    },
    async open(key, range) {
      const path = pathOf(key)
      const found = await stat(path).catch(() => null)
      if (!found) return null
      const span = spanOf(found.size, range)
      const stream = span ? createReadStream(path, { start: span.from, end: span.to }) : createReadStream(path)
      return { stream, size: found.size }
    },
    async remove(key) {
      await rm(pathOf(key), { force: true })
    },
  }
}

/** S3 takes parts of at least 5 MB and at most 10,000 of them: 16 MB carry a file of 160 GB. */
const PART_BYTES = 16 * 1024 * 1024

/** Any store that speaks S3. Streams in parts, so a film of several GB never stands in memory. */
export function s3Storage(settings: S3Settings): Storage {
  const s3 = new S3mini({
    endpoint: `${settings.endpoint.replace(/\/+$/, '')}/${settings.bucket}`,
    region: settings.region,
    accessKeyId: settings.accessKeyId,
    secretAccessKey: settings.secretAccessKey,
  })
  return {
    async put(key, stream) {
      known(key)
      const parts = chunksOf(stream, PART_BYTES)
      const first = (await parts.next()).value ?? Buffer.alloc(0)
      const second = await parts.next()
      if (second.done) {
        await s3.putObject(key, first, 'application/octet-stream')
        return first.length
      }
      const upload = await s3.getMultipartUploadId(key, 'application/octet-stream')
      try {
        const done = [await s3.uploadPart(key, upload, first, 1)]
        let size = first.length
        for (let part: Buffer | undefined = second.value; part; part = (await parts.next()).value) {
          done.push(await s3.uploadPart(key, upload, part, done.length + 1))
          size += part.length
        }
        await s3.completeMultipartUpload(key, upload, done)
        return size
      } catch (error) {
        await s3.abortMultipartUpload(key, upload).catch(() => {}) // what broke off matters more than what stays behind
        throw error
      }
    },
    async open(key, range) {
      known(key)
      if ((await s3.objectExists(key)) !== true) return null
      const size = await s3.getContentLength(key)
      const span = spanOf(size, range)
      // the client's upper bound is exclusive
      const answer = span ? await s3.getObjectRaw(key, false, span.from, span.to + 1) : await s3.getObjectRaw(key, true)
      const body = answer.body as import('node:stream/web').ReadableStream<Uint8Array> | null
      return { stream: body ? Readable.fromWeb(body) : Readable.from([]), size }
    },
    async remove(key) {
      await s3.deleteObject(known(key))
    },
  }
}

function spanOf(size: number, range: ByteRange | undefined): { from: number; to: number } | null {
  if (!range) return null
  const to = Math.min(range.to ?? size - 1, size - 1)
  if (range.from < 0 || range.from > to) throw new RangeError('the range lies outside of the file')
  return { from: range.from, to }
}

/** The stream again in pieces of one size, the last one shorter. */
async function* chunksOf(stream: Readable, size: number): AsyncGenerator<Buffer, undefined> {
  let held: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    held.push(Buffer.from(chunk as Uint8Array))
    length += held.at(-1)?.length ?? 0
    if (length < size) continue
    let all = Buffer.concat(held)
    for (; all.length >= size; all = all.subarray(size)) yield all.subarray(0, size)
    held = [all]
    length = all.length
  }
  if (length > 0) yield Buffer.concat(held)
  return undefined
}
