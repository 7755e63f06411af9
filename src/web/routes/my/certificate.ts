import { issuerOf } from '#modules/credentials/key.queries.ts'
import { signedPaper } from '#modules/credentials/paper.queries.ts'
import { fail, signedIn } from '../../ctx.ts'
import { siteOrigin } from '../../origin.ts'
import { paperAnswer } from '../../paper.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/certificate.ts'

/** The certificate as a file. Others' certificates are not there. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context })
  const issuer = issuerOf(ctx, siteOrigin(request))
  return paperAnswer(await signedPaper(ctx, isId(params.id), issuer).catch(fail(request)))
}
