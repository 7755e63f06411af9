import { createHash } from 'node:crypto'
import type { NewFile } from '#modules/records/statement.commands.ts'
import { attachmentsOf } from '#modules/records/statement.rules.ts'
import { type Attachment, type Statement, wrong } from '#modules/records/statement.schema.ts'
import { isSha2 } from '#modules/records/value.rules.ts'

export type Part = { headers: Map<string, string>; content: Buffer }

/** The parts of a `multipart/mixed` body (RFC 2046). */
export function partsOf(body: Uint8Array, contentType: string): Part[] {
  const quoted = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType)
  const boundary = quoted?.[1] ?? quoted?.[2]
  if (!boundary) return wrong('content-type', 'has no boundary')
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const mark = Buffer.from(`\r\n--${boundary}`)
  const parts: Part[] = []
  let at = bytes.indexOf(mark.subarray(2))
  if (at < 0) wrong('', 'the boundary does not appear in the body')
  at += mark.length - 2
  while (bytes.subarray(at, at + 2).toString('latin1') !== '--') {
    const lineEnd = bytes.indexOf('\r\n', at)
    const end = lineEnd < 0 ? -1 : bytes.indexOf(mark, lineEnd)
    if (end < 0) return wrong('', 'the last boundary is missing')
    parts.push(partOf(bytes.subarray(lineEnd + 2, end)))
    at = end + mark.length
  }
  return parts
}

function partOf(bytes: Buffer): Part {
  const blank = bytes.subarray(0, 2).toString('latin1') === '\r\n' ? 0 : bytes.indexOf('\r\n\r\n')
  if (blank < 0) return wrong('', 'a part has no headers')
  const headers = new Map<string, string>()
  for (const line of bytes.subarray(0, blank).toString('utf8').split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  return { headers, content: bytes.subarray(blank === 0 ? 2 : blank + 4) }
}

const algorithms: Record<number, string> = { 56: 'sha224', 64: 'sha256', 96: 'sha384', 128: 'sha512' }
const essence = (type: string) => type.split(';')[0]?.trim().toLowerCase()

/** The files that came beside the statements. Each carries its digest, and has it. xAPI Communication 1.5.2. */
export function filesIn(parts: readonly Part[]): NewFile[] {
  return parts.map(({ headers, content }, i) => {
    const sha2 = headers.get('x-experience-api-hash')?.toLowerCase()
    const path = `part ${i + 2}`
    if (!isSha2(sha2)) return wrong(path, 'needs X-Experience-API-Hash')
    if (headers.get('content-transfer-encoding')?.toLowerCase() !== 'binary')
      wrong(path, 'needs Content-Transfer-Encoding: binary')
    const digest = createHash(algorithms[sha2.length] ?? 'sha256')
      .update(content)
      .digest('hex')
    if (digest !== sha2) wrong(path, 'does not have the digest that it names')
    return { sha2, mediaType: headers.get('content-type') ?? 'application/octet-stream', content }
  })
}

/** Every attachment is there or can be fetched, and every file belongs to one. */
export function matchFiles(statements: readonly Statement[], files: readonly NewFile[]): void {
  const bySha2 = new Map(files.map((file) => [file.sha2, file]))
  const used = new Set<string>()
  const match = (one: Attachment) => {
    const file = bySha2.get(one.sha2.toLowerCase())
    if (!file) {
      if (one.fileUrl === undefined) wrong('attachments', `${one.sha2} was not sent and has no fileUrl`)
      return
    }
    used.add(file.sha2)
    if (one.length !== file.content.byteLength) wrong('attachments.length', 'is not the length of what was sent')
    if (essence(one.contentType) !== essence(file.mediaType))
      wrong('attachments.contentType', 'is not the type of what was sent')
  }
  for (const statement of statements) {
    if (statement.attachments || statement.object.objectType === 'SubStatement') attachmentsOf(statement).forEach(match)
  }
  for (const { sha2 } of files) if (!used.has(sha2)) wrong('attachments', `no statement speaks of the file ${sha2}`)
}
