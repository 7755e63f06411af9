import { referralLetter } from '#modules/recognition/referral.queries.ts'
import { fail, signedIn } from '../../ctx.ts'
import { letterAnswer } from '../../official-letter.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/referral.ts'

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context })
  return letterAnswer(request, await referralLetter(ctx, isId(params.id)).catch(fail(request)))
}
