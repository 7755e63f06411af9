import { courseArchive, courseFile } from '#modules/library/transfer.queries.ts'
import { fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/export.ts'

/** The course as a ZIP of documented JSON and its files, streamed. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'library.contribute')
  const asked = Number(new URL(request.url).searchParams.get('version')) || undefined
  const found = await courseFile(ctx, isId(params.courseId), asked).catch(fail(request))
  return new Response(courseArchive(ctx, found), {
    headers: {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="${found.name}"`,
      'cache-control': 'private, no-store',
    },
  })
}
