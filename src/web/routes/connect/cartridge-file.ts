import { cartridgeOf, cartridgeStream } from '#modules/connect/cartridge.queries.ts'
import { fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/cartridge-file.ts'

/** The course as IMS Common Cartridge, streamed, for any other platform that reads it. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'library.contribute')
  const found = await cartridgeOf(ctx, isId(params.courseId)).catch(fail(request))
  return new Response(cartridgeStream(ctx, found), {
    headers: {
      'content-type': 'application/vnd.ims.imsccv1p3',
      'content-disposition': `attachment; filename="${found.name}"`,
      'cache-control': 'private, no-store',
    },
  })
}
