import { recordPaper } from '#modules/assessment/paper.queries.ts'
import { fail } from '../../ctx.ts'
import { siteOrigin } from '../../origin.ts'
import { paperAnswer } from '../../paper.ts'
import { ownAffairs } from '../../person.ts'
import type { Route } from './+types/record.ts'

/** The learning record as a file, summed from the ledger now. */
export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, personId } = ownAffairs({ request, context })
  return paperAnswer(await recordPaper(ctx, personId, siteOrigin(request)).catch(fail(request)))
}
