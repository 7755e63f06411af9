import { openNameProof } from '#modules/people/name-request.commands.ts'
import { fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/name-proof.ts'

/** The paper itself; looking at it leaves a row in the trail. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'account.verify')
  const paper = await openNameProof(ctx, { requestId: isId(params.id) }).catch(fail(request))
  return new Response(new Uint8Array(paper.bytes), {
    headers: {
      'content-type': paper.mediaType,
      'content-disposition': `inline; filename*=UTF-8''${encodeURIComponent(paper.name)}`,
      'cache-control': 'no-store',
    },
  })
}
