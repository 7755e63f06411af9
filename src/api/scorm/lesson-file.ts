import { Readable } from 'node:stream'
import { packageFile } from '#modules/packages/content.queries.ts'
import type { Ctx } from '#platform/command.ts'
import type { Storage } from '#platform/storage.ts'
import { mediaTypeOf } from './media-types.ts'

/** A file of one package, whole or in part. Null: the package has none of that name. */
export async function lessonFile(
  deps: { db: Ctx['db']; storage: Storage },
  at: { packageId: string; path: string; range: string | undefined; policy: string },
): Promise<Response | null> {
  const path = decoded(at.path)
  const found = path === undefined ? undefined : await packageFile(deps.db, at.packageId, path)
  if (!found) return null
  const range = /^bytes=(\d+)-(\d*)$/.exec(at.range ?? '')
  const wanted = range ? { from: Number(range[1]), ...(range[2] && { to: Number(range[2]) }) } : undefined
  const opened = await deps.storage.open(found.storageKey, wanted).catch((error: unknown) => {
    if (error instanceof RangeError) return 'outside' as const
    throw error
  })
  if (opened === 'outside') return new Response(null, { status: 416 })
  if (!opened) return new Response('gone', { status: 404 })
  const to = Math.min(wanted?.to ?? opened.size - 1, opened.size - 1)
  const length = wanted ? to - wanted.from + 1 : opened.size
  return new Response(Readable.toWeb(opened.stream) as ReadableStream, {
    status: wanted ? 206 : 200,
    headers: {
      'content-type': mediaTypeOf(found.path),
      'content-length': String(length),
      'accept-ranges': 'bytes',
      vary: 'sec-fetch-dest',
      'cache-control': 'private, max-age=3600',
      'content-security-policy': at.policy,
      ...(wanted && { 'content-range': `bytes ${wanted.from}-${to}/${opened.size}` }),
    },
  })
}

function decoded(path: string): string | undefined {
  try {
    const plain = decodeURIComponent(path)
    return plain.includes('\0') ? undefined : plain // no path of an archive has one, and no text of the database
  } catch {
    return undefined
  }
}
