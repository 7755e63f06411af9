import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Transform, type TransformCallback } from 'node:stream'
import { crc32 } from 'node:zlib'
import { type Entry, openPromise, type ZipFile } from 'yauzl'

export type ZipFault = 'not-zip' | 'damaged'

export class ZipError extends Error {
  readonly reason: ZipFault
  constructor(reason: ZipFault, detail: string) {
    super(detail)
    this.reason = reason
  }
}

/** What the directory says of an entry. Nothing of it is believed when the entry is read. */
export type ZipEntry = {
  name: Uint8Array
  utf8: boolean
  size: number
  packed: number
  encrypted: boolean
  method: number
  mode: number
}

export type OpenZip = {
  entries: ZipEntry[]
  /** True when the archive claims more entries than `mostEntries`; then `entries` holds the first of them only. */
  tooMany: boolean
  /** The content of entry `index`: it ends in an error when its size or check sum are not what the directory says. */
  read(index: number): Promise<NodeJS.ReadableStream>
  close(): void
}

/** A document that came by itself, as if it were the only entry of an archive. */
export async function alone(path: string, name: string): Promise<OpenZip> {
  const { size } = await stat(path)
  const entry = { name: Buffer.from(name), utf8: true, size, packed: size, encrypted: false, method: 0, mode: 0 }
  return { entries: [entry], tooMany: false, read: async () => createReadStream(path), close: () => {} }
}

/**
 * A ZIP file on disk, read a piece at a time: a package of several GB takes no memory. Throws `ZipError` when it is none
 * or its directory is broken.
 */
export async function openZip(path: string, mostEntries: number): Promise<OpenZip> {
  const zip = await openPromise(path, { autoClose: false, decodeStrings: false, validateEntrySizes: true }).catch(
    (error: Error) => {
      throw new ZipError(/end of central directory/i.test(error.message) ? 'not-zip' : 'damaged', error.message)
    },
  )
  try {
    const found: Entry[] = []
    const tooMany = zip.entryCount > mostEntries
    if (!tooMany) for await (const entry of zip.eachEntry()) found.push(entry)
    return {
      entries: found.map(plain),
      tooMany,
      read: (index) => content(zip, found[index]),
      close: () => zip.close(),
    }
  } catch (error) {
    zip.close()
    throw new ZipError('damaged', (error as Error).message)
  }
}

const plain = (entry: Entry): ZipEntry => ({
  name: unicodePath(entry) ?? entry.fileNameRaw,
  utf8: (entry.generalPurposeBitFlag & 0x800) !== 0 || unicodePath(entry) !== undefined,
  size: entry.uncompressedSize,
  packed: entry.compressedSize,
  encrypted: entry.isEncrypted(),
  method: entry.compressionMethod,
  mode: entry.versionMadeBy >> 8 === 3 ? entry.externalFileAttributes >>> 16 : 0,
})

/** Info-ZIP's extra field 0x7075: the name in UTF-8, good only for the raw name that it carries the check sum of. */
function unicodePath(entry: Entry): Buffer | undefined {
  const field = entry.extraFields.find(({ id }) => id === 0x7075)?.data
  if (!field || field.length < 6 || field.readUInt8(0) !== 1) return undefined
  return field.readUInt32LE(1) === crc32(entry.fileNameRaw) ? field.subarray(5) : undefined
}

async function content(zip: ZipFile, entry: Entry | undefined): Promise<NodeJS.ReadableStream> {
  if (!entry) throw new ZipError('damaged', 'no such entry')
  const stream = await zip.openReadStreamPromise(entry).catch((error: Error) => {
    throw new ZipError('damaged', error.message)
  })
  let sum = 0
  const check = new Transform({
    transform(chunk: Buffer, _: string, done: TransformCallback) {
      sum = crc32(chunk, sum)
      done(null, chunk)
    },
    flush(done: TransformCallback) {
      done(sum === entry.crc32 ? null : new ZipError('damaged', 'the check sum is wrong'))
    },
  })
  stream.on('error', (error: Error) => check.destroy(new ZipError('damaged', error.message)))
  return stream.pipe(check)
}
