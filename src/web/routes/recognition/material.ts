import { openMaterial } from '#modules/recognition/material.commands.ts'
import { fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/material.ts'

/** The paper itself; looking at it leaves a row in the trail. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context })
  const paper = await openMaterial(ctx, { materialId: isId(params.id) }).catch(fail(request))
  return new Response(new Uint8Array(paper.bytes), {
    headers: {
      'content-type': paper.mediaType,
      'content-disposition': `inline; filename*=UTF-8''${encodeURIComponent(paper.name)}`,
      'cache-control': 'no-store',
    },
  })
}
