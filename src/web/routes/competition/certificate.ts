import { awardCertificate } from '#modules/competition/certificate.queries.ts'
import { compile } from '#platform/pdf.ts'
import { fail, signedIn } from '../../ctx.ts'
import { paperAnswer } from '../../paper.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/certificate.ts'

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context })
  const { name, data } = await awardCertificate(ctx, isId(params.id)).catch(fail(request))
  return paperAnswer({ name, bytes: compile('letter', data) })
}
