import { demandLetter } from '#modules/subsidy/letter.queries.ts'
import { compile } from '#platform/pdf.ts'
import { fail, signedIn } from '../../ctx.ts'
import { paperAnswer } from '../../paper.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/recovery-letter.ts'

/** Also for the party itself: the query decides who may read it. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context })
  const { name, data } = await demandLetter(ctx, isId(params.id)).catch(fail(request))
  return paperAnswer({ name, bytes: compile('letter', data) })
}
