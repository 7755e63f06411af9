import { Readable } from 'node:stream'
import { pictureFor } from '#modules/library/question.queries.ts'
import { filesOf } from '#platform/uploads.ts'
import { fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/picture.ts'

/** A picture of a question. It never changes. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context })
  const row = await pictureFor(ctx, isId(params.id)).catch(fail(request))
  const found = await filesOf(ctx).storage.open(row.storageKey)
  if (!found) throw new Error(`the storage has lost ${row.storageKey}`)
  return new Response(Readable.toWeb(found.stream) as ReadableStream, {
    headers: {
      'cache-control': 'private, max-age=3600, immutable',
      'content-type': row.mediaType,
      'content-length': String(found.size),
      'content-security-policy': "default-src 'none'; sandbox",
    },
  })
}
