import { crc32, inflateRawSync } from 'node:zlib'

/** Why an archive was not opened. */
export type ArchiveFault = 'not-an-archive' | 'damaged' | 'encrypted' | 'too-large'

export class ArchiveError extends Error {
  readonly reason: ArchiveFault
  constructor(reason: ArchiveFault) {
    super(`the archive was not opened: ${reason}`)
    this.reason = reason
  }
}

const END = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const MOST_ENTRIES = 2_000

/**
 * Unpacks the wanted entries of a ZIP file. What the headers claim about sizes is not believed: inflating stops as
 * soon as `maxBytes` have come out in all, so a small file cannot fill the memory.
 */
export function unpack(bytes: Uint8Array, maxBytes: number, wanted: (name: string) => boolean): Map<string, Buffer> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries = new Map<string, Buffer>()
  let left = maxBytes
  for (const entry of directory(file)) {
    if (!wanted(entry.name)) continue
    if (entry.flags & 1) throw new ArchiveError('encrypted')
    const content = inflate(dataOf(file, entry), entry.method, left)
    if (crc32(content) !== entry.crc) throw new ArchiveError('damaged')
    left -= content.length
    entries.set(entry.name, content)
  }
  return entries
}

/** A ZIP file with the entries stored as they are. */
export function pack(entries: Map<string, Buffer>): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const [path, content] of entries) {
    const name = Buffer.from(path)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x0800, 2) // names are UTF-8
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(content.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(name.length, 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    const local = Buffer.concat([signature(LOCAL), common, name, content])
    centrals.push(Buffer.concat([signature(CENTRAL), Buffer.from([20, 0]), common, place, name]))
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.size, 4)
  end.writeUInt16LE(entries.size, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...locals, directory, signature(END), end])
}

type Entry = { name: string; flags: number; method: number; crc: number; size: number; at: number }

function directory(file: Buffer): Entry[] {
  const end = file.lastIndexOf(signature(END))
  if (end < 0 || end + 22 > file.length) throw new ArchiveError('not-an-archive')
  const count = file.readUInt16LE(end + 10)
  if (count > MOST_ENTRIES) throw new ArchiveError('too-large')
  const entries: Entry[] = []
  let at = file.readUInt32LE(end + 16)
  for (let i = 0; i < count; i++) {
    if (at + 46 > file.length || file.readUInt32LE(at) !== CENTRAL) throw new ArchiveError('damaged')
    const nameLength = file.readUInt16LE(at + 28)
    entries.push({
      name: file.toString('utf8', at + 46, at + 46 + nameLength),
      flags: file.readUInt16LE(at + 8),
      method: file.readUInt16LE(at + 10),
      crc: file.readUInt32LE(at + 16),
      size: file.readUInt32LE(at + 20),
      at: file.readUInt32LE(at + 42),
    })
    at += 46 + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32)
  }
  return entries
}

function dataOf(file: Buffer, entry: Entry): Buffer {
  if (entry.at + 30 > file.length || file.readUInt32LE(entry.at) !== LOCAL) throw new ArchiveError('damaged')
  const from = entry.at + 30 + file.readUInt16LE(entry.at + 26) + file.readUInt16LE(entry.at + 28)
  return file.subarray(from, from + entry.size)
}

function inflate(data: Buffer, method: number, limit: number): Buffer {
  if (method === 0) {
    if (data.length > limit) throw new ArchiveError('too-large')
    return data
  }
  if (method !== 8) throw new ArchiveError('damaged')
  if (limit < 1) throw new ArchiveError('too-large')
  try {
    return inflateRawSync(data, { maxOutputLength: limit })
  } catch (error) {
    const full = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    throw new ArchiveError(full ? 'too-large' : 'damaged')
  }
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
