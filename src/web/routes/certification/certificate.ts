import { levelPaper } from '#modules/certification/paper.queries.ts'
import { fail, signedIn } from '../../ctx.ts'
import { siteOrigin } from '../../origin.ts'
import { paperAnswer } from '../../paper.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/certificate.ts'

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context })
  return paperAnswer(await levelPaper(ctx, isId(params.id), siteOrigin(request)).catch(fail(request)))
}
