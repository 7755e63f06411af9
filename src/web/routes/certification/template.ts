import { markTemplate } from '#modules/certification/mark.queries.ts'
import { fail, signedIn } from '../../ctx.ts'
import { paperAnswer, spreadsheet } from '../../paper.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/template.ts'

/** The sheet of marks of a batch to fill in. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'score.enter')
  const { name, bytes } = await markTemplate(ctx, isId(params.id)).catch(fail(request))
  return paperAnswer({ name, bytes: new Uint8Array(bytes) }, spreadsheet)
}
