import { standardPaper } from '#modules/standards/paper.queries.ts'
import { current, fail } from '../../ctx.ts'
import { paperAnswer } from '../../paper.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/paper.ts'

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  return paperAnswer(await standardPaper(ctx, isId(params.id)).catch(fail(request)))
}
