import { certificatePaper } from '#modules/assessment/paper.queries.ts'
import { fail, signedIn } from '../../ctx.ts'
import { paperAnswer } from '../../paper.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/certificate.ts'

/** The certificate as a file. Others' certificates are not there. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context })
  return paperAnswer(await certificatePaper(ctx, isId(params.id), new URL(request.url).origin).catch(fail(request)))
}
