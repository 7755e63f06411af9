import { createHash } from 'node:crypto'
import type { Tx } from './command.ts'
import { invalid, missing } from './errors.ts'

/** Papers people hand in: told by their first bytes, never by their name. */
const kinds = [
  { mediaType: 'application/pdf', magic: [0x25, 0x50, 0x44, 0x46] },
  { mediaType: 'image/jpeg', magic: [0xff, 0xd8, 0xff] },
  { mediaType: 'image/png', magic: [0x89, 0x50, 0x4e, 0x47] },
] as const
const most = 10 * 1024 * 1024
const context = 'file.content'

export type Upload = { name: string; bytes: Uint8Array }

/**
 * Keeps a scanned paper, sealed: it shows somebody's papers. Throws `invalid` on the given field when it is no PDF, JPEG
 * or PNG, empty or too large.
 */
export async function keepPaper(
  tx: Tx,
  upload: Upload,
  about: { field: string; purpose: string; organisationId?: string },
): Promise<string> {
  const kind = kinds.find(({ magic }) => magic.every((byte, i) => upload.bytes[i] === byte))
  if (upload.bytes.length === 0) throw invalid({ [about.field]: ['请选择要上传的文件'] })
  if (upload.bytes.length > most) throw invalid({ [about.field]: ['文件不能超过10 MB，请压缩后再上传'] })
  if (!kind) throw invalid({ [about.field]: ['只能上传 PDF、JPG 或 PNG 文件'] })
  const { id } = await tx.db
    .insertInto('platform.files')
    .values({
      sha256: createHash('sha256').update(upload.bytes).digest('hex'),
      media_type: kind.mediaType,
      name: upload.name.slice(-200) || 'paper',
      size_bytes: upload.bytes.length,
      content: Buffer.from(tx.crypto.seal(Buffer.from(upload.bytes).toString('base64'), context)),
      owner_user_id: tx.actor.id,
      organisation_id: about.organisationId ?? null,
      purpose: about.purpose,
      at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  tx.about('file', id)
  return id
}

/** The paper again. Whoever calls has made sure that it may be seen, and records the seeing. */
export async function openPaper(tx: Tx, fileId: string, purpose: string) {
  const file = await tx.db
    .selectFrom('platform.files')
    .select(['name', 'media_type', 'content'])
    .where('id', '=', fileId)
    .where('purpose', '=', purpose)
    .executeTakeFirst()
  if (!file) throw missing('file')
  const bytes = Buffer.from(tx.crypto.open(file.content.toString('utf8'), context), 'base64')
  return { name: file.name, mediaType: file.media_type, bytes }
}
