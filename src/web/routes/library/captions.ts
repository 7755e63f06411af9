import { Readable } from 'node:stream'
import { playableCaptions } from '#modules/library/media.queries.ts'
import { filesOf } from '#platform/uploads.ts'
import { fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/captions.ts'

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context })
  const row = await playableCaptions(ctx, isId(params.id)).catch(fail(request))
  const found = await filesOf(ctx).storage.open(row.storageKey)
  if (!found) throw new Error(`the storage has lost ${row.storageKey}`)
  return new Response(Readable.toWeb(found.stream) as ReadableStream, {
    headers: { 'content-type': 'text/vtt; charset=utf-8', 'cache-control': 'private, no-cache' },
  })
}
