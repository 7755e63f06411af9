import { openSheet } from '#modules/exchange/sign-in.commands.ts'
import { fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/sheet.ts'

/** The signed list itself; looking at it leaves a row in the trail. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context })
  const paper = await openSheet(ctx, { sheetId: isId(params.id) }).catch(fail(request))
  return new Response(new Uint8Array(paper.bytes), {
    headers: {
      'content-type': paper.mediaType,
      'content-disposition': `inline; filename*=UTF-8''${encodeURIComponent(paper.name)}`,
      'cache-control': 'no-store',
    },
  })
}
