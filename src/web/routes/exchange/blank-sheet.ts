import { blankSheet } from '#modules/exchange/sheet.queries.ts'
import { fail, signedIn } from '../../ctx.ts'
import { paperAnswer } from '../../paper.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/blank-sheet.ts'

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context })
  return paperAnswer(await blankSheet(ctx, isId(params.id)).catch(fail(request)))
}
