import { Readable } from 'node:stream'
import { playable } from '#modules/library/media.queries.ts'
import { filesOf } from '#platform/uploads.ts'
import { fail, signedIn } from '../../ctx.ts'
import { rangeOf } from '../../library/range.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/media.ts'

/** A film, sound or document of a course, whole or the part a player asks for. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context })
  const row = await playable(ctx, isId(params.id)).catch(fail(request))
  const size = Number(row.sizeBytes)
  const range = rangeOf(request.headers.get('range'), size)
  const headers = new Headers({
    'accept-ranges': 'bytes',
    'cache-control': 'private, max-age=3600',
    'content-type': row.mediaType ?? 'application/octet-stream',
    'content-disposition': `inline; filename*=UTF-8''${encodeURIComponent(row.name)}`,
    'content-security-policy': "default-src 'none'; sandbox",
    etag: `"${row.sha256}"`,
  })
  if (range === 'outside') {
    headers.set('content-range', `bytes */${size}`)
    return new Response(null, { status: 416, headers })
  }
  if (request.headers.get('if-none-match') === headers.get('etag')) return new Response(null, { status: 304, headers })
  const found = await filesOf(ctx).storage.open(row.storageKey, range ?? undefined)
  if (!found) throw new Error(`the storage has lost ${row.storageKey}`)
  headers.set('content-length', String(range ? range.to - range.from + 1 : size))
  if (range) headers.set('content-range', `bytes ${range.from}-${range.to}/${size}`)
  return new Response(Readable.toWeb(found.stream) as ReadableStream, { status: range ? 206 : 200, headers })
}
