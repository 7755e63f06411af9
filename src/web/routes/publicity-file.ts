import { publishedFile } from '#modules/publicity/list.queries.ts'
import { dayOf } from '#shared/dates.ts'
import { current, fail } from '../ctx.ts'
import { isId } from '../params.ts'
import type { Route } from './+types/publicity-file.ts'

/** The published list, byte for byte what its digest was made of. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const file = await publishedFile(ctx.db, isId(params.id), dayOf(ctx.now)).catch(fail(request))
  return new Response(file.text, {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="${file.name}"`,
      'cache-control': 'no-store',
    },
  })
}
