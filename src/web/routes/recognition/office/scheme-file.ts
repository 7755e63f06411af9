import { schemeInForce } from '#modules/recognition/scheme.queries.ts'
import { missing } from '#platform/errors.ts'
import { schemeText } from '#policy/scheme.text.ts'
import { fail, signedIn } from '../../../ctx.ts'
import { paperAnswer } from '../../../paper.ts'
import type { Route } from './+types/scheme-file.ts'

/** The text in force as the file that goes into the plan's folder. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.read')
  const found = await schemeInForce(ctx, params.code)
  if (!found) return fail(request)(missing('scheme'))
  const bytes = new TextEncoder().encode(schemeText(found.scheme))
  return paperAnswer({ name: `${params.code}.json`, bytes }, 'application/json')
}
