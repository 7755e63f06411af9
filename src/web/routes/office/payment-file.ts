import { downloadBatch } from '#modules/subsidy/payment.commands.ts'
import { fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/payment-file.ts'

/** There is nothing to look at here. */
export function loader({ request, context }: Route.LoaderArgs) {
  signedIn({ request, context }, 'payment.batch')
  return new Response(null, { status: 405, headers: { allow: 'POST' } })
}

/** Posted: a download is written to the trail, so no link or prefetch may set it off. */
export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'payment.batch')
  const file = await downloadBatch(ctx, { batchId: isId(params.id) }).catch(fail(request))
  return new Response(file.text, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${file.fileName}"`,
      'cache-control': 'no-store',
    },
  })
}
